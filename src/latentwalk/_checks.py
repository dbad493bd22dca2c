"""What is said of a tensor that a function cannot use: its name, what was expected, and what came."""

from torch import Tensor


def check_rows(name: str, x: Tensor, width: int | None = None, *, pixels: bool = False) -> None:
    """Raise ValueError unless ``x`` is a float tensor (n, width) on the CPU; ``pixels``: with every number in [0, 1]."""
    right = isinstance(x, Tensor) and x.is_floating_point() and x.dim() == 2 and x.device.type == "cpu"
    if not right or width not in (None, x.shape[1]):
        raise ValueError(f"{name}: expected a float tensor (n, {width or 'd'}) on the CPU, got {said(x)}")
    if pixels and not ((x >= 0) & (x <= 1)).all():  # so that NaN is found as well
        raise ValueError(f"{name}: expected pixels in [0, 1]; divide bytes by 255")


def check_alike(names: str, a: Tensor, b: Tensor) -> None:
    """Raise ValueError unless ``a`` and ``b`` are float tensors of one shape and type, on one device."""
    right = all(isinstance(x, Tensor) and x.is_floating_point() for x in (a, b))
    if not right or (a.shape, a.dtype, a.device) != (b.shape, b.dtype, b.device):
        raise ValueError(f"{names}: expected float tensors of one shape, type and device, got {said(a)} and {said(b)}")


def said(x) -> str:
    """A tensor in words, without its numbers; of anything else its type."""
    return f"{x.dtype} {tuple(x.shape)} on {x.device}" if isinstance(x, Tensor) else type(x).__name__
