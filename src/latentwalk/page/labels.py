"""The words in matplotlib's pictures, in another language: what a figure stores is English, and its ``get_text`` answers in that language."""

import contextlib
from functools import cache
from importlib import import_module

from matplotlib import font_manager, rcParams
from matplotlib.text import Text

from latentwalk.page.language import translate

# Fonts with the letters of a language, on Linux, macOS and Windows, where matplotlib's own has none.
FONTS = {"zh": ("Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Heiti SC", "Microsoft YaHei")}

_english = Text.get_text
_fonts: list[str] | None = None  # those of English, while another language is spoken


@cache
def font(code: str) -> str | None:
    """The first font of a language that is installed, with the book (requirements.txt) or in the system; None where there is none."""
    with contextlib.suppress(ImportError):  # of the extra "book"
        if code == "zh":
            font_manager.fontManager.addfont(import_module("pylopdf_fonts_zh_cn").sans_path())
    known = {one.name for one in font_manager.fontManager.ttflist}
    return next((name for name in FONTS[code] if name in known), None)


def speak(code: str) -> bool:
    """Let matplotlib say this language in all that it draws from now on; False where no font has its letters, and all stays English."""
    global _fonts
    if _fonts is not None:
        Text.get_text, rcParams["font.sans-serif"], _fonts = _english, _fonts, None
    letters = [font(code)] if code in FONTS else []
    can = None not in letters
    if can and code != "en":
        Text.get_text, _fonts = lambda self: say(_english(self), code), list(rcParams["font.sans-serif"])
        rcParams["font.sans-serif"] = [*letters, *_fonts]
    return can


def say(text: str, code: str) -> str:
    """A text of a picture in another language; spaces around it stay."""
    words = text.strip()
    return text.replace(words, translate(words, code, pictures=True)) if words else text
