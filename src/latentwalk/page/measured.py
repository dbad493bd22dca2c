"""What `latentwalk.widgets.Beta` shows of each network, measured on pictures."""

import torch
from torch import Tensor

from latentwalk.losses import ACTIVE, kl_divergence, reconstruction
from latentwalk.page.figure import floats
from latentwalk.page.graph import half_of
from latentwalk.page.network import Network

BINS = torch.linspace(-7, 0.2, 49)  # of log10 sigma


@torch.no_grad()
def measure(network: Network, x: Tensor, chosen: list[int], crowd: int) -> dict:
    """All that the figure shows of one network but its pictures; the same noise eps for each network.

    Of the pictures x (n, pixels) the first ``crowd`` are drawn as ellipses, and those at ``chosen`` reconstructed.
    """
    eps = torch.randn(len(x), network.latent_dim, generator=torch.Generator().manual_seed(0))
    mu, logvar = network.encode(x)
    sigma = (0.5 * logvar).exp()
    z = mu + sigma * eps
    parts = zip(z.split(2000), x.split(2000))
    recon = torch.cat([reconstruction(_logits(network, code), picture) for code, picture in parts])
    kl = kl_divergence(mu, logvar)
    two = kl.mean(0).topk(2).indices
    counts = torch.histc(sigma.log10().clamp(BINS[0], BINS[-1]), len(BINS) - 1, BINS[0].item(), BINS[-1].item())
    return {
        "measures": {
            "recon": recon.mean().item(),
            "kl": kl.sum(1).mean().item(),
            "active": int((kl.mean(0) > ACTIVE).sum()),
            "sigma": sigma.mean().item(),
            "spread": mu.std(0).mean().item(),
        },
        "dims": two.tolist(),
        "planes": floats(torch.cat([mu[:crowd, two], sigma[:crowd, two]], 1)),
        "histograms": (counts / counts.sum()).tolist(),
        "codes": floats(z[chosen]),
    }


def _logits(network: Network, z: Tensor) -> Tensor:
    """Log-odds of the pixels that codes (n, latent_dim) are decoded to; a model that gives pixels alone is asked for these."""
    if decode_logits := getattr(network.model, "decode_logits", None):
        return decode_logits(z)
    pixels = half_of(network.model, "decode")(z.unflatten(1, network._code)).flatten(1)
    return pixels.clamp(0, 1).logit(eps=1e-6)
