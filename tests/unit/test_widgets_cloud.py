"""Latent cloud and Reparameterization: what Python hands to the page, and what it refuses."""

import re

import numpy as np
import pytest
import torch
import traitlets
from ipywidgets.widgets.widget import _instances

from latentwalk.models import VAE, Autoencoder
from latentwalk.page.script import esm
from latentwalk.widgets import LatentCloud, Network, Reparameterization


@pytest.fixture(scope="module")
def networks():
    torch.manual_seed(0)
    return [Network(VAE(2, 8), "tiny-vae"), Network(Autoencoder(2, 8), "tiny-ae")]


@pytest.fixture(scope="module")
def pictures():
    return torch.rand(5, 784, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def cloud(networks, pictures):
    return LatentCloud(networks, pictures[:3], [1, 2, 3], pictures, range(5), digit=2)


def linked(figure):
    """The traits of a figure that a control is joined to, in the page."""
    links = [w for w in list(_instances.values()) if type(w).__name__ == "Link"]
    return {trait for link in links for widget, trait in (link.source, link.target) if widget is figure}


def test_the_page_gets_mu_and_sigma_of_the_real_encoder(cloud, networks, pictures):
    with torch.no_grad():
        mu, logvar = networks[0].model.encode(pictures)
    table = np.frombuffer(cloud.crowds[0], np.float32).reshape(-1, 4)
    np.testing.assert_allclose(table, torch.cat([mu, (0.5 * logvar).exp()], 1), rtol=1e-5)
    assert [cloud.mu1, cloud.mu2] == pytest.approx(mu[2].tolist())
    assert np.frombuffer(cloud.codes[0], np.float32).reshape(-1, 4)[2] == pytest.approx(table[2], rel=1e-5)


def test_an_autoencoders_points_have_no_sigma_and_unit_spread(cloud, networks, pictures):
    table = np.frombuffer(cloud.crowds[1], np.float32).reshape(-1, 4)
    assert (table[:, 2:] == 0).all()
    assert table[:, :2].mean(0) == pytest.approx([0, 0], abs=1e-5)
    assert table[:, :2].var(0, ddof=1).mean() == pytest.approx(1, rel=1e-4)
    first, second, spread = cloud.frames[1]
    with torch.no_grad():
        codes = networks[1].model.codes(pictures)
    np.testing.assert_allclose(table[:, :2] * spread + [first, second], codes, atol=1e-5)


def test_the_controls_are_joined_in_the_page(cloud, networks):
    assert {"mu1", "mu2", "scale", "seed", "view_index"} <= linked(cloud)
    assert {"mu", "sigma"} <= linked(Reparameterization(networks[:1], [0.0, 1.0]))


def test_view_and_its_index_move_together(cloud):
    cloud.view = "ae"
    assert cloud.view_index == 1
    cloud.view_index = 0
    assert cloud.view == "vae"


def test_dice_lie_outside_until_they_are_put_inside(networks):
    figure = Reparameterization(networks[:1], [0.0, 1.0])
    assert (figure.dice, figure.dice_index) == ("outside", 0)
    figure.dice = "inside"
    assert figure.dice_index == 1
    assert "dice_index" in linked(figure) and {"mu", "sigma", "eps", "dice"} <= set(figure.rules)
    with pytest.raises(traitlets.TraitError):
        figure.dice = "loaded"


def test_draws_are_sorted_repeatable_and_python_may_set_them(networks):
    first, again = (Reparameterization(networks[:1], [0.5, -1.0], axis=1, seed=3) for _ in range(2))
    assert first.eps == again.eps == sorted(first.eps) and len(first.eps) == 6
    assert first.eps != Reparameterization(networks[:1], [0.5, -1.0], seed=4).eps
    assert first.mu == pytest.approx(-1.0) and first.code == pytest.approx([0.5, -1.0])
    first.eps = [0.0, 1.0]
    assert first.eps == [0.0, 1.0]


@pytest.mark.parametrize("name", ["cloud", "reparameterization"])
def test_every_word_that_the_script_asks_for_comes_from_python(name, cloud, networks):
    figure = cloud if name == "cloud" else Reparameterization(networks[:1], [0.0, 0.0])
    used = set(re.findall(r"\btext\.(?!replace|length|charCodeAt)(\w+)", esm(name)))
    assert len(used) >= 3
    assert used <= set(figure.text)
