"""The map: a 2-D latent plane on which every point can be decoded."""

import torch
import traitlets
from ipywidgets import widget_serialization

from latentwalk.plots import DIGIT_COLORS
from latentwalk.widgets.base import Figure, Network, Number, check_code, check_networks, check_pictures, esm, floats

LIMIT = 4.0  # the plane goes from -4 to 4 both ways


class Plane(Figure):
    """Drag over the latent plane of a VAE with two numbers to a code, and see the picture of each point.

    By mouse or finger, by arrow keys (shift: small steps) or by two sliders; a double click goes back to the start.

    Parameters
    ----------
    network
        A `Network` widget with codes of length 2 and its decoder.
    x, labels
        (n, 784) in [0, 1] and (n,): the pictures whose codes lie on the plane as dots, and the digits that they show.
    z
        The code decoded first.

    Traits that the page and Python share: ``z``, the code now decoded, two numbers in [-4, 4], also as ``z1`` and ``z2``; ``view``,
    "dots" (the codes of ``x``) or "grid" (decoded pictures, each at the place of its code).
    """

    _esm = esm("plane")
    network = traitlets.Instance(Network).tag(sync=True, **widget_serialization)
    z = traitlets.List(Number()).tag(sync=True)
    z1 = Number(min=-LIMIT, max=LIMIT).tag(sync=True)
    z2 = Number(min=-LIMIT, max=LIMIT).tag(sync=True)
    view = traitlets.Enum(["dots", "grid"], "dots")
    view_index = traitlets.Int(0, min=0, max=1).tag(sync=True)
    limit = Number(LIMIT).tag(sync=True)
    dots = traitlets.Bytes().tag(sync=True)  # (n, 2) float32
    labels = traitlets.Bytes().tag(sync=True)  # (n,) uint8
    middles = traitlets.List().tag(sync=True)  # for each digit the median of its dots
    colors = traitlets.List(traitlets.Unicode(), DIGIT_COLORS).tag(sync=True)

    @torch.no_grad()
    def __init__(self, network, x, labels, *, z=(0.0, 0.0), title="", **traits):
        check_networks([network], latent_dim=2)
        labels = torch.tensor(check_pictures("x", x, labels))
        dots, z = network.codes(x), [float(value) for value in z]
        check_code(z, 2, LIMIT)
        super().__init__(
            title=title or "The map",
            text={
                "plane": "The latent plane. Drag over it, or use the arrow keys, with shift for small steps",
                "readout": "z = ({z1}, {z2}); the nearest dot is a {label}",
                "picture": "decoded from z = ({z1}, {z2})",
                "error": "This figure has a problem: {message}",
            },
            network=network,
            dots=floats(dots),
            labels=bytes(labels.tolist()),
            middles=[[int(i), *dots[labels == i].median(0).values.tolist()] for i in labels.unique()],
            z=z,
            z1=z[0],
            z2=z[1],
            **traits,
        )

    @traitlets.validate("z")
    def _is_a_code(self, proposal):
        return check_code(proposal["value"], 2, LIMIT)

    def controls(self):
        return [
            self.slider("z1", "z₁", -LIMIT, LIMIT),
            self.slider("z2", "z₂", -LIMIT, LIMIT),
            self.choice("view", "behind", {"dots": "test digits", "grid": "decoded grid"}),
        ]
