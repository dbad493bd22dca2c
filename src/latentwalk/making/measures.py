"""What the tables say of one network."""

import torch
from torch import Tensor

from latentwalk import evaluation
from latentwalk._checks import check_pictures
from latentwalk.losses import ACTIVE, kl_divergence, terms
from latentwalk.tables import N, pictures_of


@torch.no_grad()
def measure(model: torch.nn.Module, x: Tensor, seed: int = 0) -> dict[str, float]:
    """Mean reconstruction and KL over pictures ``x`` (n, pixels) in [0, 1], with one sample of z each: nats per image."""
    x = check_pictures("x", x, getattr(model, "pixels", None))
    with torch.random.fork_rng():  # measured between two epochs, it leaves the training's own noise as it was
        torch.manual_seed(seed)
        parts = [torch.stack(terms(model, batch), 1) for batch in x.split(2000)]
    recon, kl = torch.cat(parts).mean(0).tolist()
    return {"recon": round(recon, 3), "kl": round(kl, 3)}


def measure_world(model, test: Tensor, true: Tensor) -> dict[str, float]:
    """1000 x the mean cosine distance to the nearest true picture, for each sort of picture of `pictures_of`."""
    pictures = pictures_of(model, test[:N], test[N : 2 * N])
    distance = 1000 * evaluation.cosine_distance(torch.cat(list(pictures.values())), true)
    parts = distance.split([len(x) for x in pictures.values()])
    return {name: round(part.mean().item(), 2) for name, part in zip(pictures, parts)}


def measure_digits(pictures: dict[str, Tensor], true: Tensor) -> dict[str, float]:
    """The mean Euclidean distance to the nearest true digit, for each sort of picture but those on paths."""
    distances = {name: evaluation.nearest(x, true)[0] for name, x in pictures.items() if name != "path"}
    return {f"{name}_distance": round(distance.mean().item(), 3) for name, distance in distances.items()}


@torch.no_grad()
def measure_beta(model, x: Tensor) -> dict[str, float]:
    """What chapter 04's table says of one network: its two terms, and its clouds."""
    mu, logvar = model.encode(x)
    measures = {
        "sigma": (0.5 * logvar).exp().mean(),
        "spread": mu.std(0).mean(),  # the standard deviation of mu over the pictures, a mean over the dimensions
        **measure(model, x),
    }
    rounded = {name: float(f"{value:.5g}") for name, value in measures.items()}
    return rounded | {"active": active(model, x)}


def active(model, x: Tensor) -> int:
    """Dimensions whose KL, a mean over the pictures, is above `ACTIVE`."""
    return int((kl_divergence(*model.encode(x)).mean(0) > ACTIVE).sum())
