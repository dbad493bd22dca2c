"""How the judges are trained: networks that say which digit a picture shows, and one of them that it shows none."""

import dataclasses

import torch
import torch.nn.functional as F
from torch import Tensor

from latentwalk.data import mnist
from latentwalk.evaluation import digit_share, glued, pairs_of_classes, rotated, shuffled
from latentwalk.models import Judge

NONE = 10  # the class "no digit"


@dataclasses.dataclass(frozen=True)
class JudgeRecipe:
    """A judge of 10 ``classes`` sees MNIST alone. One of 11 sees, beside it, as many pictures that are no digits, new ones in each epoch."""

    kind: str = "Judge"
    classes: int = 11
    hidden: int = 256
    epochs: int = 20
    batch_size: int = 256
    lr: float = 4e-3
    seed: int = 0

    def make(self) -> Judge:
        """The trained judge."""
        torch.manual_seed(self.seed)
        digits, model = mnist(), Judge(self.classes, self.hidden)
        optimizer, schedule = torch.optim.Adam(model.parameters(), fused=True), None
        for epoch in range(self.epochs):
            x, y = digits.train_x, digits.train_y
            if self.classes > NONE:
                none = no_digits(x, y, seed=self.seed + epoch)
                x, y = torch.cat([x, none]), torch.cat([y, torch.full((len(none),), NONE)])
            steps = -(-len(x) // self.batch_size)
            schedule = schedule or torch.optim.lr_scheduler.OneCycleLR(
                optimizer, self.lr, total_steps=self.epochs * steps, cycle_momentum=False
            )
            for rows in torch.randperm(len(x)).split(self.batch_size):
                optimizer.zero_grad()
                F.cross_entropy(model(x[rows]), y[rows]).backward()
                optimizer.step()
                schedule.step()
        return model.eval()

    @torch.no_grad()
    def measure(self, model: Judge) -> dict[str, float]:
        """Of MNIST's test set, in per cent: digits read right; for 11 classes also digits taken for digits, and others turned away."""
        digits = mnist()
        shares = {"right": (model(digits.test_x).argmax(1) == digits.test_y).float().mean().item()}
        if self.classes > NONE:
            shares["passed"] = digit_share(model, digits.test_x)
            shares["turned_away"] = 1 - digit_share(model, no_digits(digits.test_x, digits.test_y, seed=self.seed))
        return {name: round(100 * share, 2) for name, share in shares.items()}


def no_digits(x: Tensor, y: Tensor, seed: int) -> Tensor:
    """As many pictures as x (n, 784), made of digits x with the labels y (n,), and none of them a digit.

    A sixth each: blends in all proportions, glued halves of both kinds, rotated digits, digits with a hole, shuffled pixels and noise.
    Overlaid digits (the brighter of two pixels) are left out, to see whether a judge learns more than a list.
    """
    generator = torch.Generator().manual_seed(seed)
    a, b = (x[i].chunk(6) for i in pairs_of_classes(y, len(x), seed))
    share = 0.2 + 0.6 * torch.rand(len(a[0]), 1, generator=generator)
    half = len(a[5]) // 2
    return torch.cat([
        share * a[0] + (1 - share) * b[0],
        glued(a[1], b[1]),
        glued(a[2], b[2], upright=True),
        rotated(a[3]),
        with_a_hole(a[4], generator),
        shuffled(a[5][:half], generator),
        torch.rand(a[5][half:].shape, generator=generator),
    ])  # fmt: skip


def with_a_hole(x: Tensor, generator: torch.Generator) -> Tensor:
    """Each picture with 12 x 12 of its pixels black, anywhere but at the rim."""
    top, left = torch.randint(1, 15, (2, len(x), 1, 1), generator=generator)
    row, column = torch.arange(28).view(28, 1), torch.arange(28)
    hole = (row >= top) & (row < top + 12) & (column >= left) & (column < left + 12)  # (n, 28, 28)
    return x * ~hole.flatten(1)
