"""The walk between two digits: any number of networks side by side, decoding in the page."""

import ipywidgets
import torch
import traitlets
from ipywidgets import widget_serialization

from latentwalk.widgets.base import (
    Figure,
    Network,
    Number,
    check_code,
    check_index,
    check_networks,
    check_pictures,
    esm,
    floats,
    pixels,
)


class Interpolation(Figure):
    """Drag t, and each network decodes the code between those of pictures A and B.

    Parameters
    ----------
    networks
        `Network` widgets with their decoders.
    pictures
        (n, 784) in [0, 1], the pictures to choose A and B from.
    labels
        (n,) the digit that each picture shows.
    a, b
        Indices of the first A and B.
    blend
        Also show the blend of pixels, (1 - t) * A + t * B.
    clouds
        (m, 784) pictures whose codes tell how each network's own cloud of codes lies. With them, a button draws random
        codes, from a Gaussian fitted to that cloud or from N(0, I).

    Traits that the page and Python share: ``t`` in [0, 1], ``a``, ``b``, ``path`` ("linear" or "spherical"), ``source``
    ("own" or "prior"), ``draws`` (how often random codes were drawn; 0: none shown), ``z``, the codes now decoded,
    one list for each network.
    """

    _esm = esm("interpolation")
    networks = traitlets.List(traitlets.Instance(Network)).tag(sync=True, **widget_serialization)
    t = Number(0.0, min=0, max=1).tag(sync=True)
    a = traitlets.Int(0, min=0).tag(sync=True)
    b = traitlets.Int(1, min=0).tag(sync=True)
    path = traitlets.Enum(["linear", "spherical"], "linear")
    path_index = traitlets.Int(0, min=0, max=1).tag(sync=True)
    source = traitlets.Enum(["own", "prior"], "own")
    source_index = traitlets.Int(0, min=0, max=1).tag(sync=True)
    draws = traitlets.Int(0, min=0).tag(sync=True)
    z = traitlets.List(traitlets.List(Number())).tag(sync=True)
    frame = traitlets.Int(0, min=0, max=200).tag(sync=True)  # the Play button counts here
    blend = traitlets.Bool(False).tag(sync=True)
    pictures = traitlets.Bytes().tag(sync=True)  # (n, 784) uint8
    labels = traitlets.List(traitlets.Int()).tag(sync=True)
    codes = traitlets.List(traitlets.Bytes()).tag(sync=True)  # for each network (n, d) float32
    clouds = traitlets.List(traitlets.Bytes()).tag(sync=True)  # for each network (1 + d, d): mean, then Cholesky factor

    def __init__(self, networks, pictures, labels, *, a=0, b=1, blend=False, clouds=None, title="", **traits):
        networks, labels = check_networks(networks), check_pictures("pictures", pictures, labels)
        a, b = check_index("a", a, len(labels)), check_index("b", b, len(labels))
        if clouds is not None:
            check_pictures("clouds", clouds, [0] * len(clouds))
        codes = [network.codes(pictures) for network in networks]
        own = [] if clouds is None else [_gaussian(network.codes(clouds)) for network in networks]
        super().__init__(
            title=title or "Walk from one digit to another",
            text={
                "blend": "pixel blend",
                "digit": "test digit {label}, number {index}",
                "pick_a": "from: {label}",
                "pick_b": "to: {label}",
                "picture": "{network}, {where}",
                "walk": "t = {t}: from {a} to {b}",
                "random_own": "random codes, from a Gaussian fitted to each network's own codes",
                "random_prior": "random codes from N(0, I)",
                "lengths": "length of the code: {lengths}",
                "strip": "the whole walk, {network}",
                "draw": "Random codes",
                "error": "This figure has a problem: {message}",
            },
            networks=networks,
            pictures=pixels(pictures),
            labels=labels,
            codes=[floats(code) for code in codes],
            clouds=[floats(cloud) for cloud in own],
            a=a,
            b=b,
            blend=blend,
            z=[code[a].tolist() for code in codes],
            **traits,
        )

    @traitlets.validate("a", "b")
    def _is_a_picture(self, proposal):
        if self.labels and not 0 <= proposal["value"] < len(self.labels):
            raise traitlets.TraitError(f"{proposal['trait'].name}: expected an index below {len(self.labels)}")
        return proposal["value"]

    @traitlets.validate("z")
    def _is_a_code_each(self, proposal):
        z = proposal["value"]
        if len(z) != len(self.networks):
            raise traitlets.TraitError(f"z: expected one code for each of {len(self.networks)} networks, got {len(z)}")
        for code, network in zip(z, self.networks):
            check_code(code, network.latent_dim)
        return z

    def controls(self):
        self.resets = ["a", "b", "draws"]
        play = ipywidgets.Play(max=200, interval=40, repeat=True, show_repeat=False)
        ipywidgets.jslink((play, "value"), (self, "frame"))
        rows = [
            ipywidgets.HBox([self.slider("t", "t", 0, 1), play]).add_class("lw-row"),
            self.choice("path", "path", {"linear": "straight", "spherical": "spherical"}),
        ]
        if self.clouds:
            rows.append(self.choice("source", "random", {"own": "own cloud", "prior": "N(0, I)"}))
        return rows


def _gaussian(codes: torch.Tensor) -> torch.Tensor:
    """Mean and Cholesky factor of the covariance of codes (m, d), as one matrix (1 + d, d)."""
    covariance = torch.cov(codes.T.double()).reshape(codes.shape[1], -1)
    covariance += 1e-6 * covariance.diagonal().mean() * torch.eye(len(covariance))
    factor = torch.linalg.cholesky(covariance).float()
    return torch.cat([codes.mean(0, keepdim=True), factor])
