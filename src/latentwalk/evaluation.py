"""What decoded pictures are worth: the distance to the nearest true picture, and a judge that reads digits.

Chapter 01 asks of every code between two codes, and of every random code: is its picture one that could be true?
"""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor


def nearest(x: Tensor, true: Tensor, chunk: int = 1000) -> tuple[Tensor, Tensor]:
    """The Euclidean distance of each picture to the nearest true one, and which one that is.

    By |x - y|^2 = |x|^2 - 2 x.y + |y|^2, so that the work is one matrix product: ``chunk`` x m numbers at a time.

    Parameters: x (n, pixels), true (m, pixels). Returns distance (n,) and index (n,).
    """
    _check(x, true)
    squares = true.pow(2).sum(1)
    parts = [(squares - 2 * part @ true.T).min(1) for part in x.split(chunk)]
    index = torch.cat([part.indices for part in parts])
    return (x - true[index]).norm(dim=1), index  # again from the pair itself: exact also where they are equal


def cosine_distance(x: Tensor, true: Tensor, chunk: int = 1000) -> Tensor:
    """1 - cosine between each picture and the nearest true one: 0 for a true picture, also one too dark or too bright.

    The measure of Berthelot et al., arXiv 1807.07543, section 4. A black picture is at distance 1.

    Parameters: x (n, pixels), true (m, pixels). Returns (n,) in [0, 1].
    """
    _check(x, true)
    true = F.normalize(true, dim=1)
    return torch.cat([1 - (F.normalize(part, dim=1) @ true.T).max(1).values for part in x.split(chunk)]).clamp(min=0)


def own_cloud(codes: Tensor, n: int, seed: int = 0) -> Tensor:
    """Random codes (n, d) from the Gaussian that has the mean and the covariance of ``codes`` (m, d).

    A random mixture of centred codes has their covariance, also where they fill fewer than d dimensions.
    """
    if codes.dim() != 2 or len(codes) < 2:
        raise ValueError(f"codes: expected (m, d) with m at least 2, got {tuple(codes.shape)}")
    eps = torch.randn(n, len(codes), generator=torch.Generator().manual_seed(seed))
    mean = codes.mean(0)
    return mean + eps @ (codes - mean) / (len(codes) - 1) ** 0.5


def prior(d: int, n: int, seed: int = 0) -> Tensor:
    """Random codes (n, d) from N(0, I)."""
    return torch.randn(n, d, generator=torch.Generator().manual_seed(seed))


def digit_classifier(x: Tensor, y: Tensor, *, epochs: int = 6, seed: int = 0) -> nn.Module:
    """A judge: a network 784-256-10 trained to read digits, in seconds; about 98% right on MNIST's test set.

    Parameters: x (n, 784) in [0, 1], y (n,) labels. Returns a module in eval mode: pictures -> log-odds (n, 10).
    """
    if x.dim() != 2 or y.shape != x.shape[:1]:
        raise ValueError(f"x and y: expected (n, pixels) and (n,), got {tuple(x.shape)} and {tuple(y.shape)}")
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(x.shape[1], 256), nn.ReLU(), nn.Linear(256, 10))
    steps = -(-len(x) // 256)
    optimizer = torch.optim.Adam(model.parameters(), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=epochs * steps, cycle_momentum=False)
    for _ in range(epochs):
        for batch in torch.randperm(len(x)).split(256):
            optimizer.zero_grad()
            F.cross_entropy(model(x[batch]), y[batch]).backward()
            optimizer.step()
            schedule.step()
    return model.eval()


@torch.no_grad()
def confident_share(judge: nn.Module, x: Tensor, level: float = 0.9) -> float:
    """Share of pictures (n, 784) of which the judge is surer than ``level`` that they show one certain digit.

    It says that a picture looks like some digit, not that it is a good one: a judge can be surely wrong.
    """
    return (judge(x).softmax(1).max(1).values > level).float().mean().item()


def pairs_of_classes(y: Tensor, n: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Indices of ``n`` random pairs of pictures whose labels ``y`` (m,) differ."""
    if len(y.unique()) < 2:
        raise ValueError("y: expected at least two classes")
    generator = torch.Generator().manual_seed(seed)
    a, b = torch.randint(len(y), (2, 40 * n + 100), generator=generator)
    keep = (y[a] != y[b]).nonzero()[:n, 0]
    if len(keep) < n:
        raise ValueError(f"y: found only {len(keep)} pairs of different classes; one class has nearly all")
    return a[keep], b[keep]


def _check(x: Tensor, true: Tensor) -> None:
    if x.dim() != 2 or true.dim() != 2 or x.shape[1] != true.shape[1] or len(true) == 0:
        raise ValueError(
            f"x and true: expected (n, pixels) and (m, pixels), got {tuple(x.shape)} and {tuple(true.shape)}"
        )
