"""A device that is not there: tensors that say they lie on "elsewhere" and compute on the CPU, and that refuse, as a GPU does, to be mixed with others.

What it cannot show: the speed of a GPU, its rounding, and operations that it lacks.
"""

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_map_only
from torch.utils.backend_registration import _setup_privateuseone_for_python_backend

_setup_privateuseone_for_python_backend("elsewhere")
torch.elsewhere.get_rng_state = lambda device=None: (
    torch.get_rng_state()
)  # `torch.random.fork_rng` asks each kind of device that is there
torch.elsewhere.set_rng_state = lambda state, device=None: None
DEVICE = torch.device("elsewhere", 0)
aten = torch.ops.aten
MOVES = {aten._to_copy.default, aten.copy_.default}  # these may read from one device and write to another


class There(torch.Tensor):
    """A tensor on the device; ``here`` holds its numbers."""

    @staticmethod
    def __new__(cls, here):
        there = torch.Tensor._make_wrapper_subclass(cls, here.shape, here.stride(), dtype=here.dtype, device=DEVICE)
        there.here = here.detach()
        return there

    @classmethod
    def __torch_dispatch__(cls, function, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        tensors = []
        tree_map_only(torch.Tensor, tensors.append, (args, kwargs))
        if function not in MOVES and any(not isinstance(t, There) and t.dim() for t in tensors):
            raise RuntimeError(f"{function}: tensors on {DEVICE} and on the CPU are mixed")
        target = kwargs.get("device")
        if target is not None:
            kwargs["device"] = torch.device("cpu")
        result = function(
            *tree_map_only(There, lambda t: t.here, args), **tree_map_only(There, lambda t: t.here, kwargs)
        )
        if (target is not None and target.type == "cpu") or (
            function is aten.copy_.default and not isinstance(args[0], There)
        ):
            return result
        known = {id(t.here): t for t in tensors if isinstance(t, There)}  # what works in place gives back its own
        return tree_map_only(torch.Tensor, lambda t: known[id(t)] if id(t) in known else There(t), result)


class Send(torch.autograd.Function):
    """From the CPU to the device; gradients go back."""

    @staticmethod
    def forward(ctx, here):
        return There(here.clone())

    @staticmethod
    def backward(ctx, slope):
        return slope.here


class Elsewhere(TorchFunctionMode):
    """While it lasts, "elsewhere" is that device."""

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        if function is torch.Tensor.to:
            tensor, *where = args
            where = [*where, *kwargs.values()]
            target = next((torch.device(w) for w in where if isinstance(w, str | torch.device)), tensor.device)
            target = next((w.device for w in where if isinstance(w, torch.Tensor)), target)
            kind = next(
                (
                    w if isinstance(w, torch.dtype) else w.dtype
                    for w in where
                    if isinstance(w, torch.dtype | torch.Tensor)
                ),
                None,
            )
            tensor = function(tensor, kind) if kind else tensor
            if target.type == tensor.device.type:
                return tensor
            return Send.apply(tensor) if target.type == "elsewhere" else tensor.here.clone()
        if function is torch.Tensor.cpu:
            return args[0].here.clone() if isinstance(args[0], There) else args[0]
        if function is torch.Tensor.tolist and isinstance(args[0], There):
            return args[0].here.tolist()
        target = kwargs.get("device")
        if (
            target is not None
            and torch.device(target).type == "elsewhere"
            and not any(isinstance(a, There) for a in args)
        ):
            return There(function(*args, **{**kwargs, "device": "cpu"}))
        return function(*args, **kwargs)
