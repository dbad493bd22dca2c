"""The reparameterization trick: eps held fixed while mu and sigma move every z, and the pictures with it."""

import torch
import traitlets
from ipywidgets import widget_serialization

from latentwalk.widgets.base import Figure, Network, Number, check_index, check_networks, esm


class Reparameterization(Figure):
    """Drag mu and sigma: each z = mu + eps * sigma moves along its own line, and the network decodes it.

    Parameters
    ----------
    networks
        One `Network` widget with its decoder.
    code
        (latent_dim,) the code of a picture; one of its numbers is replaced by z, the others stay.
    axis
        Which number of the code z replaces.
    eps
        The draws from N(0, 1), in ascending order; by default six, from torch's generator with ``seed``.

    Traits that the page and Python share: ``mu``, ``sigma``; ``eps``; ``seed`` (a button adds 1 and draws eps anew); ``chosen``,
    the index of the draw whose slopes are shown; and, written by the page, ``z``, the codes now decoded.
    """

    _esm = esm("reparameterization")
    networks = traitlets.List(traitlets.Instance(Network)).tag(sync=True, **widget_serialization)
    mu = Number(0.0).tag(sync=True)
    sigma = Number(0.6, min=0).tag(sync=True)
    eps = traitlets.List(Number()).tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)
    chosen = traitlets.Int(0, min=0).tag(sync=True)
    code = traitlets.List(Number()).tag(sync=True)
    axis = traitlets.Int(0, min=0).tag(sync=True)
    z = traitlets.List(traitlets.List(Number())).tag(sync=True)

    def __init__(self, networks, code, *, axis=0, eps=None, title="", **traits):
        networks = check_networks(networks)
        code = torch.as_tensor(code).detach().float()
        if len(networks) != 1 or code.shape != (networks[0].latent_dim,) or not code.isfinite().all():
            raise ValueError("networks and code: expected one network, and a code (latent_dim,) of it, all finite")
        check_index("axis", axis, len(code))
        if eps is None:
            eps = torch.randn(6, generator=torch.Generator().manual_seed(traits.get("seed", 0)))
        eps = sorted(torch.as_tensor(eps).tolist())
        traits = {"mu": code[axis].item(), "chosen": len(eps) - 1, **traits}
        super().__init__(
            title=title or "The dice are rolled first; \u03bc and \u03c3 come after",
            text={
                "map": "each draw \u03b5, above, and its z = \u03bc + \u03b5\u03c3, below",
                "over_mu": "z over \u03bc: every slope is 1",
                "over_sigma": "z over \u03c3: each slope is its \u03b5",
                "chosen": "\u03b5 = {eps}: z = {mu} + {eps} \u00d7 {sigma} = {z};  \u2202z/\u2202\u03bc = 1,  \u2202z/\u2202\u03c3 = \u03b5 = {eps}",
                "sample": "draw {index}, \u03b5 = {eps}, decoded from z = {z}",
                "again": "New draws",
                "error": "This figure has a problem: {message}",
            },
            networks=networks,
            code=code.tolist(),
            axis=axis,
            eps=eps,
            **traits,
        )

    @traitlets.validate("eps")
    def _is_some_numbers(self, proposal):
        if not proposal["value"]:
            raise traitlets.TraitError("eps: expected at least one number")
        return proposal["value"]

    @traitlets.validate("chosen")
    def _is_a_draw(self, proposal):
        if self.eps and proposal["value"] >= len(self.eps):
            raise traitlets.TraitError(f"chosen: expected an index below {len(self.eps)}")
        return proposal["value"]

    def controls(self):
        return [self.slider("mu", "\u03bc", -3, 3), self.slider("sigma", "\u03c3", 0, 1.5)]
