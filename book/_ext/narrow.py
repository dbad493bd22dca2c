"""Sphinx extension: on a phone, a wide drawing stands in rows, one above the other, and its words are as large as the text's.

A drawing says itself where it is cut: ``data-rows`` of its ``svg`` lists the part of its ground that each row shows, "x y width height",
with commas between them. A word that would be cut, or seen twice, has the number of its row and its x there in ``data-narrow``.
"""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.application import Sphinx

PICTURE = re.compile(r'<img [^>]*?src="([^"]*_images/)([^"]+)\.svg"[^>]*>')
ROWS = re.compile(r'<svg\b[^>]*? data-rows="([^"]*)"')
HEAD = re.compile(r"<svg\b[^>]*>")
WORD = re.compile(r'<text x="[^"]*"([^>]*?) data-narrow="(\d) ([^"]*)"([^>]*>.*?</text>)')
GAP = 14  # between rows


def rows(svg: str) -> list[list[float]]:
    """x, y, width and height of each row; none where a drawing is never cut."""
    found = ROWS.search(svg)
    return [[float(number) for number in row.split()] for row in found[1].split(",")] if found else []


def size(svg: str) -> tuple[float, float]:
    """Width and height of the drawing in rows."""
    parts = rows(svg)
    return max(part[2] for part in parts), sum(part[3] for part in parts) + GAP * (len(parts) - 1)


def narrow(svg: str) -> str:
    """The drawing in rows."""
    width, height = size(svg)
    inside = HEAD.sub("", svg, count=1).rpartition("</svg>")[0]
    head = re.sub(r' (viewBox|width|height|data-rows)="[^"]*"', "", HEAD.search(svg)[0])
    text, top = head.replace(">", f' viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">', 1), 0.0
    for row, (x, y, across, down) in enumerate(rows(svg)):
        window = f'x="0" y="{top:g}" width="{across:g}" height="{down:g}" viewBox="{x:g} {y:g} {across:g} {down:g}"'
        text += f"<svg {window}>{with_words(inside, row)}</svg>\n"
        top += down + GAP
    return text + "</svg>\n"


def with_words(inside: str, row: int) -> str:
    """What a row draws: of the words that belong to one row, those that belong to this one."""
    return WORD.sub(lambda word: f'<text x="{word[3]}"{word[1]}{word[4]}' if int(word[2]) == row else "", inside)


def offer(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Let a narrow page take the drawing in rows."""
    sources = {file: Path(app.srcdir, path) for path, (_, file) in app.env.images.items()}

    def choice(match: re.Match) -> str:
        svg = sources[f"{match[2]}.svg"].read_text(encoding="utf-8")
        if not rows(svg):
            return match[0]
        width, height = size(svg)
        source = f'srcset="{match[1]}{match[2]}-narrow.svg" width="{width:g}" height="{height:g}"'
        return f'<picture><source media="(max-width: 30rem)" {source}/>{match[0]}</picture>'

    context["body"] = PICTURE.sub(choice, context.get("body", ""))


def write(app: Sphinx, exception: Exception | None) -> None:
    """The files for narrow pages."""
    if exception or app.builder.format != "html":
        return
    for path in (Path(app.outdir) / "_images").glob("*.svg"):
        svg = path.read_text(encoding="utf-8")
        if rows(svg):
            path.with_name(f"{path.stem}-narrow.svg").write_text(narrow(svg), encoding="utf-8")


def setup(app: Sphinx) -> dict:
    """Register the events above; after theme.py, which gives pictures their size."""
    app.connect("html-page-context", offer, priority=960)
    app.connect("build-finished", write, priority=100)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
