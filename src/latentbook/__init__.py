"""What makes the book, tests it and measures it: browsers, a web server, Node. No part of latentwalk, which readers install."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HTML = ROOT / "_build" / "html"  # the built book
NOTEBOOKS = ("notebooks/*.ipynb", "notebooks/studies/*.ipynb")  # the walk and the studies


def notebooks(root: Path = ROOT) -> list[Path]:
    """All notebooks of the book in the project at `root`: the walk's, then the studies."""
    return [path for pattern in NOTEBOOKS for path in sorted(root.glob(pattern))]
