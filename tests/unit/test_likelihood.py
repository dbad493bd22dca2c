"""The ELBO and the importance-weighted bound against models whose log p(x) is known."""

import math

import pytest
import torch
from torch.distributions import MultivariateNormal, Normal, kl_divergence

from latentwalk import data, models
from latentwalk.evaluation import importance_bound, log_weights, vae_log_weights
from latentwalk.training import fit

D, PIXELS, NOISE = 2, 3, 0.6


@pytest.fixture(scope="module")
def linear():
    """z ~ N(0, I), x = A z + noise: then x ~ N(0, A A^T + noise^2 I), and p(z|x) is Gaussian."""
    torch.manual_seed(0)
    a = torch.randn(PIXELS, D, dtype=torch.float64)
    x = torch.randn(4, PIXELS, dtype=torch.float64)
    log_p = MultivariateNormal(torch.zeros(PIXELS).double(), a @ a.T + NOISE**2 * torch.eye(PIXELS)).log_prob(x)

    def log_px(z):
        return Normal(z @ a.T, NOISE).log_prob(x).sum(-1)

    covariance = torch.linalg.inv(torch.eye(D) + a.T @ a / NOISE**2)
    posterior = MultivariateNormal(x @ a @ covariance / NOISE**2, covariance)
    return log_px, log_p, posterior


def mean_field(posterior):
    """A q with the posterior's means and half of its standard deviations, as the encoder would give it."""
    sigma = 0.5 * posterior.covariance_matrix.diagonal(dim1=-2, dim2=-1).sqrt()
    return posterior.mean, 2 * sigma.log().expand_as(posterior.mean)


def test_elbo_is_log_p_less_the_kl_to_the_posterior(linear):
    log_px, log_p, posterior = linear
    mu, logvar = mean_field(posterior)
    log_w = log_weights(mu, logvar, log_px, 40_000)
    gap = kl_divergence(MultivariateNormal(mu, torch.diag_embed(logvar.exp())), posterior)
    error = log_w.std(0) / len(log_w) ** 0.5
    assert log_w.shape == (40_000, 4) and (gap > 0.1).all()
    assert ((log_w.mean(0) - (log_p - gap)).abs() < 4 * error).all()
    assert torch.equal(importance_bound(log_w, 1), log_w.mean(0))


def test_the_bound_climbs_to_log_p(linear):
    log_px, log_p, posterior = linear
    mu, logvar = posterior.mean + 0.2, torch.log(4 * posterior.covariance_matrix.diagonal(dim1=-2, dim2=-1))
    log_w = log_weights(mu, logvar, log_px, 20_000, seed=1)
    bounds = torch.stack([importance_bound(log_w, k) for k in (1, 10, 100, 20_000)])
    assert (bounds.diff(dim=0) > 0).all() and (bounds[0] < log_p - 0.1).all()
    assert (bounds[-1] - log_p).abs().max() < 0.05


def test_the_true_posterior_leaves_no_gap_and_no_noise():
    x = torch.tensor([[1.3]], dtype=torch.float64)  # one dimension: x = z + noise, p(z|x) = N(x / 2, 1 / 2)
    log_w = log_weights(x / 2, torch.full_like(x, 0.5).log(), lambda z: Normal(z, 1.0).log_prob(x).sum(-1), 50)
    assert torch.allclose(log_w, Normal(0.0, 2**0.5).log_prob(x).expand(50, 1))


def test_a_vae_with_three_pixels_against_quadrature():
    torch.manual_seed(0)
    model = models.VAE(latent_dim=1, hidden=8, pixels=PIXELS)
    for layer in (model.fc3, model.fc4):
        layer.weight.data *= 4  # so that the pictures depend on z
    x = torch.cartesian_prod(*[torch.tensor([0.0, 1.0])] * PIXELS)  # all eight pictures
    z = torch.linspace(-9, 9, 4001)[:, None]
    with torch.no_grad():
        p = model.decode(z)[:, None]  # (4001, 1, pixels)
    p_x_given_z = torch.where(x == 1, p, 1 - p).prod(-1)
    p_x = (Normal(0.0, 1.0).log_prob(z).exp() * p_x_given_z).double().sum(0) * (z[1] - z[0])
    assert p_x.sum().item() == pytest.approx(1, abs=1e-4)  # probabilities of all pictures
    bound = importance_bound(vae_log_weights(model, x, 20_000), 20_000)
    assert (bound - p_x.log()).abs().max() < 0.05
    assert (importance_bound(vae_log_weights(model, x, 20_000), 1) < p_x.log()).all()


def test_grey_pixels_and_other_bad_input_are_refused():
    model, x = models.VAE(2, 8, 6), torch.full((3, 6), 0.5)
    with pytest.raises(ValueError, match="0 or 1"):
        vae_log_weights(model, x, 5)
    black = data.binarize(0 * x)
    with pytest.raises(ValueError, match=r"^k"):
        importance_bound(vae_log_weights(model, black, 5), 6)


def test_samples_are_taken_in_parts_and_grouped():
    model, x = models.VAE(2, 8, 6), torch.zeros(3000, 6)
    log_w = vae_log_weights(model, x, 5)
    assert log_w.shape == (5, 3000) and len(log_w.unique()) > 10_000
    pairs = (torch.logaddexp(log_w[0], log_w[1]) + torch.logaddexp(log_w[2], log_w[3])) / 2 - math.log(2)
    assert torch.allclose(importance_bound(log_w, 2), pairs, atol=1e-5)  # the fifth sample is left over


def test_binarize_draws_each_pixel_with_its_grey_value():
    x = torch.tensor([0.0, 0.25, 1.0]).expand(20_000, 3)
    drawn = data.binarize(x, seed=1)
    assert set(drawn.unique().tolist()) == {0.0, 1.0} and torch.equal(drawn, data.binarize(x, seed=1))
    assert drawn[:, 0].sum() == 0 and drawn[:, 2].sum() == 20_000 and abs(drawn[:, 1].mean() - 0.25) < 0.015
    with pytest.raises(ValueError, match=r"^x"):
        data.binarize(2 * x)


def test_training_draws_black_and_white_pictures_anew_each_epoch():
    torch.manual_seed(0)
    seen, model = [], models.VAE(2, 16, 25)
    encode = model.encode
    model.encode = lambda x: seen.append(x) or encode(x)
    fit(model, torch.full((500, 25), 0.3), epochs=3, batch_size=50, binarize=True, progress=False)
    seen = torch.cat(seen)
    assert set(seen.unique().tolist()) == {0.0, 1.0} and abs(seen.mean() - 0.3) < 0.02
    assert not torch.equal(seen[:500].sum(1).sort().values, seen[500:1000].sum(1).sort().values)  # drawn anew
