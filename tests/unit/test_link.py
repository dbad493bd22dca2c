"""What a figure shows, told by link and by Python: its JavaScript writes both, and Python makes the same figure of the second."""

import inspect
import json
import linecache

import numpy as np
import pytest
import test_widgets_refuse as given
import torch
import traitlets

from latentwalk import widgets
from latentwalk.page.script import FOLDER
from latentwalk.page.traits import unpack

CALLS = {  # how a notebook may make each figure that needs arguments, and some that do not
    "Interpolation": "[AE3, VAE2], X, LABELS, a=2, clouds=X, t=0.5",
    "Moons": "PAIR, moons=PAIR, t=0.25",
    "LatentCloud": "[VAE2,  # first\n AE2], X, LABELS, X, LABELS, digit=3",
    "Reparameterization": "[VAE2], [0.0, 1.0], axis=1, eps=[-1, 1]",
    "KL": "home=1.0",
    "Beta": "[VAE3, VAE3], [0, 1], X, LABELS, index=1",
    "SliderBank": "[VAE3, OTHER], X, LABELS, X",
    "Plane": "VAE2, X, LABELS, z=(1, 2)",
    "Draw": "VAE3, X,\n    LABELS,  # ten classes\n    digit=3",
    "YourLoss": "X, 106",
    "Machine": "VAE3, X, LABELS",
    "Learning": "torch.rand(500, 784), [i % 10 for i in range(500)]",
    "WhichBug": "seed=3",
    "Lab": "small=False",
}
FIGURES = [name for name in widgets.__all__ if name not in ("Figure", "Network")]
RUN = f"""
import {{ readFileSync }} from "node:fs";
import {{ readLink, writeLink, writePython }} from "{(FOLDER / "link.js").as_uri()}";
console.log(JSON.stringify(JSON.parse(readFileSync("cases.json")).map(({{ call, given, rules, values, opened }}) => {{
  const link = writeLink(rules, values, opened);
  return {{ link, read: readLink(rules, link), python: writePython(call, given, rules, values, opened) }};
}})));
"""


def cell(code: str, names: dict) -> dict:
    """Run code as a notebook does: its text is known by the name of a file that does not exist."""
    file = f"<cell {abs(hash(code))}>"
    linecache.cache[file] = len(code), None, code.splitlines(keepends=True), file
    exec(compile(code, file, "exec"), names)
    return names


def state(figure) -> dict:
    """By the names that the page has."""
    pages = [f"{name}_index" if rule[0] == "word" else name for name, rule in figure.rules.items()]
    return {name: getattr(figure, name) for name in pages}


def another(kind: str, now, *rule):
    """A value within the rule that is not the present one, as the page has it."""
    if kind == "flag":
        return not now
    if kind == "word":
        return (now + 1) % len(rule)
    if kind == "whole":
        return now + 1 if now < rule[1] else now - 1
    if kind == "number":
        low, high = max(rule[0], now - 0.5), min(rule[1], now + 0.5)
        return round(low + 0.375 * (high - low), 4)
    if kind == "numbers":
        return [round(0.25 * i - 0.375, 3) for i in range(rule[0])]
    if kind == "points":
        return [[0.5, -1.25], [2, 0.125], [-3, 3]]
    return [(i % 256) / 255 for i in range(rule[0])]


@pytest.fixture
def names():
    other = widgets.Network(given.VAE3.model, "other")
    return {**vars(widgets), **vars(given), "OTHER": other, "torch": torch}


def test_each_figure_is_made_again_by_the_python_that_is_copied(tmp_path, run_javascript, names):
    cases, wanted = [], []
    assert set(CALLS) <= set(FIGURES)
    for kind in FIGURES:
        figure = cell(f"figure = {kind}({CALLS.get(kind, '')})\nfigure", names)["figure"]
        opened = state(figure)
        assert set(figure.rules) == set(figure.state), "every choice has its buttons here"
        values = {name: another(rule[0], opened[name], *rule[1:]) for name, rule in zip(opened, figure.rules.values())}
        assert not any(values[name] == opened[name] for name in opened), kind
        about = {name: getattr(figure, name) for name in ("call", "given", "rules")}
        cases += [{**about, "values": values, "opened": opened}, {**about, "values": opened, "opened": opened}]
        wanted += [values, opened]
    (tmp_path / "cases.json").write_text(json.dumps(cases))
    for told, values in zip(run_javascript(RUN), wanted, strict=True):
        figure = cell(told["python"], names)["figure"]
        assert told["python"].count("\n") == 2, "two lines"
        for name, value in state(figure).items():
            assert np.array(value) == pytest.approx(np.array(values[name]), abs=1e-4), name
        for name, value in told["read"].items():
            assert np.array(value) == pytest.approx(np.array(values[name]), abs=1e-4), name


@pytest.mark.parametrize(
    "code, call, said",
    [
        ("KL()", "KL(", []),
        ("shown = [KL( a = 2,\n  home=1.5), 3]", "KL(home=1.5, ", ["a"]),
        ("Figure(text={})", "Figure(text={}, ", []),
        ("Learning(x=[1], labels=[2])", None, []),
        ("KL(**{'a': 2})", "", []),
        ("list(map(Fit, []) or map(lambda _: 0, [])); [*map(KL, [])] or next(iter(map(type.__call__, [KL])))", "", []),
        ("def make():\n    return KL(a=2)\nmake()", "", []),
        ("μ = 1; Fit(mu=μ)", "Fit(", ["mu"]),
    ],
)
def test_the_call_is_the_cells_own(names, monkeypatch, code, call, said):
    made = []
    monkeypatch.setattr(widgets.Figure, "__init__", lambda figure, **traits: made.append(figure._made))
    if call is None:
        with pytest.raises(Exception, match="x: expected"):
            cell(code, names)
    else:
        cell(code, names)
        assert made == [(call, said)]


def test_without_a_text_of_the_cell_there_is_no_call(names):
    exec("figure = KL(a=2)", names)
    assert (names["figure"].call, names["figure"].given) == ("", [])


def test_every_figure_takes_its_state_by_name():
    for kind in (getattr(widgets, name) for name in FIGURES):
        assert set(kind.state) <= set(kind.class_trait_names()) | set(inspect.signature(kind).parameters)


def test_a_picture_from_a_link():
    assert unpack("") == [] and unpack("AAM") == [0, 0, 0]
    assert unpack("gP8C") == [128 / 255, 1, 1]
    figure = widgets.Machine(**given.GOOD[widgets.Machine])
    figure.drawn = "AP8A_wD__xM"  # 765 black ones, 19 white ones
    assert figure.drawn == [0] * 765 + [1] * 19
    figure.drawn = ""
    assert figure.drawn == []
    for text in ("AAM", "€", "A", "AP8A_wD__w", "!!!!"):
        with pytest.raises(traitlets.TraitError):
            figure.drawn = text
        assert figure.drawn == []
