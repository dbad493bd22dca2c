"""What pictures are worth: the distance to the nearest true one, what a judge of digits says, and the likelihood.

Chapter 01 asks of every code between two codes, and of every random code: is its picture one that could be true? No ruler is believed
before it has been asked about pictures of which the answer is known (`controls`).
All of it works on the device that the pictures, the codes or the network are on; random numbers are drawn on the CPU and are the same on all.
Chapter 07 asks how probable a picture is, and gets an answer from below: the ELBO and the importance-weighted bound.
"""

import math
from collections.abc import Callable

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from latentwalk._checks import picture_shape
from latentwalk.losses import reconstruction
from latentwalk.models import VAE


def nearest(x: Tensor, true: Tensor, chunk: int = 1000) -> tuple[Tensor, Tensor]:
    """The Euclidean distance of each picture to the nearest true one, and which one that is.

    By |x - y|^2 = |x|^2 - 2 x.y + |y|^2, so that the work is one matrix product: ``chunk`` x m numbers at a time.

    Parameters: x (n, pixels), true (m, pixels). Returns distance (n,) and index (n,).
    """
    squares = true.pow(2).sum(1)
    parts = [torch.addmm(squares, part, true.T, alpha=-2).min(1) for part in x.split(chunk)]
    index = torch.cat([part.indices for part in parts])
    return (x - true[index]).norm(dim=1), index  # again from the pair itself: exact also where they are equal


def cosine_distance(x: Tensor, true: Tensor, chunk: int = 1000) -> Tensor:
    """1 - cosine between each picture and the nearest true one: 0 for a true picture, also one too dark or too bright.

    The measure of Berthelot et al., arXiv 1807.07543, section 4. A black picture is at distance 1.

    Parameters: x (n, pixels), true (m, pixels). Returns (n,) in [0, 1].
    """
    true = F.normalize(true, dim=1)
    return torch.cat([1 - (F.normalize(part, dim=1) @ true.T).max(1).values for part in x.split(chunk)]).clamp(min=0)


def own_cloud(codes: Tensor, n: int, seed: int = 0) -> Tensor:
    """Random codes (n, d) from the Gaussian that has the mean and the covariance of ``codes`` (m, d).

    A random mixture of centred codes has their covariance, also where they fill fewer than d dimensions.
    """
    if len(codes) < 2:
        raise ValueError(f"codes: expected (m, d) with m at least 2, got {tuple(codes.shape)}")
    eps = torch.randn(n, len(codes), generator=torch.Generator().manual_seed(seed), dtype=codes.dtype)
    eps = eps.to(codes.device)
    mean = codes.mean(0)
    return mean + eps @ (codes - mean) / (len(codes) - 1) ** 0.5


def prior(d: int, n: int, seed: int = 0) -> Tensor:
    """Random codes (n, d) from N(0, I)."""
    return torch.randn(n, d, generator=torch.Generator().manual_seed(seed))


@torch.no_grad()
def confident_share(judge: nn.Module, x: Tensor, level: float = 0.9) -> float:
    """Share of pictures (n, pixels) of which the judge is surer than ``level`` that they show one certain digit.

    Of a judge that knows nothing but digits ("judge-10"): it is surely wrong about many pictures that are none.
    """
    if not len(x):
        raise ValueError("x: expected one picture at least")
    return (judge(_beside(judge, x)).softmax(1).max(1).values > level).float().mean().item()


@torch.no_grad()
def digit_share(judge: nn.Module, x: Tensor) -> float:
    """Share of pictures (n, pixels) that a judge with eleven answers ("judge-11") takes for a digit, whichever it is."""
    if not len(x):
        raise ValueError("x: expected one picture at least")
    return (judge(_beside(judge, x)).argmax(1) < 10).float().mean().item()


def _beside(model: nn.Module, x: Tensor) -> Tensor:
    """The pictures on the device, and in the type, of a network's weights."""
    weights = next(model.parameters(), x)
    return x.to(weights.device, weights.dtype)


def controls(a: Tensor, b: Tensor, seed: int = 0, shape=None) -> dict[str, Tensor]:
    """What a ruler is asked about before it judges a network: real digits, and eight sorts of pictures that are none.

    Parameters: a and b (n, pixels), real digits in pairs of different classes, squares or of this ``shape``, (height, width) or
    (channels, height, width). Returns names and pictures, (n, pixels) each.
    """
    generator = torch.Generator().manual_seed(seed)
    return {
        "real digits": a,
        "pixel blends": (a + b) / 2,
        "left and right halves": glued(a, b, upright=True, shape=shape),
        "upper and lower halves": glued(a, b, shape=shape),
        "rotated by 90°": rotated(a, shape),
        "the brighter of two pixels": torch.maximum(a, b),
        "shuffled pixels": shuffled(a, generator),
        "noise": torch.rand(a.shape, generator=generator).to(a),
        "black": torch.zeros_like(a),
    }


def glued(a: Tensor, b: Tensor, upright: bool = False, shape=None) -> Tensor:
    """The upper half of each picture of a with the lower one of b; ``upright``: the left one with the right one."""
    shape, axis = picture_shape(a.shape[1], shape), 3 if upright else 2  # of (n, channels, height, width)
    half = -(-shape[axis - 1] // 2)
    first, second = a.unflatten(1, shape), b.unflatten(1, shape)
    parts = [first.narrow(axis, 0, half), second.narrow(axis, half, shape[axis - 1] - half)]
    return torch.cat(parts, axis).flatten(1)


def rotated(x: Tensor, shape=None) -> Tensor:
    """Each picture, a quarter turn to the left; one that is no square, half a turn."""
    _, height, width = shape = picture_shape(x.shape[1], shape)
    return x.unflatten(1, shape).rot90(1 if height == width else 2, (2, 3)).flatten(1)


def blurred(x: Tensor, width: float, shape=None) -> Tensor:
    """Each picture blurred by a Gaussian with a standard deviation of ``width`` pixels, cut off at 4; beyond the edges all is black."""
    x = x.unflatten(1, picture_shape(x.shape[1], shape))
    k = (-torch.arange(-4.0, 5.0).pow(2) / (2 * width**2)).exp()
    k = (k / k.sum()).to(x).expand(x.shape[1], 1, 1, 9)
    x = F.conv2d(x, k, padding=(0, 4), groups=len(k))
    return F.conv2d(x, k.mT, padding=(4, 0), groups=len(k)).flatten(1)


def shuffled(x: Tensor, generator: torch.Generator) -> Tensor:
    """The pixels of each picture in an order of its own."""
    return x.gather(1, torch.rand(x.shape, generator=generator).argsort(1).to(x.device))


def pairs_of_classes(y: Tensor, n: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Indices of ``n`` random pairs of pictures whose labels ``y`` (m,) differ."""
    generator = torch.Generator().manual_seed(seed)
    a, b = torch.randint(len(y), (2, 40 * n + 100), generator=generator)
    y = y.cpu()
    keep = (y[a] != y[b]).nonzero()[:n, 0]
    if len(keep) < n:
        raise ValueError(
            f"y: found only {len(keep)} of {n} pairs of different classes; one class has nearly all labels"
        )
    return a[keep], b[keep]


def sharpness(x: Tensor, shape=None) -> Tensor:
    """Mean magnitude of the gradient of each picture, in brightness per pixel: 0 for a flat one.

    The gradient of a pixel is the difference to its right and to its lower neighbour, so 27 x 27 of 28 x 28 pixels have
    one. The sum grows with the length of the outlines: compare sets of pictures that show the same things.

    Parameters: x (n, pixels) in [0, 1], squares or of this ``shape``, (height, width) or (channels, height, width). Returns (n,).
    """
    x = x.unflatten(1, picture_shape(x.shape[1], shape))
    right, down = x[..., :-1, 1:] - x[..., :-1, :-1], x[..., 1:, :-1] - x[..., :-1, :-1]  # (n, channels, 27, 27)
    return (right.pow(2) + down.pow(2)).sqrt().mean((1, 2, 3))


@torch.no_grad()
def log_weights(mu: Tensor, logvar: Tensor, log_px: Callable[[Tensor], Tensor], k: int, seed: int = 0) -> Tensor:
    """log p(x, z) - log q(z|x) for k samples z ~ q(z|x) = N(mu, sigma^2) of each picture, under the prior N(0, I).

    Their mean over the samples estimates the ELBO (Kingma & Welling, arXiv 1312.6114, equation 2);
    `importance_bound` makes a tighter bound of them.

    Parameters
    ----------
    mu, logvar
        (n, d), from the encoder.
    log_px
        The decoder: codes (m, n, d), m for each picture -> log p(x|z), (m, n).
    k
        Samples for each picture. Memory is kept small by taking them in parts.

    Returns
    -------
    (k, n) nats.
    """
    generator, sigma = torch.Generator().manual_seed(seed), (0.5 * logvar).exp()
    log_w = torch.empty(
        k, len(mu), dtype=mu.dtype, device=mu.device
    )  # filled in place: small results would split the freed memory
    for part in log_w.split(max(1, 1000 // max(1, len(mu)))):
        eps = torch.randn(len(part), *mu.shape, generator=generator, dtype=mu.dtype).to(mu.device)
        z = mu + eps * sigma
        # log p(z) - log q(z|x); the 2 pi of the two Gaussians cancel
        part.copy_(log_px(z) + (0.5 * eps.pow(2) + 0.5 * logvar - 0.5 * z.pow(2)).sum(-1))
    return log_w


def vae_log_weights(model: VAE, x: Tensor, k: int, seed: int = 0) -> Tensor:
    """`log_weights` (k, n) of a VAE with Bernoulli pixels, for pictures x (n, pixels) that hold only 0 and 1.

    Raises ValueError on grey pixels: there the cross-entropy is not the logarithm of a probability.
    """
    if not ((x == 0) | (x == 1)).all():
        raise ValueError("x: expected pixels that are 0 or 1; see latentwalk.data.binarize")

    x = _beside(model, x)

    def log_px(z: Tensor) -> Tensor:  # (m, n, d) -> (m, n)
        return -reconstruction(model.decode_logits(z.flatten(0, 1)), x.repeat(len(z), 1)).view(z.shape[:2])

    with torch.no_grad():
        return log_weights(*model.encode(x), log_px, k, seed)


def importance_bound(log_w: Tensor, k: int) -> Tensor:
    """The importance-weighted bound of each picture, log of the mean of k weights, in nats; k = 1 is the ELBO.

    Its expectation never falls as k grows and tends to log p(x) (Burda et al., arXiv 1509.00519, theorem 1). The samples at hand
    are cut into as many groups of k as there are, and the groups' bounds averaged.

    Parameters: log_w (samples, n) from `log_weights`, k at most the number of samples. Returns (n,).
    """
    if not 1 <= k <= len(log_w):
        raise ValueError(f"k: expected a number from 1 to the {len(log_w)} samples at hand, got {k}")
    groups = log_w[: len(log_w) // k * k].unflatten(0, (-1, k))  # (groups, k, n)
    return (groups.logsumexp(1) - math.log(k)).mean(0)
