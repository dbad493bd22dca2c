"""Fit q by hand: the figure's numbers against integrals done otherwise, and the page's numbers against the figure's."""

import json
import math

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from latentwalk.page.script import FOLDER
from latentwalk.widgets import Fit
from latentwalk.widgets.fit import MU, SIGMA, best_q, elbo, log_p_x, log_p_x_given_z

Z = torch.linspace(-22, 22, 80_001, dtype=torch.float64)
XS = [-1.0, 0.3, 1.5, 2.0, 4.0]


def posterior(x):
    """log p(z|x) on the grid Z, normalised there."""
    log_joint = Normal(0.0, 1.0).log_prob(Z) + log_p_x_given_z(x, Z)
    return log_joint - log_joint.logsumexp(0) - math.log(Z[1] - Z[0])


def test_p_x_is_a_density():
    x = torch.linspace(-6, 60, 6601, dtype=torch.float64)
    assert (sum(math.exp(log_p_x(value)) for value in x.tolist()) * (x[1] - x[0])).item() == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("x", XS)
@pytest.mark.parametrize("mu, sigma", [(0.0, 1.0), (-1.4, 0.3), (3.0, 0.1), (-3.0, 2.0)])
def test_the_gap_is_the_kl_to_the_posterior(x, mu, sigma):
    figure = Fit(x=x, mu=mu, sigma=sigma)
    q = Normal(*torch.tensor([mu, sigma], dtype=torch.float64))
    log_q = q.log_prob(Z)
    kl = (log_q.exp() * (log_q - posterior(x))).sum() * (Z[1] - Z[0])
    assert figure.gap == pytest.approx(kl.item(), abs=1e-6)
    assert figure.log_px == pytest.approx(figure.elbo + figure.gap, abs=1e-12)
    expected = (log_q.exp() * log_p_x_given_z(x, Z)).sum() * (Z[1] - Z[0])
    assert figure.elbo == pytest.approx((expected - kl_divergence(q, Normal(0.0, 1.0))).item(), abs=1e-6)


@pytest.mark.parametrize("x", XS)
def test_no_q_is_better_than_the_best_and_none_is_above_log_p(x):
    mu, sigma = torch.cartesian_prod(torch.linspace(*MU, 121), torch.linspace(*SIGMA, 77)).T
    elbos, best = elbo(x, mu, sigma), elbo(x, *best_q(x)).item()
    assert best >= elbos.max() - 1e-9
    assert best < log_p_x(x) - 1e-3  # no Gaussian is the posterior
    assert MU[0] <= best_q(x)[0] <= MU[1] and SIGMA[0] <= best_q(x)[1] <= SIGMA[1]


@pytest.mark.parametrize("x", XS)
def test_the_page_computes_what_python_computes(run_javascript, x):
    figure, qs = Fit(x=x), [(0.0, 1.0), (-1.4, 0.3), (3.0, 0.1), (-3.0, 2.0)]
    script = f"""
import {{ world }} from "{(FOLDER / "world.js").as_uri()}";
const {{ elbo, study }} = world({json.dumps(figure.world)});
const {{ logp, q }} = study({x});
console.log(JSON.stringify({{ logp, q, elbos: {json.dumps(qs)}.map(([mu, sigma]) => elbo({x}, mu, sigma)) }}));"""
    page = run_javascript(script)
    assert page["logp"] == pytest.approx(figure.log_px, abs=1e-9)
    assert page["q"] == pytest.approx(figure.best, abs=1e-4)
    for (mu, sigma), value in zip(qs, page["elbos"]):
        assert value == pytest.approx(Fit(x=x, mu=mu, sigma=sigma).elbo, rel=1e-9, abs=1e-9)


def test_two_summits_of_which_the_best_q_covers_one():
    p = posterior(2.0)
    summits = Z[1:-1][(p[1:-1] > p[:-2]) & (p[1:-1] > p[2:])]
    assert len(summits) == 2 and summits[0] < -1 < 0.5 < summits[1]
    mu, sigma = Fit(x=2.0).best
    assert abs(mu - summits[1]) < 0.2 and mu - 3 * sigma > summits[0]


def test_traits_and_card():
    figure = Fit(x=1.0, mu=0.5, sigma=0.7)
    x, q = figure.card.children[1:]
    mu, sigma = q.children
    assert (x.value, mu.value, sigma.value) == (1.0, 0.5, 0.7)
    seen = []
    figure.observe(lambda change: seen.append(change.new), "mu")
    figure.mu = -0.5
    assert seen == [-0.5]
