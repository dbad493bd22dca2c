"""How the GAN of chapter 08 is trained: a generator of the size of the VAE's decoder, against a discriminator of the size of its encoder."""

import dataclasses

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from latentwalk import evaluation
from latentwalk.data import mnist
from latentwalk.models import Generator


@dataclasses.dataclass(frozen=True)
class GanRecipe:
    """The game of Goodfellow et al., arXiv 1406.2661, with the generator's loss that they train with, -ln D(G(z)) (section 3).

    Adam with the learning rate and the short memory of Radford et al., arXiv 1511.06434, section 4. The game circles rather than
    settles, so what is kept is a running mean of the generator's weights, over about a thousand steps (Yazıcı et al., arXiv 1806.04498).

    The table `samples` has what a judge makes of the samples of four seeds.
    """

    kind: str = "Generator"
    latent_dim: int = 20
    hidden: int = 400
    epochs: int = 15
    batch_size: int = 128
    lr: float = 2e-4
    decay: float = 0.999  # of the running mean, at each step
    seed: int = 0

    def make(self) -> Generator:
        """The trained generator."""
        torch.manual_seed(self.seed)
        x, generator = mnist().train_x, Generator(self.latent_dim, self.hidden)
        discriminator = nn.Sequential(  # pictures (n, 784) -> log-odds that they are real (n, 1)
            nn.Linear(x.shape[1], self.hidden), nn.LeakyReLU(0.2), nn.Linear(self.hidden, 1)
        )
        climb, descend = (
            torch.optim.Adam(player.parameters(), self.lr, betas=(0.5, 0.999), fused=True)
            for player in (discriminator, generator)
        )
        mean = AveragedModel(generator, multi_avg_fn=get_ema_multi_avg_fn(self.decay))
        for _ in range(self.epochs):
            for rows in torch.randperm(len(x)).split(self.batch_size):
                drawn = generator.decode(torch.randn(len(rows), self.latent_dim))
                real_odds, drawn_odds = discriminator(torch.cat([x[rows], drawn.detach()])).chunk(2)
                _step(climb, F.softplus(-real_odds).mean() + F.softplus(drawn_odds).mean())
                _step(descend, F.softplus(-discriminator(drawn)).mean())
                mean.update_parameters(generator)
        return mean.module.eval()

    @torch.no_grad()
    def measure(self, model: Generator) -> dict[str, float]:
        """Of 2,000 samples, in thousandths: sharpness, and cosine distance to the nearest training digit."""
        samples = model.decode(evaluation.prior(model.latent_dim, 2000))
        measures = {
            "sharpness": evaluation.sharpness(samples),
            "distance": evaluation.cosine_distance(samples, mnist().train_x),
        }
        return {name: round(1000 * values.mean().item(), 2) for name, values in measures.items()}


def _step(optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
    """A step of one player: the gradient of its own weights alone."""
    weights = optimizer.param_groups[0]["params"]
    for weight, slope in zip(weights, torch.autograd.grad(loss, weights)):
        weight.grad = slope
    optimizer.step()
