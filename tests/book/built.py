"""The built book: its pages, the figures that they show, and what these carry."""

import base64
import gzip
import json
import re
from pathlib import Path

import numpy as np
from playwright.sync_api import Frame, Page

from latentbook import HTML, LANGUAGES

ALL = sorted(str(path.relative_to(HTML)) for path in HTML.rglob("*.html") if not {"_static", "embed"} & set(path.parts))
CHINESE = [page for page in ALL if page.startswith("zh/")]
PAGES = [page for page in ALL if not page.startswith(tuple(f"{code}/" for code in LANGUAGES.values()))]
READ = [page for page in PAGES if page != "index.html"]  # which only points on
CHAPTERS = [page for page in PAGES if page.startswith("notebooks/0")]  # notebooks/loss.html is for looking up


def places(name: str) -> list[str]:
    """The figures that a page of the built book displays, by the names of their state files."""
    return re.findall(r'<div class="lw-place"[^>]* data-name="([^"]+)"', (HTML / name).read_text())


def carried(file: Path) -> object:
    """What a file of the book that figures ask for carries: the value that its script puts into the page."""
    value = file.read_text().partition("] = ")[2]
    return json.loads(value.rstrip().removesuffix(";"))


def models(figure: str) -> dict[str, dict]:
    """The widget models that a figure's state file carries, by id."""
    return carried(HTML / "_static" / "figures" / f"{figure}.js")


def widget_state(name: str) -> dict[str, dict]:
    """The widget models of all figures of a page, by id; empty where it has none."""
    return {id: model for figure in places(name) for id, model in models(figure).items()}


def weights(part: str) -> bytes:
    """The safetensors of a part of a network, "<digest>-<part>", from its file: gzip of all low bytes, then all high bytes."""
    planes = gzip.decompress(base64.b64decode(carried(HTML / "_static" / "weights" / f"{part}.js")))
    return np.frombuffer(planes, np.uint8).reshape(2, -1).T.tobytes()


LAB = "notebooks/lab.html"  # whose only figure is a Lab (see cards.py)
LIVE = [page for page in PAGES if places(page) and page != LAB]  # with figures


DRAWN = """(count) => [...document.querySelectorAll(".lw-place")].filter(
  (place) => place.querySelector(".lw-figure[data-ready], .lw-error:not([hidden])")).length === count"""


def wait_for_figures(page: Page | Frame, name: str, errors: bool = False) -> None:
    """Make all figures of a page and wait until they are drawn, or with ``errors`` say what is wrong."""
    if not places(name):
        return
    page.evaluate("latentwalk.all()")
    page.wait_for_function(DRAWN, arg=len(places(name)))
    found = page.locator(".lw-error:visible").all_text_contents()
    assert errors or not found, found
