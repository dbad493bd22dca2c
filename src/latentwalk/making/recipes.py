"""The recipes: all that each stored network is made of."""

import dataclasses

import torch
from torch import Tensor

from latentwalk.checkpoints import NETWORKS
from latentwalk.making.datasets import pictures
from latentwalk.making.gan import GanRecipe
from latentwalk.making.judge import JudgeRecipe
from latentwalk.making.measures import measure
from latentwalk.training import fit


@dataclasses.dataclass(frozen=True)
class Recipe:
    """A VAE or an autoencoder. ``data`` is a name in `latentwalk.making.datasets.DATASETS`; the rest are arguments of the network's class and of `fit`."""

    kind: str = "VAE"
    latent_dim: int = 20
    hidden: int = 400
    data: str = "mnist"
    beta: float = 1.0
    epochs: int = 15
    batch_size: int = 128
    lr: float = 4e-3
    schedule: str = "cos"
    warm_up: int = 0
    precision: str = "highest"  # of matrix products; "medium" may use bfloat16, twice as fast on many new processors
    seed: int = 0

    def build(self, pixels: int) -> torch.nn.Module:
        """The untrained network for pictures of so many pixels; its first weights follow from the seed."""
        torch.manual_seed(self.seed)
        return NETWORKS[self.kind](self.latent_dim, self.hidden, pixels)

    def fit(self, model: torch.nn.Module, x: Tensor, **options) -> torch.nn.Module:
        """Train ``model`` on ``x`` in place, and return it; ``options`` are further ones of `fit`."""
        names = ("epochs", "batch_size", "lr", "schedule", "beta", "warm_up", "seed")
        arguments = {name: getattr(self, name) for name in names} | {"binarize": self.data == "mnist-binary"}
        before = torch.get_float32_matmul_precision()
        torch.set_float32_matmul_precision(self.precision)
        try:
            fit(model, x, **arguments, progress=False, **options)
        finally:
            torch.set_float32_matmul_precision(before)
        return model

    def train(self, x: Tensor, **options) -> torch.nn.Module:
        """A new network, trained on ``x``."""
        return self.fit(self.build(x.shape[1]), x, **options)

    def make(self) -> torch.nn.Module:
        """The network, trained on its data set."""
        return self.train(pictures(self.data)[0])

    def measure(self, model: torch.nn.Module) -> dict[str, float]:
        """Its recon and kl, nats per test image."""
        return measure(model, pictures(self.data)[1])


RECIPES: dict[str, Recipe | GanRecipe | JudgeRecipe] = {
    "vae-20": Recipe(epochs=20),
    "vae-2": Recipe(latent_dim=2, epochs=20),
    "vae-128": Recipe(latent_dim=128, epochs=20),
    "ae-2": Recipe(kind="Autoencoder", latent_dim=2, epochs=20),
    "ae-20": Recipe(kind="Autoencoder", epochs=20),
    "ae-128": Recipe(kind="Autoencoder", latent_dim=128, epochs=20),
    # Chapter 01: thin crescents, and moons of any phase; see `data.world`.
    **{
        f"{short}-{world}": Recipe(kind, latent_dim=64, hidden=200, data=world, epochs=30)
        for world in ("crescents", "moons")
        for short, kind in (("ae", "Autoencoder"), ("vae", "VAE"))
    },
    # Chapter 04: the same network under other weights of the KL term; "vae-20" is the one with beta = 1.
    **{f"vae-20-beta-{beta:g}": Recipe(beta=beta, epochs=20) for beta in (0.0, 0.1, 0.5, 2.0, 4.0, 10.0)},
    # Chapter 07: pixels that are 0 or 1, so that there is a likelihood to speak of.
    "vae-20-binary": Recipe(data="mnist-binary", epochs=60),
    "vae-20-static": Recipe(data="mnist-static", epochs=60),
    # The best of half a dozen recipes, by the bounds of 5,000 training pictures that were held out for the choice.
    "vae-50-binary": Recipe(
        "DeepVAE", 50, 500, "mnist-binary", epochs=180, batch_size=256, warm_up=70, precision="medium"
    ),
    # The study "Convolutions": as many weights and as many epochs as "vae-20".
    "vae-20-conv": Recipe("ConvVAE", hidden=198, epochs=20),
    # Chapter 08: a decoder that was trained in another way.
    "gan-20": GanRecipe(),
    # Rulers: one that knows nothing but digits, and one that may say "no digit".
    "judge-10": JudgeRecipe(classes=10, epochs=6),
    "judge-11": JudgeRecipe(),
}
