"""Ways to go from one code to another."""

import torch
from torch import Tensor


def lerp(a: Tensor, b: Tensor, t: Tensor | float) -> Tensor:
    """The straight line a + t * (b - a).

    Parameters: a and b (d,), t a number or (n,). Returns (d,) for a number, (n, d) else.
    """
    return a + _column(t, a) * (b - a)


def slerp(a: Tensor, b: Tensor, t: Tensor | float) -> Tensor:
    """Spherical interpolation (Shoemake 1985): along the arc between the directions of a and b, the length changing evenly.

    The same as `lerp` where a and b point the same way. Opposite vectors have no one arc between them: ValueError.

    Parameters: a and b (d,), t a number or (n,). Returns (d,) for a number, (n, d) else.
    """
    t = _column(t, a)
    length_a, length_b = a.norm(), b.norm()
    if length_a == 0 or length_b == 0:
        return a + t * (b - a)
    u, v = a / length_a, b / length_b
    cosine = torch.dot(u, v).clamp(-1, 1)
    if cosine < -1 + 1e-6:
        raise ValueError("a and b: opposite directions, the arc between them is not defined")
    angle = torch.acos(cosine)
    if angle < 1e-3:
        return a + t * (b - a)
    direction = (torch.sin((1 - t) * angle) * u + torch.sin(t * angle) * v) / torch.sin(angle)
    return direction * (length_a + t * (length_b - length_a))


def _column(t: Tensor | float, a: Tensor) -> Tensor:
    """A number as (1,), numbers (n,) as (n, 1), of the same type as the code ``a``."""
    return torch.as_tensor(t, dtype=a.dtype)[..., None]
