"""Training to the same test loss: chapter 05's loop against the usual DataLoader loop, timed in alternation.

The reference is `latentwalk.making.reference`: the training loop of pytorch/examples' VAE, written again from its
description; ten epochs. Ours is the loop as it stands in notebooks/studies/recipe.ipynb: the cells are read from the notebook and run as they
are, except that neither loop tests after each epoch while it is timed. The same network, the same data. Then ours for as many
epochs as fit into the reference's time (late ones take longer: Adam's averages for pixels that are always black fall below 1e-38,
where processors are slow). Last, what gives which part: from the one loop to the other, one change after another, each
run until the reference's loss is reached.

Usage: python benchmarks/training.py [--rounds N]. Prints two tables with medians and ratios; four minutes on 2 cores.
"""

import argparse
import contextlib
import io
import json
import re
import statistics
import time

import torch
import torch.nn.functional as F
from _machine import describe

from latentbook import ROOT
from latentwalk.data import mnist
from latentwalk.making.measures import measure
from latentwalk.making.reference import fit_as_usual, usual_dataset
from latentwalk.models import VAE

USUAL, CHAPTER, LONGER = (
    "DataLoader loop, 10 epochs",
    "chapter 05, as in the notebook",
    "chapter 05, for as long",
)
# Each has all of the changes above it, too.
CHANGES = [
    ("the data one tensor, a batch one indexing", {}),
    ("the loss from logits", {"logits": True}),
    ("the optimizer fused", {"fused": True}),
    ("matrix products in bfloat16", {"precision": "medium"}),
    ("the last bias: the mean picture", {"bias": True}),
    ("batches of 384, learning rate 3e-3", {"batch": 384, "lr": 3e-3}),
    ("one cycle up to 0.015 in 4 epochs", {"lr": 0.015, "cycle": 4}),
]


def test_loss(model, x_test) -> float:
    """Nats per test image, with one sample of z."""
    ours = VAE()
    ours.load_state_dict(model.state_dict())
    return sum(measure(ours, x_test).values())


def reference(dataset, x_test) -> tuple[float, float]:
    """The usual loop; returns seconds and test loss."""
    start = time.perf_counter()
    model = fit_as_usual(dataset)
    return time.perf_counter() - start, test_loss(model, x_test)


def chapter(x_train, x_test, epochs: int | None = None) -> tuple[float, float]:
    """Chapter 05's class, and the loss and loop of its study of the recipe, as they stand or for other epochs; returns seconds and test loss."""
    notebooks = [ROOT / "notebooks" / name for name in ("05_vae.ipynb", "studies/recipe.ipynb")]
    cells = [cell for path in notebooks for cell in json.loads(path.read_text())["cells"]]
    code = {cell["id"]: "".join(cell["source"]) for cell in cells}
    if epochs is not None:
        code["vae-train"] = re.sub(r"^epochs, batch_size = \d+", f"epochs, batch_size = {epochs}", code["vae-train"])
    names = {"x_train": x_train, "x_test": x_test, "test_terms": lambda model: (0.0, 0.0)}
    imports = "import time, torch\nimport torch.nn as nn\nimport torch.nn.functional as F\nfrom tqdm import tqdm\n"
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        exec(imports + "\n".join(code[name] for name in ("vae-class", "vae-loss-logits", "vae-train")), names)
    return time.perf_counter() - start, test_loss(names["model"], x_test)


def stage(
    x, x_test, target, logits=False, fused=False, precision="highest", bias=False, batch=128, lr=1e-3, cycle=0
) -> tuple[float, int, float]:
    """A loop between the two: seconds of training per epoch, epochs until ``target`` (at most 15), and the loss then."""
    torch.manual_seed(1)
    model, epochs, seconds, losses = VAE(), cycle or 15, [], []
    if bias:
        model.fc4.bias.data = torch.logit(x.mean(0), eps=1e-4)
    betas = (0.9, 0.95) if cycle else (0.9, 0.999)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, betas=betas, fused=fused)
    schedule = torch.optim.lr_scheduler.ConstantLR(optimizer, 1.0)
    if cycle:
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer,
            lr,
            total_steps=epochs * -(-len(x) // batch),
            pct_start=0.1,
            anneal_strategy="linear",
            cycle_momentum=False,
        )
    torch.set_float32_matmul_precision(precision)
    for _ in range(epochs):
        start = time.perf_counter()
        for rows in torch.randperm(len(x)).split(batch):
            pictures = x[rows]
            mu, logvar = model.encode(pictures)
            z = model.reparameterize(mu, logvar)
            if logits:
                bce = F.binary_cross_entropy_with_logits(model.decode_logits(z), pictures, reduction="sum")
            else:
                bce = F.binary_cross_entropy(model.decode(z), pictures, reduction="sum")
            loss = bce - 0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
            optimizer.zero_grad()
            (loss / len(rows)).backward()
            optimizer.step()
            schedule.step()
        seconds.append(time.perf_counter() - start)
        losses.append(test_loss(model, x_test))
        if losses[-1] <= target:
            break
    torch.set_float32_matmul_precision("highest")
    return statistics.median(seconds), len(seconds), losses[-1]


def main() -> None:
    """Time both in alternation and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    digits, dataset = mnist(), usual_dataset()
    runs = {USUAL: [], CHAPTER: []}
    for _ in range(rounds):
        runs[USUAL].append(reference(dataset, digits.test_x))
        runs[CHAPTER].append(chapter(digits.train_x, digits.test_x))
    seconds = {name: statistics.median(s for s, _ in results) for name, results in runs.items()}
    epochs = int(0.6 * 4 * seconds[USUAL] / seconds[CHAPTER])
    runs[LONGER] = [chapter(digits.train_x, digits.test_x, epochs)]
    seconds[LONGER] = runs[LONGER][0][0]
    print(f"{describe()}\n{torch.get_num_threads()} threads, {rounds} rounds in alternation, medians\n")
    print(f"{'loop':46} {'seconds':>8} {'test loss':>10} {'ratio':>6}")
    for name, results in runs.items():
        loss = statistics.median(value for _, value in results)
        print(f"{name:46} {seconds[name]:8.1f} {loss:10.2f} {seconds[USUAL] / seconds[name]:6.1f}", flush=True)

    target, options = statistics.median(value for _, value in runs[USUAL]), {}
    print(
        f"\n{'until the loss of the DataLoader loop':46} {'s/epoch':>8} {'epochs':>6} {'seconds':>8} {'ratio':>6} {'loss':>7}"
    )
    total = seconds[USUAL]
    print(f"{USUAL:46} {total / 10:8.2f} {10:6} {total:8.1f} {1:6.1f} {target:7.2f}")
    for name, change in CHANGES:
        options |= change
        each, epochs, loss = stage(digits.train_x, digits.test_x, target, **options)
        reached = "" if loss <= target else "  not reached"
        print(
            f"{'+ ' + name:46} {each:8.2f} {epochs:6} {each * epochs:8.1f} {total / (each * epochs):6.1f} {loss:7.2f}{reached}",
            flush=True,
        )


if __name__ == "__main__":
    main()
