"""Cells run again, alone and in any order, as readers do: what a cell takes from another cell, no third one changes.

A name that one cell binds and another reads is bound in that one cell only, so that it means the same whatever was run
last. Names that a cell uses for itself alone are free. This is found by reading the code, not by running it. The code in
the solutions of the exercises counts as cells, too: readers copy it into their own. So does that of the claims.
"""

import ast
import builtins
import json
import symtable

import address
import pytest
import sentences
import solutions
from IPython.core.inputtransformer2 import TransformerManager

from latentbook import ROOT

NOTEBOOKS = address.notebooks(ROOT)
GIVEN = {*dir(builtins), "get_ipython", "display"}


def global_names(node: ast.AST) -> set[str]:
    """The global names that a function, class, lambda or comprehension reads when it runs."""

    def read(table, outermost):
        found = {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (not symbol.is_assigned() if outermost else symbol.is_global())
        }
        return found.union(*(read(child, False) for child in table.get_children()))

    return read(symtable.symtable(ast.unparse(node), "cell", "exec"), True)


class Cell(ast.NodeVisitor):
    """What a cell binds, and what it reads without having bound it before: itself, or in a function that it uses.

    ``functions``: for each function of the cells before, the global names that it reads; this cell's are added.
    """

    def __init__(self, source: str, functions: dict[str, set[str]]):
        self.binds, self.reads, self.functions = {}, set(), functions
        self.visit(ast.parse(TransformerManager().transform_cell(source)))  # which turns %magic into Python

    def read(self, name: str, inside=()) -> None:
        if name not in self.binds and name not in GIVEN:
            self.reads.add(name)
        if name not in inside:
            for used in self.functions.get(name, ()):
                self.read(used, (*inside, name))

    def bind(self, name: str, origin: str | None = None) -> None:
        self.binds[name] = origin or object()  # an import is the same thing in every cell, a value is not
        self.functions.pop(name, None)

    def visit_parts(self, *parts: ast.AST) -> None:
        for part in parts:
            self.visit(part)

    def visit_Name(self, node):
        (self.read if isinstance(node.ctx, ast.Load) else self.bind)(node.id)

    def visit_Assign(self, node):  # the right side first
        self.visit_parts(node.value, *node.targets)

    def visit_AugAssign(self, node):
        if isinstance(node.target, ast.Name):
            self.read(node.target.id)
        self.visit_parts(node.value, node.target)

    def visit_For(self, node):
        self.visit_parts(node.iter, node.target, *node.body, *node.orelse)

    def visit_ExceptHandler(self, node):
        if node.name:
            self.bind(node.name)
        self.generic_visit(node)
        self.binds.pop(node.name, None)

    def visit_Import(self, node):
        for alias in node.names:
            self.bind(alias.asname or alias.name.partition(".")[0], f"{getattr(node, 'module', '')}:{alias.name}")

    visit_ImportFrom = visit_Import

    def visit_FunctionDef(self, node):
        self.visit_parts(*node.decorator_list, node.args)
        self.bind(node.name)
        self.functions[node.name] = global_names(node)

    def visit_ClassDef(self, node):
        self.visit_parts(*node.decorator_list, *node.bases)
        self.bind(node.name)
        self.functions[node.name] = global_names(node)

    def visit_Lambda(self, node):
        for name in global_names(node):
            self.read(name)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_Lambda


def shared_twice(sources: dict[str, str]) -> list[str]:
    """What cells take from one another although more than one of them binds it; builtins whose name a cell takes away."""
    functions, source_of, found = {}, {}, []
    cells = {key: Cell(source, functions) for key, source in sources.items()}
    for key, cell in cells.items():
        for name in sorted(cell.reads):
            if name not in source_of:
                found.append(f"{key} reads {name}, which no cell before it binds")
                continue
            thing = cells[source_of[name]].binds[name]
            others = [other for other in cells if cells[other].binds.get(name, thing) != thing]
            if others:
                found.append(f"{key} takes {name} from {source_of[name]}; it is also bound in {', '.join(others)}")
        found += [f"{key} binds {name}, a builtin" for name in cell.binds if hasattr(builtins, name)]
        source_of |= dict.fromkeys(cell.binds, key)
    return found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_name_that_cells_share_is_bound_in_one_of_them(path):
    cells = [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]
    sources = {cell["id"]: "".join(cell["source"]) for cell in cells}
    sources |= {
        cell["id"]: solutions.without_stubs(sources[cell["id"]])
        for cell in cells
        if "exercise" in cell["metadata"].get("tags", [])
    }
    sources |= {"the claims": "\n".join(sentences.of(path).values())}  # which always run from first to last
    found = shared_twice(sources | {label: code for label, (_, code) in solutions.with_code(path).items()})
    assert not found, "\n".join(["one of the two needs another name:", *found])


@pytest.mark.parametrize(
    "cells, words",
    [
        (("x = 1", "print(x)", "x = 2"), "b takes x from a; it is also bound in c"),
        (("x = 0", "x = 1", "print(x)"), "c takes x from b; it is also bound in a"),
        (("x = 1", "x += 1"), "b takes x from a; it is also bound in b"),
        (("x = 1", "x = [x]"), "b takes x from a; it is also bound in b"),
        (("x = 1", "for x in [x]: pass"), "b takes x from a; it is also bound in b"),
        (("n = 1\ndef f(): return [g() for _ in 'a']\ndef g(): return n", "f()", "n = 2"), "b takes n from a; it is"),
        (("n = 1", "class A:\n  def f(self): return n", "A()", "n = 2"), "c takes n from a; it is also bound in d"),
        (("n = 1", "print(f'{[n * k for k in range(3)]}')", "with open('x') as n: pass"), "b takes n from a; it is"),
        (("import math as x", "x.pi", "import cmath as x"), "b takes x from a; it is also bound in c"),
        (("print(x)",), "a reads x, which no cell before it binds"),
        (("sum = 1",), "a binds sum, a builtin"),
    ],
)
def test_a_name_that_changes_is_found(cells, words):
    (found,) = shared_twice(dict(zip("abcd", cells)))
    assert found.startswith(words)


@pytest.mark.parametrize(
    "cells",
    [
        ("x = 1\nprint(x)", "x = 2\nprint(x)"),
        ("x = 1", "print([x for x in 'ab'], (lambda x: x)(1), x)"),
        ("def f(x):\n  y = x\n  return y", "x = y = f(1)", "x = y = f(2)"),
        ("import torch", "import torch\ntorch.zeros(1)", "torch.ones(1)"),
        ("try:\n  1 / 0\nexcept ValueError as e:\n  print(e)", "e = 1", "print(e)"),
        ("%matplotlib inline\nx = {}", "x['a'] = 1", "display(x)"),
    ],
)
def test_names_of_a_cells_own_are_free(cells):
    assert shared_twice(dict(zip("abc", cells))) == []
