"""Sphinx extension: drawings say what they say in the language of the book, and on a phone a wide one stands in rows, one above the other,
with words as large as the text's.

A drawing says itself where it is cut: ``data-rows`` of its ``svg`` lists the part of its ground that each row shows, "x y width height",
with commas between them. A word that would be cut, or seen twice, has the number of its row and its x there in ``data-narrow``.
"""

from __future__ import annotations

import re
from html import escape, unescape
from pathlib import Path

from night import OWN
from offline import other_edition
from sphinx.application import Sphinx

from latentbook import catalogues, tag

PICTURE = re.compile(r'<img [^>]*?src="([^"]*_images/)([^"]+)\.svg"[^>]*>')
ROWS = re.compile(r'<svg\b[^>]*? data-rows="([^"]*)"')
HEAD = re.compile(r"<svg\b[^>]*>")
WORD = re.compile(r'<text x="[^"]*"([^>]*?) data-narrow="(\d) ([^"]*)"([^>]*>.*?</text>)')
SAID = re.compile(r"(?<=>)([^<>]+)(?=</(?:text|title|tspan)>)")
GAP = 14  # between rows


def said(svg: str) -> list[str]:
    """What a drawing says."""
    return [unescape(text) for text in SAID.findall(svg)]


def translated(svg: str, words: dict[str, str], language: str) -> str:
    """The drawing in another language."""
    svg = SAID.sub(lambda text: escape(words.get(unescape(text[1]), unescape(text[1])), quote=False), svg)
    return svg.replace("<svg ", f'<svg xml:lang="{language}" ', 1)


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


def drawings(app: Sphinx) -> dict[str, Path]:
    """Where each drawing of the book lies, by its name in the built book."""
    return {file: Path(app.srcdir, path) for path, (_, file) in app.env.images.items() if file.endswith(".svg")}


def read(app: Sphinx, path: Path) -> str:
    """A drawing in the language of this edition."""
    svg = path.read_text(encoding="utf-8")
    if not other_edition(app):
        return svg
    language, locale = app.config.language, Path(app.srcdir) / app.config.locale_dirs[0]
    return translated(svg, catalogues.words(language, locale=locale), tag(language))


def offer(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Show the drawings of this edition, and let a narrow page take those in rows."""
    paths = drawings(app)

    def choice(match: re.Match) -> str:
        svg, place = read(app, paths[f"{match[2]}.svg"]), match[1] + OWN * other_edition(app) + match[2]
        picture = match[0].replace(f"{match[1]}{match[2]}.svg", f"{place}.svg")
        if not rows(svg):
            return picture
        width, height = size(svg)
        source = f'srcset="{place}-narrow.svg" width="{width:g}" height="{height:g}"'
        return f'<picture><source media="(max-width: 30rem)" {source}/>{picture}</picture>'

    context["body"] = PICTURE.sub(choice, context.get("body", ""))


def write(app: Sphinx, exception: Exception | None) -> None:
    """The files of this edition, and those for narrow pages."""
    if exception or app.builder.format != "html":
        return
    for file, source in drawings(app).items():
        svg = read(app, source)
        path = Path(app.outdir, "_images", OWN * other_edition(app), file)
        path.parent.mkdir(exist_ok=True)
        path.write_text(svg, encoding="utf-8")
        if rows(svg):
            path.with_stem(f"{path.stem}-narrow").write_text(narrow(svg), encoding="utf-8")


def setup(app: Sphinx) -> dict:
    """Register the events above; after theme.py, which gives pictures their size."""
    app.connect("html-page-context", offer, priority=960)
    app.connect("build-finished", write, priority=100)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
