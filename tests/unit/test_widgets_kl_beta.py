"""The figures KL and Beta: what Python computes for the page, and the page's KL against PyTorch's."""

import json

import numpy as np
import pytest
import torch

from latentwalk import losses, models
from latentwalk.page.script import FOLDER
from latentwalk.widgets import KL, Beta, Network
from latentwalk.widgets.beta import BINS


def test_the_pages_kl_is_the_same(run_javascript):
    points = [(0.0, 1.0), (1.0, 0.4), (-3.0, 0.05), (2.5, 3.0)]
    code = f'import {{ muPart, sigmaPart }} from "{(FOLDER / "gaussian.js").as_uri()}";'
    code += f"\nconsole.log(JSON.stringify({json.dumps(points)}.map(([m, s]) => muPart(m) + sigmaPart(s))));"
    in_the_page = run_javascript(code)
    mu, sigma = torch.tensor(points, dtype=torch.float64).T
    expected = losses.kl_divergence(mu[:, None], 2 * sigma.log()[:, None])[:, 0]
    assert in_the_page == pytest.approx(expected.tolist(), abs=1e-9)


@pytest.mark.parametrize("a, beta, home", [(4.0, 1.0, 1.5), (0.0, 2.0, 1.0), (10.0, 0.3, -3.0)])
def test_the_point_settles_where_pytorch_does(run_javascript, a, beta, home):
    """Gradient descent by autograd from three places ends where the figure says, and so does the page's roll."""
    figure, starts = KL(a=a, beta=beta, home=home), [(-1.0, 1.5), (3.0, 0.05), (0.0, 3.0)]
    pulls = json.dumps({"a": a, "beta": beta, "home": home})
    code = f'import {{ rollTo, timeToSettle }} from "{(FOLDER / "settling.js").as_uri()}"; const pulls = {pulls};'
    code += "\nconst roll = (at) => rollTo(pulls, at, timeToSettle(pulls, at, 0.05));"
    code += f"\nconsole.log(JSON.stringify({json.dumps(starts)}.map(roll)));"
    mu, logvar = (torch.tensor(column, dtype=torch.float64) for column in zip(*starts))
    logvar = (2 * logvar.log()).requires_grad_()
    mu.requires_grad_()
    for _ in range(6000):
        recon = 0.5 * a * ((mu - home) ** 2 + logvar.exp())
        loss = (recon + beta * losses.kl_divergence(mu[:, None], logvar[:, None])[:, 0]).sum()
        slopes = torch.autograd.grad(loss, [mu, logvar])
        with torch.no_grad():
            mu -= 0.02 * slopes[0]
            logvar -= 0.02 * slopes[1]
    sigma = (0.5 * logvar).exp()
    for place, rolled in zip(zip(mu.tolist(), sigma.tolist()), run_javascript(code)):
        assert place == pytest.approx(figure.settled, abs=1e-4)
        assert rolled == pytest.approx(figure.settled, abs=0.004)
    assert figure.settled[1] ** 2 == pytest.approx(beta / (beta + a))


def test_nothing_settles_where_nothing_pulls():
    assert KL(a=0, beta=0).settled is None
    assert KL(beta=0).settled[1] == 0


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


class Mine(torch.nn.Module):
    """A reader's own: it gives pixels, and no log-odds."""

    def __init__(self, vae):
        super().__init__()
        self.vae = vae

    def encode(self, x):
        return self.vae.encode(x)

    def decode(self, z):
        return self.vae.decode(z)


def test_beta_takes_a_model_that_gives_pixels_alone(networks, data):
    mine = Network(Mine(networks[0].model), "mine")
    book, own = (Beta([network], [1], *data).measures[0] for network in (networks[0], mine))
    assert own == pytest.approx(book, rel=1e-5)


def test_beta_leaves_the_global_noise_alone(networks, data):
    torch.manual_seed(5)
    expected = torch.randn(3)
    torch.manual_seed(5)
    Beta(networks[:1], [1], *data)
    assert torch.equal(torch.randn(3), expected)
