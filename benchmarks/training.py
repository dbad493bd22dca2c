"""Training to the same test loss: chapter 05's loop against the usual DataLoader loop, timed in alternation.

The reference is `latentwalk.training.fit_as_usual`: the training loop of pytorch/examples' VAE, written again from its
description; ten epochs. Ours is the loop as it stands in notebooks/05_vae.ipynb: the cells are read from the notebook and run as they
are, except that neither loop tests after each epoch while it is timed. The same network, the same data. Then ours for as many
epochs as fit into the reference's time.

Usage: python benchmarks/training.py [--rounds N]. Prints a table with medians and the ratio.
"""

import argparse
import contextlib
import io
import json
import platform
import re
import statistics
import time
from pathlib import Path

import torch

from latentwalk import checkpoints
from latentwalk.data import mnist
from latentwalk.models import VAE
from latentwalk.training import fit_as_usual

ROOT = Path(__file__).resolve().parents[1]
USUAL, CHAPTER, LONGER = (
    "DataLoader loop, 10 epochs",
    "chapter 05, as in the notebook",
    "chapter 05, as long as the DataLoader loop",
)


def test_loss(model, x_test) -> float:
    """Nats per test image, with one sample of z."""
    ours = VAE()
    ours.load_state_dict(model.state_dict())
    return sum(checkpoints.measure(ours, x_test).values())


def reference(x_test) -> tuple[float, float]:
    """The usual loop; returns seconds and test loss."""
    start = time.perf_counter()
    model = fit_as_usual()
    return time.perf_counter() - start, test_loss(model, x_test)


def chapter(x_train, x_test, epochs: int | None = None) -> tuple[float, float]:
    """Chapter 05's class, loss and loop, as they stand or for other epochs; returns seconds and test loss."""
    cells = json.loads((ROOT / "notebooks" / "05_vae.ipynb").read_text())["cells"]
    code = {cell["id"]: "".join(cell["source"]) for cell in cells}
    if epochs is not None:
        code["vae-train"] = re.sub(r"^epochs, batch_size = \d+", f"epochs, batch_size = {epochs}", code["vae-train"])
    names = {"x_train": x_train, "x_test": x_test, "test_terms": lambda model: (0.0, 0.0)}
    imports = "import time, torch\nimport torch.nn as nn\nimport torch.nn.functional as F\nfrom tqdm import tqdm\n"
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        exec(imports + "\n".join(code[name] for name in ("vae-class", "vae-loss-logits", "vae-train")), names)
    return time.perf_counter() - start, test_loss(names["model"], x_test)


def main() -> None:
    """Time both in alternation and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    digits = mnist()
    runs = {USUAL: [], CHAPTER: []}
    for _ in range(rounds):
        runs[USUAL].append(reference(digits.test_x))
        runs[CHAPTER].append(chapter(digits.train_x, digits.test_x))
    seconds = {name: statistics.median(s for s, _ in results) for name, results in runs.items()}
    epochs = int(4 * seconds[USUAL] / seconds[CHAPTER])
    runs[LONGER] = [chapter(digits.train_x, digits.test_x, epochs)]
    seconds[LONGER] = runs[LONGER][0][0]
    print(f"{platform.processor() or platform.machine()}, {torch.get_num_threads()} threads, {rounds} rounds, medians")
    print(f"{'loop':46} {'seconds':>8} {'test loss':>10} {'ratio':>6}")
    for name, results in runs.items():
        loss = statistics.median(value for _, value in results)
        print(f"{name:46} {seconds[name]:8.1f} {loss:10.2f} {seconds[USUAL] / seconds[name]:6.1f}")


if __name__ == "__main__":
    main()
