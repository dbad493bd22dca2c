"""Whether a cell that is run again in the same kernel would do the same again; works in the kernels of the notebooks' tests.

What a cell does follows from what it reads. So a costly cell is run again only if something is not as it was:

- before it: the states of the random generators, unless `torch.manual_seed` came before its first draw, or it drew nothing
  but the weights that stored ones replace (`load`); and what is set for all cells (`settings`);
- right after it: the values of the names in it that it reads, and of those that it binds and others read. An input that the
  cell changes and a result that a later cell changes are not what they were after its first run.

Values are compared by a digest of all that is in them; for the notebook's own functions and classes that is their code, and
the values that it reads. A cell with a value that has no digest is run, and so is one that does what its names do not show
(`HIDDEN`).
"""

import dis
import functools
import hashlib
import io
import os
import pickle
import random
import resource
import sys
from types import CodeType, FunctionType, ModuleType

import numpy as np
import torch
from IPython import get_ipython

from latentbook import dark
from latentwalk import checkpoints, data

HIDDEN = {"globals", "locals", "vars", "eval", "exec", "open", "get_ipython", "__import__", "setattr", "environ", "id"}
codes: list[CodeType] = []  # of the cells, and of all that runs after them
before: dict = {}  # what was set, and the generators' states, before the cell that ran last
firsts: dict[int, dict] = {}  # what is known of the first runs
seed_torch, load_stored = torch.manual_seed, checkpoints.load


def install(sources: list[str]) -> str:
    """Take part in the kernel that this is called in. Pictures are drawn as for the book: a letter that a font has not is a warning."""
    dark.install(get_ipython())
    codes[:] = map(compiled, sources)
    data.unpack = functools.cache(data.unpack)  # a third of a second each time that a cell reads the digits
    torch.manual_seed, checkpoints.load = manual_seed, load
    get_ipython().events.register("pre_run_cell", lambda info: note())
    return ""


def peak() -> float:
    """The memory that the kernel has taken at most, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e9


def compiled(source: str) -> CodeType:
    """A cell's code; IPython's own syntax is turned into Python where there is any."""
    try:
        return compile(source, "cell", "exec")
    except SyntaxError:
        return compile(get_ipython().transform_cell(source), "cell", "exec")


def note() -> None:
    """How things are right before a cell."""
    before.update(settings=settings(), generators=generators(), seeded=False)


def manual_seed(seed):
    """torch's, noting whether it comes before any draw of the cell."""
    if nothing_drawn():
        before["seeded"] = True
    return seed_torch(seed)


@functools.wraps(load_stored)
def load(*names, **options):
    """That of `latentwalk.checkpoints`. The weights that a network is made with are drawn, and none of them is left: no draw of the cell."""
    none = nothing_drawn()
    network = load_stored(*names, **options)
    if none:
        before["generators"]["torch"] = torch.get_rng_state()
    return network


def nothing_drawn() -> bool:
    """Whether the cell has drawn nothing from torch's generator yet."""
    return bool(before) and torch.equal(torch.get_rng_state(), before["generators"]["torch"])


def settings() -> dict[str, str]:
    """What is set for all cells. Not what is set for plots: pictures are not compared."""
    kinds = (
        torch.get_default_dtype(),
        torch.get_float32_matmul_precision(),
        torch.are_deterministic_algorithms_enabled(),
    )
    found = {"kinds": kinds, "gradients": torch.is_grad_enabled(), "threads": torch.get_num_threads()}
    found |= {"printing": (vars(torch._tensor_str.PRINT_OPTS), np.get_printoptions()), "errors": np.geterr()}
    found |= {"folder": os.getcwd()}
    return {name: repr(value) for name, value in found.items()}


def generators() -> dict:
    """The states of the random generators that cells share."""
    return {"torch": torch.get_rng_state(), "numpy": np.random.get_state(), "random": random.getstate()}


def remember(cell: int) -> str:
    """To be called right after a cell's first run; says why it has to be run again in any case, or nothing."""
    now = generators()
    used = {name for name in now if digest(now[name]) != digest(before["generators"][name])}
    used |= {"torch"} if before["seeded"] else set()
    try:
        firsts[cell] = {**before, "used": used, "after": now, "values": values(cell)}
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def differs(cell: int) -> str:
    """To be called right before a cell's second run: what is not as it was, or nothing. Then the generators are put where it left them."""
    if cell not in firsts:
        return "it was not remembered"
    first, now = firsts.pop(cell), generators()
    asked = first["used"] - ({"torch"} if first["seeded"] else set())
    different = [name for name in asked if digest(now[name]) != digest(first["generators"][name])]
    different += [name for name, value in settings().items() if value != first["settings"][name]]
    try:
        here = values(cell)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    different += [name for name in first["values"] | here if first["values"].get(name) != here.get(name)]
    if not different:
        put = {"torch": torch.set_rng_state, "numpy": np.random.set_state, "random": random.setstate}
        for name in first["used"]:
            put[name](first["after"][name])
    return ", ".join(different)


def values(cell: int) -> dict[str, str]:
    """Digests of what a cell reads, and of what it binds and others read.

    A name that several cells bind is each one's own (test_rerun.py).
    """
    others = [code for number, code in enumerate(codes) if number != cell]
    read, bound = names(codes[cell]), set()
    for step in dis.get_instructions(codes[cell]):
        if step.opname == "STORE_NAME":
            bound.add(step.argval)
        elif step.opname == "LOAD_NAME" and step.argval not in bound:
            read.add(f"{step.argval} first")
    if changed := [name for name in bound if f"{name} first" in read]:
        raise ValueError(f"reads {changed} before it binds it")
    if found := names(codes[cell], attributes=True) & HIDDEN:
        raise ValueError(f"uses {found}")
    own = bound - (set().union(*map(names, others)) - set().union(*map(binds, others)))
    space, known = get_ipython().user_ns, {}
    return {name: digest(space[name], space, known) for name in sorted(read - own) if name in space}


def binds(code: CodeType) -> set[str]:
    """The names that a cell binds."""
    return {step.argval for step in dis.get_instructions(code) if step.opname == "STORE_NAME"}


def names(code: CodeType, attributes: bool = False) -> set[str]:
    """All names in a piece of code and in the functions that it defines; on request also those of the ``attributes`` that it asks for."""
    inner = (names(part, attributes) for part in code.co_consts if isinstance(part, CodeType))
    here = [step for step in dis.get_instructions(code) if step.opcode in dis.hasname]
    return {step.argval for step in here if attributes or not step.opname.endswith(("_ATTR", "_METHOD"))}.union(*inner)


def digest(value, space: dict | None = None, known: dict | None = None, inside: frozenset = frozenset()) -> str:
    """A digest of a value in the name space of a kernel; raises what pickle does where it has none."""
    file = io.BytesIO()
    Writer(file, space or {}, {} if known is None else known, inside).dump(value)
    return hashlib.sha1(file.getbuffer()).hexdigest()


class Writer(pickle.Pickler):
    """Writes values so that equal ones have equal bytes, whether or not parts of them are one object.

    ``known``: digests of tensors, by their ids, while nothing else runs. ``inside``: the functions and classes that are being written.
    """

    def __init__(self, file, space: dict, known: dict, inside: frozenset):
        super().__init__(file, protocol=5)
        self.fast, self.space, self.known, self.inside = True, space, known, inside

    def persistent_id(self, value):
        if isinstance(value, torch.Tensor):
            return self.tensor(value)
        if isinstance(value, torch.Generator):
            return "generator", value.get_state().tolist()
        if isinstance(value, ModuleType):
            return "module", value.__name__
        if isinstance(value, classmethod | staticmethod):
            return type(value).__name__, self.inner(value, value.__func__)
        if isinstance(value, property):
            return "property", self.inner(value, (value.fget, value.fset))
        if isinstance(value, FunctionType | type):
            if value.__module__ != "__main__":
                return "from elsewhere", value.__module__, value.__qualname__
            return value.__qualname__, self.inner(value, self.parts(value))
        return None

    def tensor(self, value: torch.Tensor):
        if id(value) not in self.known:
            content = value.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy()
            grad = None if not value.is_leaf or value.grad is None else self.tensor(value.grad)
            kind = tuple(value.shape), str(value.dtype), value.requires_grad
            self.known[id(value)] = value, ("tensor", *kind, hashlib.sha1(content).hexdigest(), grad)
        return self.known[id(value)][1]

    def parts(self, value):
        """What a function or class of the notebook consists of."""
        if isinstance(value, type):
            left_out = ("__dict__", "__weakref__")
            return value.__bases__, sorted((k, v) for k, v in vars(value).items() if k not in left_out)
        cells = [cell.cell_contents for cell in value.__closure__ or ()]
        read = {name: self.space[name] for name in sorted(names(value.__code__)) if name in self.space}
        return text(value.__code__), value.__defaults__, value.__kwdefaults__, cells, read

    def inner(self, owner, parts):
        """The digest of a function's or class's parts, but where these lead back to it."""
        return None if id(owner) in self.inside else digest(parts, self.space, self.known, self.inside | {id(owner)})


def text(code: CodeType):
    """What a piece of code says, without where it stands."""
    constants = [text(part) if isinstance(part, CodeType) else repr(part) for part in code.co_consts]
    return code.co_code, code.co_names, code.co_varnames, code.co_freevars, constants
