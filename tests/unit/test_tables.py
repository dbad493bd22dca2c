"""The stored tables: chapter 04's measures of a network whose clouds are known, and what is said of a table made anew."""

import math

import pytest
import torch

from latentwalk import models, tables
from latentwalk.making import tables as making
from latentwalk.making.measures import measure_beta


def test_measures_of_clouds_that_are_known():
    model = models.VAE(latent_dim=3, hidden=4, pixels=9)
    with torch.no_grad():
        for head, answer in ((model.fc21, [0.0, 1.0, 0.0]), (model.fc22, [0.0, 0.0, -0.2])):
            head.weight.zero_()
            head.bias.copy_(torch.tensor(answer))  # the same cloud for every picture
        model.fc4.weight.zero_()
        model.fc4.bias.zero_()  # x_hat = 0.5 everywhere: ln 2 for each pixel, whatever the picture
    torch.manual_seed(0)
    measured = measure_beta(model, torch.rand(50, 9))
    narrow = 0.5 * (math.exp(-0.2) - 1 + 0.2)  # 0.009 nats: not active
    assert measured["active"] == 1
    assert measured["kl"] == pytest.approx(0.5 + narrow, abs=1e-3)
    assert measured["recon"] == pytest.approx(9 * math.log(2), abs=1e-3)
    assert measured["sigma"] == pytest.approx((2 + math.exp(-0.1)) / 3, rel=1e-4)
    assert measured["spread"] == pytest.approx(0, abs=1e-6)


def test_every_beta_with_every_seed():
    table = tables.read("beta")
    keys = [(row["beta"], row["seed"]) for row in table["rows"]]
    assert keys == [(beta, seed) for beta in (0, 0.1, 0.5, 1, 2, 4, 10) for seed in range(3)]
    assert "beta" not in table["settings"]["recipe"]


def test_what_a_table_says_when_it_is_made_anew(tmp_path, monkeypatch, capsys):
    """The mean of each measured column before and after; what was set is no result."""
    for module in (tables, making):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
    for cost in (1.0, 3.0):
        rows = [{"kind": "VAE", "seed": seed, "beta": 2.0, "cost": cost + seed} for seed in range(3)]
        monkeypatch.setattr(making, "TABLES", {"costs": lambda rows=rows: {"unit": "nats", "rows": rows}})
        making.make(["costs"])
        assert tables.read("costs")["rows"] == rows
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("; new") and second.endswith("; cost 2 -> 4")
