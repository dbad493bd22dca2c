"""The house as CONTRIBUTING draws it: what a learner meets, what lies behind it, and the doors between."""

import ast

from latentbook import ROOT

PACKAGE = ROOT / "src" / "latentwalk"
MOST = 250  # lines in a file that a learner may read
# Where what chapters import leads behind the scenes, and for what.
DOORS = {
    "__init__": {"page.language"},
    "checkpoints": {"making.files"},
    "data": {"page", "page.arrays"},
    "exercises": {"page.language", "making.answers", "making.checker", "making.scores"},
}


def imports(path) -> set[str]:
    """The modules of latentwalk that a module imports, without that name."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {
        f"latentwalk.{alias.name}"
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module == "latentwalk"
        for alias in node.names
    }
    return {name.removeprefix("latentwalk.") for name in names if name.startswith("latentwalk.")}


def behind(name: str) -> bool:
    return name.split(".")[0] in ("page", "making")


def test_chapters_modules_lead_behind_the_scenes_only_through_the_doors():
    found = {path.stem: {name for name in imports(path) if behind(name)} for path in PACKAGE.glob("*.py")}
    assert {name: doors for name, doors in found.items() if doors} == DOORS


def test_figures_are_declared_with_page_and_nothing_of_it_knows_a_figure():
    for path in PACKAGE.glob("widgets/*.py"):
        assert not {name for name in imports(path) if name.startswith("making")}, path
    for path in PACKAGE.glob("page/*.py"):
        assert not {name for name in imports(path) if name.startswith("widgets")}, path


def test_no_file_is_longer_than_a_sitting():
    long = {
        path.relative_to(PACKAGE).as_posix(): lines
        for pattern in ("*.py", "widgets/*.py", "page/*.py")
        for path in PACKAGE.glob(pattern)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST
    }
    assert long == {}
