"""One training of the 2-D VAE, watched: where the test digits lie and what the plane decodes to, from the first weights on."""

import torch
import torch.nn.functional as F

from latentwalk import data
from latentwalk.making.files import pack
from latentwalk.making.measures import measure
from latentwalk.making.recipes import RECIPES

RECIPE = RECIPES["vae-2"]
DIGITS = 500  # the first test digits
EARLY = (0, 10, 25, 50, 100, 200)  # steps of the first epoch before which one looks: most happens there
UNIT = 1 / 1024  # of the plane's numbers, which are stored as whole numbers
SIDE = 8  # codes along a side of the map
REACH = 3.5  # of the outermost ones


def map_codes() -> torch.Tensor:
    """The codes of the map, row by row from the upper left one, (64, 2)."""
    line = torch.linspace(-REACH, REACH, SIDE)
    down, across = torch.meshgrid(-line, line, indexing="ij")
    return torch.stack([across, down], -1).reshape(-1, 2)


@torch.no_grad()
def look(model, x: torch.Tensor, epoch: float) -> dict:
    """A row: the two terms on the test pictures ``x``, the mu of the first, and the map at half the size in 16 greys."""
    mu = model.encode(x[:DIGITS])[0]
    tiles = F.avg_pool2d(model.decode(map_codes()).view(-1, 1, 28, 28), 2).flatten()  # (64 * 196,)
    greys = (15 * tiles).round().to(torch.uint8).view(-1, 2)
    return {
        "epoch": epoch,
        **measure(model, x),
        "mu": pack((mu / UNIT).round().clamp(-32767, 32767).to(torch.int16)),
        "map": pack(16 * greys[:, 0] + greys[:, 1]),
    }


def rows(recipe=RECIPE) -> list[dict]:
    """One row for each look: at `EARLY` steps and after every epoch."""
    mnist = data.mnist()
    batches = -(-len(mnist.train_x) // recipe.batch_size)
    model, seen, step = recipe.build(784), [], 0

    def before_a_step(layer, inputs):
        nonlocal step
        if model.training:
            if step in EARLY:
                model.eval()  # so that looking is not a step
                seen.append(look(model, mnist.test_x, round(step / batches, 4)))
                model.train()
            step += 1

    def after_epoch(model):
        seen.append(look(model, mnist.test_x, step // batches))

    handle = model.fc1.register_forward_pre_hook(before_a_step)
    recipe.fit(model, mnist.train_x, after_epoch=after_epoch)
    handle.remove()
    return seen
