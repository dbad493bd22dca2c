"""Sphinx extension: pictures that matplotlib has drawn more than once (latentbook.dark) follow the page's theme and its language.

They lie in the built book as WebP without loss, which takes half of what PNG takes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import imagesize
from offline import other_edition
from PIL import Image
from sphinx.application import Sphinx

from latentbook import LANGUAGES, dark

PICTURE = re.compile(r'<img (?P<before>[^>]*?)src="(?P<folder>[^"]*_images/)(?P<name>[^"]+)\.png"(?P<after>[^>]*)>')
CLASS = re.compile(r'class="([^"]*)"\s*')
LAZY = re.compile(r'loading="lazy"\s*')
SIZE = re.compile(r'(?:width|height)="\d+"\s*')
OWN = "words/"  # folder in _images for what only this edition has (languages.py)


def in_its_words(app: Sphinx, png: bytes) -> bytes | None:
    """The picture in the language of this edition; None where that is English, or the picture is the same in both."""
    return dark.others(png).get(LANGUAGES[app.config.language]) if other_edition(app) else None


def sources(app: Sphinx) -> Iterator[tuple[str, bytes]]:
    """Name and content of each PNG of the book."""
    for path, (_, file) in app.env.images.items():
        if file.endswith(".png"):
            yield file, Path(app.srcdir, path).read_bytes()


def pair(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Put the dark picture behind the light one; a style shows the one of the theme (book/_static/latentwalk.css)."""
    if "_images/" not in context.get("body", ""):
        return
    paths = {file: Path(app.srcdir, path) for path, (_, file) in app.env.images.items()}

    def with_dark(match: re.Match) -> str:
        name, before, after = match["name"], match["before"], match["after"]
        path = paths.get(f"{name}.png")
        png = path.read_bytes() if path else b""
        if png and (own := in_its_words(app, png)):
            png, name = own, f"{OWN}{name}"
            width, height = imagesize.get(io.BytesIO(png))
            before, after = f'width="{width}" height="{height}" {SIZE.sub("", before)}', SIZE.sub("", after)
        if not png or not dark.split(png)[1]:
            return match[0]
        rest = before + after
        classes = " ".join(CLASS.findall(rest))
        plain = CLASS.sub("", rest).strip()
        light = f'<img class="{classes} dark-light lw-day" src="{match["folder"]}{name}.webp" {plain}>'
        lazy = LAZY.sub("", plain)  # who reads in the other theme does not load it
        return light + (
            f'<img class="{classes} dark-light lw-night" loading="lazy" src="{match["folder"]}{name}-dark.webp" {lazy}>'
        )

    context["body"] = PICTURE.sub(with_dark, context["body"])


def take_apart(app: Sphinx, exception: Exception | None) -> None:
    """One file for each; what is the same in all languages the English edition has. Those of an earlier build go."""
    if exception or app.builder.format != "html":
        return
    folder, kept = Path(app.outdir, "_images"), {file for _, file in app.env.images.values()}
    for file, png in sources(app):
        own = in_its_words(app, png)
        light, night = dark.split(own or png)
        if not night:
            continue
        (folder / file).unlink(missing_ok=True)
        if own or not other_edition(app):
            target = (folder / (OWN if own else "") / file).with_suffix(".webp")
            for picture, path in ((light, target), (night, target.with_stem(f"{target.stem}-dark"))):
                write(picture, path)
                kept.add(path.name)
    for path in folder.glob(f"{OWN * other_edition(app)}*.webp"):
        if path.name not in kept:
            path.unlink()


def write(png: bytes, target: Path) -> None:
    """The picture as WebP, unless it is there: its name tells its content."""
    if not target.exists():
        target.parent.mkdir(exist_ok=True)
        Image.open(io.BytesIO(png)).save(target, lossless=True, method=3)


def setup(app: Sphinx) -> dict:
    """Register the events above; after theme.py, which gives pictures their size."""
    app.connect("html-page-context", pair, priority=960)
    app.connect("build-finished", take_apart, priority=100)  # before anything looks at what lies there
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
