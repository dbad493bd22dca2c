"""The KL divergence between two Gaussians: two bell curves, the integrand, the landscape over mu and sigma."""

import math

from latentwalk.widgets.base import Figure, Number, esm

MU, SIGMA = (-3.0, 3.0), (0.05, 3.0)  # what the sliders and the landscape span


class KL(Figure):
    """Drag mu and sigma of q = N(mu, sigma^2), and read KL(q || p) for p = N(0, 1), in nats.

    Two bell curves; under them q ln(q/p), whose signed area is the KL; beside them its landscape over mu and sigma, with a
    dot to drag (mouse, finger, arrow keys; shift for small steps; double-click sets it back) and an arrow down the slope.

    Traits that the page and Python share: ``mu`` in [-3, 3] and ``sigma`` in [0.05, 3].
    """

    _esm = esm("kl")
    mu = Number(1.0, min=MU[0], max=MU[1]).tag(sync=True)
    sigma = Number(0.4, min=SIGMA[0], max=SIGMA[1]).tag(sync=True)

    def __init__(self, mu: float = 1.0, sigma: float = 0.4, title: str = "", **traits):
        super().__init__(
            mu=mu,
            sigma=sigma,
            title=title or "What a Gaussian costs",
            text={
                "bells": "q in blue with its μ and σ; the prior p in grey",
                "integrand": "q ln(q/p): blue area less grey area is the KL",
                "landscape": "KL over μ and σ, in nats; the arrow points downhill",
                "drag": "The point μ = {mu}, σ = {sigma}. Arrow keys move it, with shift in small steps.",
                "curves": "q with μ = {mu}, σ = {sigma} beside the prior N(0, 1), and q ln(q/p) below",
                "readout": "KL {kl} = ½ μ² {first} + ½ (σ² − 1 − ln σ²) {second} nats",
                "pull": "slopes: dKL/dμ = {dmu}, dKL/dσ = {dsigma}",
                "error": "This figure has a problem: {message}",
            },
            **traits,
        )

    @property
    def parts(self) -> tuple[float, float]:
        """The two parts of the KL in nats: half of mu^2, and half of sigma^2 - 1 - ln sigma^2."""
        return self.mu**2 / 2, (self.sigma**2 - 1) / 2 - math.log(self.sigma)

    def controls(self):
        return [self.slider("mu", "μ", *MU), self.slider("sigma", "σ", *SIGMA)]
