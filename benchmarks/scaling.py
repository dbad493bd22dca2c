"""Time per epoch and peak memory of the book's training loop: against latent dimension, hidden width and number of pictures.

Each network trains in a process of its own, for one epoch to warm up and then for as many as are timed; the medians are ratios
to the chapter's network (20 latent dimensions, 400 hidden units, 60,000 pictures). Then the memory of each notebook, run in a
process of its own: the bar is 2 GB.

Usage: python benchmarks/scaling.py
"""

import itertools
import multiprocessing
import os
import resource
import statistics
import sys
import time
from pathlib import Path

from _machine import describe

from latentbook import notebooks

EPOCHS = 3
BASE = {"latent_dim": 20, "hidden": 400, "pictures": 60_000}
CHANGES = [
    {},
    *({"latent_dim": d} for d in (2, 128, 512)),
    *({"hidden": h} for h in (100, 200, 800)),
    *({"pictures": n} for n in (12_000, 30_000)),
]
MEMORY = 2.0  # GB


def peak() -> float:
    """The most memory that this process or a child of it has held, in GB."""
    kilobytes = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return kilobytes / (1e9 if sys.platform == "darwin" else 1e6)


def train(latent_dim: int, hidden: int, pictures: int) -> tuple[float, float]:
    """Seconds per epoch (median) and peak memory in GB."""
    import torch

    from latentwalk.data import mnist
    from latentwalk.models import VAE
    from latentwalk.training import fit

    x = mnist().train_x[:pictures]
    torch.manual_seed(0)
    moments: list[float] = []
    fit(
        VAE(latent_dim, hidden),
        x,
        epochs=EPOCHS + 1,
        batch_size=256,
        progress=False,
        after_epoch=lambda _: moments.append(time.perf_counter()),
    )
    return statistics.median(b - a for a, b in itertools.pairwise(moments)), peak()


def notebook(path: str) -> tuple[float, float]:
    """Seconds and peak memory in GB of a notebook's kernel."""
    os.environ["MPLBACKEND"] = "Agg"
    import nbformat
    from nbclient import NotebookClient

    start = time.perf_counter()
    book = nbformat.read(path, as_version=4)
    NotebookClient(
        book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(Path(path).parent)}}
    ).execute()
    return time.perf_counter() - start, peak()


def alone(function, *arguments) -> tuple[float, float]:
    """Run in a fresh process, so that its memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def main() -> None:
    """Print both tables."""
    print(describe())
    print(
        f"\n{'latent dimensions':>17} {'hidden units':>12} {'pictures':>9} {'s per epoch':>12} {'ratio':>6} {'peak GB':>8}"
    )
    first = None
    for change in CHANGES:
        setting = {**BASE, **change}
        seconds, memory = alone(train, *setting.values())
        first = first or seconds
        latent_dim, hidden, pictures = setting.values()
        print(
            f"{latent_dim:17} {hidden:12} {pictures:9} {seconds:12.2f} {seconds / first:6.2f} {memory:8.2f}", flush=True
        )
    print(f"\n{'notebook':28} {'seconds':>8} {'peak GB':>8}")
    highest = 0.0
    for path in notebooks():
        seconds, memory = alone(notebook, str(path))
        highest = max(highest, memory)
        print(f"{path.stem:28} {seconds:8.1f} {memory:8.2f}", flush=True)
    print(
        f"\nThe largest needs {highest:.2f} GB; the bar of {MEMORY:g} GB is {'met' if highest <= MEMORY else 'MISSED'}."
    )


if __name__ == "__main__":
    main()
