"""Compares a reader's function with the answers of an exercise, and says which mistake it looks like.

An exercise is data: fixed inputs, the right function, and functions that make the usual mistakes, each under the words
that name it. The reader's result is compared with all of them. The inputs are chosen so that no mistake hides: sigma is
not 1, a batch has more than one picture. Random functions are compared by statistics of many draws and by slopes.
A stub, a function in which nothing is written yet, is told what to return.
"""

import dis
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from latentwalk._checks import describe
from latentwalk.page.language import say, translate

DRAWS = 40_000


@dataclass(frozen=True)
class Exercise:
    """Of a ``random`` function the inputs begin with mu and logvar, and the `STATISTICS` of its draws are compared."""

    inputs: Callable[[], tuple]
    right: Callable
    checked: str
    mistakes: dict[str, Callable]
    random: bool = False


def find_mistake(exercise: Exercise, function: Callable) -> str | None:
    """What is wrong with ``function``, in words; None where it is right."""
    right_result, right = _run(exercise, exercise.right)
    shape = tuple(right_result.shape)
    expected = say("a tensor of the shape {shape}", shape=shape) if shape else say("one number")
    if is_stub(function):
        return say(
            "your function is still empty. Here it should return {expected}; write it, then run the cell again",
            expected=expected,
        )
    try:
        result, actual = _run(exercise, function)
    except Exception as error:
        if isinstance(error, NotImplementedError) and not str(error):
            return say("your function is not finished. Here it should return {expected}", expected=expected)
        reason = str(error).strip().split("\n")[0].rstrip(".")
        name = f"{type(error).__name__}{': ' if reason else ''}{reason}"
        return say("your function stops with {error}", error=name)
    if actual is None:
        if result is ...:
            return say("your function returns `...`. Here it should return {expected}", expected=expected)
        if result is None:
            return say(
                "expected {expected}, got {result}: is its `return` missing?", expected=expected, result="NoneType"
            )
        return say("expected {expected}, got {result}", expected=expected, result=describe(result))
    tolerance = 0.03 if exercise.random else 1e-4  # a statistic of so many draws is within 0.01 of its expectation

    def same(other: Tensor) -> bool:
        return actual.shape == other.shape and torch.allclose(actual, other, tolerance, tolerance, equal_nan=True)

    if same(right):
        return None
    for name, mistake in exercise.mistakes.items():
        if same(_run(exercise, mistake)[1]):
            return say("this looks like {mistake}", mistake=translate(name))
    if result.shape != right_result.shape:
        return say("expected the shape {shape}, got {result}", shape=shape, result=tuple(result.shape))
    if result.isnan().any():
        return say("{count} of {all} numbers are nan", count=int(result.isnan().sum()), all=result.numel())
    at = tuple((~torch.isclose(actual, right, tolerance, tolerance)).nonzero()[0].tolist())
    if exercise.random:
        where = say("{statistic} in dimension {dimension}", statistic=translate(STATISTICS[at[0]]), dimension=at[1])
    else:
        where = say("at {place}", place=list(at)) if at else say("the number")
    return say(
        "none of the usual mistakes fits; {where}: expected {right}, got {result}",
        where=where,
        right=f"{right[at]:.4g}",
        result=f"{actual[at]:.4g}",
    )


def is_stub(function: Callable) -> bool:
    """Whether the function does nothing at all: its body is ``...``, ``pass``, ``return None``, or words alone."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    steps = {step.opname for step in dis.get_instructions(code)}
    given = [const for const in code.co_consts if const not in (None, ...) and not isinstance(const, str)]
    return steps <= {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"} and not given


def _run(exercise: Exercise, function: Callable) -> tuple[object, Tensor | None]:
    """What the function returns, and what is compared of it; None where it returns neither a tensor nor a number."""
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(0)
        inputs = exercise.inputs()
        torch.manual_seed(1)
        result = function(*inputs)
        if not isinstance(result, Tensor | int | float) or (isinstance(result, Tensor) and result.is_complex()):
            return result, None
        result = torch.as_tensor(result).cpu().to_dense()
        if exercise.random and result.shape == (DRAWS, inputs[0].shape[-1]):
            return result, _statistics(result, *inputs[:2])
    return result, result.detach().double()


def cloud() -> tuple[Tensor, Tensor]:
    """mu and logvar of the random exercises, (2,) each."""
    return torch.tensor([0.5, -1.0]), 2 * torch.tensor([0.2, 3.0]).log()


STATISTICS = (
    "mean minus mu over the standard deviation",
    "standard deviation over sigma",
    "mean distance from the mean over the standard deviation",  # 0.80 for a Gaussian, 0.87 for a uniform distribution
    "correlation with the other dimension",
    "slope dz/dmu",
    "slope dz/dlogvar over the right one",
)


def _statistics(z: Tensor, mu: Tensor, logvar: Tensor) -> Tensor:
    """The `STATISTICS` of draws z (n, 2), (6, 2); nan where the draws do not differ."""
    slopes = torch.zeros(2, *z.shape)
    if z.requires_grad:  # stacked: torch 2.13 takes a wrong median of the expanded tensor that a sum's gradient is
        slopes = torch.stack(torch.autograd.grad(z.sum(), (mu, logvar), materialize_grads=True))
    centre, log_variance = cloud()  # afresh: the function may have changed what it was given
    z, sigma = z.detach().double(), (0.5 * log_variance).exp()
    off = z - centre
    std = z.std(0) * (z.std(0) > 1e-5)
    rows = (
        off.mean(0) / std * (std / std),
        std / sigma,
        (z - z.mean(0)).abs().mean(0) / std,
        torch.corrcoef(z.T)[0, 1] * (std / std),
        slopes[0].median(0).values,
        (slopes[1] / (0.5 * off)).median(0).values,
    )
    return torch.stack([row.double() for row in rows])
