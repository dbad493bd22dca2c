"""The exercises' answers: for each the inputs, the right function, and the usual mistakes by name."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from latentwalk.evaluation import importance_bound, sharpness
from latentwalk.interpolation import lerp, slerp
from latentwalk.losses import kl_divergence, reconstruction
from latentwalk.making.checker import DRAWS, Exercise, cloud
from latentwalk.models import Autoencoder


def _network() -> tuple:
    model = Autoencoder(4, hidden=32)
    for parameter in model.parameters():
        parameter.data *= 2  # pictures that differ
    return model, torch.rand(3, 784), torch.rand(3, 784)


def _gaussians() -> tuple[Tensor, Tensor]:
    return torch.randn(4, 3), torch.randn(4, 3)


def _batch() -> tuple[Tensor, Tensor]:
    return tuple(part.expand(DRAWS, -1).clone().requires_grad_() for part in cloud())


def _dimensions() -> tuple[Tensor, Tensor]:
    """50 pictures, 22 dimensions of which 12 are active; each wrong way to count them gives another number."""
    mu, sigma = torch.zeros(50, 22), torch.ones(50, 22)
    mu[:, :5], sigma[:, :5] = 1.5 * torch.linspace(-1, 1, 50)[:, None], 0.2  # usual active ones
    sigma[:, 5:7], sigma[:, 7] = 0.3, 0.6  # mu says nothing, sigma does
    mu[:, 8:12] = 1.0  # sigma is 1, and mu the same for all pictures
    mu[:2, 12:18] = 0.4  # only two pictures use them
    return mu, 2 * sigma.log()


def _pictures() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    return 2 * torch.randn(4, 784), (torch.rand(4, 784) < 0.3).float(), *_gaussians()


def _loss_inputs() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    logits, _, mu, logvar = _pictures()
    return logits.sigmoid(), torch.rand(4, 784), mu, logvar


def _kl(mu: Tensor, logvar: Tensor) -> Tensor:
    return kl_divergence(mu, logvar).sum(1)


def _bce(recon_x: Tensor, x: Tensor, reduction: str = "sum") -> Tensor:
    return F.binary_cross_entropy(recon_x, x, reduction=reduction)


def _spherical(a: Tensor, b: Tensor, t: float) -> Tensor:
    return torch.stack([slerp(one, other, t) for one, other in zip(a, b)])


def _arc(a: Tensor, b: Tensor, t: float, cosine: Tensor) -> Tensor:
    angle = cosine.clamp(-1, 1).acos()[:, None]
    return (torch.sin((1 - t) * angle) * a + torch.sin(t * angle) * b) / angle.sin()


def _lengths(a: Tensor, b: Tensor, t: float) -> Tensor:
    return (1 - t) * a.norm(dim=1, keepdim=True) + t * b.norm(dim=1, keepdim=True)


def _ln_p(logits: Tensor, x: Tensor) -> Tensor:
    return -reconstruction(logits, x)


def _grey(recon_x: Tensor, x: Tensor) -> Tensor:  # the BCE, also where x is not in [0, 1]
    return -(x * recon_x.log() + (1 - x) * (1 - recon_x).log()).sum()


def _squares(x: Tensor, power: int = 2) -> Tensor:
    x = x.view(-1, 28, 28)
    right, down = x[:, :-1, 1:] - x[:, :-1, :-1], x[:, 1:, :-1] - x[:, :-1, :-1]
    return right.abs() ** power + down.abs() ** power


# The mistakes of every function that draws: (mu, logvar, noise) -> draws.
# fmt: off
_NOISE = {
    "exp(logvar) taken for sigma: it is the variance, and sigma is exp(0.5 * logvar)": lambda m, v, e: m + v.exp() * e,
    "logvar taken for sigma: sigma is exp(0.5 * logvar)": lambda m, v, e: m + v * e,
    "logvar taken for the variance: the variance is exp(logvar)": lambda m, v, e: m + v.sqrt() * e,
    "a flipped sign: sigma is exp(+0.5 * logvar)": lambda m, v, e: m + (-0.5 * v).exp() * e,
    "uniform noise: randn, not rand": lambda m, v, e: m + (0.5 * v).exp() * torch.rand_like(e),
    "one eps for all draws: draw a fresh one for each row": lambda m, v, e: m + (0.5 * v).exp() * e[:1].expand_as(e),
    "one eps for all dimensions: draw one for each": lambda m, v, e: m + (0.5 * v).exp() * e[:, :1],
    "no noise at all: z is mu + sigma * eps": lambda m, v, e: m + 0 * e,
}

EXERCISES = {
    "blend": Exercise(
        lambda: (torch.rand(784), torch.rand(784), torch.tensor([0.0, 0.3, 1.0])), lerp,
        "a double exposure at three settings of t, both ends included",
        {
            "the ends exchanged: at t = 0 it should be a": lambda a, b, t: lerp(b, a, t),
            "the half for every t": lambda a, b, t: ((a + b) / 2).expand(len(t), -1),
            "a sum: a should grow darker as b grows lighter": lambda a, b, t: a + t[:, None] * b,
            "the step alone: it starts from a": lambda a, b, t: t[:, None] * (b - a),
        },
    ),
    "midpoint": Exercise(
        _network, lambda m, a, b: m.decode((m.encode(a) + m.encode(b)) / 2),
        "the decoded midpoint of the codes of three pairs of pictures",
        {
            "the midpoint of the pixels: take the codes' midpoint, and decode it": lambda m, a, b: (a + b) / 2,
            "a double exposure, the midpoint of two decoded pictures": lambda m, a, b: (m(a) + m(b)) / 2,
            "the midpoint of the pixels, encoded and decoded: encode first": lambda m, a, b: m((a + b) / 2),
            "the sum of the codes: the half is missing": lambda m, a, b: m.decode(m.encode(a) + m.encode(b)),
            "the midpoint of the codes: it still has to be decoded": lambda m, a, b: (m.encode(a) + m.encode(b)) / 2,
            "log-odds: `decode` gives pixels": lambda m, a, b: m.decode_logits((m.encode(a) + m.encode(b)) / 2),
        },
    ),
    "sample_code": Exercise(
        lambda: (*cloud(), DRAWS), lambda m, v, n: m + (0.5 * v).exp() * torch.randn(n, 2),
        f"mean, spread, shape and independence of {DRAWS:,} draws",
        {name: lambda m, v, n, f=f: f(m, v, torch.randn(n, 2)) for name, f in _NOISE.items()},
        random=True,
    ),
    "reparameterize": Exercise(
        _batch, lambda m, v: m + (0.5 * v).exp() * torch.randn_like(m),
        f"mean, spread, shape, independence and slopes of {DRAWS:,} draws",
        {name: lambda m, v, f=f: f(m, v, torch.randn_like(m)) for name, f in _NOISE.items()} | {
            "a detached sample: no gradient reaches mu and logvar": lambda m, v: torch.normal(m, (0.5 * v).exp()),
            "a detached sigma: no gradient reaches logvar":
                lambda m, v: m + (0.5 * v.detach()).exp() * torch.randn_like(m),
        },
        random=True,
    ),
    "kl_divergence": Exercise(
        _gaussians, _kl,
        "the KL of four pictures, each summed over three dimensions",
        {
            "a KL for each dimension: sum over the dimensions of a picture": kl_divergence,
            "the mean over dimensions: take the sum": lambda m, v: kl_divergence(m, v).mean(1),
            "the sum over the batch too: sum over dimension 1 alone": lambda m, v: _kl(m, v).sum(),
            "the sum over the batch: sum over dimension 1, not 0": lambda m, v: kl_divergence(m, v).sum(0),
            "the mean over everything: sum over dimension 1": lambda m, v: kl_divergence(m, v).mean(),
            "a flipped sign: no KL is negative": lambda m, v: -_kl(m, v),
            "a forgotten 0.5": lambda m, v: 2 * _kl(m, v),
            "a forgotten 0.5 and a flipped sign": lambda m, v: -2 * _kl(m, v),
            "logvar taken for the variance: sigma^2 is exp(logvar)": lambda m, v: -0.5 * (1 + v - m**2 - v).sum(1),
            "logvar taken for the variance, its logarithm taken again":
                lambda m, v: -0.5 * (1 + v.log() - m**2 - v).sum(1),
            "exp(logvar) taken for sigma: it is sigma^2": lambda m, v: _kl(m, 2 * v),
            "sigma in place of sigma^2": lambda m, v: -0.5 * (1 + v - m**2 - (0.5 * v).exp()).sum(1),
            "mu in place of mu^2": lambda m, v: -0.5 * (1 + v - m - v.exp()).sum(1),
            "a forgotten 1 in the bracket": lambda m, v: -0.5 * (v - m**2 - v.exp()).sum(1),
        },
    ),
    "active_dimensions": Exercise(
        _dimensions, lambda m, v: (kl_divergence(m, v).mean(0) > 0.05).sum(),
        "22 dimensions, in 12 of them the mean KL of 50 pictures is above 0.05",
        {
            "a yes or no for each dimension: count them": lambda m, v: kl_divergence(m, v).mean(0) > 0.05,
            "a count by sigma: where sigma is 1, mu can still say something": lambda m, v: (v.mean(0) < -0.2).sum(),
            "a count by the size of mu: sigma costs nats too": lambda m, v: (m.abs().mean(0) > 0.05).sum(),
            "a count by the variance of mu: ask for a KL above 0.05 nats": lambda m, v: (m.var(0) > 0.01).sum(),
            "a count by the spread of mu: ask for a KL above 0.05 nats": lambda m, v: (m.std(0) > 0.05).sum(),
            "a count without the mean: average the KL over pictures":
                lambda m, v: (kl_divergence(m, v).sum(0) > 0.05).sum(),
            "a count of the idle dimensions": lambda m, v: (kl_divergence(m, v).mean(0) <= 0.05).sum(),
            "a count in each picture: average the KL over pictures first":
                lambda m, v: (kl_divergence(m, v) > 0.05).sum(),
            "a count of pictures: average over dimension 0": lambda m, v: (kl_divergence(m, v).mean(1) > 0.05).sum(),
        },
    ),
    "loss_function": Exercise(
        _loss_inputs, lambda r, x, m, v: _bce(r, x) + _kl(m, v).sum(),
        "cross-entropy and KL of four pictures, both summed",
        {
            "a BCE that is a mean: reduction='sum'": lambda r, x, m, v: _bce(r, x, "mean") + _kl(m, v).sum(),
            "the means of both terms: take sums": lambda r, x, m, v: _bce(r, x, "mean") + kl_divergence(m, v).mean(),
            "a KL that is a mean: take the sum": lambda r, x, m, v: _bce(r, x) + kl_divergence(m, v).mean(),
            "a KL that is a mean over the batch, beside a summed BCE": lambda r, x, m, v: _bce(r, x) + _kl(m, v).mean(),
            "the mean over the batch: return the sum": lambda r, x, m, v: (_bce(r, x) + _kl(m, v).sum()) / len(x),
            "a KL without its 0.5": lambda r, x, m, v: _bce(r, x) + 2 * _kl(m, v).sum(),
            "a flipped sign: the KL is added to the BCE": lambda r, x, m, v: _bce(r, x) - _kl(m, v).sum(),
            "the ELBO: the loss is its negative": lambda r, x, m, v: -_bce(r, x) - _kl(m, v).sum(),
            "the BCE alone: the KL is missing": lambda r, x, m, v: _bce(r, x),
            "exp(logvar) taken for sigma in the KL": lambda r, x, m, v: _bce(r, x) + _kl(m, 2 * v).sum(),
            "unscaled pixels, 0 to 255: x is in [0, 1] as it is":
                lambda r, x, m, v: _grey(r, 255 * x) + _kl(m, v).sum(),
            "pixels divided by 255 once more: x is in [0, 1] already":
                lambda r, x, m, v: _bce(r, x / 255) + _kl(m, v).sum(),
            "a sigmoid taken twice: recon_x is in [0, 1] already":
                lambda r, x, m, v: _bce(r.sigmoid(), x) + _kl(m, v).sum(),
            "a squared error in place of the BCE": lambda r, x, m, v: (r - x).pow(2).sum() + _kl(m, v).sum(),
            "a loss for each picture: return their sum": lambda r, x, m, v: _bce(r, x, "none").sum(1) + _kl(m, v),
        },
    ),
    "spherical": Exercise(
        lambda: (0.3 * torch.randn(4, 5), 0.6 * torch.randn(4, 5), 0.3), _spherical,
        "four arcs at t = 0.3, between codes of different lengths",
        {
            "the straight line: linear, not spherical": lambda a, b, t: a + t * (b - a),
            "the way back: t = 0 is a, t = 1 is b": lambda a, b, t: _spherical(b, a, t),
            "an angle from a . b that was not divided by the two lengths": lambda a, b, t: _arc(a, b, t, (a * b).sum(1)),
            "an angle from a . b that was not divided by the lengths, for directions":
                lambda a, b, t: _arc(F.normalize(a), F.normalize(b), t, (a * b).sum(1)) * _lengths(a, b, t),
            "the arc's formula on the codes themselves: directions go along the arc, and the length changes evenly":
                lambda a, b, t: _arc(a, b, t, F.cosine_similarity(a, b)),
            "directions: their length has to go evenly from a's to b's":
                lambda a, b, t: F.normalize(_spherical(a, b, t)),
            "a straight line between directions, its length mended: equal steps of t are not equal angles":
                lambda a, b, t: F.normalize((1 - t) * F.normalize(a) + t * F.normalize(b)) * _lengths(a, b, t),
        },
    ),
    "elbo": Exercise(
        _pictures, lambda y, x, m, v: _ln_p(y, x) - _kl(m, v),
        "the ELBO of four pictures, each from one code",
        {
            "the KL added: it is subtracted": lambda y, x, m, v: _ln_p(y, x) + _kl(m, v),
            "the loss: the ELBO is its negative": lambda y, x, m, v: -_ln_p(y, x) + _kl(m, v),
            "the BCE in place of ln p(x|z): that is its negative": lambda y, x, m, v: -_ln_p(y, x) - _kl(m, v),
            "ln p(x|z) alone: the KL is missing": lambda y, x, m, v: _ln_p(y, x),
            "a KL without its 0.5": lambda y, x, m, v: _ln_p(y, x) - 2 * _kl(m, v),
            "exp(logvar) taken for sigma in the KL": lambda y, x, m, v: _ln_p(y, x) - _kl(m, 2 * v),
            "the mean over pixels: ln p(x|z) is a sum": lambda y, x, m, v: _ln_p(y, x) / 784 - _kl(m, v),
            "the mean over the KL's dimensions: sum": lambda y, x, m, v: _ln_p(y, x) - kl_divergence(m, v).mean(1),
            "the sum over the batch: one number for each picture": lambda y, x, m, v: (_ln_p(y, x) - _kl(m, v)).sum(),
            "the mean over the batch: one number for each picture": lambda y, x, m, v: (_ln_p(y, x) - _kl(m, v)).mean(),
            "a sigmoid taken twice": lambda y, x, m, v: _ln_p(y.sigmoid(), x) - _kl(m, v),
        },
    ),
    "importance_bound": Exercise(
        lambda: (3 * torch.randn(50, 3) - 400,), lambda w: importance_bound(w, len(w)),
        "the bound of three pictures, from 50 weights each that exp cannot hold",
        {
            "the mean of the logarithms, the ELBO: take the logarithm of the mean": lambda w: w.mean(0),
            "a forgotten ln k: a mean is a sum divided by k": lambda w: w.logsumexp(0),
            "ln k added: dividing by k subtracts it": lambda w: w.logsumexp(0) + math.log(len(w)),
            "an exp out of the range of floats: logsumexp takes the largest out first": lambda w: w.exp().mean(0).log(),
            "the largest weight alone": lambda w: w.max(0).values,
            "the mean over pictures: samples are dimension 0": lambda w: w.logsumexp(1) - math.log(w.shape[1]),
            "the mean over the pictures too: one number for each": lambda w: importance_bound(w, len(w)).mean(),
        },
    ),
    "sharpness": Exercise(
        lambda: (torch.rand(3, 784),), sharpness,
        "the mean gradient magnitude of three pictures",
        {
            "the sum over pixels: take the mean": lambda x: 27 * 27 * sharpness(x),
            "the mean over the batch too: one number for each picture": lambda x: sharpness(x).mean(),
            "the square of the magnitude: the root is missing": lambda x: _squares(x).mean((1, 2)),
            "the root of the mean square: take the root in each pixel": lambda x: _squares(x).mean((1, 2)).sqrt(),
            "absolute slopes added: the magnitude is the root of the sum of squares":
                lambda x: _squares(x, 1).mean((1, 2)),
            "slopes to the right alone": lambda x: x.view(-1, 28, 28).diff(dim=2).abs().mean((1, 2)),
            "slopes downwards alone": lambda x: x.view(-1, 28, 28).diff(dim=1).abs().mean((1, 2)),
            "slopes along the flat row: a picture is 28 x 28": lambda x: x.diff(dim=1).abs().mean(1),
        },
    ),
}
