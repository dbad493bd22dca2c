"""Fit q by hand: a model with one latent dimension whose log p(x) and p(z|x) can be computed, and a Gaussian q to fit."""

import math

import torch
import traitlets
from torch import Tensor

from latentwalk.page.figure import Figure
from latentwalk.page.script import esm
from latentwalk.page.traits import Number, Words

X, MU, SIGMA = (-1.0, 4.0), (-3.0, 3.0), (0.1, 2.0)  # what the sliders span
CURVE, NOISE = (0.0, 0.5, 1.0), 0.8  # x = f(z) + noise with f(z) = 0 + 0.5 z + 1 z^2, noise ~ N(0, 0.8^2)


def log_p_x_given_z(x: float, z: Tensor) -> Tensor:
    """log p(x|z) in nats, with p(x|z) = N(f(z), NOISE^2); z any shape."""
    mean = CURVE[0] + CURVE[1] * z + CURVE[2] * z**2
    return -0.5 * ((x - mean) / NOISE) ** 2 - math.log(NOISE * math.sqrt(2 * math.pi))


def log_p_x(x: float) -> float:
    """log p(x) in nats: the integral of p(z) p(x|z) over z, with p(z) = N(0, 1), as a sum over a fine grid."""
    z = torch.linspace(-6, 6, 961, dtype=torch.float64)
    log_joint = log_p_x_given_z(x, z) - 0.5 * z**2 - 0.5 * math.log(2 * math.pi)
    return (log_joint.logsumexp(0) + math.log(z[1] - z[0])).item()


def elbo(x: float, mu: Tensor, sigma: Tensor) -> Tensor:
    """E_q[log p(x|z)] - KL(q || p(z)) in nats for q = N(mu, sigma^2); mu and sigma (n,) -> (n,).

    The expectation is a sum over a fine grid of eps, with z = mu + sigma * eps; the KL has its closed form.
    """
    mu, sigma = (torch.as_tensor(number, dtype=torch.float64) for number in (mu, sigma))
    eps = torch.linspace(-8, 8, 129, dtype=torch.float64)
    weight = torch.softmax(-0.5 * eps**2, 0)
    expected = log_p_x_given_z(x, mu[..., None] + sigma[..., None] * eps) @ weight
    return expected - (0.5 * (mu**2 + sigma**2 - 1) - sigma.log())


def best_q(x: float) -> tuple[float, float]:
    """The mu and sigma in the range of the sliders with the highest ELBO: the best of a grid, then ever smaller steps."""
    grid = torch.cartesian_prod(
        torch.linspace(*MU, 61, dtype=torch.float64), torch.linspace(*SIGMA, 39, dtype=torch.float64)
    )  # (2379, 2)
    at, step = grid[elbo(x, *grid.T).argmax()], 0.05
    around = torch.cartesian_prod(*[torch.tensor([0.0, -1, 1], dtype=torch.float64)] * 2)  # (9, 2), first: stay
    while step > 1e-6:
        trial = at + step * around
        trial = torch.stack([trial[:, 0].clamp(*MU), trial[:, 1].clamp(*SIGMA)], 1)
        best = elbo(x, *trial.T).argmax()
        at, step = trial[best], step if best else step / 2
    return at[0].item(), at[1].item()


class Fit(Figure):
    """Drag mu and sigma of q = N(mu, sigma^2) towards the true posterior p(z|x), and read ELBO, log p(x) and the gap, in nats.

    The model is small enough for exact answers: z ~ N(0, 1), x = z/2 + z^2 + noise, noise ~ N(0, 0.8^2). Two z can explain
    one x, so p(z|x) has two summits for most x. Drag the summit of the blue bell, the end of its stroke for sigma, or the line of x
    (mouse, finger; arrow keys for the bell, with shift in small steps), or use the sliders.

    Traits that the page and Python share: ``x`` in [-1, 4], ``mu`` in [-3, 3] and ``sigma`` in [0.1, 2].
    """

    _esm = esm("fit")
    state = ("x", "mu", "sigma")
    title = traitlets.Unicode("Fit q by hand").tag(words=True)
    sweep = traitlets.Dict({"mu": [0.9]})
    text = Words(
        seen="Above, a parabola says which x each z gives, and a horizontal line marks the x that was seen. Below, the prior, the true posterior, "
        "and the bell q that is to fit it. A bar shows how far the ELBO stays below log p(x).",
        decoder="p(x|z): which x each z gives",
        posterior="p(z|x)",
        prior="p(z)",
        q="q(z)",
        legend="above: which x each z gives, and the x seen; below: prior, true posterior, your q",
        bar="in nats: your ELBO ends below log p(x), and the gap is what is missing",
        drag="q with μ = {mu}, σ = {sigma}, for x = {x}. Left and right arrow keys move it, up narrows it, down widens "
        "it, with shift in small steps.",
        sentence="Your gap: {gap} nats. Best: {rest}.",
        logp="log p(x) = {logp}",
        elbo="ELBO = {elbo}",
        gap="gap = {gap}",
        at_best="best q",
        fit="E[log p(x|z)] = {fit}",
        kl="KL(q‖p(z)) = {kl}",
        best="Best q",
    )
    x = Number(2.0, min=X[0], max=X[1])
    mu = Number(-0.5, min=MU[0], max=MU[1])
    sigma = Number(0.8, min=SIGMA[0], max=SIGMA[1])
    world = traitlets.Dict({"x": X, "mu": MU, "sigma": SIGMA, "curve": CURVE, "noise": NOISE})

    @property
    def log_px(self) -> float:
        """log p(x), in nats."""
        return log_p_x(self.x)

    @property
    def elbo(self) -> float:
        """The ELBO of the present q, in nats."""
        return elbo(self.x, self.mu, self.sigma).item()

    @property
    def gap(self) -> float:
        """log p(x) - ELBO = KL(q || p(z|x)), in nats."""
        return self.log_px - self.elbo

    @property
    def best(self) -> tuple[float, float]:
        """mu and sigma of the q with the highest ELBO."""
        return best_q(self.x)

    def controls(self):
        return [self.slider("x", "x", step=0.05), self.beside(self.slider("mu", "μ"), self.slider("sigma", "σ"))]
