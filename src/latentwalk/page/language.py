"""The words of figures, exercises and pictures in other languages than English.

English stands in the code; ``languages/<code>.json`` gives for each sentence the same in another language. What is missing there stays
English. `make translations` keeps these files in step with the code.
"""

import io
import json
import re
import sys
import weakref
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "languages"
BRACES = re.compile(r"\{(\w+)[^{}]*\}")
PICTURES = ", pictures"  # behind a notebook's name: the group of what only its pictures say

# What of ipywidgets' own controls is words; the traits of figures say so by themselves (``.tag(words=True)``).
CONTROLS = ("description", "tooltip", "_options_labels")

_now = "en"
# Each with its words: trait -> (English, as it is shown).
_widgets: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


def available() -> list[str]:
    """The languages that `language` knows."""
    return ["en", *sorted(path.stem for path in FOLDER.glob("*.json"))]


def language(code: str) -> None:
    """Show figures, those that are there and those to come, and print what exercises say, in this language: "en" or "zh".

    matplotlib's pictures follow where they are drawn after this, and where a font has the letters (for Chinese, ``latentwalk[book]``
    brings one; otherwise one of the system's). Raises ValueError if there is none of that name.
    """
    global _now
    if code not in available():
        raise ValueError(f"code: expected one of {', '.join(available())}, got {code!r}")
    _now = code
    # A pipe on Windows has no letters for every language.
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="replace")
    for widget in list(_widgets):
        speak(widget)
    from latentwalk.page import labels  # which needs `translate`

    labels.speak(code)


def worded(traits: dict) -> list[str]:
    """Which of these traits hold words that are shown."""
    return [name for name, trait in traits.items() if name in CONTROLS or trait.metadata.get("words")]


def speak(widget) -> None:
    """Put a widget's words into the language that has been chosen."""
    words = _widgets.setdefault(widget, {})
    for name in worded(widget.traits()):
        value = getattr(widget, name)
        english, shown = words.get(name, (value, value))
        if value != shown:  # somebody has written something else since
            english = value
        words[name] = english, translate(english)
        if words[name][1] != value:
            widget.set_trait(name, words[name][1])  # ipywidgets keeps its users from setting labels alone


@cache
def sentences(code: str, pictures: bool = False) -> dict[str, str]:
    """English -> the sentence in that language; none for English itself. With ``pictures``, also what only matplotlib's pictures say."""
    path = FOLDER / f"{code}.json"
    groups = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    groups = [group for name, group in groups.items() if pictures or not name.endswith(PICTURES)]
    return {english: other for group in groups for english, other in group.items() if other}


@cache
def patterns(code: str, pictures: bool = False) -> list[tuple[re.Pattern, str]]:
    """Those with {places} that are not empty otherwise: what the English looks like when the places are filled."""

    def pattern(english: str) -> re.Pattern:
        parts = BRACES.split(english)
        names = iter(range(len(parts)))
        return re.compile(
            "".join(f"(?P<_{next(names)}_{p}>.+?)" if i % 2 else re.escape(p) for i, p in enumerate(parts))
        )

    known = [(english, other) for english, other in sentences(code, pictures).items() if BRACES.search(english)]
    known.sort(key=lambda one: -len(BRACES.sub("", one[0])))  # "{network}: a {label}" before "{name}: {moon}"
    return [(pattern(english), other) for english, other in known]


def translate(words, code: str | None = None, pictures: bool = False):
    """The same in another language: a sentence of the catalogue, also one whose places are filled (with words of it); lists and dicts; else as it is.

    With ``pictures``, also a text of a matplotlib picture, such as "to {digit}", which would find itself in a reader's own sentence.
    """
    code = code or _now
    if isinstance(words, dict):
        return {name: translate(value, code, pictures) for name, value in words.items()}
    if isinstance(words, list | tuple):
        return type(words)(translate(value, code, pictures) for value in words)
    known = sentences(code, pictures)
    if not isinstance(words, str) or words in known or not known:
        return known.get(words, words)
    for pattern, other in patterns(code, pictures):
        if found := pattern.fullmatch(words):
            values = {name.split("_", 2)[2]: part for name, part in found.groupdict().items()}
            return other.format(**{name: translate(part, code, pictures) for name, part in values.items()})
    return words


def say(text: str, **values) -> str:
    """A sentence in the language that has been chosen, with its {places} filled."""
    return translate(text).format(**values)
