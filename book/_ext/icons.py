"""Font Awesome's icons in the book: those that its pages show, out of the fonts that come with the theme.

An icon that is an element (``<i class="fa-solid fa-list">``) becomes a mask over the colour of the text: no font to wait for, and no
letter that a screen reader would try to read. One that a rule of the theme writes as a letter (before a warning's title) comes from
a font that holds no others.
"""

from __future__ import annotations

import base64
import io
import logging
import re
from pathlib import Path
from urllib.parse import quote

from fontTools import subset
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells the build's log of each table

FILES = {"solid": "fa-solid-900.ttf", "regular": "fa-regular-400.ttf", "brands": "fa-brands-400.ttf"}
KINDS = {
    **dict.fromkeys(["fa", "fas", "fa-solid"], "solid"),
    **dict.fromkeys(["far", "fa-regular"], "regular"),
    **dict.fromkeys(["fab", "fa-brands"], "brands"),
}
FAMILIES = {"solid": "Font Awesome 6 Free", "brands": "Font Awesome 6 Brands"}  # as the theme's rules call them
NAMED = re.compile(
    r'((?:\.fa-[\w-]+::?before,?)+)\{content:"\\([0-9a-f]+) ?"\}'
)  # .fa-bars:before,.fa-navicon:before{content:"\f0c9"}
LETTER = re.compile(r"[\ue000-\uf8ff]|\\([ef][0-9a-f]{3})")  # as it is, or escaped
SIMPLE = " ='/:,().-"  # what a data address may hold as it is

BASE = """{every} {{ box-sizing: content-box; display: inline-block; flex: none; height: 1em; vertical-align: -0.125em; background: currentColor; }}
.fa-lg {{ font-size: 1.3333em; vertical-align: -0.2em; }}
.fa-fw {{ width: 1.25em !important; }}
@media (forced-colors: active) {{ {every} {{ forced-color-adjust: none; background: CanvasText; }} }}
"""
MASK = """.fa-{name} {{ width: {width}em; mask: url("data:image/svg+xml,{picture}") center / contain no-repeat; }}
"""
PICTURE = """<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {size}'><path transform='matrix(1 0 0 -1 0 {top})' d='{path}'/></svg>"""
FONT = """@font-face {{ font-family: "{family}"; font-weight: {weight}; font-display: block; src: url(data:font/woff;base64,{data}); }}
"""


class Icons:
    """The fonts in a folder, with the names that Font Awesome's style sheet gives to their icons."""

    def __init__(self, folder: Path, css: str):
        self.fonts = {kind: TTFont(folder / file) for kind, file in FILES.items()}
        self.codes = {}  # name -> code of its letter
        for names, code in NAMED.findall(css):
            self.codes |= dict.fromkeys(re.findall(r"\.fa-([\w-]+)", names), int(code, 16))

    def used(self, pages: str, scripts: str) -> dict[str, str]:
        """The names of the icons that pages show or scripts may add to them, with their kinds."""
        found = {}
        # In a script: a class, or what the state of a button of ipywidgets says.
        for pair in re.findall(r'\bfa-([\w-]+)|"icon": ?"([\w -]+)"', scripts):
            found |= dict.fromkeys("".join(pair).split(), "solid")
        for words in map(str.split, re.findall(r'class="([^"]*\bfa[^"]*)"', pages)):
            kind = next((KINDS[word] for word in words if word in KINDS), None)
            found |= {word.removeprefix("fa-"): kind for word in words if kind and word.startswith("fa-")}
        return {name: kind for name, kind in sorted(found.items()) if self._letter(name, kind)}

    def _letter(self, name: str, kind: str) -> str | None:
        return self.fonts[kind].getBestCmap().get(self.codes.get(name))

    def masks(self, used: dict[str, str]) -> str:
        """The rules that draw these icons."""
        rules = [BASE.format(every=", ".join(f".fa-{name}" for name in used))]
        for name, kind in used.items():
            font, pen = self.fonts[kind], SVGPathPen(None)
            glyph = font.getGlyphSet()[self._letter(name, kind)]
            glyph.draw(pen)
            size = font["head"].unitsPerEm  # of which an eighth is below the line
            picture = PICTURE.format(width=glyph.width, size=size, top=size * 7 / 8, path=pen.getCommands())
            rules.append(MASK.format(name=name, width=glyph.width / size, picture=quote(picture, safe=SIMPLE)))
        return "".join(rules)

    def letters(self, css: str) -> str:
        """Fonts with the icons that the rules of this style sheet write as letters."""
        rules, codes = [], {int(found[1], 16) if found[1] else ord(found[0]) for found in LETTER.finditer(css)}
        for kind, family in FAMILIES.items():
            font, file = self.fonts[kind], io.BytesIO()
            if not codes & set(font.getBestCmap()):
                continue
            cutter = subset.Subsetter(subset.Options(hinting=False, layout_features=[], name_IDs=[]))
            cutter.populate(unicodes=codes)
            cutter.subset(font)
            font.flavor = "woff"
            font.save(file)
            data = base64.b64encode(file.getvalue()).decode()
            rules.append(FONT.format(family=family, weight=font["OS/2"].usWeightClass, data=data))
        return "".join(rules)
