"""The stills of the figures: there without JavaScript and on paper, out of the way otherwise, and up to date."""

import json
import re
import sys

import numpy as np
import pytest
from cards import cards, signature
from conftest import LIVE, ROOT, views
from PIL import Image

sys.path.insert(0, str(ROOT / "book"))
import stills

NAMES = {name: [f"{name[10:-5]}-{n + 1}" for n in range(views(name))] for name in LIVE}
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


def test_every_still_belongs_to_a_figure_and_they_are_light():
    figures = [still for names in NAMES.values() for still in names]
    files = {path.name for path in stills.STILLS.iterdir()}
    assert files == {"stills.json", *(f"{name}.webp" for name in figures)}, "run `make stills`"
    assert list(LIST) == figures, "run `make stills`"
    assert sum(path.stat().st_size for path in stills.STILLS.iterdir()) < 1_000_000


@pytest.mark.parametrize("name", LIVE)
def test_without_javascript_every_figure_has_its_still(visit, disk, name):
    with visit(disk, name, java_script_enabled=False) as page:
        shown = page.locator("img.lw-still")
        assert [image.get_attribute("alt") for image in shown.all()] == [LIST[still]["words"] for still in NAMES[name]]
        for image in shown.all():
            image.scroll_into_view_if_needed()
            assert image.is_visible() and len(image.get_attribute("alt")) > 20
            box, size = image.bounding_box(), image.evaluate("(i) => [i.naturalWidth, i.naturalHeight]")
            assert box["width"] > 400, "it loads"
            assert box["width"] / box["height"] == pytest.approx(size[0] / size[1], rel=0.01)


@pytest.mark.parametrize("name", LIVE)
def test_stills_are_up_to_date_and_stand_on_paper(visit, server, name):
    with visit(server, name, reduced_motion="reduce", device_scale_factor=stills.SCALE, height=2400) as page:
        stills.prepare(page)
        taken = list(stills.photograph(page))
        assert len(taken) == len(NAMES[name])
        for still, (image, words) in zip(NAMES[name], taken):
            found = difference(Image.open(stills.STILLS / f"{still}.webp"), image)
            print(f"{still}: {found:.1f}")
            assert found < MOST, f"{still} shows something else than the figure: run `make stills`"
            assert plain(LIST[still]["words"]) == plain(words), f"{still}: run `make stills`"
        # On a screen the figure, on paper the still; the figures stand still until somebody moves them.
        before = [signature(card) for card in cards(page)]
        assert [image.is_visible() for image in page.locator(".lw-still").all()] == [False] * len(taken)
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        page.emulate_media(media="print")
        assert [image.is_visible() for image in page.locator(".lw-still").all()] == [True] * len(taken)
        assert [card.is_visible() for card in cards(page)] == [False] * len(taken)
        page.emulate_media(media="screen")
        page.evaluate("document.documentElement.dataset.theme = 'light'")
        page.wait_for_timeout(1000)
        assert [signature(card) for card in cards(page)] == before, "something moves unasked"
        moving = """() => [...document.querySelectorAll(".lw-card, .lw-card *")].filter((e) =>
          ["transitionDuration", "animationDuration"].some((name) => parseFloat(getComputedStyle(e)[name]) > 0.001)).length"""
        assert page.evaluate(moving) == 0, "prefers-reduced-motion: no transitions"


def test_a_figure_that_has_changed_is_noticed(visit, server):
    """Another digit, or another position of the slider, is more than the tolerance above."""
    with visit(server, LIVE[0], device_scale_factor=stills.SCALE, height=2400) as page:
        stills.prepare(page)
        card, still = cards(page)[0], Image.open(stills.STILLS / f"{NAMES[LIVE[0]][0]}.webp")
        for key in ["ArrowRight"] * 10:
            card.locator("[role=slider]").first.press(key)
        signature(card)
        ((image, _),) = stills.photograph(page)
        print(f"t moved by 0.1: {difference(still, image):.1f}")
        assert difference(still, image) > MOST
