"""The walk between two digits: any number of networks side by side, decoding in the page."""

import torch
import traitlets

from latentwalk._checks import check_pictures
from latentwalk.page.figure import floats
from latentwalk.page.script import esm
from latentwalk.page.shelf import Shelf
from latentwalk.page.traits import Choice, Codes, Index, Networks, Number, Words


class Interpolation(Shelf):
    """Drag the lens along the strips, or t, and each network decodes the code between those of pictures A and B.

    Parameters
    ----------
    networks
        `Network` widgets with their decoders.
    pictures, labels
        (n, pixels) in [0, 1] and (n,): the pictures to choose A and B from, and the digits that they show.
    names
        What the labels mean, where they are no digits: ["shoe", "boot"], for example. Labels may also be such words themselves.
    a, b
        Indices of the first A and B.
    clouds
        (m, pixels): pictures whose codes tell how each network's own cloud of codes lies. With them, a button draws random
        codes, from a Gaussian fitted to that cloud or from N(0, I).

    Traits that the page and Python share: ``t`` in [0, 1], ``a``, ``b``, ``path`` ("linear" or "spherical"), ``source``
    ("own" or "prior"), ``draws`` (how often random codes were drawn; 0: none shown), ``z``, the codes now decoded,
    one list for each network; ``blend``, whether the blend of pixels, (1 - t) * A + t * B, is shown as well.
    """

    _esm = esm("interpolation")
    state = ("t", "a", "b", "path", "source", "draws")
    title = traitlets.Unicode("Walk from one digit to another").tag(words=True)
    sweep = traitlets.Dict({"t": [0.85, 0.15]})
    text = Words(
        other_title="Walk from one picture to another",
        seen="Each strip of pictures leads from one picture to another, and a lens enlarges the picture at t.",
        blend="pixel blend",
        digit="test digit {label}, number {index}",
        pick_a="from: {label}",
        pick_b="to: {label}",
        picture="{network}: {where}",
        walk="the picture at t = {t} on the way from {a} to {b}",
        random_own="random codes from a Gaussian fitted to each network's own codes",
        random_prior="random codes from N(0, I)",
        t="t = {t}",
        length="length of z = {length}",
        strip="{network}: eleven pictures along the whole way",
        draw="Random codes",
    )
    networks = Networks()
    t = Number(0.0, min=0, max=1)
    a = Index(0, of="labels")
    b = Index(1, of="labels")
    path = Choice({"linear": "straight", "spherical": "spherical"}, "linear")
    source = Choice({"own": "own cloud", "prior": "N(0, I)"}, "own")
    draws = traitlets.Int(0, min=0)
    z = Codes()
    frame = traitlets.Int(0, min=0, max=200)  # the Play button counts here
    blend = traitlets.Bool(False)
    codes = traitlets.List(traitlets.Bytes())  # for each network (n, d) float32
    clouds = traitlets.List(traitlets.Bytes())  # for each network (1 + d, d): mean, then Cholesky factor

    def __init__(self, networks, pictures, labels, *, names=None, a=0, b=1, clouds=None, **traits):
        self.networks = networks
        self.offer(pictures, labels, names)
        self.a, self.b = a, b
        codes = [network.codes(pictures) for network in networks]
        self.codes = [floats(code) for code in codes]
        self.z = [code[a].tolist() for code in codes]
        if clouds is not None:
            clouds = check_pictures("clouds", clouds, networks[0].pixels)
            self.clouds = [floats(_gaussian(network.codes(clouds))) for network in networks]
        super().__init__(**traits)

    def controls(self):
        self.frame = round(100 * self.t)
        play = self.play("frame", max=200, interval=40, repeat=True)
        rows = [self.row(self.slider("t", "t"), play), self.choice("path", "path")]
        if self.clouds:
            rows.append(self.choice("source", "random"))
        return rows


def _gaussian(codes: torch.Tensor) -> torch.Tensor:
    """Mean and Cholesky factor of the covariance of codes (m, d), as one matrix (1 + d, d)."""
    covariance = torch.cov(codes.T.double()).reshape(codes.shape[1], -1)
    covariance += 1e-6 * covariance.diagonal().mean() * torch.eye(len(covariance))
    factor = torch.linalg.cholesky(covariance).float()
    return torch.cat([codes.mean(0, keepdim=True), factor])
