"""Writes the description of a network (see `latentwalk.graph`), by watching the model at work on an example.

Every function of torch that is called reports itself (`torch.overrides.TorchFunctionMode`), so a model may be written with modules, functions
or methods, and may branch on shapes; torch.fx, which runs it without numbers, stops at the first ``if x.dim() == 4``.
"""

import math
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves

SUPPORTED = (
    "Linear, Conv2d, ConvTranspose2d, Upsample (nearest, bilinear), MaxPool2d, AvgPool2d, AdaptiveAvgPool2d, BatchNorm, "
    "LayerNorm, GroupNorm, ReLU, LeakyReLU, PReLU, ELU, SiLU, GELU, Softplus, Tanh, Sigmoid, Dropout in eval mode, Flatten, "
    "Unflatten, reshape, slices, chunk, cat, and + - * / of two of these or with a number"
)


class Unsupported(ValueError):
    """What cannot be described, by the name of its layer."""


class Half(NamedTuple):
    """An encoder or a decoder, described."""

    ops: list[dict[str, Any]]
    tensors: dict[str, Tensor]  # those that ``ops`` names
    layers: list[str]  # for each of ``ops``, the model's layer
    seen: list[Tensor]  # and what that gave for the example


def trace(model: nn.Module, call: Callable[[Tensor], Any], example: Tensor) -> Half:
    """What ``call``, a method or a layer of ``model``, does with ``example`` (n, ...).

    It gives one tensor, or two (mu and logvar), which become one row. Raises `Unsupported`, by the name of the layer.
    """
    watch = _Watch(model)
    watch.add(example, "input", [])
    result = watch.follow(call, example)
    results = [result] if isinstance(result, Tensor) else result
    if not isinstance(results, tuple | list) or not all(id(one) in watch.places for one in results):
        raise Unsupported(f"expected one tensor or two that are made of the input, got {type(result).__name__}")
    last = watch[results[0]]
    if len(results) > 1 or last == 0:
        rows = [one.flatten(1) for one in results]
        for row, one in zip(rows, results):
            _reshape(watch, row, one)
        last = watch.add(torch.cat(rows, 1), "concat", [watch[row] for row in rows])
    return _tidied(watch, last)


class _Step(NamedTuple):
    op: dict[str, Any]
    layer: str
    seen: Tensor


class _Watch(TorchFunctionMode):
    """Writes an operation for each function that is called with a tensor made of the input."""

    def __init__(self, model: nn.Module):
        super().__init__()
        self.model = model
        self.steps: list[_Step] = []
        self.places: dict[int, int] = {}  # id of a tensor -> the step that gave it
        self.alive: list[Any] = []  # so that no other tensor gets such an id
        self.tensors: dict[str, Tensor] = {}
        self.names = {id(one): name for name, one in [*model.named_parameters(), *model.named_buffers()]}
        self.inside: list[str] = []  # modules that are at work, the innermost last

    def follow(self, call: Callable, example: Tensor) -> Any:
        """Call it, and write down what happens."""
        hooks = []
        for name, module in self.model.named_modules():
            words = f"{name} ({type(module).__name__})" if name else type(module).__name__
            hooks.append(module.register_forward_pre_hook(lambda *_, words=words: self.inside.append(words)))
            hooks.append(module.register_forward_hook(lambda *_: self.inside.pop() and None, always_call=True))
        try:
            with torch.no_grad(), self:
                return call(example)
        finally:
            for hook in hooks:
                hook.remove()

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        if any(isinstance(one, Tensor) and id(one) in self.places for one in tree_leaves((args, kwargs))):
            self.alive.append(result)
            name = func.__name__.strip("_").removesuffix("_")
            if name in DECIDING:
                raise Unsupported(f"{self.layer}: {name}() makes its way depend on the numbers that it gets")
            if any(isinstance(one, Tensor) for one in tree_leaves(result)):
                self.write(name, result, args, kwargs)
        return result

    def write(self, name: str, result: Any, args: tuple, kwargs: dict) -> None:
        if name not in FUNCTIONS:
            raise Unsupported(f"{self.layer}: {name}() is none of {SUPPORTED}")
        if not args:
            args, kwargs = (next(iter(kwargs.values())),), dict(list(kwargs.items())[1:])
        try:
            FUNCTIONS[name](self, result, *args, **kwargs)
        except (TypeError, KeyError) as error:
            raise Unsupported(f"{self.layer}: {name}() is called in a way that is not supported ({error})") from error
        if isinstance(result, Tensor) and len(result) != len(self.steps[0].seen):
            raise Unsupported(f"{self.layer}: {name}() joins or parts the pictures of a batch")

    @property
    def layer(self) -> str:
        return self.inside[-1] if self.inside else type(self.model).__name__

    def __getitem__(self, tensor: Tensor) -> int:
        """The place of a tensor that is made of the input."""
        if not isinstance(tensor, Tensor) or id(tensor) not in self.places:
            raise TypeError("with something that is not made of the input")
        return self.places[id(tensor)]

    def add(self, result: Tensor, op: str, sources: list[int], **settings) -> int:
        """Write one operation; returns its place."""
        settings = {name: value for name, value in settings.items() if value is not None}
        whole = {"op": op, "from": sources, "shape": list(result.shape[1:]), **settings}
        self.places[id(result)] = len(self.steps)
        self.alive.append(result)
        self.steps.append(_Step(whole, self.layer, result.detach().clone()))
        return len(self.steps) - 1

    def named(self, tensor: Tensor | None, name: str = "") -> str | None:
        """The name of a tensor that is not made of the input."""
        if tensor is None:
            return None
        if id(tensor) in self.places:
            raise TypeError("with weights that are made of the input")
        name = self.names.setdefault(id(tensor), name or f"tensor{len(self.names)}")
        self.alive.append(tensor)
        self.tensors[name] = tensor.detach()
        return name


def _tidied(watch: _Watch, last: int) -> Half:
    """Without what the last operation does not need; an activation belongs to the operation before it, if that has no other user."""
    needed = {0, last}
    for place in range(last, 0, -1):
        needed |= set(watch.steps[place].op["from"]) if place in needed else set()
    users = Counter(source for place in needed for source in watch.steps[place].op["from"])
    kept: list[_Step] = []
    moved: dict[int, int] = {}
    for place in sorted(needed):
        op, layer, seen = watch.steps[place]
        sources = [moved[source] for source in op["from"]]
        if op["op"] == "activation":
            before = kept[sources[0]]
            if sources[0] and users[op["from"][0]] == 1 and "activation" not in before.op:
                settings = {name: op[name] for name in ("activation", "alpha") if name in op}
                kept[sources[0]] = before._replace(op={**before.op, **settings}, seen=seen)
                moved[place] = sources[0]
                continue
            op = {**op, "op": "reshape"}
        moved[place] = len(kept)
        kept.append(_Step({**op, "from": sources}, layer, seen))
    ops = [step.op for step in kept]
    names = {op[part] for op in ops for part in ("weight", "bias") if part in op}
    tensors = {name: tensor for name, tensor in watch.tensors.items() if name in names}
    return Half(ops, tensors, [step.layer for step in kept], [step.seen for step in kept])


# Functions that answer with a number or a truth that a program may branch on.
DECIDING = {"bool", "item", "float", "int", "index", "tolist", "numpy", "array", "equal", "allclose"}


def _pair(value) -> list[int]:
    return [int(value)] * 2 if isinstance(value, int) else [int(one) for one in value]


def _same(watch, result, x, *_, **__):
    if result.shape != x.shape:
        raise TypeError("of another shape")
    watch.places[id(result)] = watch[x]


def _reshape(watch, result, x, *_, **__):
    if result.shape == x.shape:
        watch.places[id(result)] = watch[x]
    else:
        watch.add(result, "reshape", [watch[x]])


def _activation(name: str, parameter: str | None = None, default: float = 1.0):
    def write(watch, result, x, *args, inplace=False, **kwargs):
        alpha = kwargs.get(parameter, args[0] if args else default) if parameter else None
        watch.add(result, "activation", [watch[x]], activation=name, alpha=alpha)

    return write


def _gelu(watch, result, x, approximate="none"):
    _activation("gelu_tanh" if approximate == "tanh" else "gelu")(watch, result, x)


def _prelu(watch, result, x, weight):
    if weight.numel() > 1:
        raise TypeError("with a slope for each channel")
    _activation("leaky_relu", "slope")(watch, result, x, slope=weight.item())


def _clamp(watch, result, x, min=None, max=None):
    if (min, max) != (0, 1):
        raise TypeError("with other limits than 0 and 1")
    watch.add(result, "activation", [watch[x]], activation="clip")


def _dropout(watch, result, x, p=0.5, training=True, inplace=False):
    if training and p:
        raise TypeError("with chance: pass training=self.training")
    watch.places[id(result)] = watch[x]


def _linear(watch, result, x, weight, bias=None):
    if x.dim() != 2:
        raise TypeError(f"with an input of {x.dim()} dimensions")
    watch.add(result, "linear", [watch[x]], weight=watch.named(weight), bias=watch.named(bias))


def _conv2d(watch, result, x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    dilation = _pair(dilation)
    if padding == "same":
        reach = [d * (k - 1) for d, k in zip(dilation, weight.shape[2:])]
        if any(one % 2 for one in reach):
            raise TypeError("with padding='same' and an even kernel")
        padding = [one // 2 for one in reach]
    settings = {"stride": _pair(stride), "padding": _pair(0 if padding == "valid" else padding), "dilation": dilation}
    names = {"weight": watch.named(weight), "bias": watch.named(bias)}
    watch.add(result, "conv2d", [watch[x]], **names, **settings, groups=groups)


def _conv_transpose2d(watch, result, x, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    settings = {"stride": _pair(stride), "padding": _pair(padding), "dilation": _pair(dilation), "groups": groups}
    names = {"weight": watch.named(weight), "bias": watch.named(bias)}
    watch.add(result, "conv_transpose2d", [watch[x]], **names, **settings)


def _interpolate(watch, result, x, size=None, scale_factor=None, mode="nearest", align_corners=None, **_):
    if mode not in ("nearest", "bilinear") or x.dim() != 4:
        raise TypeError(f"with mode={mode!r} and {x.dim()} dimensions")
    watch.add(result, "upsample", [watch[x]], mode=mode, align_corners=bool(align_corners))


def _max_pool2d(
    watch, result, x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False
):
    if _pair(dilation) != [1, 1] or ceil_mode or return_indices:
        raise TypeError("with dilation, ceil_mode or return_indices")
    kernel = _pair(kernel_size)
    watch.add(result, "max_pool2d", [watch[x]], kernel=kernel, stride=_pair(stride or kernel), padding=_pair(padding))


def _avg_pool2d(watch, result, x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None):  # fmt: skip
    if ceil_mode or divisor_override:
        raise TypeError("with ceil_mode or divisor_override")
    kernel = _pair(kernel_size)
    settings = {"kernel": kernel, "stride": _pair(stride or kernel), "padding": _pair(padding)}
    watch.add(result, "avg_pool2d", [watch[x]], **settings, count_include_pad=bool(count_include_pad))


def _adaptive_avg_pool2d(watch, result, x, output_size):
    watch.add(result, "adaptive_avg_pool2d", [watch[x]], size=list(result.shape[2:]))


def _mean(watch, result, x, dim=None, keepdim=False):
    if x.dim() != 4 or dim is None or sorted(one % 4 for one in _pair(dim)) != [2, 3]:
        raise TypeError("over other dimensions than height and width")
    watch.add(result, "adaptive_avg_pool2d", [watch[x]], size=[1, 1])


def _scaled(watch, result, source, weight, bias, every, op="scale"):
    """A factor for each channel, which repeats ``every`` numbers, and what is added to it."""
    if weight is None:
        return
    bias = torch.zeros_like(weight) if bias is None else bias
    names = [watch.named(one.flatten(), f"{watch.layer.split(' ')[0]}.{part}") for one, part in ((weight, "scale"), (bias, "shift"))]  # fmt: skip
    watch.add(result, op, [source], weight=names[0], bias=names[1], every=every)


def _batch_norm(watch, result, x, mean, var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5):
    if training or mean is None:
        raise TypeError("with the statistics of a batch: they have to be the stored ones")
    scale = (var + eps).rsqrt() * (1 if weight is None else weight)
    _scaled(watch, result, watch[x], scale, (0 if bias is None else bias) - mean * scale, math.prod(x.shape[2:]))


def _layer_norm(watch, result, x, normalized_shape, weight=None, bias=None, eps=1e-5):
    source = watch.add(_normalized(x, block := math.prod(normalized_shape), eps), "normalize", [watch[x]], block=block, eps=eps)  # fmt: skip
    watch.places[id(result)] = source
    _scaled(watch, result, source, weight, bias, 1)


def _group_norm(watch, result, x, num_groups, weight=None, bias=None, eps=1e-5):
    block = math.prod(x.shape[1:]) // num_groups
    source = watch.add(_normalized(x, block, eps), "normalize", [watch[x]], block=block, eps=eps)
    watch.places[id(result)] = source
    _scaled(watch, result, source, weight, bias, math.prod(x.shape[2:]))


def _normalized(x: Tensor, block: int, eps: float) -> Tensor:
    return F.layer_norm(x.reshape(len(x), -1, block), [block], eps=eps).reshape(x.shape)


def _slice(watch, x: Tensor, place: int, axis: int, start: int, length: int) -> tuple[Tensor, int]:
    if axis == 0:
        raise TypeError("along the pictures of a batch")
    part = x.narrow(axis, start, length)
    return part, watch.add(part, "slice", [place], axis=axis - 1, start=start, length=length)


def _getitem(watch, result, x, index):
    index = list(index) if isinstance(index, tuple) else [index]
    if ... in index:
        at = index.index(...)
        index[at : at + 1] = [slice(None)] * (x.dim() - len(index) + 1)
    part, place = x, watch[x]
    for axis, one in enumerate(index):
        if one == slice(None):
            continue
        start, stop, step = one.indices(x.shape[axis]) if isinstance(one, slice) else (one % x.shape[axis], one % x.shape[axis] + 1, 1)  # fmt: skip
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


def _number(value) -> float:
    if isinstance(value, Tensor) and value.numel() > 1:
        raise TypeError("with a tensor that is not made of the input")
    return float(value)


def _two(watch, result, x, y, op, **settings) -> bool:
    """Two tensors that are made of the input; False if one of the two is a number."""
    if not all(isinstance(one, Tensor) and id(one) in watch.places for one in (x, y)):
        return False
    if x.shape != y.shape:
        raise TypeError("with two shapes")
    watch.add(result, op, [watch[x], watch[y]], **settings)
    return True


def _add(watch, result, x, y, alpha=1):
    if not _two(watch, result, x, y, "add", factor=alpha):
        first = isinstance(x, Tensor) and id(x) in watch.places
        source, scale, shift = (x, 1, alpha * _number(y)) if first else (y, alpha, _number(x))
        watch.add(result, "affine", [watch[source]], scale=scale, shift=shift)


def _sub(watch, result, x, y, alpha=1):
    _add(watch, result, x, y, -alpha)


def _mul(watch, result, x, y):
    if not _two(watch, result, x, y, "multiply"):
        source, factor = (x, y) if isinstance(x, Tensor) and id(x) in watch.places else (y, x)
        watch.add(result, "affine", [watch[source]], scale=_number(factor), shift=0)


def _div(watch, result, x, y):
    watch.add(result, "affine", [watch[x]], scale=1 / _number(y), shift=0)


def _neg(watch, result, x):
    watch.add(result, "affine", [watch[x]], scale=-1, shift=0)


FUNCTIONS: dict[str, Callable] = {
    **dict.fromkeys(
        ("contiguous", "clone", "detach", "float", "double", "half", "bfloat16", "to", "cpu", "cuda", "type", "get"),
        _same,
    ),
    **dict.fromkeys(
        ("view", "reshape", "flatten", "unflatten", "squeeze", "unsqueeze", "view_as", "reshape_as"), _reshape
    ),
    **{name: _activation(name) for name in ("relu", "sigmoid", "tanh", "silu")},
    "leaky_relu": _activation("leaky_relu", "negative_slope", 0.01),
    "elu": _activation("elu", "alpha"),
    "softplus": _activation("softplus", "beta"),
    **{"gelu": _gelu, "prelu": _prelu, "clamp": _clamp, "clip": _clamp},
    **dict.fromkeys(("dropout", "dropout1d", "dropout2d", "alpha_dropout", "feature_dropout"), _dropout),
    **{"linear": _linear, "conv2d": _conv2d, "conv_transpose2d": _conv_transpose2d, "interpolate": _interpolate},
    **{
        "max_pool2d": _max_pool2d,
        "avg_pool2d": _avg_pool2d,
        "adaptive_avg_pool2d": _adaptive_avg_pool2d,
        "mean": _mean,
    },
    **{"batch_norm": _batch_norm, "layer_norm": _layer_norm, "group_norm": _group_norm},
    **{"getitem": _getitem, "narrow": _narrow, "unbind": _unbind},
    **dict.fromkeys(("chunk", "split", "tensor_split", "split_with_sizes"), _pieces),
    **dict.fromkeys(("cat", "concat", "concatenate"), _cat),
    **dict.fromkeys(("add", "radd", "iadd"), _add),
    **dict.fromkeys(("sub", "subtract", "isub"), _sub),
    "rsub": lambda watch, result, x, y: _sub(watch, result, y, x),
    **dict.fromkeys(("mul", "multiply", "rmul", "imul"), _mul),
    **dict.fromkeys(("div", "divide", "truediv", "true_divide", "idiv", "itruediv"), _div),
    **{"neg": _neg, "negative": _neg},
}
