"""The networks of the book: an autoencoder and the chapter's VAE, both with one hidden layer and equally large; a deeper VAE and one with
convolutions; and two that chapters only load, the generator of a GAN and a judge of pictures."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor


class Autoencoder(nn.Module):
    """A plain autoencoder: each picture becomes one point (chapter 01).

    Parameters
    ----------
    latent_dim
        Numbers in a code.
    hidden
        Width of the hidden layer of encoder and decoder.
    pixels
        Pixels in a picture; pictures are rows with values in [0, 1].
    """

    def __init__(self, latent_dim: int = 20, hidden: int = 400, pixels: int = 784):
        super().__init__()
        self.latent_dim, self.hidden, self.pixels = latent_dim, hidden, pixels
        self.fc1 = nn.Linear(pixels, hidden)
        self.fc2 = nn.Linear(hidden, latent_dim)  # the code
        self.fc3 = nn.Linear(latent_dim, hidden)
        self.fc4 = nn.Linear(hidden, pixels)

    def encode(self, x: Tensor) -> Tensor:
        """Pictures (..., pixels) -> codes (n, latent_dim)."""
        return self.fc2(F.relu(self.fc1(x.reshape(-1, self.pixels))))

    def decode_logits(self, z: Tensor) -> Tensor:
        """Codes (n, latent_dim) -> log-odds of each pixel (n, pixels)."""
        return self.fc4(F.relu(self.fc3(z)))

    def decode(self, z: Tensor) -> Tensor:
        """Codes (n, latent_dim) -> pictures (n, pixels) in [0, 1]."""
        return torch.sigmoid(self.decode_logits(z))

    def forward(self, x: Tensor) -> Tensor:
        """Pictures -> reconstructions (n, pixels)."""
        return self.decode(self.encode(x))

    def codes(self, x: Tensor) -> Tensor:
        """The one point that stands for each picture, (n, latent_dim)."""
        return self.encode(x)


class VAE(nn.Module):
    """The chapter's variational autoencoder, 784-400-20 unless said otherwise (chapter 05).

    Attribute names are the chapter's, so that a ``state_dict`` fits the class written out in chapter 05. The encoder gives
    ``mu`` and ``logvar``, the logarithm of sigma squared: any real number is a valid logvar, and sigma stays positive.
    Kingma & Welling, *Auto-Encoding Variational Bayes*, arXiv 1312.6114, appendix C.
    """

    def __init__(self, latent_dim: int = 20, hidden: int = 400, pixels: int = 784):
        super().__init__()
        self.latent_dim, self.hidden, self.pixels = latent_dim, hidden, pixels
        self.fc1 = nn.Linear(pixels, hidden)
        self.fc21 = nn.Linear(hidden, latent_dim)  # mu
        self.fc22 = nn.Linear(hidden, latent_dim)  # logvar
        self.fc3 = nn.Linear(latent_dim, hidden)
        self.fc4 = nn.Linear(hidden, pixels)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures (..., pixels) -> mu (n, latent_dim), logvar (n, latent_dim)."""
        h = F.relu(self.fc1(x.reshape(-1, self.pixels)))
        return self.fc21(h), self.fc22(h)

    def reparameterize(self, mu: Tensor, logvar: Tensor) -> Tensor:
        """A sample z = mu + eps * sigma with eps ~ N(0, 1), differentiable in mu and logvar."""
        std = torch.exp(0.5 * logvar)
        eps = torch.randn_like(std)
        return mu + eps * std

    def decode_logits(self, z: Tensor) -> Tensor:
        """Codes (n, latent_dim) -> log-odds of each pixel (n, pixels)."""
        return self.fc4(F.relu(self.fc3(z)))

    def decode(self, z: Tensor) -> Tensor:
        """Codes (n, latent_dim) -> pictures (n, pixels) in [0, 1]."""
        return torch.sigmoid(self.decode_logits(z))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Pictures -> reconstructions from one sample (n, pixels), mu, logvar."""
        mu, logvar = self.encode(x)
        return self.decode(self.reparameterize(mu, logvar)), mu, logvar

    def codes(self, x: Tensor) -> Tensor:
        """The one point that stands for each picture: mu, (n, latent_dim)."""
        return self.encode(x)[0]


class DeepVAE(VAE):
    """A VAE with two hidden layers on each side, for the likelihood of chapter 07.

    The shape of the VAE with one stochastic layer in Burda et al., arXiv 1509.00519, section 5 (there 200 units and tanh).
    """

    def __init__(self, latent_dim: int = 50, hidden: int = 500, pixels: int = 784):
        super().__init__(latent_dim, hidden, pixels)
        self.fc12 = nn.Linear(hidden, hidden)
        self.fc32 = nn.Linear(hidden, hidden)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures (..., pixels) -> mu (n, latent_dim), logvar (n, latent_dim)."""
        h = F.silu(self.fc12(F.silu(self.fc1(x.reshape(-1, self.pixels)))))
        return self.fc21(h), self.fc22(h)

    def decode_logits(self, z: Tensor) -> Tensor:
        """Codes (n, latent_dim) -> log-odds of each pixel (n, pixels)."""
        return self.fc4(F.silu(self.fc32(F.silu(self.fc3(z)))))


class ConvVAE(VAE):
    """The chapter's VAE with convolutions around it: its dense layers work on 32 maps of 7 x 7 in place of 784 pixels.

    With 198 hidden units it has 651,773 weights; the chapter's has 652,824. ``pixels`` are those of a square whose side 4 divides.
    The strided convolutions and their transposes are those of Radford et al., arXiv 1511.06434, section 3.
    """

    def __init__(self, latent_dim: int = 20, hidden: int = 198, pixels: int = 784):
        side = math.isqrt(pixels)
        if side**2 != pixels or side % 4:
            raise ValueError(f"pixels: expected a square whose side is a multiple of 4, got {pixels}")
        super().__init__(latent_dim, hidden, 2 * pixels)  # 32 maps of a sixteenth of the pixels
        self.pixels, self.side = pixels, side
        self.conv1 = nn.Conv2d(1, 16, kernel_size=4, stride=2, padding=1)  # halves height and width
        self.conv2 = nn.Conv2d(16, 32, kernel_size=4, stride=2, padding=1)
        self.conv3 = nn.ConvTranspose2d(32, 16, kernel_size=4, stride=2, padding=1)  # doubles them
        self.conv4 = nn.ConvTranspose2d(16, 1, kernel_size=4, stride=2, padding=1)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures (..., pixels) -> mu (n, latent_dim), logvar (n, latent_dim)."""
        h = F.relu(self.conv1(x.reshape(-1, 1, self.side, self.side)))  # (n, 16, 14, 14)
        h = F.relu(self.conv2(h))  # (n, 32, 7, 7)
        h = F.relu(self.fc1(h.flatten(1)))
        return self.fc21(h), self.fc22(h)

    def decode_logits(self, z: Tensor) -> Tensor:
        """Codes (n, latent_dim) -> log-odds of each pixel (n, pixels)."""
        h = F.relu(self.fc4(F.relu(self.fc3(z))))
        h = h.unflatten(1, (32, self.side // 4, self.side // 4))  # (n, 32, 7, 7)
        return self.conv4(F.relu(self.conv3(h))).flatten(1)


class Generator(nn.Module):
    """The generator of a GAN: a VAE's decoder with the same layers, trained without an encoder (Goodfellow et al., arXiv 1406.2661)."""

    def __init__(self, latent_dim: int = 20, hidden: int = 400, pixels: int = 784):
        super().__init__()
        self.latent_dim, self.hidden, self.pixels = latent_dim, hidden, pixels
        self.fc3 = nn.Linear(latent_dim, hidden)
        self.fc4 = nn.Linear(hidden, pixels)

    def decode(self, z: Tensor) -> Tensor:
        """Codes (n, latent_dim) from N(0, I) -> pictures (n, pixels) in [0, 1]."""
        return torch.sigmoid(self.fc4(F.relu(self.fc3(z))))


class Judge(nn.Module):
    """Says which digit a picture shows; with 11 ``classes`` the last answer is "no digit"."""

    def __init__(self, classes: int = 11, hidden: int = 256, pixels: int = 784):
        super().__init__()
        self.classes, self.hidden, self.pixels = classes, hidden, pixels
        self.fc1 = nn.Linear(pixels, hidden)
        self.fc2 = nn.Linear(hidden, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Pictures (n, pixels) -> for each class, up to a constant, the logarithm of its probability (n, classes)."""
        return self.fc2(F.relu(self.fc1(x)))
