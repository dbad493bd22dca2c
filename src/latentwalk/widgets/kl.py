"""The KL divergence between two Gaussians: two bell curves, the integrand, the landscape over mu and sigma."""

import traitlets

from latentwalk.widgets.base import Figure, esm
from latentwalk.widgets.traits import Number, Words


class KL(Figure):
    """Drag mu and sigma of q = N(mu, sigma^2), and read KL(q || p) for p = N(0, 1), in nats.

    Two bell curves; under them q ln(q/p), whose signed area is the KL; beside them its landscape over mu and sigma, with a
    dot to drag (mouse, finger, arrow keys; shift for small steps) and an arrow down the slope.

    Traits that the page and Python share: ``mu`` in [-3, 3] and ``sigma`` in [0.05, 3].
    """

    _esm = esm("kl")
    title = traitlets.Unicode("What a Gaussian costs").tag(sync=True)
    text = Words(
        bells="q in blue with its μ and σ; the prior p in grey",
        integrand="q ln(q/p): blue area less grey area is the KL",
        landscape="KL over μ and σ, in nats; the arrow points downhill",
        drag="The point μ = {mu}, σ = {sigma}. Arrow keys move it, with shift in small steps.",
        curves="q with μ = {mu}, σ = {sigma} beside the prior N(0, 1), and q ln(q/p) below",
        readout="KL {kl} = ½ μ² {first} + ½ (σ² − 1 − ln σ²) {second} nats",
        pull="slopes: dKL/dμ = {dmu}, dKL/dσ = {dsigma}",
    ).tag(sync=True)
    mu = Number(1.0, min=-3, max=3).tag(sync=True)
    sigma = Number(0.4, min=0.05, max=3).tag(sync=True)

    def controls(self):
        return [self.slider("mu", "μ"), self.slider("sigma", "σ")]
