"""The words of figures and exercises in other languages than English.

English stands in the code; ``languages/<code>.json`` gives for each sentence the same in another language. What is missing there stays
English. `make translations` keeps these files in step with the code.
"""

import json
import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "languages"
BRACES = re.compile(r"\{(\w+)[^{}]*\}")

_now = "en"


def available() -> list[str]:
    """The languages that `language` knows."""
    return ["en", *sorted(path.stem for path in FOLDER.glob("*.json"))]


def now() -> str:
    """The language that has been chosen."""
    return _now


def choose(code: str) -> None:
    """Speak this language from now on; ValueError if there is none of that name."""
    global _now
    if code not in available():
        raise ValueError(f"code: expected one of {', '.join(available())}, got {code!r}")
    _now = code


@cache
def sentences(code: str) -> dict[str, str]:
    """English -> the sentence in that language; none for English itself."""
    path = FOLDER / f"{code}.json"
    groups = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {english: other for group in groups.values() for english, other in group.items() if other}


@cache
def patterns(code: str) -> list[tuple[re.Pattern, str]]:
    """Those with {places} that are not empty otherwise: what the English looks like when the places are filled."""

    def pattern(english: str) -> re.Pattern:
        parts = BRACES.split(english)
        names = iter(range(len(parts)))
        return re.compile(
            "".join(f"(?P<_{next(names)}_{p}>.+?)" if i % 2 else re.escape(p) for i, p in enumerate(parts))
        )

    return [(pattern(english), other) for english, other in sentences(code).items() if BRACES.search(english)]


def translate(text: str, code: str | None = None) -> str:
    """The same in another language: a sentence of the catalogue, also one whose places are filled; any other text as it is."""
    code = code or _now
    known = sentences(code)
    if text in known or not known:
        return known.get(text, text)
    for pattern, other in patterns(code):
        if found := pattern.fullmatch(text):
            return other.format(**{name.split("_", 2)[2]: value for name, value in found.groupdict().items()})
    return text


def say(text: str, **values) -> str:
    """A sentence in the language that has been chosen, with its {places} filled."""
    return translate(text).format(**values)
