"""How `latentwalk.page.tracing` writes the functions behind torch's layers.

Each gets the watch, what the function has given, and its arguments. It writes operations (``watch.add``), and raises TypeError for what
a page cannot do.
"""

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor


def _pair(value) -> list[int]:
    return [int(value)] * 2 if isinstance(value, int) else [int(one) for one in value]


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


def _clamp(watch, result, x, min=None, max=None, inplace=False):
    if max is None and min == 0:
        return watch.add(result, "activation", [watch[x]], activation="relu")
    if min is None or max is None:
        raise TypeError("with one limit, which is not 0 below")
    if (min, max) == (0, 1):
        return watch.add(result, "activation", [watch[x]], activation="clip")
    share = (x - min) / (max - min)
    place = watch.add(share, "affine", [watch[x]], scale=1 / (max - min), shift=-min / (max - min))
    place = watch.add(share.clamp(0, 1), "activation", [place], activation="clip")
    return watch.add(result, "affine", [place], scale=max - min, shift=min)


def _hardtanh(watch, result, x, min_val=-1.0, max_val=1.0, inplace=False):
    _clamp(watch, result, x, min_val, max_val)


def _selu(watch, result, x, inplace=False):
    alpha, scale = 1.6732632423543772, 1.0507009873554805  # G. Klambauer et al., arXiv 1706.02515
    place = watch.add(F.elu(x, alpha), "activation", [watch[x]], activation="elu", alpha=alpha)
    watch.add(result, "affine", [place], scale=scale, shift=0)


def _dropout(watch, result, x, p=0.5, training=True, inplace=False):
    if training and p:
        raise TypeError("with chance: pass training=self.training")
    watch.places[id(result)] = watch[x]


def _linear(watch, result, x, weight, bias=None):
    if x.dim() != 2:
        raise TypeError(f"with an input of {x.dim()} dimensions")
    watch.add(result, "linear", [watch[x]], weight=watch.named(weight), bias=watch.named(bias))


def _matmul(watch, result, x, weight):
    """``x @ weight``, as tied weights are written."""
    _linear(watch, result, x, weight.t().contiguous())


def _addmm(watch, result, bias, x, weight, beta=1, alpha=1):
    if (beta, alpha) != (1, 1) or bias.dim() != 1:
        raise TypeError("with factors, or another bias than a row")
    _linear(watch, result, x, weight.t().contiguous(), bias)


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


def _avg_pool2d(
    watch,
    result,
    x,
    kernel_size,
    stride=None,
    padding=0,
    ceil_mode=False,
    count_include_pad=True,
    divisor_override=None,
):
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


def _scaled(watch, result, source, weight, bias, every):
    """A factor for each channel, which repeats ``every`` numbers, and what is added to it."""
    if weight is None:
        return
    bias = torch.zeros_like(weight) if bias is None else bias
    layer = watch.layer.split(" ")[0]
    scale, shift = watch.named(weight.flatten(), f"{layer}.scale"), watch.named(bias.flatten(), f"{layer}.shift")
    watch.add(result, "scale", [source], weight=scale, bias=shift, every=every)


def _batch_norm(watch, result, x, mean, var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5):
    if training or mean is None:
        raise TypeError("with the statistics of a batch: they have to be the stored ones")
    scale = (var + eps).rsqrt() * (1 if weight is None else weight)
    _scaled(watch, result, watch[x], scale, (0 if bias is None else bias) - mean * scale, math.prod(x.shape[2:]))


def _layer_norm(watch, result, x, normalized_shape, weight=None, bias=None, eps=1e-5):
    source = _normalize(watch, result, x, math.prod(normalized_shape), eps)
    _scaled(watch, result, source, weight, bias, 1)


def _group_norm(watch, result, x, num_groups, weight=None, bias=None, eps=1e-5):
    source = _normalize(watch, result, x, math.prod(x.shape[1:]) // num_groups, eps)
    _scaled(watch, result, source, weight, bias, math.prod(x.shape[2:]))


def _normalize(watch, result, x: Tensor, block: int, eps: float) -> int:
    """Each ``block`` numbers of a picture to mean 0 and variance 1; the operation's place."""
    normal = F.layer_norm(x.reshape(len(x), -1, block), [block], eps=eps).reshape(x.shape)
    watch.places[id(result)] = watch.add(normal, "normalize", [watch[x]], block=block, eps=eps)
    return watch.places[id(result)]


# The words by which a refusal names what runs (`latentwalk.page.tracing.SUPPORTED`): the functions of torch behind them.
LAYERS: dict[str, dict[str, Callable]] = {
    "Linear": {"linear": _linear, "addmm": _addmm},
    "matmul with weights": dict.fromkeys(("matmul", "mm"), _matmul),
    "Conv2d": {"conv2d": _conv2d},
    "ConvTranspose2d": {"conv_transpose2d": _conv_transpose2d},
    "Upsample (nearest, bilinear)": {"interpolate": _interpolate},
    "MaxPool2d": {"max_pool2d": _max_pool2d},
    "AvgPool2d": {"avg_pool2d": _avg_pool2d},
    "AdaptiveAvgPool2d": {"adaptive_avg_pool2d": _adaptive_avg_pool2d},
    "mean over height and width": {"mean": _mean},
    "BatchNorm": {"batch_norm": _batch_norm},
    "LayerNorm": {"layer_norm": _layer_norm},
    "GroupNorm": {"group_norm": _group_norm},
    "ReLU": {"relu": _activation("relu")},
    "ReLU6": {"relu6": lambda watch, result, x, inplace=False: _clamp(watch, result, x, 0, 6)},
    "LeakyReLU": {"leaky_relu": _activation("leaky_relu", "negative_slope", 0.01)},
    "PReLU with one slope": {"prelu": _prelu},
    "ELU": {"elu": _activation("elu", "alpha")},
    "SELU": {"selu": _selu},
    "SiLU": {"silu": _activation("silu")},
    "GELU": {"gelu": _gelu},
    "Softplus": {"softplus": _activation("softplus", "beta")},
    "Tanh": {"tanh": _activation("tanh")},
    "Sigmoid": {"sigmoid": _activation("sigmoid")},
    "Hardtanh": {"hardtanh": _hardtanh},
    "clamp from 0 or between two numbers": dict.fromkeys(("clamp", "clip", "clamp_min"), _clamp),
    "Dropout in eval mode": dict.fromkeys(("dropout", "dropout1d", "dropout2d"), _dropout),
    "AlphaDropout in eval mode": dict.fromkeys(("alpha_dropout", "feature_dropout"), _dropout),
}
