"""How `latentwalk.page.tracing` writes what is done with tensors: shapes, slices and arithmetic. As `latentwalk.page.torch_layers` does."""

from collections.abc import Callable

import torch
from torch import Tensor


def _same(watch, result, x, *_, **__):
    if result.shape != x.shape:
        raise TypeError("of another shape")
    watch.places[id(result)] = watch[x]


def reshape(watch, result, x, *_, **__):
    if result.shape == x.shape:
        watch.places[id(result)] = watch[x]
    else:
        watch.add(result, "reshape", [watch[x]])


def _slice(watch, x: Tensor, place: int, axis: int, start: int, length: int) -> tuple[Tensor, int]:
    if axis == 0:
        raise TypeError("along the pictures of a batch")
    part = x.narrow(axis, start, length)
    return part, watch.add(part, "slice", [place], axis=axis - 1, start=start, length=length)


def _getitem(watch, result, x, index):
    index = list(index) if isinstance(index, tuple) else [index]
    if ... in index:
        at = index.index(...)
        index[at : at + 1] = [slice(None)] * (x.dim() - sum(one is not None for one in index) + 1)
    part, place = x, watch[x]
    for axis, one in enumerate(one for one in index if one is not None):  # None: an axis of one, which `reshape` gives
        if one == slice(None):
            continue
        if not isinstance(one, slice):
            one = slice(one % x.shape[axis], one % x.shape[axis] + 1)
        start, stop, step = one.indices(x.shape[axis])
        if step != 1:
            raise TypeError("with a step")
        part, place = _slice(watch, part, place, axis, start, stop - start)
    if part.shape != result.shape:
        watch.add(result, "reshape", [place])
    watch.places.setdefault(id(result), place)


def _pieces(watch, result, x, sections=None, dim=0):
    start = 0
    for piece in result:
        length = piece.shape[dim] if piece.dim() == x.dim() else 1
        part, place = _slice(watch, x, watch[x], dim % x.dim(), start, length)
        if part.shape != piece.shape:
            place = watch.add(piece, "reshape", [place])
        watch.places[id(piece)] = place
        start += length


def _unbind(watch, result, x, dim=0):
    _pieces(watch, result, x, None, dim)


def _narrow(watch, result, x, dim, start, length):
    watch.places[id(result)] = _slice(watch, x, watch[x], dim % x.dim(), start, length)[1]


def _cat(watch, result, tensors, dim=0):
    if dim % result.dim() != 1:
        raise TypeError("along another dimension than the second")
    watch.add(result, "concat", [watch[one] for one in tensors])


def _spread(watch, x: Tensor, shape) -> int:
    """One number a channel, (n, channels, 1, 1), as a map of that number."""
    if x.shape == shape:
        return watch[x]
    if x.dim() != 4 or tuple(x.shape[2:]) != (1, 1) or x.shape[:2] != shape[:2]:
        raise TypeError("with two shapes")
    return watch.add(x.expand(shape), "upsample", [watch[x]], mode="nearest", align_corners=False)


def _expand(watch, result, x, *_, **__):
    watch.places[id(result)] = _spread(watch, x, result.shape)


def _made(watch, value) -> bool:
    """Whether it is made of the input."""
    return isinstance(value, Tensor) and id(value) in watch.places


def _affine(watch, result, x, scale, shift):
    """``scale * x + shift``: two numbers, or tensors that are the same for every picture."""
    if result.shape != x.shape:
        raise TypeError("with two shapes")
    if all(not isinstance(one, Tensor) or one.numel() == 1 for one in (scale, shift)):
        watch.add(result, "affine", [watch[x]], scale=float(scale), shift=float(shift))
    else:
        each = (1, *x.shape[1:])
        scale, shift = (torch.as_tensor(one, dtype=x.dtype).broadcast_to(each).flatten() for one in (scale, shift))
        watch.add(result, "scale", [watch[x]], weight=watch.named(scale), bias=watch.named(shift), every=1)


def _two(watch, result, x, y, op, **settings) -> bool:
    """Two tensors that are made of the input; False if one of the two is a number."""
    if not (_made(watch, x) and _made(watch, y)):
        return False
    watch.add(result, op, [_spread(watch, one, result.shape) for one in (x, y)], **settings)
    return True


def _add(watch, result, x, y, alpha=1):
    if not _two(watch, result, x, y, "add", factor=alpha):
        _affine(watch, result, *((x, 1, alpha * y) if _made(watch, x) else (y, alpha, x)))


def _sub(watch, result, x, y, alpha=1):
    _add(watch, result, x, y, -alpha)


def _mul(watch, result, x, y):
    if not _two(watch, result, x, y, "multiply"):
        _affine(watch, result, *((x, y, 0) if _made(watch, x) else (y, x, 0)))


def _div(watch, result, x, y):
    if _made(watch, y):
        raise TypeError("by what is made of the input")
    _affine(watch, result, x, 1 / y, 0)


def _neg(watch, result, x):
    watch.add(result, "affine", [watch[x]], scale=-1, shift=0)


# As `latentwalk.page.torch_layers.LAYERS`.
TENSORS: dict[str, dict[str, Callable]] = {
    "Flatten, Unflatten, reshape": {
        **dict.fromkeys(("view", "reshape", "flatten", "unflatten", "view_as", "reshape_as"), reshape),
        **dict.fromkeys(("squeeze", "unsqueeze"), reshape),
    },
    "expand": dict.fromkeys(("expand", "expand_as", "repeat"), _expand),
    "slices": {"getitem": _getitem, "narrow": _narrow},
    "chunk, split, unbind": {
        **dict.fromkeys(("chunk", "split", "tensor_split", "split_with_sizes"), _pieces),
        "unbind": _unbind,
    },
    "cat": dict.fromkeys(("cat", "concat", "concatenate"), _cat),
    "clone, detach, to": {
        **dict.fromkeys(("contiguous", "clone", "detach", "cpu", "cuda", "get"), _same),
        **dict.fromkeys(("float", "double", "half", "bfloat16", "to", "type"), _same),
    },
    "+ - * of two of these": {
        **dict.fromkeys(("add", "radd", "iadd"), _add),
        **dict.fromkeys(("sub", "subtract", "isub"), _sub),
        "rsub": lambda watch, result, x, y: _sub(watch, result, y, x),
        **dict.fromkeys(("mul", "multiply", "rmul", "imul"), _mul),
    },
    "+ - * / with a number": {
        **dict.fromkeys(("div", "divide", "truediv", "true_divide", "idiv", "itruediv"), _div),
        **dict.fromkeys(("neg", "negative"), _neg),
    },
}
