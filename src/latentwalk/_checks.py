"""What is checked of pictures wherever they come in, and what is said of those that are none."""

from torch import Tensor


def check_pictures(name: str, x: Tensor, pixels: int | None = None) -> None:
    """Raise ValueError unless ``x`` is a float tensor (n, pixels) on the CPU, n at least 1, with every number in [0, 1]."""
    rows = isinstance(x, Tensor) and x.is_floating_point() and x.dim() == 2 and x.device.type == "cpu"
    if not rows or not len(x) or pixels not in (None, x.shape[1]):
        raise ValueError(f"{name}: expected a float tensor (n, {pixels or 'pixels'}) on the CPU, got {describe(x)}")
    if not ((x >= 0) & (x <= 1)).all():  # so that NaN is found as well
        raise ValueError(f"{name}: expected pixels in [0, 1]; divide bytes by 255")


def describe(x) -> str:
    """A tensor in words, without its numbers; of anything else its type."""
    return f"{x.dtype} {tuple(x.shape)} on {x.device}" if isinstance(x, Tensor) else type(x).__name__
