"""The map: a 2-D latent plane on which every point can be decoded."""

import torch
import traitlets
from ipywidgets import widget_serialization

from latentwalk._checks import check_pictures
from latentwalk.plots import DIGIT_COLORS
from latentwalk.widgets.base import Figure, esm, floats
from latentwalk.widgets.traits import Choice, Code, Number, OneNetwork, Words, digits

LIMIT = 4.0  # the plane goes from -4 to 4 both ways


class Plane(Figure):
    """Drag over the latent plane of a VAE with two numbers to a code, and see the picture of each point.

    By mouse or finger, by arrow keys (shift: small steps) or by two sliders.

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
    title = traitlets.Unicode("The map").tag(sync=True)
    text = Words(
        plane="The latent plane. Drag over it, or use the arrow keys, with shift for small steps",
        readout="z = ({z1}, {z2}); the nearest dot is a {label}",
        picture="decoded from z = ({z1}, {z2})",
    ).tag(sync=True)
    network = OneNetwork(latent_dim=2).tag(sync=True, **widget_serialization)
    z = Code(2, -LIMIT, LIMIT).tag(sync=True)
    z1 = Number(min=-LIMIT, max=LIMIT).tag(sync=True)
    z2 = Number(min=-LIMIT, max=LIMIT).tag(sync=True)
    view = Choice({"dots": "test digits", "grid": "decoded grid"}, "dots")
    view_index = view.index().tag(sync=True)
    limit = Number(LIMIT).tag(sync=True)
    dots = traitlets.Bytes().tag(sync=True)  # (n, 2) float32
    labels = traitlets.Bytes().tag(sync=True)  # (n,) uint8
    middles = traitlets.List().tag(sync=True)  # for each digit the median of its dots
    colors = traitlets.List(traitlets.Unicode(), DIGIT_COLORS).tag(sync=True)

    def __init__(self, network, x, labels, *, z=(0.0, 0.0), **traits):
        self.network, self.z = network, [float(number) for number in z]
        self.z1, self.z2 = self.z
        check_pictures("x", x, 784)
        labels = torch.tensor(digits("labels", labels, len(x)))
        dots = network.codes(x)
        self.dots, self.labels = floats(dots), bytes(labels.tolist())
        self.middles = [[int(i), *dots[labels == i].median(0).values.tolist()] for i in labels.unique()]
        super().__init__(**traits)

    def controls(self):
        return [self.slider("z1", "z₁"), self.slider("z2", "z₂"), self.choice("view", "behind")]
