"""Drawings in rows, for a phone (book/_ext/narrow.py)."""

from xml.etree import ElementTree

import narrow
import pytest

from latentbook import ROOT

DRAWINGS = sorted((ROOT / "notebooks" / "images").glob("*.svg"))
PHONE = 328  # CSS pixels that a page of 360 leaves to a drawing


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)
def test_on_a_phone_words_can_be_read_and_none_is_seen_twice(path):
    svg = path.read_text(encoding="utf-8")
    width, _ = narrow.size(svg)
    drawing = ElementTree.fromstring(narrow.narrow(svg))
    seen = []
    for window in drawing.iterfind("{*}svg"):
        left, top, across, down = (float(number) for number in window.get("viewBox").split())
        for text in window.iterfind("{*}text"):
            x, y = float(text.get("x")), float(text.get("y"))
            if left <= x <= left + across and top <= y <= top + down:
                seen.append((text.text, x, y))
                assert float(text.get("font-size")) * PHONE / width >= 11, f"{text.text}: CSS pixels of its letters"
    words = [text.text for text in ElementTree.fromstring(svg).iterfind("{*}text")]
    assert sorted(text for text, _, _ in seen) == sorted(words)


def test_a_drawing_in_another_language_has_its_words_in_the_same_places():
    svg = next(path for path in DRAWINGS if path.stem == "network-roll").read_text(encoding="utf-8")
    other = narrow.translated(
        svg, {"encoder": "\u7f16\u7801\u5668", "it goes round: through + and \u00d7": "a < b"}, "zh-CN"
    )
    plain, said = narrow.said(svg), narrow.said(other)
    assert {one: two for one, two in zip(plain, said, strict=True) if one != two} == {
        "encoder": "\u7f16\u7801\u5668",
        "it goes round: through + and \u00d7": "a < b",
    }
    places = [[text.get("x") for text in ElementTree.fromstring(one).iter("{*}text")] for one in (svg, other)]
    assert places[0] == places[1]
    assert narrow.narrow(other).count("\u7f16\u7801\u5668") == narrow.narrow(svg).count(">encoder<")
