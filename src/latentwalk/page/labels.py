"""The words in matplotlib's pictures, in another language: a text is translated while it is drawn, and stays English in the figure."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from matplotlib import font_manager, rcParams
from matplotlib.text import Text

from latentwalk.page.language import translate

# Fonts with the letters of a language, on Linux, macOS and Windows, where matplotlib's own has none.
FONTS = {"zh": ("Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Heiti SC", "Microsoft YaHei")}

_english, _fonts = Text.get_text, list(rcParams["font.sans-serif"])


@cache
def font(code: str) -> str | None:
    """The first font of a language that is installed, with the book (requirements.txt) or in the system; None where there is none."""
    if code == "zh" and (package := find_spec("pylopdf_fonts_zh_cn")) and package.origin:
        font_manager.fontManager.addfont(Path(package.origin).with_name("NotoSansSC-Regular.otf"))
    known = {one.name for one in font_manager.fontManager.ttflist}
    return next((name for name in FONTS[code] if name in known), None)


def speak(code: str) -> bool:
    """Let matplotlib say this language in all that it draws from now on; False where no font has its letters, and all stays English."""
    letters = [font(code)] if code in FONTS else []
    can = None not in letters
    Text.get_text = (lambda self: say(_english(self), code)) if can and code != "en" else _english
    rcParams["font.sans-serif"] = [*letters, *_fonts] if can else _fonts
    return can


def say(text: str, code: str) -> str:
    """A text of a picture in another language; spaces around it stay."""
    words = text.strip()
    return text.replace(words, translate(words, code)) if words else text
