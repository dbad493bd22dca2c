"""What the tables say of one network."""

import torch
from torch import Tensor

from latentwalk import evaluation
from latentwalk.losses import ACTIVE, kl_divergence
from latentwalk.making.networks import measure
from latentwalk.tables import N, pictures_of


def measure_world(model, test: Tensor, true: Tensor) -> dict[str, float]:
    """1000 x the mean cosine distance to the nearest true picture, for each sort of picture of `pictures_of`."""
    pictures = pictures_of(model, test[:N], test[N : 2 * N])
    distance = 1000 * evaluation.cosine_distance(torch.cat(list(pictures.values())), true)
    parts = distance.split([len(x) for x in pictures.values()])
    return {name: round(part.mean().item(), 2) for name, part in zip(pictures, parts)}


def measure_digits(model, a: Tensor, b: Tensor, judge, true: Tensor) -> dict[str, float]:
    """For each sort of picture: the share that the judge is sure of, and the mean distance to the nearest true digit."""
    measures = {}
    for name, x in pictures_of(model, a, b).items():
        if name != "path":
            measures |= sure_and_distance(name, x, judge, true)
    return {name: round(value, 3) for name, value in measures.items()}


@torch.no_grad()
def measure_beta(model, x: Tensor, judge) -> dict[str, float]:
    """What chapter 04's table says of one network: its two terms, its clouds, and its samples."""
    mu, logvar = model.encode(x)
    samples = model.decode(evaluation.prior(model.latent_dim, 1000))
    measures = {
        "sigma": (0.5 * logvar).exp().mean(),
        "spread": mu.std(0).mean(),  # the standard deviation of mu over the pictures, a mean over the dimensions
        **measure(model, x),
        "sure": evaluation.confident_share(judge, samples),
    }
    rounded = {name: float(f"{value:.5g}") for name, value in measures.items()}
    return rounded | {"active": active(model, x)}


def active(model, x: Tensor) -> int:
    """Dimensions whose KL, a mean over the pictures, is above `ACTIVE`."""
    return int((kl_divergence(*model.encode(x)).mean(0) > ACTIVE).sum())


def sure_and_distance(name: str, x: Tensor, judge, true: Tensor) -> dict[str, float]:
    """The share of ``x`` that the judge is sure of, and the mean distance to the nearest true picture, under ``name``."""
    return {
        f"{name}_sure": evaluation.confident_share(judge, x),
        f"{name}_distance": evaluation.nearest(x, true)[0].mean().item(),
    }
