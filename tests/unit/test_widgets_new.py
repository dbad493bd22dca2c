"""Your number, the machine, while it learns, which bug: what they show is what tables and networks say."""

import itertools
import json
import math
import re

import numpy as np
import pytest
import torch
from loss_units import PARTS, judge, linear

from latentwalk import tables
from latentwalk.checkpoints import load
from latentwalk.data import mnist
from latentwalk.losses import kl_divergence
from latentwalk.making import bugs, files, learning
from latentwalk.page.script import FOLDER
from latentwalk.widgets import Learning, Machine, Network, WhichBug, YourLoss


@pytest.fixture(scope="module")
def digits():
    return mnist()


@pytest.fixture(scope="module")
def number(digits):
    return YourLoss(digits.test_x)


# Your number


def test_the_page_judges_as_it_should(number, run_javascript):
    losses = (-3, 0, 0.134, 0.26, 1.3, 18, 40, 66, 83, 102, 105, 118, 150, 206, 300, 543, 2000, 13_429, 1_049_136)
    ways = itertools.product(
        losses,
        ("bce", "squares", "half"),
        ("sum", "mean"),
        ("mean", "sum"),
        (1, 100),
        ("sum", "pixels", "mean"),
        (-1, 0, 0.3, 1, 30),
    )
    cases = [dict(zip(PARTS, way)) for way in ways]
    code = f'import {{ judgeLoss }} from "{(FOLDER / "loss_units.js").as_uri()}";\n'
    code += f"const facts = {json.dumps(number.facts)};\n"
    code += f"console.log(JSON.stringify({json.dumps(cases)}.map((how) => judgeLoss(facts, how))));"
    for case, page in zip(cases, run_javascript(code), strict=True):
        here = judge(number.facts, **case)
        assert set(here) == set(page)
        for name, value in here.items():
            assert _same(page[name], value), (case, name, page[name], value)


def _same(page, here) -> bool:
    if isinstance(here, dict):
        return set(page) == set(here) and all(_same(page[name], here[name]) for name in here)
    if isinstance(here, list):
        return len(page) == len(here) and all(map(_same, page, here))
    return page == pytest.approx(here, rel=1e-9, abs=1e-12) if isinstance(here, float) else page == here


@pytest.mark.parametrize(
    "how, verdict, regime",
    [
        ({"loss": 104.9}, "good", "vae"),
        ({"loss": 106.66}, "good", "vae"),
        ({"loss": 127.0}, "learning", "vae"),
        ({"loss": 0.134, "pixels": "mean", "kl": "pixels"}, "good", "vae"),
        ({"loss": 104.9 * 128, "images": "sum"}, "good", "vae"),
        ({"loss": 0.26, "pixels": "mean"}, "usual", "collapse"),  # chapter 08's BCE mean over pixels
        ({"loss": 79.23, "kl": "pixels"}, "slow", "autoencoder"),  # its KL mean over pixels, after two epochs
        ({"loss": 205.7}, "mean", "vae"),
        ({"loss": 543.5}, "even", "vae"),
        ({"loss": 83.8}, "low", "vae"),  # its z = mu
        ({"loss": 40.0}, "below", "vae"),
        ({"loss": -1.0}, "negative", "vae"),
        ({"loss": 20.6, "error": "half"}, "usual", "squares"),  # a VAE trained so for three epochs: 14.7 + 5.9
        ({"loss": 32.4, "error": "squares"}, "usual", "squares"),  # 21.2 + 11.2
        ({"loss": 26.4, "error": "half"}, "mean", "squares"),
    ],
)
def test_known_numbers(number, how, verdict, regime):
    plain = {"error": "bce", "pixels": "sum", "images": "mean", "batch": 128, "kl": "sum", "weight": 1.0}
    found = judge(number.facts, **{**plain, **how})
    assert (found["verdict"], found["regime"]) == (verdict, regime)


@pytest.mark.parametrize("printed, name", [(13_429.0, "batch"), (0.134, "mean"), (0.193, "bits"), (1_049_136.0, "set")])
def test_the_usual_accidents(number, printed, name):
    plain = {"error": "bce", "pixels": "sum", "images": "mean", "batch": 128, "kl": "sum", "weight": 1.0}
    accident = judge(number.facts, loss=printed, **plain)["accident"]
    assert accident["name"] == name and accident["nats"] == pytest.approx(104.9, abs=0.3)


def test_landmarks_are_those_of_the_page_on_losses(number):
    facts = number.facts
    assert (facts["perfect"], facts["mean"], facts["even"]) == pytest.approx((45.5, 205.7, 784 * math.log(2)), abs=0.15)
    assert facts["longest"] == pytest.approx(101.9, abs=0.1)
    assert facts["usual"][-1] == pytest.approx(105.7, abs=0.1) and len(facts["usual"]) == 10
    found = judge(facts, **{name: getattr(number, name) for name in PARTS})
    assert found["verdict"] == "above", "it opens with a sum over a batch"


def test_pca_is_the_best_linear_network(number, digits):
    """Its closed form against the loss of a linear VAE built from the eigenvectors (Lucas et al., arXiv 1911.02469)."""
    x = digits.test_x - digits.test_x.mean(0)
    values, vectors = torch.linalg.eigh((x.T @ x / len(x)).double())
    values, vectors = values.flip(0)[:20], vectors.flip(1)[:, :20]
    variance = 1.0  # half a squared error, beta 1
    kept = values > variance
    values, vectors = values[kept], vectors[:, kept]
    decode = vectors * (values - variance).sqrt()  # (784, k)
    mu = x.double() @ vectors * ((values - variance).sqrt() / values)
    logvar = (variance / values).log().expand_as(mu)
    noise = (decode.pow(2).sum(0) * (variance / values)).sum()
    recon = 0.5 * ((x - mu @ decode.T).pow(2).sum(1).mean() + noise)
    loss = recon + kl_divergence(mu, logvar).sum(1).mean()
    assert linear(number.facts, 0.5, 1.0) == pytest.approx(loss.item(), rel=1e-4)


def test_all_words_are_there(number):
    names = {"good", "learning", "usual", "usual_squares", "low", "slow", "mean_said", "between", "even_said", "above"}
    names |= {f"accident_{name}" for name in ("mean", "bits", "sum", "batch", "set")}
    names |= {"vae", "beta_said", "autoencoder", "collapse", "squares", "free_squares", "none", "weight", "negative"}
    assert names <= set(number.text)


# The machine


def test_the_machine_lights_what_a_chapter_says(digits):
    network = Network(load("vae-20"), "vae-20", parts=("encode", "decode"))
    machine = Machine(network, digits.test_x[:3], digits.test_y[:3], digit=1, lit="dice")
    assert machine.lit_index == machine.parts.index("dice")
    assert all(f"said_{part}" in machine.text for part in machine.parts)
    assert machine.z == pytest.approx(network.codes(digits.test_x[1:2])[0].tolist())
    with pytest.raises(ValueError, match="at most 40"):
        Machine(Network(load("vae-128"), "vae-128", parts=("encode", "decode")), digits.test_x[:3], digits.test_y[:3])


# While it learns


def test_the_last_look_is_the_stored_network(digits):
    """The table's training is that of "vae-2": after its last epoch every digit lies about where that network puts it.

    Sums of floats differ from one processor to another, and a training makes small differences larger: so "about".
    """
    figure = Learning(digits.test_x[:500], digits.test_y[:500])
    vae = load("vae-2")
    with torch.no_grad():
        mu = vae.encode(digits.test_x[:500])[0]
        tiles = vae.decode(learning.map_codes()).view(-1, 1, 28, 28)
    assert (figure.mu(25) - mu).abs().mean() < 0.25 < mu.abs().mean() / 3
    assert figure.mu(0).abs().max() < 1, "before the first step all lie near the middle"
    assert figure.epochs[:7] == sorted(figure.epochs)[:7] and figure.epochs[6:] == list(range(1, 21))
    packed = np.frombuffer(figure.maps, np.uint8).reshape(26, 64, 98)[25]
    greys = np.stack([packed >> 4, packed & 15], -1).reshape(64, 14, 14) / 15
    small = torch.nn.functional.avg_pool2d(tiles, 2)[:, 0].numpy()
    assert np.abs(greys - small).mean() < 0.04
    loss = [r + k for r, k in zip(figure.recon, figure.kl)]
    assert loss[0] == pytest.approx(784 * math.log(2), rel=0.03) and loss[-1] == pytest.approx(149.2, abs=0.3)


def test_the_table_is_small_and_notices_damage():
    path = tables.FOLDER / "learning.json"
    assert path.stat().st_size < 300_000
    row = tables.read("learning")["rows"][5]["mu"]
    assert files.pack(torch.frombuffer(bytearray(tables.unpack(row)), dtype=torch.int16)) == row
    at = len(row) // 2
    for damaged in (row[:at], row[:at] + ("A" if row[at] != "A" else "B") + row[at + 1 :], "?" + row):
        with pytest.raises(ValueError, match="damaged"):
            tables.unpack(damaged)


def test_a_digit_too_few_is_refused(digits):
    with pytest.raises(ValueError, match="x: expected the first 500 test pictures, got 499"):
        Learning(digits.test_x[:499], digits.test_y[:499])


# Which bug?


def test_the_code_is_the_chapters():
    """The lines with a bug are those that the reader sees."""
    notebook = json.loads((FOLDER.parents[2] / "notebooks/08_wrong.ipynb").read_text())
    cells = "".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    own = (FOLDER.parent / "making/bugs.py").read_text()
    slips = re.findall(r'^    if bug == "(.+)":\n +(.+)$', own, re.M)
    assert len(slips) == 8, "and pixels"
    for bug, line in slips:
        assert re.search(rf'if bug == "{re.escape(bug)}":\n +{re.escape(line.split("  #")[0])}', cells), bug


def test_every_trace_is_what_its_run_shows():
    rows = {row["bug"]: row for row in tables.read("bugs")["rows"]}
    end = {bug: row["curve"][-1] for bug, row in rows.items()}
    best = sum(end["no bug"][:2])
    assert min(rows["no bug"]["sigma"]) > 0 and max(rows["no bug"]["sigma"]) < 1.05
    assert sum(end["one eps for the batch"][:2]) > best + 10 and sum(end["sigma is exp(logvar)"][:2]) < best - 5
    assert rows["KL sign flipped"]["curve"][1][1] < 0 and rows["KL sign flipped"]["steps"][1] == bugs.EVERY
    assert rows["pixels 0 to 255"]["stopped"] == 0
    assert min(rows["z = mu"]["sigma"]) > 0.95 and end["z = mu"][1] > 1
    assert end["z detached"][1] < 0.05 and end["z detached"][0] == pytest.approx(201, abs=3)
    assert end["sigmoid twice"][0] == pytest.approx(784 * math.log(2), rel=0.01)
    assert end["KL mean over pixels"][1] < 1 and end["KL mean over pixels"][3] > 100
    assert 784 * end["BCE mean over pixels"][0] == pytest.approx(end["BCE mean over pixels"][2], rel=0.05)


def test_a_guess_in_python():
    figure = WhichBug()
    assert figure.answer == "KL mean over pixels"
    figure.guess = "z = mu"
    assert figure.guess_index == list(figure.names).index("z = mu")
    assert sorted(run["bug"] for run in WhichBug(seed=5).runs) == sorted(bugs.BUGS)
    assert set(figure.traces) == set(bugs.BUGS) and len(figure.films) == 10 * 15 * 784
