"""A figure whose state is broken says so inside itself; the other figures and the text of its page live on."""

import base64
import json
import re

import pytest
from cards import cards, signature, title, towards_the_far_end, wait_for_change
from conftest import STATE


def broken(kind: str, change, **wanted):
    """A function that applies ``change`` to the state of each model of a kind, with these traits, in a page's text."""

    def rewrite(text: str) -> str:
        before, found, rest = text.partition(f'<script type="{STATE}">')
        body, end, after = rest.partition("</script>")
        whole = json.loads(body)
        models = [m for m in whole["state"].values() if m["state"].get("_anywidget_id", "").endswith(f".{kind}")]
        models = [model for model in models if wanted.items() <= model["state"].items()]
        assert models, f"no {kind} in this page"
        for model in models:
            change(model)
        return before + found + json.dumps(whole).replace("<", "\\u003c") + end + after

    return rewrite


def drop(*names):
    def change(model):
        for name in names:
            assert name in model["state"] or any(b["path"][0] == name for b in model["buffers"]), name
            model["state"].pop(name, None)
            model["buffers"] = [b for b in model.get("buffers", []) if b["path"][0] != name]

    return change


def put(**values):
    return lambda model: model["state"].update(values)


BROKEN = {
    "interpolation": ("00_walk", "Interpolation", put(labels=[]), "and 0 labels"),
    "moons": ("01_holes", "Moons", put(t="NaN"), "not a number"),
    "cloud": ("02_distributions", "LatentCloud", drop("labels"), ""),
    "reparameterization": ("03_reparameterization", "Reparameterization", put(code=[0.5]), "takes 2"),
    "kl": ("04_kl", "KL", put(text={"error": "This figure has a problem: {message}"}), ""),
    "beta": ("04_kl", "Beta", put(measures=[]), ""),
    "sliders": ("06_walking", "SliderBank", put(z=["NaN"] * 20), "not a number"),
    "plane": ("06_walking", "Plane", put(z=[0.0, 0.0, 0.0]), "takes 2"),
    "draw": ("06_walking", "Draw", drop("targets"), ""),
    "fit": ("07_probabilistic", "Fit", put(world={}), ""),
}


def check(page, wanted: dict[str, str]) -> None:
    """These figures show an error with these words, all others work, and so does the page."""
    for still, card in zip(page.locator(".lw-still").all(), cards(page), strict=True):
        error = card.locator(".lw-error")
        assert still.is_visible() == (title(card) in wanted), "a broken figure has its still, the others do not need it"
        if title(card) in wanted:
            assert error.is_visible() and error.get_attribute("role") == "alert"
            assert re.search(wanted.pop(title(card)), error.inner_text()), error.inner_text()
            assert error.inner_text().startswith("This figure has a problem: ")
            continue
        assert not error.is_visible()
        handle, before = card.locator("[role=slider]").first, signature(card)
        key = towards_the_far_end(handle)
        for _ in range(3):
            handle.press(key)
        wait_for_change(card, before, f"{title(card)}, beside a broken one")
    assert not wanted, f"no such figure: {wanted}"
    assert page.locator(".bd-article h1").is_visible()
    formulas = page.evaluate("window.latentwalkFormulas.then(() => document.querySelectorAll('.math').length)")
    assert page.locator(".math mjx-container").count() >= formulas


@pytest.mark.parametrize("figure", BROKEN)
def test_a_broken_state_is_told_inside_the_figure(visit, server, figure):
    chapter, kind, change, words = BROKEN[figure]
    with visit(server, f"notebooks/{chapter}.html", change=broken(kind, change)) as page:
        check(page, {figure: words})


def test_weights_that_are_cut_short_are_told(visit, server):
    """Three of a page's four figures share the network."""
    cut = {"path": ["weights"], "encoding": "base64", "data": base64.b64encode(bytes(1000)).decode()}
    words = "vae-20: 1000 bytes of weights, expected"
    change = broken("Network", lambda model: model.update(buffers=[cut]), name="vae-20")
    with visit(server, "notebooks/06_walking.html", change=change) as page:
        check(page, {figure: words for figure in ("interpolation", "sliders", "draw")})
