"""Sphinx extension: each figure of the book alone, as a page for a frame in a course or in slides: ``embed/<page>-<figure>.html``.

Such a page is the figure's place, taken from the page of the book as it was written, and the scripts that make it from the same files:
nothing is executed again, and nothing is stored twice. It has no script of its own inside, so that a strict policy may stand.
In another language than English, ``_static/words.js`` has the words of its scripts.
"""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path

from figures import read_state, said
from languages import words_of_scripts
from offline import other_edition
from sphinx.application import Sphinx

from latentbook import tag

FIGURE = re.compile(r'<div class="lw-place" id="([^"]+)"[^>]* data-name="([^"]+)" data-view="(\w+)".*?</div>', re.S)
PAGE = """\
<!DOCTYPE html>
<html lang="{language}" data-content_root="../">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>{title} - {book}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="../_static/embed.css">
<script src="../_static/runtime/embed.js"></script>{words}
<script src="../_static/runtime/places.js" defer></script>
<script src="../_static/language.js" defer></script>
<script src="../_static/latentwalk.js" defer></script>
</head>
<body>
<main>
<h1>{title}</h1>
{place}
<p class="lw-source"><a href="../{docname}.html#{id}" target="_blank">{book}</a></p>
</main>
</body>
</html>
"""


def write_pages(app: Sphinx, exception: Exception | None) -> None:
    """Write a page for each figure, and drop those of figures that are no more."""
    if exception or app.builder.format != "html":
        return
    out, wanted = Path(app.outdir), {}
    if other_edition(app):
        words = json.dumps(words_of_scripts(app), ensure_ascii=False)
        (out / "_static" / "words.js").write_text(f"globalThis.latentwalkWords = {words};\n", encoding="utf-8")
    for docname in sorted(app.env.found_docs):
        if not (models := read_state(app, docname)):
            continue
        for figure in FIGURE.finditer((out / f"{docname}.html").read_text(encoding="utf-8")):
            id, name, view = figure.groups()
            words = {
                "language": tag(app.config.language),
                "title": escape(said(app, models, view)[0]),
                "book": escape(app.config.html_title),
                "words": '\n<script src="../_static/words.js"></script>' * other_edition(app),
            }
            place = re.sub(r'(?<=[" ])(\.\./)*_static/', "../_static/", figure[0])
            wanted[out / "embed" / f"{name}.html"] = PAGE.format(place=place, docname=docname, id=id, **words)
    for path, text in wanted.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in {*out.glob("embed/*.html")} - set(wanted):
        path.unlink()


def setup(app: Sphinx) -> dict:
    """Register the event above, between those of the figures and of the theme."""
    app.connect("build-finished", write_pages, priority=700)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
