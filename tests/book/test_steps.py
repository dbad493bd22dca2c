"""Links in the text that set a figure, and numbers in it that can be dragged."""

from types import SimpleNamespace

import pytest
import steps
from built import wait_for_figures

from latentwalk.widgets import KL, Beta, Interpolation

STATE = {"t": 0.5, "a": 0, "labels": [3, 8], "path_index": 0, "frame": 0, "z": [], "networks": []}


def test_a_value_is_what_the_trait_takes():
    assert steps.setting(Interpolation, STATE, "t", "0.4") == ("t", 0.4)
    assert steps.setting(Interpolation, STATE, "a", "1") == ("a", 1)
    assert steps.setting(Interpolation, STATE, "path", "spherical") == ("path_index", 1)
    assert steps.handle(Interpolation, STATE, "t", "0.50") == {
        "trait": "t",
        "min": 0,
        "max": 1,
        "value": 0.5,
        "digits": 2,
    }


@pytest.mark.parametrize(
    "kind, name, text, words",
    [
        (Interpolation, "u", "0.4", "Interpolation has no u"),
        (Interpolation, "t", "1.4", "t=1.4: "),
        (Interpolation, "t", "half", "t=half: "),
        (Interpolation, "a", "2", "expected a whole number from 0 to 1, got 2"),
        (Interpolation, "path", "curved", "expected one of linear, spherical, got curved"),
        (KL, "sigma", "0", "sigma=0: "),
        (Beta, "beta", "4", "Beta has no beta"),
    ],
)
def test_a_wrong_one_is_refused_by_name(kind, name, text, words):
    with pytest.raises(ValueError, match=words):
        steps.setting(kind, STATE | {"sigma": 1.0}, name, text)


def test_a_number_is_the_one_that_the_figure_opens_with():
    with pytest.raises(ValueError, match=r"the text says t = 0.40, the figure opens at 0.50"):
        steps.handle(Interpolation, STATE, "t", "0.40")
    with pytest.raises(ValueError, match="no number a with two ends"):
        steps.handle(Interpolation, STATE, "a", "0")


def test_a_link_without_a_figure_is_a_warning(caplog, monkeypatch):
    monkeypatch.setattr(steps, "read_state", lambda app, name: {})
    warned = []
    monkeypatch.setattr(steps.logger, "warning", lambda text, *values, **options: warned.append(text % values))
    context = {"body": '<p><a class="reference internal" href="#fig-beta:seed=2">seed 2</a></p>'}
    steps.connect(SimpleNamespace(), "page", "page.html", context, None)
    assert context["body"] == "<p>seed 2</p>"
    assert warned == ["page: the link to #fig-beta:seed=2: the page has no figure -beta".replace(" -", " ")]


def test_the_text_of_the_front_page_moves_its_figure(visit, server):
    name = "notebooks/00_walk.html"
    with visit(server, name) as page:
        wait_for_figures(page, name)
        number = page.locator(".lw-drag").first
        said = lambda: float(number.text_content())  # noqa: E731
        assert said() == 0.5
        number.press("ArrowRight")
        page.wait_for_function("() => document.querySelector('.lw-drag').textContent === '0.52'")
        box = number.bounding_box()
        page.mouse.move(box["x"] + 5, box["y"] + 5)
        page.mouse.down()
        page.mouse.move(box["x"] + 65, box["y"] + 5)
        page.mouse.up()
        page.wait_for_function("() => document.querySelector('.lw-drag').textContent === '0.72'")
        handle = page.locator("#figure-interpolation [role=slider]").first
        assert handle.get_attribute("aria-valuetext") == "0.72", "the figure has followed the number"
        handle.press("Home")
        page.wait_for_function("() => document.querySelector('.lw-drag').textContent === '0.00'")
        step = page.locator("a.lw-set[role=button]").first
        step.press("Space")
        page.wait_for_function("() => document.querySelector('.lw-drag').textContent === '0.50'")
        assert handle.get_attribute("aria-valuetext") == "0.50"
