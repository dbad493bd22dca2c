"""matplotlib's pictures for the dark theme: drawn a second time by the kernel that the book is built with.

`install` makes IPython draw each figure twice. The dark drawing travels inside the light one, as a private chunk of its PNG
(W3C, Portable Network Graphics, third edition, section 5.4), through notebooks and caches that know of one picture only;
`split` takes the two apart (book/_ext/night.py).
"""

import base64
import struct
import sys
import zlib
from collections.abc import Callable, Iterator

CHUNK = b"daRk"  # ancillary, private, safe to copy
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


def add(light: bytes, dark: bytes) -> bytes:
    """The light picture with the dark one inside."""
    parts = list(chunks(light))
    return _join([*parts[:-1], (CHUNK, dark), parts[-1]])


def split(png: bytes) -> tuple[bytes, bytes | None]:
    """The light picture, and the dark one if there is one inside."""
    parts = list(chunks(png))
    dark = next((data for kind, data in parts if kind == CHUNK), None)
    return (_join(part for part in parts if part[0] != CHUNK), dark) if dark else (png, None)


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
    undo = []

    def put(artist, name, value):
        before = getattr(artist, f"get_{name}")()
        undo.append(lambda: getattr(artist, f"set_{name}")(before))
        getattr(artist, f"set_{name}")(value)

    def change(artist, name):
        value = getattr(artist, f"get_{name}")()
        if isinstance(value, str) and value in ("none", "auto", "face"):
            return
        many = isinstance(artist, Collection)
        put(artist, name, [dark_color(one) for one in value] if many else dark_color(value))

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

    def restore():
        for step in reversed(undo):
            step()

    return restore


def twice(draw: Callable) -> Callable:
    """A formatter of figures, as IPython has them, that puts the dark drawing into the light one."""

    def both(figure):
        light = draw(figure)
        restore = darken(figure)
        try:
            dark = draw(figure)
        finally:
            restore()
        plain = [base64.b64decode(png) if isinstance(png, str) else png for png in (light, dark)]
        return base64.b64encode(add(*plain)).decode()

    both.twice = True
    return both


def install(shell) -> None:
    """Draw each figure of this IPython twice. matplotlib's formatter is there once a cell has imported pyplot."""

    def wrap():
        pictures = shell.display_formatter.formatters["image/png"]
        kind = getattr(sys.modules.get("matplotlib.figure"), "Figure", None)
        draw = pictures.for_type(kind) if kind else None
        if draw and not hasattr(draw, "twice"):
            pictures.for_type(kind, twice(draw))

    shell.events.register("post_execute", wrap)  # before the figures of a cell are shown
