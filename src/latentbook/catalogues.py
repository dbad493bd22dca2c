"""What the book says in other languages: its catalogues in book/locale."""

from functools import cache
from pathlib import Path

import polib

from latentbook import ROOT


@cache
def read(path: Path) -> dict[str, str]:
    """What is translated in a file; nothing where there is none."""
    return (
        {entry.msgid: entry.msgstr for entry in polib.pofile(str(path)).translated_entries()} if path.exists() else {}
    )


def words(language: str, name: str = "sphinx", locale: Path = ROOT / "book" / "locale") -> dict[str, str]:
    """A language's catalogue; without a name, the words of extensions, templates and scripts."""
    return read(locale / language / "LC_MESSAGES" / f"{name}.po")
