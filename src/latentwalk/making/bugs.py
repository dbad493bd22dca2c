"""Chapter 08's ten runs, one without a bug and nine with one line wrong each: what each reports, does and draws.

`sample`, `terms`, `pixels` and the training are the chapter's own cells, so that the figure shows what the chapter says.
"""

import functools
import math

import torch
import torch.nn.functional as F
from torch import Tensor

from latentwalk import data
from latentwalk.making.files import pack
from latentwalk.models import VAE

BUGS = (
    "one eps for the batch",
    "BCE mean over pixels",
    "sigma is exp(logvar)",
    "KL sign flipped",
    "no bug",
    "pixels 0 to 255",
    "z = mu",
    "sigmoid twice",
    "KL mean over pixels",
    "z detached",
)
EPOCHS = 2
EVERY = 47  # steps between two measurements
SHOWN = 5  # test digits that are reconstructed
DRAWN = 10  # codes that are decoded


def sample(mu: Tensor, logvar: Tensor, bug: str) -> Tensor:
    """Two times (B, 20) -> z (B, 20)."""
    sigma = (0.5 * logvar).exp()
    if bug == "sigma is exp(logvar)":
        sigma = logvar.exp()
    eps = torch.randn_like(mu)
    if bug == "one eps for the batch":
        eps = eps[:1]  # (1, 20): the same noise for all pictures
    z = mu + eps * sigma
    if bug == "z = mu":
        z = mu
    if bug == "z detached":
        z = z.detach()
    return z


def terms(model, x: Tensor, bug: str, target: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """(B, 784) -> reconstruction and KL as this run computes them, means over the batch."""
    target = x if target is None else target
    mu, logvar = model.encode(x)
    output = model.decode_logits(sample(mu, logvar, bug))  # (B, 784)
    if bug == "sigmoid twice":
        output = output.sigmoid()
    recon = F.binary_cross_entropy_with_logits(output, target, reduction="none").sum(1)
    kl = -0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum(1)
    if bug == "BCE mean over pixels":
        recon = recon / 784
    if bug == "KL mean over pixels":
        kl = kl / 784
    if bug == "KL sign flipped":
        kl = -kl
    return recon.mean(), kl.mean()


def pixels(x: Tensor, bug: str) -> Tensor:
    """What this run takes for pixels."""
    return 255 * x if bug == "pixels 0 to 255" else x


def row(bug: str) -> dict:
    """One run, as the figure needs it. Numbers that are not finite are None: JSON has no other."""
    x_train, x_test, noise = _data()

    @torch.no_grad()
    def measure() -> list:
        """Reported recon and KL, right recon and KL; nats per test image."""
        x = x_test[:1000]
        reported, right = terms(model, pixels(x, bug), bug), terms(model, pixels(x, bug), "no bug", target=x)
        return _finite(torch.stack([*reported, *right]), 2)

    torch.manual_seed(0)
    model = VAE()
    batches = [batch for _ in range(EPOCHS) for batch in torch.randperm(len(x_train)).split(256)]
    optimizer = torch.optim.Adam(model.parameters(), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=len(batches), cycle_momentum=False)
    steps, curve, stopped = [], [], None
    for step, batch in enumerate(batches):
        if step % EVERY == 0:
            steps.append(step)
            curve.append(measure())
        loss = sum(terms(model, pixels(x_train[batch], bug), bug))
        if not loss.isfinite():
            stopped = step
            break
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    if stopped is None:
        steps.append(len(batches) - 1)
        curve.append(measure())
    with torch.no_grad():
        mu, logvar = model.encode(pixels(x_test, bug))
        kl = -0.5 * (1 + logvar - mu.pow(2) - logvar.exp())
        pictures = torch.cat([model.decode(mu[:SHOWN]), model.decode(noise[:DRAWN])])  # (15, 784)
    return {
        "bug": bug,
        **({} if stopped is None else {"stopped": stopped}),  # the step whose loss was not finite
        "steps": steps,
        "curve": curve,
        "sigma": _finite((0.5 * logvar).exp().mean(0), 4),  # of each dimension, a mean over 2,000 pictures
        "spread": _finite(mu.std(0), 4),  # of mu over the pictures
        "kl_of_dimension": _finite(kl.mean(0), 4),
        "pictures": pack((255 * pictures.nan_to_num()).round().to(torch.uint8)),
    }


@functools.cache
def _data() -> tuple[Tensor, Tensor, Tensor]:
    """Training pictures, 2,000 test pictures and codes from N(0, I), as in the chapter."""
    mnist = data.mnist()
    noise = torch.randn(1000, 20, generator=torch.Generator().manual_seed(1))
    return mnist.train_x, mnist.test_x[:2000], noise


def _finite(numbers: Tensor, digits: int) -> list:
    return [round(n, digits) if math.isfinite(n) else None for n in numbers.tolist()]
