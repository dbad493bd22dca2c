"""The Moons figure: its Python side, and the page's moons and its search against `data` and `evaluation`."""

import json

import pytest
import torch

from latentwalk import data, evaluation, models
from latentwalk.page.script import FOLDER
from latentwalk.widgets import Moons, Network

BOTH = ("encode", "decode")


@pytest.fixture
def pair():
    torch.manual_seed(0)
    nets = {"ae": models.Autoencoder(3, 20, 1024), "vae": models.VAE(3, 20, 1024)}
    return [Network(model, name, name, parts=BOTH) for name, model in nets.items()]


def test_phase_sliders_are_there_where_phases_are(pair):
    figure = Moons(pair, pair)
    assert "lw-no-phase" in figure.card._dom_classes
    figure.shape = "moons"
    assert figure.shape_index == 1
    assert "lw-no-phase" not in figure.card._dom_classes
    assert figure.phases == [[0.06, 0.06], [0.1, 1.0]]


@pytest.fixture
def run(tmp_path, run_javascript):
    """What an expression over true_moons.js gives for ``given``."""

    def run(command: str, given) -> object:
        (tmp_path / "given.json").write_text(json.dumps(given))
        lines = [
            f"import {{ moon, TrueMoons }} from '{(FOLDER / 'true_moons.js').as_uri()}';",
            "import { readFileSync } from 'node:fs';",
            "const given = JSON.parse(readFileSync('given.json'));",
            f"console.log(JSON.stringify({command}));",
        ]
        return run_javascript("\n".join(lines))

    return run


def test_the_page_renders_the_moons_of_the_package(run):
    phase, tilt = [0.06, 0.06, 0.1, 0.33, 0.5, 0.77, 1.0], [0, 123, -170, 45, 90, 10, 0]
    shown = run("given.map(([phase, tilt]) => [...moon(phase, tilt)])", list(zip(phase, tilt)))
    true = data.moons(torch.tensor(phase), torch.deg2rad(torch.tensor(tilt)), 32)
    difference = (torch.tensor(shown) - true).abs()
    # float64 there, float32 here: a sample exactly on the edge may fall on either side.
    assert difference.max() <= 2 / 16 and difference.mean() < 2e-4
    assert torch.tensor(shown).max(dim=1).values.min() > 0.5


@pytest.mark.parametrize("world", ["crescents", "moons"])
def test_the_page_finds_the_nearest_moon_that_an_exhaustive_search_finds(run, world):
    torch.manual_seed(0)
    x = data.world(world, 60, 5)
    x = torch.cat(
        [x[:20], (x[20:30] + x[30:40]) / 2, (x[40:60] * (torch.rand(20, 1024) < 0.5))]
    )  # true, blends, rubble
    given = {"range": data.WORLDS[world], "x": x.tolist()}
    distances = run("((truth) => given.x.map((x) => truth.nearest(x).distance))(new TrueMoons(given.range))", given)
    expected = 1000 * evaluation.cosine_distance(x, data.all_of_world(world))
    difference = torch.tensor(distances) - expected
    assert difference.abs().median() < 0.5
    assert (difference < 2 + 0.03 * expected).all(), "a local minimum"
