"""Fit q by hand in the built book: its numbers against Python's, the bell under finger and keys, the best q."""

import re

import pytest
from cards import settle, wait_until

from latentwalk.widgets import Fit
from latentwalk.widgets.fit import best_q

PAGE = "notebooks/07_probabilistic.html"
KEYS = [  # presses on the sliders, by their labels: to the ends, and to somewhere in between
    {},
    {"x": ["Home"], "μ": ["End"], "σ": ["Home"]},
    {"x": ["End"], "μ": ["Home"], "σ": ["End"]},
    {"x": ["End"] + ["PageDown"] * 3, "μ": ["Home"] + ["PageUp"] * 7, "σ": ["Home"] + ["PageUp"] * 2},
    {"x": ["Home"] + ["ArrowRight"] * 7, "μ": ["PageDown"] * 2, "σ": ["ArrowLeft"] * 9},
]


def state(card):
    """x, mu and sigma as the figure has drawn them, and what it says of them: log p(x), the ELBO and the gap."""
    settle(card)
    plot, bar = (card.locator("canvas.lw-plot").nth(i).get_attribute("aria-label") for i in (0, 1))
    mu, sigma, x = numbers(plot)[:3]
    logp, elbo, gap = numbers(bar)[:3]
    assert card.locator(".lw-strong").inner_text().startswith(f"Your gap: {gap:.2f} nats")
    return [x, mu, sigma], [logp, elbo, gap]


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+\.\d+", text.replace("−", "-"))]


@pytest.fixture
def card(visit, server):
    with visit(server, PAGE) as page:
        card = page.locator(".lw-card", has=page.locator("[data-figure=fit]"))
        card.scroll_into_view_if_needed()
        yield card


def test_the_page_computes_what_python_computes(card):
    seen = set()
    for presses in KEYS:
        for label, keys in presses.items():
            for key in keys:
                card.get_by_role("slider", name=label, exact=True).press(key)
        (x, mu, sigma), (logp, elbo, gap) = state(card)
        seen.add((x, mu, sigma))
        python = Fit(x=x, mu=mu, sigma=sigma)
        assert [logp, elbo] == pytest.approx([python.log_px, python.elbo], abs=0.0051), (x, mu, sigma)
        assert gap == pytest.approx(python.gap, abs=0.0101), "of two numbers that are rounded"
        assert logp == pytest.approx(elbo + gap, abs=1e-9) and gap >= 0, "what is shown adds up"
    assert len(seen) == len(KEYS), "the sliders did not move"


def test_the_bell_follows_the_pointer_and_the_keys(card):
    plot = card.locator("canvas.lw-plot").first
    box = plot.bounding_box()
    _, (*_, before) = state(card)
    card.page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + box["height"] - 80)
    card.page.mouse.down()
    card.page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + box["height"] - 60, steps=4)
    card.page.mouse.up()
    (_, mu, sigma), (*_, after) = state(card)
    assert 1 < mu < 2 and after != before
    plot.focus()
    for key, wanted in [
        ("ArrowLeft", (mu - 0.1, sigma)),
        ("Shift+ArrowRight", (mu - 0.09, sigma)),
        ("ArrowDown", (mu - 0.09, sigma + 0.1)),
        ("Shift+ArrowUp", (mu - 0.09, sigma + 0.09)),
    ]:
        card.page.keyboard.press(key)
        (_, *q), _ = state(card)
        assert q == pytest.approx(wanted, abs=1e-6), key
    assert f"μ = {q[0]:.2f}" in plot.get_attribute("aria-label")
    card.get_by_role("button", name="Back to the start").click()
    assert state(card)[0][1:] == [-0.5, 0.8]


def test_x_and_sigma_are_dragged_in_the_plot(card):
    plot = card.locator("canvas.lw-plot").first
    box, mouse = plot.bounding_box(), card.page.mouse

    def drag(number, dx, dy):
        x, y = plot.evaluate("(canvas) => canvas.handles()")[number]
        mouse.move(box["x"] + x, box["y"] + y)
        mouse.down()
        mouse.move(box["x"] + x + dx, box["y"] + y + dy, steps=5)
        mouse.up()
        return state(card)[0]

    x, mu, sigma = state(card)[0]
    assert drag(1, 40, 0) == [x, mu, pytest.approx(sigma + 40 * 8 / (box["width"] - 40), abs=0.02)]
    higher, *q = drag(2, 0, -20)
    assert higher > x + 0.5 and q[0] == mu
    slider = card.get_by_role("slider", name="x", exact=True)
    assert float(slider.get_attribute("aria-valuetext")) == pytest.approx(higher)


def test_best_q_closes_the_gap_as_far_as_it_goes(card):
    card.get_by_role("button", name="Best q").click()
    x = 2.0
    near = "([canvas, mu]) => Math.abs(parseFloat(canvas.ariaLabel.match(/μ = (\\S+),/)[1].replace('−', '-')) - mu) < 0.0051"
    wait_until(
        card.page, near, "it goes to the best q", [card.locator("canvas.lw-plot").first.element_handle(), best_q(x)[0]]
    )
    (x, *q), (*_, gap) = state(card)
    assert q == pytest.approx(best_q(x), abs=0.0051)  # two decimals, as the sliders
    assert gap == pytest.approx(0.50, abs=0.011)
