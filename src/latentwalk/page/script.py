"""A figure's JavaScript for notebooks, where nothing bundles."""

import re
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "widgets"  # where the figures' JavaScript lies, and their style

_IMPORT = re.compile(r'^import [^;]+ from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


def esm(name: str) -> str:
    """The JavaScript of a figure as one module, for notebooks, where nothing bundles: its file after those that it imports.

    Lines that import and the word ``export`` go, so no two files may give the same name to different things;
    ``export default`` stays.
    """
    files: dict[str, str] = {}

    def add(part: str) -> None:
        text = (FOLDER / f"{part}.js").read_text(encoding="utf-8")
        for other in _IMPORT.findall(text):
            if other not in files:
                add(other)
        files[part] = _EXPORT.sub("", _IMPORT.sub("", text))

    add(name)
    return "\n".join(files.values())
