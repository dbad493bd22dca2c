"""How the widgets of a notebook become files beside its page: book/_ext/figures.py and the bundle of book/_ext/offline.py."""

import base64
import copy
import gzip
import json
import re
import shutil
from types import SimpleNamespace

import figures
import offline
import pytest

from latentbook import ROOT


def network(weights: bytes, digest: str = "d") -> dict:
    buffers = [
        {"path": ["weights", "decode"], "encoding": "base64", "data": base64.b64encode(weights).decode()},
        {"path": ["pictures"], "encoding": "base64", "data": "AAAA"},
    ]
    state = {"name": "net", "digest": digest, "layers": {"decode": []}, "weights": {}}
    return {"model_name": "AnyModel", "model_module": "anywidget", "state": state, "buffers": buffers}


def widget(name: str, **state) -> dict:
    return {"model_name": f"{name}Model", "model_module": "@jupyter-widgets/controls", "state": state}


def figure(kind: str, **state) -> dict:
    state = {"_anywidget_id": f"latentwalk.widgets.{kind.lower()}.{kind}", "_esm": f"export default '{kind}'", **state}
    return {"model_name": "AnyModel", "model_module": "anywidget", "state": state}


@pytest.fixture
def models():
    """A slider without a figure, and two figures of a kind, each in its card; a link joins the first to its slider."""
    return {
        "plain": widget("IntSlider", value=3),
        "a": figure("Beta", networks=["IPY_MODEL_net"]),
        "slider": widget("FloatSlider", layout="IPY_MODEL_layout"),
        "layout": {**widget("Layout", width="100%", height=None), "model_name": "LayoutModel"},
        "link": widget("Link", source=["IPY_MODEL_a", "t"], target=["IPY_MODEL_slider", "value"]),
        "card-a": widget("VBox", _dom_classes=["lw-card"], children=["IPY_MODEL_a", "IPY_MODEL_slider"]),
        "b": figure("Beta"),
        "card-b": widget("VBox", _dom_classes=["lw-card"], children=["IPY_MODEL_b"]),
        "net": network(b"ab", "seen"),
        "unseen": network(b"cd", "unseen"),
        "output": widget("Output", outputs=[{"data": {figures.VIEW.pattern: {"model_id": "plain"}}}]),
    }


def test_a_view_needs_what_it_refers_to_and_what_is_linked_to_it(models):
    assert set(figures.needed(models, "card-a")) == {"card-a", "a", "slider", "layout", "link", "net"}
    assert set(figures.needed(models, "card-b")) == {"card-b", "b"}
    assert set(figures.needed(models, "slider")) >= {"link", "a"}, "both ends of a link move"
    assert set(figures.needed(models, "output")) == {"output", "plain"}


def test_figures_are_known_by_their_kind_whatever_stands_before_them(models):
    figures.take_weights(models)
    figures.take_code(models, ROOT / "nowhere")
    for views in (["plain", "card-a", "card-b"], ["card-a", "plain", "card-b"]):
        found = {one.view: one for one in figures.shown("notebooks/04_kl", models, views)}
        assert found["plain"].name == "04_kl-widget" and found["plain"].place == ""
        assert (found["card-a"].name, found["card-a"].place) == ("04_kl-beta", "figure-beta")
        assert (found["card-b"].name, found["card-b"].place) == ("04_kl-beta-2", "figure-beta-2")
    one = found["card-a"]
    assert one.weights == ["seen-decode"], "networks that no figure shows are not among them"
    assert len(one.code) == 1 and one.code == found["card-b"].code
    head, text = one.text.split(" = ", 1)
    assert head == 'latentwalk.figures["04_kl-beta"]' and set(json.loads(text.rstrip(";\n"))) == set(
        figures.needed(models, "card-a")
    )


def test_a_view_whose_state_is_not_stored_is_named(models):
    with pytest.raises(figures.ExtensionError, match="04_kl: a widget is displayed whose state is not stored"):
        list(figures.shown("04_kl", models, ["gone"]))


def test_weights_leave_the_state_and_nothing_else_does():
    slider = {"state": {"value": 1}, "buffers": [{"path": ["weights"], "encoding": "base64", "data": "AAAA"}]}
    models = {"a": network(b"one", "1"), "b": network(b"one", "1"), "c": network(b"two", "2"), "d": slider}
    assert figures.take_weights(models) == {"1-decode": b"one", "2-decode": b"two"}
    for key in "abc":
        assert [buffer["path"] for buffer in models[key]["buffers"]] == [["pictures"]]
    assert len(models["d"]["buffers"]) == 1, "only a widget with a digest is a network"


def test_weights_come_back_as_they_were():
    numbers = bytes(range(256)) * 8
    text = figures.weights("d" * 64, numbers)
    packed = re.fullmatch(rf'latentwalk\.weights\["{"d" * 64}"\] = "([^"]+)";\n', text)[1]
    planes = gzip.decompress(base64.b64decode(packed))
    assert bytes(byte for pair in zip(planes[:1024], planes[1024:]) for byte in pair) == numbers
    assert figures.weights("d" * 64, numbers) == text, "the same network gives the same file"


def test_code_leaves_the_state_once_for_all_figures_of_a_kind(models):
    found = figures.take_code(models, ROOT / "nowhere")
    assert list(found.values()) == [("export default 'Beta'", "")]
    assert models["a"]["state"]["_code"] == models["b"]["state"]["_code"] == next(iter(found))
    assert not any("_esm" in model["state"] or "_css" in model["state"] for model in models.values())
    assert models["layout"]["state"] == {"width": "100%"}, "what nobody has set takes most of the room"
    assert "_code" not in models["net"]["state"], "a network has no code of its own"


def test_the_code_of_the_books_own_figures_is_that_of_today(models, tmp_path):
    """What a notebook stored when it ran may be older."""
    shutil.copytree(ROOT / "src/latentwalk/widgets", tmp_path / "src/latentwalk/widgets")
    (tmp_path / "book").mkdir()
    (tmp_path / "book/node_modules").symlink_to(ROOT / "book/node_modules")
    digests = []
    for name in "ab":
        models[name]["state"]["_css"] = "older"
    for mark in ("one", "two"):
        with (tmp_path / "src/latentwalk/widgets/figure.js").open("a") as shared:
            shared.write(f'globalThis.mark = "{mark}";')
            shared.flush()
            found = figures.take_code(copy.deepcopy(models), tmp_path)
        (digest,) = found
        digests.append(digest)
        assert f'"{mark}"' in figures.module(tmp_path, digest, found[digest]) and ".lw-card" in found[digest][1]
    assert digests[0] != digests[1]


def test_code_becomes_a_script_that_any_page_can_load():
    text = figures.module(
        ROOT, "abc", ("const twice = (x) => 2 * x; export default { render: twice };", "p { top: 0 }")
    )
    assert "export" not in text and 'latentwalk.modules["abc"]' in text and '"p { top: 0 }"' in text
    with pytest.raises(figures.ExtensionError, match=r"esbuild: .*Expected"):
        figures.module(ROOT, "abc", ("export default {", ""))
    with pytest.raises(figures.ExtensionError, match=r"imports https://example\.org/d3\.js"):
        figures.module(ROOT, "abc", ('import d3 from "https://example.org/d3.js"; export default d3;', ""))
    figures.module(ROOT, "abc", ('export default "https://example.org is only text";', ""))


def test_a_place_names_its_files_and_holds_its_still(monkeypatch, models):
    missing = []
    monkeypatch.setattr(figures.logger, "warning", lambda text, *values: missing.append(text % values))
    figures.take_code(models, ROOT / "nowhere")
    still = {"width": 7, "height": 9, "words": 'figure "1" < 3', "heights": {"desk": 9, "phone": 12}}
    config = SimpleNamespace(stills={"04_kl-beta": still}, stills_wanted=True, language="en")
    app = SimpleNamespace(config=config)
    shown = list(figures.shown("notebooks/04_kl", models, ["card-a", "plain", "card-b"]))

    def resource(path, resource):
        return f"../{path}"

    first, plain, second = (figures.place(app, "notebooks/04_kl", resource, one) for one in shown)
    assert '<img class="lw-still" src="../_static/stills/04_kl-beta.webp" width="7" height="9"' in first
    assert 'alt="figure &quot;1&quot; &lt; 3"' in first and "--lw-desk: 9px; --lw-phone: 12px;" in first
    assert 'id="figure-beta"' in first and 'data-view="card-a"' in first
    assert re.search(r'data-state="\.\./_static/figures/04_kl-beta\.js\?v=[0-9a-f]{8}"', first)
    assert re.search(r'data-code="\.\./_static/figures/[0-9a-f]{16}\.js"', first)
    assert "<img" not in plain and " id=" not in plain and "data-code" not in plain
    assert "<img" not in second and missing == ["notebooks/04_kl: figure-beta-2 has no still: run `make stills`"]
    config.stills_wanted = False
    figures.place(app, "notebooks/04_kl", resource, shown[2])
    assert len(missing) == 1, "`make stills` itself builds the book without"


def test_a_bundle_says_whose_code_it_holds():
    inputs = {
        "front-end/main.js": {"bytesInOutput": 5},
        "node_modules/@lumino/widgets/dist/index.es6.js": {"bytesInOutput": 5},
        "node_modules/a/node_modules/b/index.js": {"bytesInOutput": 5},
        "node_modules/shaken/index.js": {"bytesInOutput": 0},
    }
    assert offline.packages({"outputs": {"x.js": {"inputs": inputs}}}) == ["@lumino/widgets", "b"]
