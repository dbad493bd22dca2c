"""Sphinx extension: the book without the solutions of its exercises, for teachers (`make book SOLUTIONS=no`).

sphinx-exercise then leaves them out of the pages, and so of the PDF; here they leave the notebooks, too, that readers download.
"""

from __future__ import annotations

import os
from pathlib import Path

from sphinx.application import Sphinx

from latentbook.assignment import without_solutions


def choose(app: Sphinx, config) -> None:
    """Ask the caller; a changed answer reads every page anew."""
    config.hide_solutions = os.environ.get("SOLUTIONS") == "no"


def clean(app: Sphinx, exception: Exception | None) -> None:
    """Take the solutions out of the notebooks beside the pages."""
    if exception or not app.config.hide_solutions:
        return
    for path in (Path(app.outdir) / "_sources").rglob("*.ipynb*"):
        path.write_text(without_solutions(path.read_text(encoding="utf-8")), encoding="utf-8")


def setup(app: Sphinx) -> dict:
    """Register the events above."""
    app.connect("config-inited", choose)
    app.connect("build-finished", clean)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
