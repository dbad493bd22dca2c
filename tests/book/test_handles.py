"""The picture is the handle: what is dragged, let go and opened in the figures of chapters 04 and 06, and what is seen with it."""

import contextlib
import re

import pytest
from cards import settle, wait_until

from latentwalk.widgets import KL

KL_PAGE, WALKING = "notebooks/04_kl.html", "notebooks/06_walking.html"
# From the upper edge of the picture to the lower edge of the first slider, where that does not stick to the screen.
TOGETHER = """(card) => {
  const picture = card.querySelector("canvas.lw-grips, canvas").getBoundingClientRect();
  const slider = [...card.querySelectorAll("[role=slider]")].find((one) => one.checkVisibility());
  return slider.closest(".lw-sticky") ? 0 : slider.getBoundingClientRect().bottom - picture.top;
}"""


@pytest.fixture
def figure(visit, server):
    """figure(page, name) opens a page and gives the card of one of its figures; the pages are left when the test ends."""
    with contextlib.ExitStack() as stack:

        def open_figure(address, name):
            page = stack.enter_context(visit(server, address))
            card = page.locator(".lw-card", has=page.locator(f"[data-figure={name}]"))
            card.scroll_into_view_if_needed()
            settle(card)
            return card

        yield open_figure


def number(text, name):
    return float(re.search(rf"{re.escape(name)} = (−?[\d.]+)", text)[1].replace("−", "-"))


def drag(canvas, which, dx, dy):
    canvas.scroll_into_view_if_needed()
    box, (x, y) = canvas.bounding_box(), canvas.evaluate("(canvas, k) => canvas.handles()[k]", which)
    mouse = canvas.page.mouse
    mouse.move(box["x"] + x, box["y"] + y)
    mouse.down()
    mouse.move(box["x"] + x + dx, box["y"] + y + dy, steps=5)
    mouse.up()


def value(card, label):
    settle(card)
    return float(card.get_by_role("slider", name=label, exact=True).get_attribute("aria-valuetext").replace("−", "-"))


def test_the_ball_is_let_go_and_settles(figure):
    card = figure(KL_PAGE, "kl")
    valley, slope = card.locator("canvas.lw-grips").first, value(card, "σ")
    drag(valley, 0, 20, 0)
    assert value(card, "σ") > slope, "the ball follows the hand"
    card.get_by_role("button", name="Let go").click()
    there = "([card, at]) => card.querySelectorAll('canvas')[1].ariaLabel.includes(at)"
    rolled = "μ = {:.2f}, σ = {:.2f}"
    bottom = rolled.format(*KL().settled)
    wait_until(card.page, there, "it does not roll to the bottom", [card.element_handle(), bottom])
    assert value(card, "σ") == pytest.approx(KL().settled[1], abs=0.006)
    # Another beta: it rolls on by itself, until a hand takes it.
    slider = card.get_by_role("slider", name="β", exact=True)
    for _ in range(10):
        slider.press("ArrowRight")
    wanted = rolled.format(*KL(beta=2).settled)
    wait_until(card.page, there, "it does not follow beta", [card.element_handle(), wanted])
    drag(valley, 0, -30, 0)
    assert card.get_by_role("button", name="Let go").get_attribute("aria-pressed") == "false"
    # The two curves are handles of their pulls.
    drag(valley, 1, 0, -30)
    drag(valley, 2, 0, 25)
    assert value(card, "a") > 4 and value(card, "β") < 2


def test_beta_is_dragged_along_the_curve(figure):
    card = figure(KL_PAGE, "beta")
    curve, samples = card.locator("canvas.lw-grips"), card.locator(".lw-grid canvas[data-network]").first
    kl = number(curve.get_attribute("aria-label"), "KL")
    drag(curve, 0, -60, -60)
    settle(card)
    said = curve.get_attribute("aria-label")
    assert number(said, "KL") < kl and number(said, "β") > 1
    assert samples.get_attribute("data-network") in ("vae-20-beta-2", "vae-20-beta-4", "vae-20-beta-10")
    curve.press("ArrowRight")
    settle(card)
    assert number(curve.get_attribute("aria-label"), "β") < number(said, "β")


def test_each_slider_shows_both_its_ends(figure):
    card = figure(WALKING, "sliders")
    tips = card.locator(".lw-tip")
    assert tips.count() == 40 and sum(tip.is_visible() for tip in tips.all()) == 10
    codes = "(all) => all.map((canvas) => [...canvas.z])"
    low, high = tips.evaluate_all(codes)[:2]
    (k,) = [i for i, (a, b) in enumerate(zip(low, high)) if a != b]
    assert low[k] == -high[k] <= -4, "the two differ in one number, at the ends of its slider"
    card.locator("[role=slider]").nth(2).press("ArrowRight")
    settle(card)
    assert tips.evaluate_all(codes)[0] != low, "they follow the other sliders"
    card.get_by_role("button", name="more numbers").click()
    settle(card)
    assert all(tip.is_visible() for tip in tips.all())


@pytest.mark.parametrize("address, names", [(KL_PAGE, ["kl", "beta"]), (WALKING, ["plane", "draw", "sliders"])])
def test_hand_and_effect_are_seen_together(figure, address, names):
    for name in names:
        card = figure(address, name)
        for width, height in ((1280, 720), (1366, 768), (360, 640)):
            card.page.set_viewport_size({"width": width, "height": height})
            settle(card)
            far = card.evaluate(TOGETHER)
            assert far < height - 60, f"{name} at {width} x {height}: {far:.0f} pixels from picture to slider"
