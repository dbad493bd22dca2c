"""The landmarks of `latentwalk.widgets.YourLoss`: losses to hold another one against."""

import statistics
from itertools import groupby

import torch
import torch.nn.functional as F
from torch import Tensor

from latentwalk import tables
from latentwalk.checkpoints import read_manifest


def landmarks(x: Tensor) -> dict:
    """What answers of no merit cost on pictures x (n, 784), nats per image, and what the tables say of networks."""
    mean = x.mean(0)
    covariance = (x - mean).T @ (x - mean) / len(x)
    variances = torch.linalg.eigvalsh(covariance).flip(0)[:20]

    def cross_entropy(answer):
        return F.binary_cross_entropy(answer.clamp(1e-4, 1 - 1e-4), x, reduction="sum").item() / len(x)

    def by(rows, key, loss):
        return [[k, statistics.fmean(map(loss, group))] for k, group in groupby(sorted(rows, key=key), key)]

    def curve(loop):
        rows = [row for row in tables.read("loss")["rows"] if row["loop"] == loop]
        return [loss for _, loss in by(rows, lambda row: row["epoch"], lambda row: row["recon"] + row["kl"])]

    betas = by(tables.read("beta")["rows"], lambda r: r["beta"], lambda r: r["recon"] + r["beta"] * r["kl"])
    facts = {
        "pixels": 784,
        "dims": 20,
        "perfect": F.binary_cross_entropy(x, x, reduction="sum").item() / len(x),
        "mean": cross_entropy(mean.expand_as(x)),
        "even": cross_entropy(torch.full_like(x, 0.5)),
        "variance": covariance.trace().item(),
        "variances": variances.tolist(),
        "half_grey": (x - 0.5).pow(2).sum().item() / len(x),
        "betas": betas,
        "usual": curve("pytorch/examples"),
        "longest": sum(read_manifest("vae-20")["metrics"].values()),
        "book": curve("chapter 05")[-1],
    }
    return {name: _rounded(value) for name, value in facts.items()}


def _rounded(value):
    return [_rounded(v) for v in value] if isinstance(value, list) else float(f"{value:.6g}")
