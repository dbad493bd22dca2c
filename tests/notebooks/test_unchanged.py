"""What of a notebook's second pass is not run again, and above all what is: unchanged.py."""

import random
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import unchanged

TRAIN = """
torch.manual_seed(0)
net = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD(net.parameters(), 0.1)
for row in x:
    optimizer.zero_grad()
    net(row).pow(2).sum().backward()
    optimizer.step()
"""
NOTEBOOK = ["import numpy as np\nimport torch", "x = torch.rand(9, 4)\nscale = 2\ndef half(y): return y / scale"]
NOTEBOOK += [TRAIN, "print(net(x))"]


@pytest.fixture
def kernel(monkeypatch):
    """A function that runs a notebook's cells, then something else, and says why the third cell would be run again."""
    generators = torch.get_rng_state(), np.random.get_state(), random.getstate()

    def passes(cells, meanwhile="", at=2):
        space = {"__name__": "__main__"}
        shell = SimpleNamespace(
            user_ns=space, transform_cell=lambda source: source, events=SimpleNamespace(register=lambda *_: None)
        )
        monkeypatch.setattr(unchanged, "get_ipython", lambda: shell)
        monkeypatch.setattr(torch, "manual_seed", torch.manual_seed)
        monkeypatch.setattr(unchanged.data, "unpack", unchanged.data.unpack)
        monkeypatch.setattr(unchanged.checkpoints, "load", unchanged.checkpoints.load)
        unchanged.install(cells)
        unchanged.before.clear()
        for number, cell in enumerate(cells):
            unchanged.note()
            exec(cell, space)
            if number == at and (why := unchanged.remember(number)):
                return why
        left = torch.get_rng_state()
        exec(meanwhile, space)
        for cell in cells[:at]:
            exec(cell, space)
        why = unchanged.differs(at)
        space["left"] = left
        return why

    yield passes
    torch.set_rng_state(generators[0])
    np.random.set_state(generators[1])
    random.setstate(generators[2])


SEEDED = "torch.manual_seed(5)\n"


def test_what_is_as_it_was_is_not_run_again(kernel):
    first = [NOTEBOOK[0], SEEDED + NOTEBOOK[1], *NOTEBOOK[2:]]
    assert kernel(first) == ""
    assert kernel(first, "torch.rand(7)\nnp.random.seed(1)\nrandom = 3") == "", "the cell seeds before it draws"
    assert kernel(first, "parameters = zero_grad = 3") == "", "an attribute is no name that the cell reads"
    torch.manual_seed(0)
    torch.nn.Linear(4, 1)
    assert torch.equal(torch.get_rng_state(), unchanged.generators()["torch"]), (
        "and the generator is where it leaves it"
    )


LOAD = "from latentwalk import checkpoints\nnet = checkpoints.load('vae-2')\n"


def test_what_is_drawn_and_replaced_by_stored_weights_is_no_draw_of_the_cell(kernel):
    assert kernel(["import torch", "", LOAD, "net"], "torch.rand(7)") == ""
    assert kernel(["import torch", "", f"{LOAD}x = torch.rand(2)", "net, x"], "torch.rand(7)") == "torch"
    assert kernel(["import torch", "", f"x = torch.rand(2)\n{LOAD}", "net, x"], "torch.rand(7)") == "torch"


@pytest.mark.parametrize(
    "change, cells, meanwhile, why",
    [
        ("an input", ["", "x = torch.rand(9, 4)", TRAIN], "", "x"),
        ("a result", [], "net.weight.data.add_(1)", "net"),
        ("a gradient that is left", [], "net.weight.grad += 1", "net"),
        ("a mode", [], "net.train(False)", "net"),
        ("a name that is gone", [], "del net", "net"),
        ("code", ["", "def f(): return 1", "y = f()", "y"], "unchanged = 0\ndef f(): return 2", None),
        ("a setting", [], "torch.set_float32_matmul_precision('medium')", "kinds"),
        ("an unseeded draw", ["", "x = 1", "y = torch.rand(3)", "y"], "torch.rand(1)", "torch"),
        ("numpy's generator", ["", "x = 1", "y = np.random.rand()", "y"], "np.random.rand()", "numpy"),
        ("what a function reads", ["", "def f(): return k", "y = f()", "y"], "k = 2", "f"),
        ("what a method reads", ["", "class A:\n  def f(self): return k\na = A()", "y = a.f()", "y"], "k = 2", "a"),
    ],
)
def test_what_is_not_as_it_was_is_run_again(kernel, change, cells, meanwhile, why):
    whole = [NOTEBOOK[0], *(cells[1:] or [SEEDED + NOTEBOOK[1], *NOTEBOOK[2:]])]
    if change.startswith("what a"):
        whole[0] += "\nk = globals().get('k', 1)"
    try:
        found = kernel(whole, meanwhile)
    finally:
        torch.set_float32_matmul_precision("highest")
    assert found == ("" if why is None else why)


@pytest.mark.parametrize(
    "cell, why",
    [
        ("n = n + 1 if 'n' in dir() else 1", "reads ['n'] before it binds it"),
        ("n = globals().get('n', 0) + 1", "uses {'globals'}"),
        ("import builtins\nbuiltins.setattr(torch, 'n', 1)", "uses {'setattr'}"),
        ("rows = [] and open('made')", "uses {'open'}"),
        ("rows = (i for i in range(3))", "cannot pickle 'generator' object"),
    ],
)
def test_what_nobody_can_know_is_run_again(kernel, cell, why):
    assert why in kernel([*NOTEBOOK[:2], cell, "print(rows, n)"])


def test_an_input_that_the_cell_changes_is_run_again(kernel):
    """Made anew, it is not what it was after the cell."""
    assert kernel(["", "seen = []", "seen.append(1)\nprint(seen)"]) == "seen"
