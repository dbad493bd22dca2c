"""Time to the same test loss: chapter 05's loop against the usual DataLoader loop, timed in alternation.

The reference is the training loop of pytorch/examples' VAE, written again from its description: DataLoader over
torchvision's MNIST with ToTensor, shuffled batches of 128, Adam with learning rate 1e-3, ten epochs, binary cross-entropy
plus KL, both summed. The same network and data. Ours is the loop as it stands in notebooks/05_vae.ipynb: the cells are read from the
notebook and run as they are.

Usage: python benchmarks/training.py [--rounds N]. Prints a table with medians and the ratio.
"""

import argparse
import contextlib
import io
import json
import platform
import statistics
import time
from pathlib import Path

import torch
from torch.nn import functional as F

from latentwalk._torchvision import import_torchvision
from latentwalk.data import cache_folder, mnist
from latentwalk.models import VAE

ROOT = Path(__file__).resolve().parents[1]


def loss_function(recon_x, x, mu, logvar):
    """The chapter's loss: BCE + KLD, both summed."""
    bce = F.binary_cross_entropy(recon_x, x.view(-1, 784), reduction="sum")
    return bce - 0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())


@torch.no_grad()
def test_loss(model, x_test) -> float:
    """Nats per test image, with one sample of z."""
    torch.manual_seed(0)
    recon_x, mu, logvar = model(x_test)
    return loss_function(recon_x, x_test, mu, logvar).item() / len(x_test)


def reference(x_test) -> tuple[float, float]:
    """The usual loop; returns seconds and test loss."""
    torchvision = import_torchvision()
    torch.manual_seed(1)
    start = time.perf_counter()
    dataset = torchvision.datasets.MNIST(cache_folder(), train=True, transform=torchvision.transforms.ToTensor())
    loader = torch.utils.data.DataLoader(dataset, batch_size=128, shuffle=True)
    model = VAE()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(10):
        model.train()
        for data, _label in loader:
            optimizer.zero_grad()
            recon_batch, mu, logvar = model(data)
            loss = loss_function(recon_batch, data, mu, logvar)
            loss.backward()
            optimizer.step()
    return time.perf_counter() - start, test_loss(model, x_test)


def chapter(x_train, x_test) -> tuple[float, float]:
    """The cells vae-class, vae-loss and vae-train of chapter 05, as they stand; returns seconds and test loss."""
    cells = json.loads((ROOT / "notebooks" / "05_vae.ipynb").read_text())["cells"]
    code = {cell["id"]: "".join(cell["source"]) for cell in cells}
    names = {"x_train": x_train, "x_test": x_test}
    imports = "import time, torch\nimport torch.nn as nn\nimport torch.nn.functional as F\nfrom tqdm import tqdm\n"
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        exec(imports + "\n".join(code[name] for name in ("vae-class", "vae-loss", "vae-train")), names)
    return time.perf_counter() - start, test_loss(names["model"], x_test)


def main() -> None:
    """Time both in alternation and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    digits = mnist()
    runs = {"DataLoader loop, 10 epochs": [], "chapter 05, as in the notebook": []}
    for _ in range(rounds):
        runs["DataLoader loop, 10 epochs"].append(reference(digits.test_x))
        runs["chapter 05, as in the notebook"].append(chapter(digits.train_x, digits.test_x))
    print(f"{platform.processor() or platform.machine()}, {torch.get_num_threads()} threads, {rounds} rounds, medians")
    print(f"{'loop':34} {'seconds':>8} {'test loss':>10} {'ratio':>6}")
    seconds = {name: statistics.median(s for s, _ in results) for name, results in runs.items()}
    for name, results in runs.items():
        loss = statistics.median(value for _, value in results)
        ratio = seconds["DataLoader loop, 10 epochs"] / seconds[name]
        print(f"{name:34} {seconds[name]:8.1f} {loss:10.2f} {ratio:6.1f}")


if __name__ == "__main__":
    main()
