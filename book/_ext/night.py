"""Sphinx extension: pictures that matplotlib has drawn twice (latentbook.dark) follow the page's theme."""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.application import Sphinx

from latentbook.dark import split

PICTURE = re.compile(r'<img (?P<before>[^>]*?)src="(?P<folder>[^"]*_images/)(?P<name>[^"]+)\.png"(?P<after>[^>]*)>')
CLASS = re.compile(r'class="([^"]*)"\s*')
LAZY = re.compile(r'loading="lazy"\s*')


def pair(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Put the dark picture behind the light one; a style shows the one of the theme (book/_static/latentwalk.css)."""
    if "_images/" not in context.get("body", ""):
        return
    sources = {file: Path(app.srcdir, path) for path, (_, file) in app.env.images.items()}

    def with_dark(match: re.Match) -> str:
        source = sources.get(match["name"] + ".png")
        if not source or not split(source.read_bytes())[1]:
            return match[0]
        rest = match["before"] + match["after"]
        classes = " ".join(CLASS.findall(rest))
        plain = CLASS.sub("", rest).strip()
        light = f'<img class="{classes} dark-light lw-day" src="{match["folder"]}{match["name"]}.png" {plain}>'
        lazy = LAZY.sub("", plain)  # who reads in the other theme does not load it
        return light + (
            f'<img class="{classes} dark-light lw-night" loading="lazy" '
            f'src="{match["folder"]}{match["name"]}-dark.png" {lazy}>'
        )

    context["body"] = PICTURE.sub(with_dark, context["body"])


def take_apart(app: Sphinx, exception: Exception | None) -> None:
    """One file for each of the two."""
    if exception or app.builder.format != "html":
        return
    for path in (Path(app.outdir) / "_images").glob("*.png"):
        light, dark = split(path.read_bytes())
        if dark:
            path.with_name(f"{path.stem}-dark.png").write_bytes(dark)
            path.write_bytes(light)


def setup(app: Sphinx) -> dict:
    """Register the events above; after theme.py, which gives pictures their size."""
    app.connect("html-page-context", pair, priority=960)
    app.connect("build-finished", take_apart, priority=100)  # before anything looks at what lies there
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
