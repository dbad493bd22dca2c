"""What is checked of pictures wherever they come in, and what is said of those that are none."""

import math
from collections.abc import Sequence

from torch import Tensor

MOST = 96  # pixels along a side of a picture that a figure shows


def check_pictures(name: str, x: Tensor, pixels: int | None = None) -> Tensor:
    """The pictures as rows, (n, pixels), from any device and any floating type.

    ``x`` may also be (n, height, width) or (n, channels, height, width). Raises ValueError unless it is a float tensor with n at least
    1 and every number in [0, 1].
    """
    fits = isinstance(x, Tensor) and x.is_floating_point() and x.dim() in (2, 3, 4) and len(x) and not x.is_meta
    if not fits or pixels not in (None, math.prod(x.shape[1:])):
        raise ValueError(f"{name}: expected a float tensor (n, {pixels or 'pixels'}), got {describe(x)}")
    if not ((x >= 0) & (x <= 1)).all():  # so that NaN is found as well
        raise ValueError(f"{name}: expected pixels in [0, 1]; divide bytes by 255")
    return x.flatten(1)


def picture_shape(pixels: int, shape: Sequence[int] | None = None) -> tuple[int, int, int]:
    """(channels, height, width) of a picture of so many numbers: ``shape``, which may lack the channels, or a square, grey or in colour.

    Raises ValueError where that cannot be told.
    """
    if shape is None:
        channels = 1 if math.isqrt(pixels) ** 2 == pixels else 3
        side = math.isqrt(pixels // channels)
        shape = (channels, side, side)
        if math.prod(shape) != pixels:
            raise ValueError(
                f"shape: {pixels} numbers are no square picture; give shape=(height, width) or (3, height, width)"
            )
    shape = (1, *shape)[-3:]
    if len(shape) < 3 or math.prod(shape) != pixels or shape[0] not in (1, 3):
        raise ValueError(f"shape: expected (height, width) or (3, height, width) of {pixels} numbers, got {shape}")
    channels, height, width = shape
    return channels, height, width


def describe(x) -> str:
    """A tensor in words, without its numbers; of anything else its type."""
    return f"{x.dtype} {tuple(x.shape)} on {x.device}" if isinstance(x, Tensor) else type(x).__name__
