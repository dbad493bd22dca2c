"""The data sets that networks are trained on, by name."""

import functools
from collections.abc import Callable

import torch

from latentwalk.data import WORLDS, binarize, mnist, world


def grey_digits() -> tuple[torch.Tensor, torch.Tensor]:
    """MNIST's training and test pictures."""
    digits = mnist()
    return digits.train_x, digits.test_x


def digits_for_binary_pixels() -> tuple[torch.Tensor, torch.Tensor]:
    """Grey training pictures, from which `fit` draws black and white ones anew, and test pictures drawn once."""
    train_x, test_x = grey_digits()
    return train_x, binarize(test_x)


def digits_binarized_once() -> tuple[torch.Tensor, torch.Tensor]:
    """Black and white pictures, all drawn once."""
    train_x, test_x = grey_digits()
    return binarize(train_x, seed=1), binarize(test_x)


def pictures_of_world(name: str) -> tuple[torch.Tensor, torch.Tensor]:
    """4,000 training and 1,000 test pictures of a world."""
    return world(name, 4000, seed=1), world(name, 1000, seed=2)


# What networks are trained on: a name, and a function that gives training and test pictures, each (n, pixels) in [0, 1].
DATASETS: dict[str, Callable[[], tuple[torch.Tensor, torch.Tensor]]] = {
    "mnist": grey_digits,
    "mnist-binary": digits_for_binary_pixels,
    "mnist-static": digits_binarized_once,
    **{name: functools.partial(pictures_of_world, name) for name in WORLDS},
}


def pictures(name: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The training and the test pictures of a data set of `DATASETS`, each (n, pixels) in [0, 1]; ValueError for others."""
    if name not in DATASETS:
        raise ValueError(f"name: expected one of {', '.join(DATASETS)}, got {name!r}")
    return DATASETS[name]()
