"""The figures KL and Beta: what Python computes for the page, and the page's KL against PyTorch's."""

import json

import numpy as np
import pytest
import torch

from latentwalk import losses, models
from latentwalk.widgets import Beta, Network
from latentwalk.widgets.base import _HERE
from latentwalk.widgets.beta import BINS


def test_the_pages_kl_is_the_same(run_javascript):
    points = [(0.0, 1.0), (1.0, 0.4), (-3.0, 0.05), (2.5, 3.0)]
    code = f'import {{ muPart, sigmaPart }} from "{(_HERE / "gaussian.js").as_uri()}";'
    code += f"\nconsole.log(JSON.stringify({json.dumps(points)}.map(([m, s]) => muPart(m) + sigmaPart(s))));"
    in_the_page = run_javascript(code)
    mu, sigma = torch.tensor(points, dtype=torch.float64).T
    expected = losses.kl_divergence(mu[:, None], 2 * sigma.log()[:, None])[:, 0]
    assert in_the_page == pytest.approx(expected.tolist(), abs=1e-9)


@pytest.fixture(scope="module")
def data():
    torch.manual_seed(0)
    return torch.rand(300, 784), torch.arange(300) % 10


@pytest.fixture(scope="module")
def networks():
    torch.manual_seed(0)
    return [Network(models.VAE(4, hidden=30), f"net-{k}", f"net {k}") for k in range(3)]


def test_beta_measures_are_the_losses(networks, data):
    x, labels = data
    figure = Beta(networks, [0, 1, 4], x, labels, crowd=50, index=1)
    for k, network in enumerate(networks):
        with torch.no_grad():
            mu, logvar = network.model.encode(x)
            kl = losses.kl_divergence(mu, logvar)
        one = figure.measures[k]
        assert one["kl"] == pytest.approx(kl.sum(1).mean().item(), rel=1e-5)
        assert one["active"] == (kl.mean(0) > 0.05).sum()
        i, j = figure.dims[k]
        assert kl.mean(0)[[i, j]].tolist() == pytest.approx(kl.mean(0).sort(descending=True).values[:2].tolist())
        plane = np.frombuffer(figure.planes[k], np.float32).reshape(50, 4)
        assert np.allclose(plane[:, :2], mu[:50, [i, j]])
        assert np.allclose(plane[:, 2:], (0.5 * logvar[:50, [i, j]]).exp())
        assert sum(figure.histograms[k]) == pytest.approx(1, abs=1e-4)
        assert len(figure.histograms[k]) == len(BINS) - 1


def test_beta_reconstruction_is_of_the_codes_it_ships(networks, data):
    x, labels = data
    figure = Beta(networks[:1], [1], x, labels)
    eps = torch.randn(300, 4, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        mu, logvar = networks[0].model.encode(x)
        z = mu + (0.5 * logvar).exp() * eps
        recon = losses.reconstruction(networks[0].model.decode_logits(z), x).mean()
    assert figure.measures[0]["recon"] == pytest.approx(recon.item(), rel=1e-5)
    assert np.allclose(np.frombuffer(figure.codes[0], np.float32).reshape(6, 4), z[:6])  # labels begin 0, 1, 2, ...


def test_beta_leaves_the_global_noise_alone(networks, data):
    torch.manual_seed(5)
    expected = torch.randn(3)
    torch.manual_seed(5)
    Beta(networks[:1], [1], *data)
    assert torch.equal(torch.randn(3), expected)
