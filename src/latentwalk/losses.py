"""The two terms of the loss. All sums run over pixels or latent dimensions, all means over the pictures of a batch.

Units: nats per image.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

ACTIVE = 0.05  # nats: a dimension whose mean KL is not above this tells next to nothing about the picture


def reconstruction(logits: Tensor, x: Tensor) -> Tensor:
    """Binary cross-entropy between the decoder's log-odds and the picture, summed over pixels.

    Taken from log-odds, which stays finite where a sigmoid has rounded to 0 or 1.

    Parameters: logits (n, pixels), x (n, pixels) in [0, 1]. Returns (n,) nats per image.
    """
    return F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1)


def kl_divergence(mu: Tensor, logvar: Tensor) -> Tensor:
    """KL(N(mu, sigma^2) || N(0, 1)) for each image and dimension, in nats.

    -0.5 * (1 + ln sigma^2 - mu^2 - sigma^2): chapter 04; Kingma & Welling, appendix B.

    Parameters: mu and logvar (n, latent_dim). Returns (n, latent_dim); sum over dim 1 for the loss.
    """
    return -0.5 * (1 + logvar - mu.pow(2) - logvar.exp())


def vae_terms(model, x: Tensor) -> tuple[Tensor, Tensor]:
    """Reconstruction (n,) and KL (n,) of each image in nats, with one sample of z."""
    mu, logvar = model.encode(x)
    z = model.reparameterize(mu, logvar)
    return reconstruction(model.decode_logits(z), x), kl_divergence(mu, logvar).sum(1)


def terms(model, x: Tensor) -> tuple[Tensor, Tensor]:
    """The same for either kind of network; a plain autoencoder has no KL term: zeros."""
    if hasattr(model, "fc22"):
        return vae_terms(model, x)
    recon = reconstruction(model.decode_logits(model.encode(x)), x)
    return recon, torch.zeros_like(recon)
