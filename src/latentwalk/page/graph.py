"""One description of a network, which Python writes and a page's JavaScript reads (``widgets/network.js``).

The encoder or the decoder of a network is a list of operations in their order, plain enough for JSON. The chapter's decoder:

    [{"op": "input", "from": [], "shape": [20]},
     {"op": "linear", "from": [0], "shape": [400], "weight": "fc3.weight", "bias": "fc3.bias", "activation": "relu"},
     {"op": "linear", "from": [1], "shape": [784], "weight": "fc4.weight", "bias": "fc4.bias", "activation": "sigmoid"}]

``from`` are the places in the list of what an operation takes, ``shape`` is that of what it gives for one code or picture (of a
convolution: channels, height, width), ``weight`` and ``bias`` are names of tensors. `describe` writes it, `run` computes it in PyTorch.
"""

import copy
import math
from collections.abc import Callable, Iterable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from latentwalk.page.tracing import Half, Unsupported, trace

PARTS = {"decode": "decoder", "encode": "encoder"}  # a method of the model, or a layer of that name
FAILURES = (RuntimeError, ValueError, TypeError, LookupError, AttributeError, AssertionError)


def portable(model: nn.Module) -> nn.Module:
    """A copy of a model on the CPU, in float32 and in eval mode, out of what torch.compile put it into; the model itself stays as it is.

    Raises ValueError for what is no model, or has no weights to copy.
    """
    if not isinstance(model, nn.Module):
        name = f"the class {model.__name__}" if isinstance(model, type) else type(model).__name__
        raise ValueError(f"model: expected a network, an object of torch.nn.Module, got {name}")
    if any(type(layer).__module__.startswith("torch.jit") for layer in model.modules()):
        raise ValueError("model: torch.jit hides the layers of what it compiles; give the network that it was made of")
    weights = [*model.parameters(), *model.buffers()]
    if any(nn.parameter.is_lazy(one) or one.is_meta for one in weights):
        raise ValueError("model: some of its weights have no numbers yet; let it decode or encode something first")
    # What a layer works out anew at each call, as weight_norm and prune do, is no weight, and deepcopy would refuse it.
    made = [one for layer in model.modules() for one in vars(layer).values() if isinstance(one, Tensor)]
    model = _inner(copy.deepcopy(model, {id(one): one.detach().clone() for one in made}))
    for layer in list(model.modules()):
        for name, child in layer.named_children():
            setattr(layer, name, _inner(child))
    return model.cpu().float().eval()


def _inner(model: nn.Module) -> nn.Module:
    """What torch.compile and DataParallel have been given."""
    if isinstance(model, nn.DataParallel | nn.parallel.DistributedDataParallel):
        return _inner(model.module)
    return getattr(model, "_orig_mod", model)


@torch.no_grad()
def describe(
    model: nn.Module, parts: Iterable[str] = ("decode",), shape: tuple[int, ...] | None = None
) -> dict[str, Half]:
    """The description of each of the ``parts``, "decode" and "encode", of a `portable` model, made with four codes or pictures.

    Those are the model's methods of this name, or its layers "decoder" and "encoder"; a chain of layers alone is a decoder.
    ``shape`` is that of a picture (channels, height, width), where neither decoder nor encoder tells it.

    Raises ValueError if there is no such part, its input cannot be found, or a layer is one that a page cannot run.
    """
    code, picture = inputs(model, parts, shape)
    generator = torch.Generator().manual_seed(0)
    examples = {
        "decode": torch.randn(4, *code, generator=generator),
        "encode": torch.rand(4, *picture, generator=generator),
    }
    halves = {}
    for part in parts:
        try:
            halves[part] = trace(model, half_of(model, part), examples[part])
        except Unsupported as error:
            raise ValueError(f"model: a page cannot run {part}: {error}") from error
        except FAILURES as error:
            raise ValueError(f"model: {part} cannot be followed step by step: {_reason(error)}") from error
    return halves


def simple(halves: dict[str, list[dict]]) -> bool:
    """Whether every figure can run these descriptions; else their network brings along what can (``widgets/layers.js``)."""
    return all(
        op["op"] in ("input", "linear", "reshape", "concat")
        and op.get("activation") in (None, "relu", "sigmoid", "clip")
        for ops in halves.values()
        for op in ops
    )


def half_of(model: nn.Module, part: str) -> Callable[[Tensor], Any]:
    """The method or the layer that is a part. ValueError if there is none."""
    for name in (part, PARTS[part]):
        if callable(found := getattr(model, name, None)):
            return found
    if part == "decode" and not any(callable(getattr(model, name, None)) for name in ("encode", "encoder")):
        return model
    raise ValueError(
        f"model: expected a method {part!r} or a layer {PARTS[part]!r}; {type(model).__name__} has neither"
    )


@torch.no_grad()
def inputs(
    model: nn.Module, parts: Iterable[str], shape: tuple[int, ...] | None = None
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The shapes of a code and of a picture as the two halves take them; without an encoder, as the decoder gives the picture.

    They are tried out: what the decoder gives is likely what the encoder takes. ValueError if none fits and ``parts`` need it.
    """
    decode = half_of(model, "decode")
    sizes = [(layer.in_features,) for layer in model.modules() if isinstance(layer, nn.Linear)]
    sizes += [(layer.in_channels,) for layer in model.modules() if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)]
    own = getattr(model, "latent_dim", None)
    sizes = [(own,), *sizes] if isinstance(own, int) else sizes
    why: list[str] = []  # it did not take what was tried
    code = _first(decode, sizes, why)
    try:
        encode = half_of(model, "encode")
    except ValueError:
        encode = None
        code = code or _first(decode, [(*size, 1, 1) for size in sizes], why)  # a generator of convolutions alone
    pictures, given = [shape, (math.prod(shape),)] if shape else [], ()
    if code:
        given = decode(torch.zeros(2, *code))
        if isinstance(given, tuple | list):
            raise ValueError(f"model: expected one tensor from decode, the pixels, got {len(given)}")
        given = tuple(getattr(given, "shape", ()))[1:]  # () for what `trace` refuses
        side = math.isqrt(math.prod(given))
        pictures += [given, (math.prod(given),), (1, side, side)]
    picture = _first(encode, pictures or [*sizes, (1, 28, 28), (3, 32, 32)], []) if encode else None
    if encode and not picture and "encode" in parts:
        raise ValueError("model: encode takes no picture that was tried; say its shape=(channels, height, width)")
    if encode and picture and not code:  # the code may be a map
        result = encode(torch.zeros(2, *picture))
        if isinstance(result := result if isinstance(result, Tensor) else result[0], Tensor):
            code = _first(decode, [tuple(result.shape[1:])], why)
    if not code:
        said = f" ({why[0]})" if why else ""
        raise ValueError(
            f"model: decode takes no code that was tried; set model.latent_dim, the numbers in a code{said}"
        )
    return code, picture or given


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {(str(error).strip() or 'no words').splitlines()[0]}"


def _first(call: Callable, shapes: Iterable[tuple[int, ...]], why: list[str]) -> tuple[int, ...] | None:
    """The first shape of which ``call`` takes two, and gives two; ``why`` gets what it says of the others."""
    for shape in shapes:
        try:
            result = call(torch.zeros(2, *shape))
        except FAILURES as error:
            why.append(f"of {math.prod(shape)}, it says {_reason(error)}")
            continue
        if all(
            len(one) == 2
            for one in (result if isinstance(result, tuple | list) else [result])
            if isinstance(one, Tensor)
        ):
            return shape
    return None


@torch.no_grad()
def run(ops: list[dict], tensors: dict[str, Tensor], x: Tensor) -> list[Tensor]:
    """What each operation gives for ``x`` (n, ...): (n, *shape) each."""
    values: list[Tensor] = []
    for op in ops:
        y = RUN[op["op"]](op, tensors, *(values[place] for place in op["from"])) if values else x
        if "activation" in op:
            y = ACTIVATIONS[op["activation"]](y, op.get("alpha"))
        values.append(y.reshape(len(x), *op["shape"]))
    return values


# How PyTorch computes an operation: of the operation, the tensors, and what it takes.
RUN: dict[str, Callable[..., Tensor]] = {
    "linear": lambda op, t, x: F.linear(x, t[op["weight"]], t.get(op.get("bias"))),
    "conv2d": lambda op, t, x: F.conv2d(
        x, t[op["weight"]], t.get(op.get("bias")), op["stride"], op["padding"], op["dilation"], op["groups"]
    ),
    "conv_transpose2d": lambda op, t, x: F.conv_transpose2d(
        x, t[op["weight"]], t.get(op.get("bias")), op["stride"], op["padding"], _left_over(op, t, x), op["groups"], op["dilation"]
    ),
    "upsample": lambda op, t, x: F.interpolate(
        x, op["shape"][1:], mode=op["mode"], align_corners=op["align_corners"] if op["mode"] == "bilinear" else None
    ),
    "max_pool2d": lambda op, t, x: F.max_pool2d(x, op["kernel"], op["stride"], op["padding"]),
    "avg_pool2d": lambda op, t, x: F.avg_pool2d(
        x, op["kernel"], op["stride"], op["padding"], count_include_pad=op["count_include_pad"]
    ),
    "adaptive_avg_pool2d": lambda op, t, x: F.adaptive_avg_pool2d(x, op["size"]),
    "normalize": lambda op, t, x: F.layer_norm(x.reshape(len(x), -1, op["block"]), [op["block"]], eps=op["eps"]),
    "scale": lambda op, t, x: x.reshape(len(x), -1, len(t[op["weight"]]), op["every"]) * t[op["weight"]][:, None] + t[op["bias"]][:, None],
    "reshape": lambda op, t, x: x,
    "slice": lambda op, t, x: x.narrow(op["axis"] + 1, op["start"], op["length"]),
    "concat": lambda op, t, *xs: torch.cat(xs, 1),
    "add": lambda op, t, x, y: x + op["factor"] * y,
    "multiply": lambda op, t, x, y: x * y,
    "affine": lambda op, t, x: op["scale"] * x + op["shift"],
}  # fmt: skip

# Name -> function of the numbers, and of the one parameter, ``alpha``, that some have.
ACTIVATIONS: dict[str, Callable[[Tensor, Any], Tensor]] = {
    "relu": lambda x, _: x.relu(),
    "sigmoid": lambda x, _: x.sigmoid(),
    "tanh": lambda x, _: x.tanh(),
    "silu": lambda x, _: F.silu(x),
    "gelu": lambda x, _: F.gelu(x),
    "gelu_tanh": lambda x, _: F.gelu(x, approximate="tanh"),
    "leaky_relu": F.leaky_relu,
    "elu": F.elu,
    "softplus": F.softplus,
    "clip": lambda x, _: x.clamp(0, 1),
}


def _left_over(op: dict, tensors: dict[str, Tensor], x: Tensor) -> list[int]:
    """The output padding of a transposed convolution: what its shape has beyond what its kernel reaches."""
    sizes = zip(
        op["shape"][1:], x.shape[2:], tensors[op["weight"]].shape[2:], op["stride"], op["padding"], op["dilation"]
    )
    return [size - ((n - 1) * stride - 2 * padding + dilation * (k - 1) + 1) for size, n, k, stride, padding, dilation in sizes]  # fmt: skip
