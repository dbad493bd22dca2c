"""matplotlib's pictures for the dark theme, and in other languages: drawn again by the kernel that the book is built with.

`install` makes IPython draw each figure twice, and twice more in each language that has other words for some of its own. The other
drawings travel inside the light English one, as private chunks of its PNG (W3C, Portable Network Graphics, third edition, section 5.4),
through notebooks and caches that know of one picture only; `split` and `others` take them apart (book/_ext/night.py). With them travel
the words, so that a new translation has those notebooks run again that draw them (book/_ext/ahead.py), and no others.
"""

import base64
import json
import re
import struct
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator

DARK, OTHER, WORDS = b"daRk", b"laNg", b"woRd"  # ancillary, private, safe to copy
WORD = re.compile(r"[^\W\d_]{2}")  # not `wording.has_words`: of "{name}: {code}" a figure shows what was filled in
START = b"\x89PNG\r\n\x1a\n"
GROUND = (0x14 / 255, 0x18 / 255, 0x1E / 255)  # of the theme's dark pages
PALETTE = {  # the book's colours, as the figures have them in the dark (widgets/latentwalk.css)
    "#d55e00": "#ff8c3a",
    "#0072b2": "#5ab4f0",
    "#7f7f7f": "#a0a0a0",
    "#009e73": "#2fd3a0",
    "#cc79a7": "#e8a6ca",
    "#e69f00": "#f2bb4b",
}


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Type and data of each chunk."""
    if not png.startswith(START):
        raise ValueError("png: expected a PNG")
    at = len(START)
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        yield kind, png[at + 8 : at + 8 + size]
        at += 12 + size


def _join(parts) -> bytes:
    return START + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


def add(png: bytes, *more: tuple[bytes, bytes]) -> bytes:
    """The picture with further chunks inside."""
    parts = list(chunks(png))
    return _join([*parts[:-1], *more, parts[-1]])


def split(png: bytes) -> tuple[bytes, bytes | None]:
    """The light picture, and the dark one if there is one inside."""
    parts = list(chunks(png))
    light = [part for part in parts if part[0] not in (DARK, OTHER, WORDS)]
    return _join(light) if len(light) < len(parts) else png, dict(parts).get(DARK)


def others(png: bytes) -> dict[str, bytes]:
    """The same picture in other languages, each with a dark one inside."""
    found = (data.partition(b"\0") for kind, data in chunks(png) if kind == OTHER)
    return {code.decode(): other for code, _, other in found}


def words(png: bytes) -> dict[str, dict[str, str]]:
    """For each language, what the picture says in English -> what it says in that language."""
    return json.loads(dict(chunks(png)).get(WORDS, b"{}"))


def pictures(notebook: dict) -> Iterator[bytes]:
    """All PNGs among the outputs of a notebook."""
    for output in (output for cell in notebook["cells"] for output in cell.get("outputs", [])):
        if png := output.get("data", {}).get("image/png"):
            yield base64.b64decode(png)


def translated(texts: Iterable[str]) -> dict[str, dict[str, str]]:
    """For each language, these texts and what they are in it."""
    from latentwalk.page.language import available, translate

    return {
        code: {text: translate(text, code, pictures=True) for text in texts} for code in available() if code != "en"
    }


def stale(png: bytes) -> bool:
    """Whether some word of the picture has another translation than when it was drawn."""
    known = words(png)
    now = translated(next(iter(known.values()), {}))
    return any(known.get(code, {}).get(text, text) != other for code in now for text, other in now[code].items())


def dark_color(color) -> tuple[float, float, float, float]:
    """What a colour becomes: greys are turned over, the book's colours have their own, others get lighter if they are dim."""
    from matplotlib.colors import to_hex, to_rgba

    *rgb, alpha = to_rgba(color)
    known = PALETTE.get(to_hex(rgb))
    if known:
        return (*to_rgba(known)[:3], alpha)
    if max(rgb) - min(rgb) < 0.08:
        level = sum(rgb) / 3
        return (*(0.91 - level * (0.91 - ground) for ground in GROUND), alpha)
    dim = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2] < 0.4
    return (*(part + 0.3 * (1 - part) if dim else part for part in rgb), alpha)


def darken(figure) -> Callable[[], None]:
    """Give all lines, areas and letters of a figure their dark colours; pictures stay. Returns what undoes it."""
    from matplotlib.collections import Collection
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch
    from matplotlib.text import Text

    names = {
        Text: ["color"],
        Line2D: ["color", "markerfacecolor", "markeredgecolor"],
        Patch: ["facecolor", "edgecolor"],
        Collection: ["facecolor", "edgecolor"],
    }
    grounds = {figure.patch, *(axes.patch for axes in figure.axes)}
    # All are read before one is set: a marker has the colour of its line, an edge that of its area.
    before, after = [], []

    def put(artist, name, value):
        before.append((artist, name, getattr(artist, f"get_{name}")()))
        after.append((artist, name, value))

    def change(artist, name):
        value = getattr(artist, f"get_{name}")()
        if isinstance(value, str) and value in ("none", "auto", "face"):
            return
        many = isinstance(artist, Collection)
        put(artist, name, [dark_color(one) for one in value] if many else dark_color(value))

    def give(colors):
        for artist, name, value in colors:
            getattr(artist, f"set_{name}")(value)

    found = figure.findobj()
    texts = [artist for artist in found if isinstance(artist, Text)]
    hidden = [part for text in texts for part in (text.get_bbox_patch(), getattr(text, "arrow_patch", None)) if part]
    for artist in [*found, *hidden]:  # a text does not tell of its box and its arrow
        if artist in grounds:
            put(artist, "facecolor", "none")
            continue
        mapped = isinstance(artist, Collection) and artist.get_array() is not None  # its colours say numbers
        mapped &= getattr(artist, "colors", None) is None  # those of level lines may have been given
        for name in next((names[kind] for kind in names if isinstance(artist, kind)), []):
            if not mapped:
                change(artist, name)

    give(after)
    return lambda: give(before)


def said(figure) -> list[str]:
    """The texts of a figure that are more than numbers and formulas."""
    from matplotlib.text import Text

    from latentbook.wording import FORMULA

    texts = [text.get_text().strip() for text in figure.findobj(Text) if text.get_visible()]
    return sorted({text for text in texts if WORD.search(FORMULA.sub("", text))})


def again(draw: Callable) -> Callable:
    """A formatter of figures, as IPython has them, that puts all other drawings into the light English one."""

    def once(figure) -> bytes:
        png = draw(figure)
        return base64.b64decode(png) if isinstance(png, str) else png

    def both(figure) -> bytes:
        light, layout = once(figure), figure.get_layout_engine()
        restore = darken(figure)
        figure.set_layout_engine("none")  # all stands where it stood
        try:
            return add(light, (DARK, once(figure)))
        finally:
            figure.set_layout_engine(layout or "none")
            restore()

    def every(figure) -> str:
        from latentwalk.page import labels

        png = both(figure)
        known = translated(said(figure))
        more = [(WORDS, json.dumps(known).encode())]
        for code, texts in known.items():
            if any(english != other for english, other in texts.items()) and labels.speak(code):
                try:
                    more.append((OTHER, code.encode() + b"\0" + both(figure)))
                finally:
                    labels.speak("en")
        return base64.b64encode(add(png, *more)).decode()

    every.again = True
    return every


def install(shell) -> None:
    """Draw each figure of this IPython in all ways. matplotlib's formatter is there once a cell has imported pyplot."""

    def wrap():
        pictures = shell.display_formatter.formatters["image/png"]
        kind = getattr(sys.modules.get("matplotlib.figure"), "Figure", None)
        draw = pictures.for_type(kind) if kind else None
        if draw and not hasattr(draw, "again"):
            pictures.for_type(kind, again(draw))

    shell.events.register("post_execute", wrap)  # before the figures of a cell are shown
