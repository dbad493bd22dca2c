"""The Python side of the figures: what travels to the page, and what bad input says."""

import re
import runpy
import sys
from types import SimpleNamespace

import ipywidgets
import pytest
import torch
from safetensors.torch import load as from_safetensors

from latentwalk import checkpoints, models
from latentwalk.page.script import FOLDER, esm
from latentwalk.widgets import KL, Interpolation, Network


@pytest.fixture
def networks():
    torch.manual_seed(0)
    return [Network(models.Autoencoder(3), "ae", "autoencoder"), Network(models.VAE(2), "vae", "VAE")]


@pytest.fixture
def figure(networks):
    torch.manual_seed(1)
    return Interpolation(networks, torch.rand(4, 784), [3, 8, 1, 0], a=0, b=1, clouds=torch.rand(50, 784))


def test_weights_travel_as_safetensors_of_the_parts_that_are_shipped(networks):
    network = Network(networks[1].model, "vae", parts=("encode", "decode"))
    kept = network.model.state_dict()
    for part, names in {"encode": ["fc1", "fc21", "fc22"], "decode": ["fc3", "fc4"]}.items():
        used = [op[one] for op in network.layers[part] for one in ("weight", "bias") if one in op]
        assert used == [f"{name}.{one}" for name in names for one in ("weight", "bias")]
        tensors = from_safetensors(network.weights[part])
        assert {key.partition(".")[0] for key in tensors} == set(names)
        assert all(torch.equal(tensor, kept[key].half()) for key, tensor in tensors.items())
    assert networks[1].layers.keys() == networks[1].weights.keys() == {"decode"}


def test_one_network_one_digest(networks):
    again = Network(networks[0].model, "other name", parts=("encode",))
    assert again.digest == networks[0].digest != networks[1].digest


@pytest.mark.parametrize("name", ["ae-2", "vae-2", "vae-20"])
def test_a_stored_network_is_known_by_its_manifest(name):
    assert Network(checkpoints.load(name), name).digest == checkpoints.read_manifest(name)["sha256"]


def test_codes_of_both_kinds(networks):
    x = torch.rand(5, 784)
    assert torch.equal(networks[0].codes(x), networks[0].model.encode(x))
    assert torch.equal(networks[1].codes(x), networks[1].model.encode(x)[0])
    assert [network.latent_dim for network in networks] == [3, 2]


def test_choices_have_names_in_python_and_indices_in_the_page(figure):
    assert (figure.path, figure.path_index) == ("linear", 0)
    figure.path = "spherical"
    assert figure.path_index == 1
    figure.path_index = 0
    assert figure.path == "linear"


def test_traits_can_be_observed(figure):
    seen = []
    figure.observe(lambda change: seen.append(change.new), "t")
    figure.t = 0.25
    assert seen == [0.25]


def test_play_starts_where_t_is_and_what_a_hand_moves_can_be_set_back(networks):
    pictures = torch.rand(3, 784)
    figure = Interpolation(networks, pictures, [1, 2, 3], t=0.37)
    (play,) = [
        child
        for row in figure.card.children
        for child in getattr(row, "children", [])
        if hasattr(child, "step") and hasattr(child, "interval")
    ]
    assert figure.frame == play.value == 37 and not figure.playing
    assert list(figure.rules) == ["t", "a", "b", "path", "draws"]  # without clouds there is no choice of a source
    assert figure.text["back"] == "Back to the start"


def test_the_javascript_can_lie_inside_a_page():
    """Widget state is inlined into a script element: these would end or garble it."""
    for path in FOLDER.glob("*.js"):
        text = path.read_text().lower()
        assert "</script" not in text, path
        assert "<!--" not in text, path
        assert "<script" not in text, path


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.js")))
def test_notebooks_get_the_files_joined(name):
    """One module, in which nothing is imported any more, every name is given once, and a figure is what it exports."""
    text = esm(name)
    assert not re.search(r"^import\b", text, re.M)
    figure = (FOLDER / f"{name}.py").exists()
    assert re.findall(r"^export .*?\(", text, re.M) == (["export default defineFigure("] if figure else [])
    names = re.findall(r"^(?:async )?(?:class|const|function|let) (\w+)", text, re.M)
    assert len(names) == len(set(names)), sorted(one for one in names if names.count(one) > 1)
    own = (FOLDER / f"{name}.js").read_text(encoding="utf-8")
    wanted = {one.strip() for found in re.findall(r"^import \{([^}]+)\}", own, re.M) for one in found.split(",")} - {""}
    assert wanted <= set(names)


def test_colab_gets_the_card_and_the_metadata_that_it_wants(monkeypatch):
    view = "application/vnd.jupyter.widget-view+json"
    figure = KL()
    data, metadata = figure._repr_mimebundle_()
    assert data[view]["model_id"] == figure.card.model_id and metadata == {}
    asked = []
    colab = SimpleNamespace(
        enable_custom_widget_manager=lambda: asked.append(1), _widgets=SimpleNamespace(_installed_url="x")
    )
    monkeypatch.setitem(sys.modules, "google.colab.output", colab)
    data, metadata = figure._repr_mimebundle_()
    assert data[view]["model_id"] == figure.card.model_id and asked == [1]
    assert metadata == {view: {"colab": {"custom_widget_manager": {"url": "x"}}}}


def test_an_older_ipywidgets_is_told_at_once(monkeypatch):
    monkeypatch.setattr(ipywidgets, "__version__", "7.7.1")
    with pytest.raises(ImportError, match=r"need ipywidgets 8, and this kernel has 7\.7\.1: run %pip"):
        runpy.run_path(str(FOLDER.parent / "page" / "figure.py"))
