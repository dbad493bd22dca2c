"""Writes the description of a network (see `latentwalk.page.graph`), by watching the model at work on an example.

Every function of torch that is called reports itself (`torch.overrides.TorchFunctionMode`), so a model may be written with modules, functions
or methods, and may branch on shapes; torch.fx, which runs it without numbers, stops at the first ``if x.dim() == 4``.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves

from latentwalk.page.torch_layers import LAYERS
from latentwalk.page.torch_tensors import TENSORS, reshape

# How an operation is written for a function of torch that was called, by the function's name.
FUNCTIONS: dict[str, Callable] = {
    name: write for functions in (*LAYERS.values(), *TENSORS.values()) for name, write in functions.items()
}
SUPPORTED = ", ".join((*LAYERS, *TENSORS))

# Functions that answer with a number or a truth that a program may branch on.
DECIDING = {"bool", "item", "float", "int", "index", "tolist", "numpy", "array", "equal", "allclose"}
CHANCE = {"randn_like", "rand_like", "bernoulli", "normal", "multinomial", "rsample"}


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
    if not 1 <= len(results) <= 2:
        raise Unsupported(f"expected one tensor, or mu and logvar, got {len(results)}")
    last = watch[results[0]]
    if len(results) > 1 or last == 0:
        rows = [one.flatten(1) for one in results]
        for row, one in zip(rows, results):
            reshape(watch, row, one)
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
            if name in DECIDING and not isinstance(result, Tensor):  # x.float() is none of them
                raise Unsupported(f"{self.layer}: {name}() makes its way depend on the numbers that it gets")
            if any(isinstance(one, Tensor) for one in tree_leaves(result)):
                self.write(name, result, args, kwargs)
        return result

    def write(self, name: str, result: Any, args: tuple, kwargs: dict) -> None:
        if name in CHANCE:
            raise Unsupported(
                f"{self.layer}: {name}() draws at random: let encode give mu and logvar, and decode the mean of the pixels"
            )
        if name not in FUNCTIONS:
            raise Unsupported(f"{self.layer}: {name}() is none of {SUPPORTED}")
        if not args:
            args, kwargs = (next(iter(kwargs.values())),), dict(list(kwargs.items())[1:])
        try:
            FUNCTIONS[name](self, result, *args, **kwargs)
        except (TypeError, LookupError, RuntimeError) as error:
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
