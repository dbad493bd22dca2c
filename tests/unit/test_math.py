"""Closed forms against Monte Carlo, autograd against finite differences, interpolation against its definition."""

import pytest
import torch
import torch.nn.functional as F
from torch.distributions import Normal
from torch.distributions import kl_divergence as torch_kl

from latentwalk import interpolation, losses, models


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(0)


def test_kl_equals_pytorch_and_is_zero_only_at_the_prior():
    mu, logvar = torch.randn(50, 20), torch.randn(50, 20)
    ours = losses.kl_divergence(mu, logvar)
    assert ours.shape == (50, 20) and (ours >= 0).all()
    assert torch.allclose(ours, torch_kl(Normal(mu, (0.5 * logvar).exp()), Normal(0.0, 1.0)), atol=1e-5)
    assert losses.kl_divergence(torch.zeros(1, 1), torch.zeros(1, 1)).item() == 0


def test_kl_equals_monte_carlo():
    mu, logvar = torch.tensor([[0.7]]), torch.tensor([[-1.2]])
    q = Normal(mu.double(), (0.5 * logvar.double()).exp())
    z = q.sample((400_000,))
    log_ratio = (q.log_prob(z) - Normal(0.0, 1.0).log_prob(z)).flatten()
    error = log_ratio.std() / len(log_ratio) ** 0.5
    assert abs(log_ratio.mean() - losses.kl_divergence(mu, logvar).item()) < 4 * error


def test_gradients_against_finite_differences():
    mu = torch.randn(3, 4, dtype=torch.float64, requires_grad=True)
    logvar = torch.randn(3, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(losses.kl_divergence, (mu, logvar))
    x = torch.rand(3, 4, dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda logits: losses.reconstruction(logits, x), (mu,))


def test_reparameterize_gradients_and_moments():
    model = models.VAE(latent_dim=1)
    mu, logvar = torch.full((200_000, 1), 1.5, requires_grad=True), torch.full((200_000, 1), -0.8, requires_grad=True)
    z = model.reparameterize(mu, logvar)
    sigma = torch.exp(torch.tensor(-0.4))
    assert abs(z.mean() - 1.5) < 4 * sigma / 200_000**0.5
    assert abs(z.std() / sigma - 1) < 0.01
    z.sum().backward()
    assert torch.equal(mu.grad, torch.ones_like(mu))  # dz/dmu = 1
    eps = (z - mu).detach() / sigma
    assert torch.allclose(logvar.grad, 0.5 * eps * sigma, atol=1e-5)  # dz/dlogvar = eps * sigma / 2


def test_reconstruction_equals_the_chapters_bce():
    logits, x = torch.randn(6, 784), torch.rand(6, 784)
    chapter = F.binary_cross_entropy(torch.sigmoid(logits), x, reduction="sum")
    assert torch.allclose(losses.reconstruction(logits, x).sum(), chapter, rtol=1e-5)
    assert torch.isfinite(losses.reconstruction(torch.full((1, 3), 500.0), torch.zeros(1, 3))).all()


def test_terms_of_both_kinds_of_network():
    x = torch.rand(7, 784)
    recon, kl = losses.terms(models.VAE(), x)
    assert recon.shape == kl.shape == (7,) and (kl > 0).all()
    recon, kl = losses.terms(models.Autoencoder(5), x)
    assert recon.shape == (7,) and torch.equal(kl, torch.zeros(7))


def test_what_does_not_go_together_is_refused_by_torch():
    with pytest.raises(ValueError, match="size"):
        losses.reconstruction(torch.zeros(2, 3), torch.zeros(3))
    with pytest.raises(RuntimeError, match="size"):
        interpolation.lerp(torch.zeros(5), torch.zeros(3), 0.5)


def test_network_shapes_and_names():
    vae = models.VAE(latent_dim=3, hidden=10, pixels=16)
    assert {name.split(".")[0] for name in vae.state_dict()} == {"fc1", "fc21", "fc22", "fc3", "fc4"}
    recon, mu, logvar = vae(torch.rand(5, 4, 4))
    assert recon.shape == (5, 16) and mu.shape == logvar.shape == (5, 3)
    assert (recon > 0).all() and (recon < 1).all()
    ae = models.Autoencoder(2)
    assert ae(torch.rand(5, 784)).shape == (5, 784) and ae.codes(torch.rand(5, 784)).shape == (5, 2)
    assert sum(p.numel() for p in models.VAE().parameters()) == 652_824


def test_lerp_and_slerp():
    a, b = torch.randn(20), torch.randn(20)
    t = torch.linspace(0, 1, 11)
    for path in (interpolation.lerp, interpolation.slerp):
        walk = path(a, b, t)
        assert walk.shape == (11, 20)
        assert torch.allclose(walk[0], a, atol=1e-5) and torch.allclose(walk[-1], b, atol=1e-5)
        assert torch.allclose(path(a, b, 0.3), walk[3], atol=1e-5)
    lengths = interpolation.slerp(a, b, t).norm(dim=1)
    assert torch.allclose(lengths, a.norm() + t * (b.norm() - a.norm()), atol=1e-4)
    directions = F.normalize(interpolation.slerp(a, b, t), dim=1)
    steps = (directions[1:] * directions[:-1]).sum(1)
    assert torch.allclose(steps, steps[0].expand(10), atol=1e-5)  # equal angles
    assert torch.allclose(interpolation.slerp(a, 2 * a, 0.5), 1.5 * a, atol=1e-5)
    with pytest.raises(ValueError, match="opposite"):
        interpolation.slerp(a, -a, 0.5)
