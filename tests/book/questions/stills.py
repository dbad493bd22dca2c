"""The stills of the figures: there without JavaScript and on paper, out of the way otherwise, and up to date."""

import json
import re

import numpy as np
import pytest
import stills
from built import places
from cards import cards, frames, signature, title, wait_for_signature
from PIL import Image

LIST = json.loads((stills.STILLS / "stills.json").read_text())
TILE, MOST = 64, 25  # pixels of a still; grey levels of 255


def difference(one: Image.Image, other: Image.Image) -> float:
    """The largest mean difference of two pictures over a tile of 64 x 64 pixels, in grey levels."""
    size = max(one.width, other.width), max(one.height, other.height)
    a, b = (np.array(image.convert("L").crop((0, 0, *size)), dtype=float) for image in (one, other))
    rows, columns = (length // TILE for length in a.shape)
    tiles = np.abs(a - b)[: rows * TILE, : columns * TILE].reshape(rows, TILE, columns, TILE)
    return tiles.mean((1, 3)).max()


def plain(words: str) -> str:
    """Words without their numbers: a network that is trained while the book is made differs a little from machine to machine."""
    return re.sub(r"[\d.]+", "", words)


def shows_stills_without_javascript(page, name):
    shown = page.locator("img.lw-still")
    assert [image.get_attribute("alt") for image in shown.all()] == [LIST[still]["words"] for still in places(name)]
    for image in shown.all():
        image.scroll_into_view_if_needed()
        assert image.is_visible() and len(image.get_attribute("alt")) > 20
        box, size = image.bounding_box(), image.evaluate("(i) => [i.naturalWidth, i.naturalHeight]")
        assert box["width"] > 400, "it loads"
        assert box["width"] / box["height"] == pytest.approx(size[0] / size[1], rel=0.01)


def has_stills_of_what_it_shows(page, name):
    stills.prepare(page)
    taken = list(stills.photograph(page))
    assert [still for still, _, _ in taken] == places(name)
    for still, image, words in taken:
        if still.endswith("-lab"):
            continue  # its still was taken after a training
        found = difference(Image.open(stills.STILLS / f"{still}.webp"), image)
        print(f"{still}: {found:.1f}")
        assert found < MOST, f"{still} shows something else than the figure: run `make stills`"
        assert plain(LIST[still]["words"]) == plain(words["words"]), f"{still}: run `make stills`"


def shows_figures_on_a_screen_and_stills_on_paper(page, name):
    count = len(places(name))
    before = [signature(card) for card in cards(page)]
    assert [image.is_visible() for image in page.locator(".lw-still").all()] == [False] * count
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.emulate_media(media="print")
    assert [image.is_visible() for image in page.locator(".lw-still").all()] == [True] * count
    assert not any(card.is_visible() for card in page.locator(".lw-card").all())
    page.emulate_media(media="screen")
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    for card, pixels in zip(cards(page), before):
        wait_for_signature(card, pixels, f"{title(card)} is not what it was before it was printed")


def stands_still_until_somebody_moves_it(page, name):
    before = [signature(card) for card in cards(page)]
    frames(page, 60)
    assert [signature(card) for card in cards(page)] == before, "something moves unasked"
    moving = """() => [...document.querySelectorAll(".lw-card, .lw-card *")].filter((e) =>
      ["transitionDuration", "animationDuration"].some((name) => parseFloat(getComputedStyle(e)[name]) > 0.001)).length"""
    assert page.evaluate(moving) == 0, "prefers-reduced-motion: no transitions"
