"""What makes the book, tests it and measures it: browsers, a web server, Node. No part of latentwalk, which readers install."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HTML = ROOT / "_build" / "html"  # the built book
LANGUAGES = {
    "zh_CN": "zh"
}  # of the book beside English: the folder of its catalogues -> that of its pages, and its name in latentwalk
NOTEBOOKS = ("notebooks/*.ipynb", "notebooks/studies/*.ipynb")  # the walk and the studies


def tag(language: str) -> str:
    """A language as pages name it: "zh-CN" for "zh_CN"."""
    return language.replace("_", "-")


def notebooks(root: Path = ROOT) -> list[Path]:
    """All notebooks of the book in the project at `root`: the walk's, then the studies."""
    return [path for pattern in NOTEBOOKS for path in sorted(root.glob(pattern))]


def complete(notebook: dict) -> None:
    """Give the cells of a notebook (of format 4, in place) what those of Colab and of older programs lack: ids, and places for outputs."""
    notebook["nbformat_minor"] = max(5, notebook["nbformat_minor"])  # the first with ids
    for number, cell in enumerate(notebook["cells"]):
        elsewhere = cell["metadata"].pop("id", None)  # Colab's
        cell.setdefault("id", elsewhere or f"cell-{number}")
        if cell["cell_type"] == "code":
            cell.setdefault("execution_count", None)
            cell.setdefault("outputs", [])
