"""A figure with a broken state, code or network says so in its place, with its still; the other figures and the text live on."""

import base64
import gzip
import json
import re
from pathlib import Path

import pytest
from built import CHAPTERS, models, places, widget_state
from cards import frames, reacts, settle

from latentbook import HTML
from latentwalk import widgets

STATIC = HTML / "_static"


def change(figure: str, kind: str, change, **wanted):
    """A function that applies ``change`` to each model of a kind, with these traits, in a figure's state."""

    def before(page):
        whole = models(figure)
        found = [model for model in whole.values() if model["state"].get("_anywidget_id", "").endswith(f".{kind}")]
        found = [model for model in found if wanted.items() <= model["state"].items()]
        assert found, f"{figure} has no {kind}"
        for model in found:
            change(model)
        text = f'latentwalk.figures["{figure}"] = {json.dumps(whole)};\n'
        page.route(f"**/_static/figures/{figure}.js*", lambda route: route.fulfill(body=text, content_type=SCRIPT))

    return before


def drop(*names):
    def change(model):
        for name in names:
            assert name in model["state"] or any(b["path"][0] == name for b in model["buffers"]), name
            model["state"].pop(name, None)
            model["buffers"] = [b for b in model.get("buffers", []) if b["path"][0] != name]

    return change


def put(**values):
    return lambda model: model["state"].update(values)


SCRIPT = "text/javascript"
# Of each figure: a notebook that shows it ("04_kl", "studies/lines"), its class, what is done to its state, and words of what it says then.
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
    "machine": ("05_vae", "Machine", drop("pictures"), ""),
    "learning": ("06_walking", "Learning", put(epochs=[0, 1]), "do not fit"),
    "which_bug": ("08_wrong", "WhichBug", put(runs=[]), ""),
    "your_loss": ("loss", "YourLoss", put(loss="NaN"), "not a number"),
}


def check(page, wanted: dict[str, str]) -> None:
    """These figures show one sentence that has these words, all others work, and so does the page."""
    wanted = dict(wanted)
    for place in page.locator(".lw-place").all():
        name = place.get_attribute("data-name")
        error = place.locator(".lw-error:visible")
        assert place.locator(".lw-still").is_visible() == (name in wanted), "only a broken figure needs its still"
        if name in wanted:
            (said,) = error.all_inner_texts()
            assert error.get_attribute("role") == "alert"
            assert re.match("This figure (has a problem|cannot be shown): ", said) and "\n" not in said, said
            assert re.search(wanted.pop(name), said), said
            continue
        assert error.count() == 0
        if not name.endswith("-lab"):  # see cards.py
            reacts(place.locator(".lw-card"))
    assert not wanted, f"no such figure: {wanted}"
    assert page.locator(".bd-article h1").is_visible()


def test_no_figure_is_left_out():
    figures = set(widgets.__all__) - {"Figure", "Network", "Lab"}  # a Lab: see test_lab_page.py
    assert {kind for _, kind, _, _ in BROKEN.values()} == figures, (
        "give each figure a row in BROKEN, tests/book/test_broken.py"
    )


# Of a page with many figures two are broken at a time, so that each is once broken and once lives beside broken ones.
PAIRS = [("sliders", "learning"), ("plane", "draw")]
ALONE = [(figure,) for figure in BROKEN if not any(figure in pair for pair in PAIRS)]


@pytest.mark.parametrize("figures", PAIRS + ALONE, ids=" and ".join)
def test_a_broken_state_is_told_in_the_place_of_the_figure(visit, server, figures):
    chapters, changes, wanted = set(), [], {}
    for chapter, kind, change_it, words in map(BROKEN.get, figures):
        name = f"{Path(chapter).name}-{kind.lower()}"
        chapters.add(chapter)
        changes.append(change(name, kind, change_it))
        wanted[name] = words
    (chapter,) = chapters

    def before(page):
        for break_it in changes:
            break_it(page)

    with visit(server, f"notebooks/{chapter}.html", before=before, errors=True) as page:
        check(page, wanted)


# Files of page 06, and what may be wrong with one: (the file, what its text becomes, the figures that say so, their words).
# `None`: the file is not there.
FRONT, PAGE = CHAPTERS[0], "notebooks/06_walking.html"
WALKS, SLIDERS, PLANE, DRAW, LEARNING = (
    f"06_walking-{name}" for name in ("interpolation", "sliderbank", "plane", "draw", "learning")
)


def state(figure: str) -> str:
    """The file with a figure's models."""
    return f"figures/{figure}.js"


def code(figure: str) -> str:
    """The file with a figure's own JavaScript."""
    card = next(m["state"] for m in models(figure).values() if "lw-card" in m["state"].get("_dom_classes", []))
    return f"figures/{models(figure)[card['children'][0].removeprefix('IPY_MODEL_')]['state']['_code']}.js"


def network(name: str, page: str = PAGE) -> str:
    """The file with the weights of a network's decoder."""
    states = [model["state"] for model in widget_state(page).values()]
    digest = next(state["digest"] for state in states if state.get("name") == name and "digest" in state)
    return f"weights/{digest}-decode.js"


def another_letter(text: str) -> str:
    at = len(text) // 2
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]


def half(text: str) -> str:
    return text[: len(text) // 2]


def words(text: str) -> str:
    """As hosts answer that have no such file and do not say so."""
    return "<!doctype html><title>Not here</title>"


def throws(text: str) -> str:
    return 'throw new Error("thrown");'


def without_a_model(text: str) -> str:
    return text.replace("IPY_MODEL_", "IPY_MODEL_0", 1)


def zeros(text: str) -> str:
    """A thousand zeros, well packed."""
    start, _, _ = text.partition("] = ")
    return f'{start}] = "{base64.b64encode(gzip.compress(bytes(1000))).decode()}";\n'


LOST, DAMAGED = "{file} does not load", "{file} is damaged"
FAULTS = {
    "no weights": (lambda: network("vae-2"), None, [PLANE], LOST),
    "half of the weights": (lambda: network("vae-2"), half, [PLANE], DAMAGED),
    "one letter of the weights": (lambda: network("vae-2"), another_letter, [PLANE], DAMAGED),
    "words for weights": (lambda: network("vae-2"), words, [PLANE], DAMAGED),
    "no safetensors": (
        lambda: network("vae-20"),
        zeros,
        [WALKS, SLIDERS, DRAW],
        "vae-20: its weights to decode cannot be read",
    ),
    "no state": (lambda: state(SLIDERS), None, [SLIDERS], LOST),
    "half of the state": (lambda: state(WALKS), half, [WALKS], DAMAGED),
    "words for a state": (lambda: state(LEARNING), words, [LEARNING], DAMAGED),
    "a state without a model": (lambda: state(DRAW), without_a_model, [DRAW], "no widget 0"),
    "no code": (lambda: code(DRAW), None, [DRAW], LOST),
    "half of the code": (lambda: code(SLIDERS), half, [SLIDERS], DAMAGED),
    "code that throws": (lambda: code(DRAW), throws, [DRAW], DAMAGED),
}
# Those of one visit: they break different figures, and at least two others live.
TOGETHER = [
    ("no weights", "no state", "no code"),
    ("half of the weights", "half of the state", "half of the code"),
    ("one letter of the weights", "words for a state", "code that throws"),
    ("words for weights", "a state without a model"),
    ("no safetensors",),
]
assert sorted(fault for faults in TOGETHER for fault in faults) == sorted(FAULTS)


def answering(answer: dict):
    return lambda route: route.fulfill(**answer)


@pytest.mark.parametrize("faults", TOGETHER, ids=", ".join)
def test_a_broken_file_is_named_in_the_place_of_its_figures(visit, server, faults):
    files, answers, wanted = [], {}, {}
    for find, spoil, figures, words in map(FAULTS.get, faults):
        file = find()
        files.append(re.escape(file))
        whole = (STATIC / file).read_text()
        answers[file] = {"status": 404} if spoil is None else {"body": spoil(whole), "content_type": SCRIPT}
        wanted |= dict.fromkeys(figures, re.escape(words.format(file=f"_static/{file}")))

    def before(page):
        for file, answer in answers.items():
            page.route(f"**/_static/{file}*", answering(answer))

    # What the console says of them, and of nothing else: they are not there, or no scripts.
    about = f"{'|'.join(files)}|status of 404|page error: (thrown|.*[Uu]nexpected (token|end))"
    with visit(server, PAGE, before=before, errors=True, expected=about) as page:
        check(page, wanted)


def test_a_figure_whose_file_did_not_come_is_made_when_somebody_asks_again(visit, server):
    """By a link in the text that sets it."""
    file = f"**/_static/{state(places(FRONT)[0])}*"
    about = "404|does not load"
    before = lambda page: page.route(file, answering({"status": 404}), times=1)  # noqa: E731
    with visit(server, FRONT, before=before, make=False, expected=about) as page:
        place = page.locator(".lw-place")
        place.locator(".lw-error").wait_for()
        page.locator("a[data-set]").click()
        place.locator(".lw-figure[data-ready]").wait_for()
        assert place.locator(".lw-error:visible, .lw-still:visible").count() == 0
        reacts(place.locator(".lw-card"))


def test_a_network_that_did_not_come_is_fetched_again_when_a_hand_chooses_it_again(visit, server):
    """Until then one sentence stands still, and the figure goes on with its other networks."""
    page_of_kl, asked = "notebooks/04_kl.html", []
    file = f"**/_static/{network('vae-20-beta-10', page_of_kl)}*"

    def before(page):
        page.route(file, lambda route: (asked.append(1), route.fulfill(status=404)))

    with visit(server, page_of_kl, before=before, expected="404|does not load") as page:
        card = page.locator(".lw-card", has=page.locator("[data-figure=beta]"))
        error, slider = card.locator(".lw-error"), card.locator("[role=slider]").first
        slider.press("End")
        error.wait_for()
        tries = len(asked)
        frames(page, 30)
        assert len(asked) == tries and error.is_visible(), "nothing is tried without a hand"
        slider.press("Home")
        error.wait_for(state="hidden")
        page.unroute(file)
        slider.press("End")
        settle(card)
        assert error.is_hidden()
        reacts(card)
