"""The KL divergence between two Gaussians, reconstruction that pulls against it, and where sigma settles."""

import ipywidgets
import traitlets

from latentwalk.page.figure import Figure
from latentwalk.page.script import esm
from latentwalk.page.traits import Number, Words


class KL(Figure):
    """The fight over one number of a code: reconstruction pulls q = N(mu, sigma^2) to a point, the KL keeps it wide.

    For small noise, reconstruction costs a/2 ((mu - home)^2 + sigma^2) nats, where the curvature a says how closely the decoder
    looks and home is the code that fits the picture best; KL(q || p), with p = N(0, 1), is weighted with beta. Their sum is a valley:
    drag the ball in it, or the two curves. Let go, and the ball rolls downhill as gradient descent does, to
    sigma^2 = beta / (beta + a) and mu = home a / (a + beta). Beside it lies the sum over mu and sigma, with a dot to drag (mouse,
    finger, arrow keys; shift for small steps) and an arrow down the slope; below are the two bells and q ln(q/p), whose signed area
    is the KL.

    Traits that the page and Python share: ``mu`` in [-3, 3], ``sigma`` in [0.05, 3], the pulls ``a`` in [0, 10] and ``beta`` in
    [0, 3], ``home`` in [-3, 3], and ``free``, whether the point is let go.
    """

    _esm = esm("kl")
    state = ("mu", "sigma", "a", "beta", "free")
    title = traitlets.Unicode("What a Gaussian costs").tag(words=True)
    text = Words(
        seen="Left, over σ, what reconstruction and the KL cost, and their sum, a valley with a ball in it. Right, the same sum over μ and σ "
        "as nested level lines, with an arrow downhill. Below, q beside the prior, and q ln(q/p).",
        valley="nats over σ: reconstruction (orange), β · KL (blue), both. Drag the ball, or a curve",
        curve_a="a = {a}",
        curve_beta="β = {beta}",
        settles="settles at σ = √(β / (β + a)) = {rest}",
        bells="q (blue) beside the prior p, and q ln(q/p): the KL is the blue area minus the grey one",
        landscape="both over μ and σ, in nats above the lowest; the arrow points downhill",
        drag="The point μ = {mu}, σ = {sigma}. Arrow keys move it, with shift in small steps.",
        curves="q with μ = {mu}, σ = {sigma} beside the prior N(0, 1), and q ln(q/p)",
        recon="recon = {recon}",
        kl="KL = {kl}",
        sum="loss = {sum}",
        first="½ μ² = {first}",
        second="½ (σ² − 1 − ln σ²) = {second}",
        pull="slopes of the KL: dKL/dμ = {dmu}, dKL/dσ = {dsigma}",
        free="Let go",
    )
    mu = Number(-1.0, min=-3, max=3)
    sigma = Number(1.5, min=0.05, max=3)
    a = Number(4.0, min=0, max=10)
    beta = Number(1.0, min=0, max=3)
    home = Number(1.5, min=-3, max=3)
    free = traitlets.Bool(False)

    @property
    def settled(self) -> tuple[float, float] | None:
        """mu and sigma at the bottom of the valley; None where nothing pulls."""
        pull = self.a + self.beta
        return (self.a * self.home / pull, (self.beta / pull) ** 0.5) if pull else None

    def controls(self):
        hand = self.beside(self.slider("mu", "μ"), self.slider("sigma", "σ"))
        pulls = [self.slider("a", "a", step=0.1), self.slider("beta", "β", step=0.1)]
        return [hand, ipywidgets.VBox(pulls).add_class("lw-pairs")]
