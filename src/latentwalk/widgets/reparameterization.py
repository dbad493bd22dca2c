"""The reparameterization trick: eps held fixed while mu and sigma move every z, and the pictures with it."""

import torch
import traitlets

from latentwalk.page.figure import Figure
from latentwalk.page.script import esm
from latentwalk.page.traits import Choice, Code, Index, Networks, Number, Words


class Reparameterization(Figure):
    """Drag mu and sigma: each z = mu + eps * sigma moves along its own line, and the network decodes it.

    With the dice inside, every move rolls them anew: the pictures flicker, and there is no slope. With the dice outside, eps stays,
    and the pictures glide.

    Parameters
    ----------
    networks
        One `Network` widget with its decoder, in a list.
    code
        (latent_dim,) the code of a picture; one of its numbers is replaced by z, the others stay.
    axis
        Which number of the code z replaces.
    eps
        The draws from N(0, 1), in ascending order; by default six, from torch's generator with ``seed``.

    Traits that the page and Python share: ``mu``, ``sigma``; ``eps``; ``seed`` (a button adds 1 and draws eps anew); ``chosen``,
    the index of the draw whose slopes are shown; ``dice`` ("outside" or "inside"); and, written by the page, ``z``, the codes now decoded.
    """

    _esm = esm("reparameterization")
    state = ("mu", "sigma", "dice", "eps", "seed", "chosen")
    title = traitlets.Unicode("The dice are rolled first; μ and σ come after").tag(words=True)
    text = Words(
        seen="A row of decoded pictures, one for each draw. Below them, lines lead from each ε to its z = μ + εσ, with handles for μ and σ; "
        "underneath, z over μ and z over σ.",
        map="each draw ε, above, and its z = μ + εσ, below",
        over_mu="z over μ: every slope is 1",
        over_sigma="z over σ: each slope is its ε",
        machine="gradients pass here",
        blocked="dice inside: gradients stop at them",
        eps="ε = {eps}",
        mu="μ = {mu}",
        sigma="σ = {sigma}",
        z="z = {z}",
        slopes="∂z/∂μ = 1, ∂z/∂σ = {eps}",
        no_slopes="no slopes",
        scattered="every move rolls anew: no line",
        sample="draw {index}: with ε = {eps}, decoded from z = {z}",
        again="New draws",
    )
    networks = Networks(maxlen=1)
    mu = Number(0.0)
    sigma = Number(0.6, min=0)
    eps = traitlets.List(Number(), minlen=1)
    seed = traitlets.Int(0)
    chosen = Index(0, of="eps")
    code = Code(lambda figure: figure.networks[0].latent_dim)
    axis = Index(0, of="code")
    dice = Choice({"outside": "outside", "inside": "inside"}, "outside")
    z = traitlets.List(traitlets.List(Number()))

    def __init__(self, networks, code, *, axis=0, eps=None, seed=0, **traits):
        self.networks, self.code, self.axis, self.seed = networks, torch.as_tensor(code).float().tolist(), axis, seed
        if eps is None:
            eps = torch.randn(6, generator=torch.Generator().manual_seed(seed))
        self.eps = sorted(torch.as_tensor(eps).tolist())
        self.mu, self.chosen = self.code[axis], len(self.eps) - 1
        super().__init__(**traits)

    def controls(self):
        return [
            self.choice("dice", "dice"),
            self.beside(self.slider("mu", "μ", -3, 3), self.slider("sigma", "σ", 0, 1.5)),
        ]
