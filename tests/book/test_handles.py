"""The picture is the handle: figures are dragged by what they show, reset by a button, and leave the page to a finger that scrolls."""

import math
import re
import time

import pytest
from cards import frames, settle, signature, wait_for_change, wait_for_signature, wait_until

from latentwalk.widgets import KL


@pytest.fixture
def opened(visit, server):
    """Opens a chapter and gives its first card with such a figure."""
    visits = []

    def opened(chapter: str, figure: str, **options):
        visits.append(visit(server, f"notebooks/{chapter}.html", **options))
        page = visits[-1].__enter__()
        card = page.locator(".lw-card", has=page.locator(f"[data-figure={figure}]")).first
        card.evaluate("(card) => card.scrollIntoView({ block: 'center' })")
        settle(card)
        return card

    yield opened
    for one in visits:
        one.__exit__(None, None, None)


def drag(card, start, end, steps=6):
    mouse = card.page.mouse
    mouse.move(*start)
    mouse.down()
    mouse.move(*end, steps=steps)
    mouse.up()
    settle(card)


def value(card, label: str) -> float:
    return float(card.get_by_role("slider", name=label, exact=True).get_attribute("aria-valuetext").replace("−", "-"))


def grip(node, number: int = 0) -> tuple[float, float]:
    """Where a handle of a drawing is, in the window."""
    return node.evaluate(
        "(n, i) => { const { left, top } = n.getBoundingClientRect(), [x, y] = n.handles()[i]; return [left + x, top + y]; }",
        number,
    )


def swipe(card, start, dx: float, dy: float) -> float:
    """A finger goes down, moves, rests and is lifted. Returns by how much the page was scrolled."""
    page = card.page
    touch, before, now = page.context.new_cdp_session(page), page.evaluate("scrollY"), time.time() - 2
    for step in range(9):
        point = {"x": start[0] + dx * step / 8, "y": start[1] + dy * step / 8}
        kind = "touchMove" if step else "touchStart"
        event = {"type": kind, "touchPoints": [point], "timestamp": now + 0.016 * step}
        touch.send("Input.dispatchTouchEvent", event)
        frames(page, 1)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": [], "timestamp": now + 1})
    frames(page, 10)
    return page.evaluate("scrollY") - before


# chapter, figure, what is looked at while a slider is moved, and that slider, or None for the first
HANDS = [
    ("00_walk", "interpolation", ".lw-walks", "t"),
    ("01_holes", "interpolation", ".lw-walks", "t"),
    ("01_holes", "moons", ".lw-moons", "t"),
    ("02_distributions", "cloud", ".lw-planes", "σ ×"),
    ("03_reparameterization", "reparameterization", ".lw-samples", "σ"),
    ("04_kl", "kl", "canvas.lw-grips", None),
    ("04_kl", "beta", "canvas.lw-grips", None),
    ("05_vae", "machine", ".lw-machine", None),
    ("06_walking", "plane", "canvas.lw-grips", None),
    ("06_walking", "draw", "canvas.lw-grips", None),
    ("06_walking", "sliders", "canvas", None),
    ("06_walking", "learning", "canvas", None),
    ("07_probabilistic", "fit", "canvas.lw-grips", "μ"),
    ("08_wrong", "which_bug", "canvas.lw-plot", "step"),
    ("loss", "your_loss", "canvas", "move it"),
]
# The last is a window of 1280 x 720 pixels, zoomed to 200%.
SIZES = [(1280, 720), (1366, 768), (360, 640), (640, 360)]
# The upper edge of what is looked at comes to lie under the page's header.
TO_THE_TOP = """(seen) => {
  const heads = [...document.querySelectorAll(".bd-header, .bd-header-article")].map((e) => e.getBoundingClientRect().bottom);
  scrollBy(0, seen.getBoundingClientRect().top - Math.max(0, ...heads));
}"""


@pytest.mark.parametrize("chapter, figure, seen, label", HANDS, ids=lambda value: str(value))
def test_hand_and_effect_are_in_one_view(opened, chapter, figure, seen, label):
    card = opened(chapter, figure)
    sliders = card.get_by_role("slider", name=label, exact=True) if label else card.locator("[role=slider]")
    for width, height in SIZES:
        card.page.set_viewport_size({"width": width, "height": height})
        settle(card)
        card.locator(seen).first.evaluate(TO_THE_TOP)
        box = sliders.first.bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= height, f"{width} x {height}: {box}"


@pytest.fixture
def walk(opened):
    return opened("00_walk", "interpolation")


def lens(card):
    """The middle of the first lens, and the strip below it."""
    box, strip = (
        card.locator(".lw-track .lw-digit").first.bounding_box(),
        card.locator(".lw-strip").first.bounding_box(),
    )
    return (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), strip


def test_a_strip_is_dragged_and_the_lens_is_at_t(walk):
    here, strip = lens(walk)
    there = strip["x"] + strip["width"] * 8.5 / 11  # the ninth of eleven pictures
    drag(walk, here, (there, here[1]))
    assert value(walk, "t") == pytest.approx(0.8, abs=0.011)
    assert lens(walk)[0][0] == pytest.approx(there, abs=3)
    assert "t = 0.8" in walk.locator(".lw-readout").inner_text()
    assert "t = 0.8" in walk.locator(".lw-track .lw-digit").first.get_attribute("aria-label")
    drag(walk, (there, here[1]), (strip["x"] - 300, here[1]))
    assert value(walk, "t") == 0, "it stays on its strip"


def test_a_finger_drags_the_strip_sideways_and_scrolls_the_page_up(opened):
    card = opened("00_walk", "interpolation", width=360, height=640, has_touch=True, is_mobile=True)
    here, strip = lens(card)
    before, t = signature(card), value(card, "t")
    assert abs(swipe(card, here, 90, 8)) < 2
    wait_for_change(card, before, "a strip under a finger")
    assert value(card, "t") > t + 0.2
    t = value(card, "t")
    assert abs(swipe(card, (strip["x"] + 30, here[1]), 10, -200)) >= 50, "a swipe over the strips scrolls"
    assert value(card, "t") == t


T = "document.querySelector('[data-figure=interpolation] .lw-grip').textContent.replace(/[^0-9.]/g, '') * 1"


def test_a_figure_sweeps_once_when_somebody_is_there_and_a_hand_ends_it(opened):
    card = opened("00_walk", "interpolation", reduced_motion="no-preference")
    page, opening, start = card.page, signature(card), value(card, "t")
    frames(page, 30)
    assert signature(card) == opening, "nothing moves before a reader does"
    page.mouse.move(5, 300)
    wait_until(page, f"() => {T} > {start + 0.2}", "it does not sweep")
    wait_until(page, f"() => {T} < {start - 0.1}", "it does not sweep to the other side")
    wait_for_signature(card, opening, "it does not come back to where it opened")
    page.mouse.move(5, 320)
    frames(page, 30)
    assert signature(card) == opening, "once is enough"


def test_a_hand_ends_the_sweep(opened):
    card = opened("00_walk", "interpolation", reduced_motion="no-preference")
    start = value(card, "t")
    card.page.mouse.move(5, 300)
    wait_until(card.page, f"() => {T} > {start + 0.1}", "it does not sweep")
    card.get_by_role("slider", name="t", exact=True).press("ArrowRight")
    kept = value(card, "t")
    frames(card.page, 30)
    assert value(card, "t") == kept


def test_the_arrow_button_sets_back_and_a_double_click_does_not(walk):
    opening = signature(walk)
    here, strip = lens(walk)
    drag(walk, here, (strip["x"] + strip["width"] * 0.8, here[1]))
    moved = wait_for_change(walk, opening, "a drag")
    walk.locator(".noUi-target").first.dblclick(position={"x": 4, "y": 2})
    assert signature(walk) != opening
    assert signature(walk) != moved  # it went where it was clicked
    walk.get_by_role("button", name="Back to the start").click()
    wait_for_signature(walk, opening, "the arrow button does not set it back")


def test_play_starts_where_t_is_pauses_at_a_touch_and_keeps_its_place(walk):
    play = walk.locator(".widget-play button").first
    assert walk.locator(".widget-play button:visible").count() == 1, "nothing throws t away"
    here, strip = lens(walk)
    drag(walk, here, (strip["x"] + strip["width"] * 6.5 / 11, here[1]))
    start = value(walk, "t")
    play.click()
    text = "[...document.querySelectorAll('.lw-grip')][0].textContent.replace('t = ', '') * 1"
    wait_until(walk.page, f"() => {text} >= {start + 0.02}", "Play goes on from t")
    assert value(walk, "t") < start + 0.3
    here, _ = lens(walk)
    walk.page.mouse.move(*here)
    walk.page.mouse.down()
    walk.page.mouse.up()
    kept = value(walk, "t")
    frames(walk.page, 20)
    assert value(walk, "t") == kept and walk.locator(".fa-pause").count() == 0
    play.click()
    wait_until(walk.page, f"() => {text} !== {kept}", "it goes on")
    play.click()
    assert abs(value(walk, "t") - kept) < 0.3


@pytest.fixture
def dice(opened):
    card = opened("03_reparameterization", "reparameterization")
    card.get_by_role("button", name="outside", exact=True).click()
    return card


def codes(card):
    settle(card)
    return card.locator(".lw-samples canvas").evaluate_all("all => all.map((c) => c.z[0])")


def test_mu_and_sigma_have_handles(dice):
    """10 units of z lie between the margins of the map; a place on the screen is a whole pixel."""
    plot = dice.locator(".lw-dice canvas")
    unit = (plot.bounding_box()["width"] - 28) / 10
    for number, label in enumerate("μσ"):
        before, (x, y) = value(dice, label), grip(plot, number)
        drag(dice, (x + 4, y - 3), (x + 4 + 0.5 * unit, y + 30))
        assert value(dice, label) == pytest.approx(before + 0.5, abs=0.021), label
        assert f"{label} = {value(dice, label):.2f}".replace("-", "−") in plot.get_attribute("aria-label")
    (x, y), before = grip(plot, 1), signature(dice)
    drag(dice, (x, y - 80), (x + 60, y - 80))
    assert signature(dice) == before, "nothing happens far from the handles"


def test_the_upright_lines_of_the_slopes_can_be_dragged(dice):
    for number, (label, share, wanted) in enumerate([("μ", 0.5, 0), ("σ", 1, 1.5)]):
        plot = dice.locator(".lw-pair canvas").nth(number)
        box = plot.bounding_box()
        x, y = box["x"] + 26 + share * (box["width"] - 38), box["y"] + 40
        drag(dice, (x - 60, y), (x, y))
        assert value(dice, label) == pytest.approx(wanted, abs=0.03)


def test_dice_inside_roll_at_every_move_and_outside_they_lie_still(dice):
    def moved():
        before = codes(dice)
        dice.get_by_role("slider", name="μ", exact=True).press("ArrowRight")
        return [now - old for old, now in zip(before, codes(dice))]

    dice.get_by_role("slider", name="σ", exact=True).press("End")
    assert moved() == pytest.approx([0.01] * 6, abs=1e-5), "outside: all glide"
    dice.get_by_role("button", name="inside", exact=True).click()
    jumps = moved()
    assert max(jumps) - min(jumps) > 0.05, "inside: each goes its own way"
    assert "no slopes" in dice.locator(".lw-readout").inner_text()
    dice.get_by_role("button", name="outside", exact=True).click()
    assert moved() == pytest.approx([0.01] * 6, abs=1e-5)


def test_a_finger_takes_mu_by_its_handle_and_scrolls_beside_it(opened):
    card = opened("03_reparameterization", "reparameterization", width=360, height=640, has_touch=True, is_mobile=True)
    plot = card.locator(".lw-dice canvas")
    x, y = grip(plot)
    mu = value(card, "μ")
    assert abs(swipe(card, (x - 8, y + 6), 40, -60)) < 2, "a handle under a finger"
    settle(card)
    assert value(card, "μ") > mu + 0.5
    mu, (x, y) = value(card, "μ"), grip(plot)
    assert abs(swipe(card, (x + 110, y - 70), 0, -200)) >= 50, "a finger beside the handles"
    settle(card)
    assert value(card, "μ") == mu


@pytest.fixture
def moons(opened):
    return opened("01_holes", "moons")


def turned(card, degrees: float) -> tuple[float, float]:
    """Where moon A's knob is at a tilt."""
    box = card.locator(".lw-end .lw-over").first.bounding_box()
    angle, reach = math.radians(degrees), box["width"] / 2 - 10
    return (
        box["x"] + box["width"] / 2 + reach * math.cos(angle),
        box["y"] + box["height"] / 2 + reach * math.sin(angle),
    )


def test_moons_are_turned_by_mouse_and_keys(moons):
    before, knob = signature(moons), moons.locator(".lw-end .lw-over").first
    assert grip(knob) == pytest.approx(turned(moons, 30), abs=1)
    drag(moons, turned(moons, 30), turned(moons, 120))
    wait_for_change(moons, before, "a moon that is turned")
    assert value(moons, "tilt A") == pytest.approx(120, abs=1)
    assert "120°" in knob.get_attribute("aria-label") or "119°" in knob.get_attribute("aria-label")
    start = value(moons, "tilt A")
    for key, wanted in (("ArrowRight", start + 5), ("Shift+ArrowLeft", start + 4)):
        knob.press(key)
        settle(moons)
        assert value(moons, "tilt A") == wanted
    drag(moons, turned(moons, value(moons, "tilt A")), turned(moons, 179))
    knob.press("ArrowRight")
    settle(moons)
    assert value(moons, "tilt A") == pytest.approx(-176, abs=1), "on over 180 degrees"


def test_a_black_picture_has_words_and_t_is_dragged_in_the_plot(moons):
    dark = moons.locator(".lw-ae .lw-digit")
    assert "the light goes out" in dark.get_attribute("aria-label")
    plot = moons.locator(".lw-plot").bounding_box()
    x, y = plot["x"] + 44 + 0.5 * (plot["width"] - 58), plot["y"] + 60
    drag(moons, (x, y), (plot["x"] + 44, y))
    assert value(moons, "t") == pytest.approx(0, abs=0.011)
    assert "the light goes out" not in dark.get_attribute("aria-label")


def test_the_curves_come_while_a_finger_rests(opened):
    """The page of a resting finger is never idle."""
    card = opened("01_holes", "moons", width=360, height=640, has_touch=True, is_mobile=True)
    page, before = card.page, signature(card)
    touch, (x, y) = page.context.new_cdp_session(page), turned(card, 30)
    for kind, dy in (("touchStart", 0), ("touchMove", 12), ("touchMove", 24)):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y + dy}]})
        frames(page, 2)
    wait_until(page, "() => !document.querySelector('[data-figure=moons][aria-busy=true]')", "the curves never come")
    assert value(card, "tilt A") > 35 and signature(card) != before
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.fixture
def cloud(opened):
    return opened("02_distributions", "cloud")


def test_the_rim_of_the_ellipse_is_sigma(cloud):
    near = cloud.locator(".lw-planes canvas[tabindex]").nth(1)
    box, (x, y) = near.bounding_box(), grip(near)
    middle = box["x"] + box["width"] / 2
    drag(cloud, (x, y), (middle + 2 * (x - middle), y + 20))
    assert value(cloud, "σ ×") == pytest.approx(2, abs=0.11)
    assert not near.evaluate("(canvas) => canvas.matches(':focus-visible')"), "a ring is for keys"
    for key, wanted in (("ArrowUp", 2.1), ("ArrowLeft", 2.0)):
        near.press(key)
        settle(cloud)
        assert value(cloud, "σ ×") == pytest.approx(wanted, abs=0.11)


def test_the_cloud_stays_in_its_square_and_its_samples_lie_around_it(cloud):
    near = cloud.locator(".lw-planes canvas[tabindex]").nth(1)
    for key in ("Home", "End"):
        cloud.get_by_role("slider", name="σ ×", exact=True).press(key)
        settle(cloud)
        box = near.bounding_box()
        x, _y = grip(near)
        assert box["x"] + 0.4 * box["width"] < x < box["x"] + 0.9 * box["width"]
        for picture in cloud.locator(".lw-samples canvas").all():
            one = picture.bounding_box()
            assert box["x"] <= one["x"] and one["x"] + one["width"] <= box["x"] + box["width"]
            assert box["y"] <= one["y"] and one["y"] + one["height"] <= box["y"] + box["height"]


def test_a_cloud_that_was_moved_is_no_longer_that_of_its_picture(cloud):
    said = cloud.locator(".lw-readout")
    opening = said.inner_text()
    assert "moved" not in opening
    whole = cloud.locator(".lw-planes canvas[tabindex]").first
    x, y = grip(whole)
    drag(cloud, (x, y), (x + 30, y - 30))
    assert "moved" in said.inner_text()
    cloud.get_by_role("button", name="its own cloud").click()
    settle(cloud)
    assert "moved" not in said.inner_text()


def pull(card, canvas, number: int, dx: float, dy: float):
    canvas.scroll_into_view_if_needed()
    x, y = grip(canvas, number)
    drag(card, (x, y), (x + dx, y + dy))


def said_number(text, name):
    return float(re.search(rf"{re.escape(name)} = (−?[\d.]+)", text)[1].replace("−", "-"))


def test_the_ball_is_let_go_and_settles(opened):
    card = opened("04_kl", "kl")
    valley, slope = card.locator("canvas.lw-grips").first, value(card, "σ")
    pull(card, valley, 0, 20, 0)
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
    pull(card, valley, 0, -30, 0)
    assert card.get_by_role("button", name="Let go").get_attribute("aria-pressed") == "false"
    # The two curves are handles of their pulls.
    pull(card, valley, 1, 0, -30)
    pull(card, valley, 2, 0, 25)
    assert value(card, "a") > 4 and value(card, "β") < 2


def test_beta_is_dragged_along_the_curve(opened):
    card = opened("04_kl", "beta")
    curve, samples = card.locator("canvas.lw-grips"), card.locator(".lw-grid canvas[data-network]").first
    kl = said_number(curve.get_attribute("aria-label"), "KL")
    pull(card, curve, 0, -60, -60)
    settle(card)
    said = curve.get_attribute("aria-label")
    assert said_number(said, "KL") < kl and said_number(said, "β") > 1
    assert samples.get_attribute("data-network") in ("vae-20-beta-2", "vae-20-beta-4", "vae-20-beta-10")
    curve.press("ArrowRight")
    settle(card)
    assert said_number(curve.get_attribute("aria-label"), "β") < said_number(said, "β")


def test_each_slider_shows_both_its_ends(opened):
    card = opened("06_walking", "sliders")
    tips = card.locator(".lw-tip")
    assert tips.count() == 40 and sum(tip.is_visible() for tip in tips.all()) == 10
    codes = "(all) => all.map((canvas) => canvas.z && [...canvas.z])"  # those out of sight wait
    low, high = tips.evaluate_all(codes)[:2]
    (k,) = [i for i, (a, b) in enumerate(zip(low, high)) if a != b]
    assert low[k] == -high[k] <= -4, "the two differ in one number, at the ends of its slider"
    card.locator("[role=slider]").nth(2).press("ArrowRight")
    settle(card)
    assert tips.evaluate_all(codes)[0] != low, "they follow the other sliders"
    card.get_by_role("button", name="more numbers").click()
    settle(card)
    assert all(tip.is_visible() for tip in tips.all()) and all(tips.evaluate_all(codes))
