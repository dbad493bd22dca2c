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
