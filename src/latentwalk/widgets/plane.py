"""The map: a 2-D latent plane on which every point can be decoded."""

import math

import ipywidgets
import torch
import traitlets

from latentwalk.page.figure import DIGITS, Figure, floats
from latentwalk.page.script import esm
from latentwalk.page.shelf import classes
from latentwalk.page.traits import Choice, Code, Number, OneNetwork, Words
from latentwalk.plots import class_colors

LIMIT = 4.0  # the plane goes from -4 to 4 both ways


class Plane(Figure):
    """Drag over the latent plane of a VAE with two numbers to a code, and see the picture of each point in a lens.

    By mouse or finger, by arrow keys (shift: small steps) or by sliders. A drag draws a path, and the pictures along it are a film,
    which can be played.

    Parameters
    ----------
    network
        A `Network` widget with codes of length 2 and its decoder.
    x, labels
        (n, pixels) in [0, 1] and (n,): the pictures whose codes lie on the plane as dots, and the digits that they show.
    names
        What the labels mean, where they are no digits; labels may also be words themselves.
    z
        The code decoded first.

    Traits that the page and Python share: ``z``, the code now decoded, two numbers in [-4, 4], also as ``z1`` and ``z2``; ``view``,
    "dots" (the codes of ``x``) or "grid" (decoded pictures, each at the place of its code); ``path``, the points of the path, and
    ``t`` in [0, 1], the share of it that was gone: setting ``t`` moves ``z`` there.
    """

    _esm = esm("plane")
    state = ("z", "path", "t", "view")
    title = traitlets.Unicode("The map").tag(words=True)
    sweep = traitlets.Dict({"t": [0.99]})
    text = Words(
        other_dots="pictures",
        seen="The latent plane with what its places decode to, or with a dot for each picture. A path leads across it to a lens with the "
        "picture at its end; the film beside it shows what the path passes.",
        plane="The latent plane. Drag over it to draw a path, or use the arrow keys, with shift for small steps",
        film="the film of your path: draw one on the map",
        play="Play the film",
        stop="Stop",
        frame="frame {frame} of the film, decoded from z = ({z1}, {z2})",
        z1="z₁ = {z1}",
        z2="z₂ = {z2}",
        label="nearest test digit = {label}",
        other_label="nearest picture = {label}",
        picture="the picture decoded from z = ({z1}, {z2})",
    )
    network = OneNetwork(latent_dim=2)
    z = Code(2, -LIMIT, LIMIT)
    z1 = Number(min=-LIMIT, max=LIMIT)
    z2 = Number(min=-LIMIT, max=LIMIT)
    view = Choice({"dots": "test digits", "grid": "decoded grid"}, "grid")
    path = traitlets.List(Code(2, -LIMIT, LIMIT), minlen=2)
    t = Number(0.0, min=0, max=1)
    limit = Number(LIMIT)
    dots = traitlets.Bytes()  # (n, 2) float32
    labels = traitlets.Bytes()  # (n,) uint8
    class_names = traitlets.List(traitlets.Unicode())
    middles = traitlets.List()  # for each class the median of its dots
    colors = traitlets.List(traitlets.Unicode())

    def __init__(self, network, x, labels, *, names=None, z=(0.0, 0.0), **traits):
        self.network, self.z = network, [float(number) for number in z]
        self.z1, self.z2 = self.z
        self.path = _spiral(*self.z)
        dots = network.codes(x)
        labels, self.class_names = classes("labels", labels, len(dots), names)
        self.colors, labels = class_colors(len(self.class_names)), torch.tensor(labels)
        self.dots, self.labels = floats(dots), bytes(labels.tolist())
        self.middles = [[int(i), *dots[labels == i].median(0).values.tolist()] for i in labels.unique()]
        super().__init__(**traits)

    def _views(self) -> dict:
        words = self.traits()["view"].words
        return words if self.class_names == DIGITS else {**words, "dots": self.text["other_dots"]}

    def controls(self):
        return [
            self.beside(self.slider("z1", "z₁"), self.slider("z2", "z₂")),
            ipywidgets.VBox([self.slider("t", "film"), self.choice("view", "behind", self._views())]).add_class(
                "lw-pairs"
            ),
        ]


def _spiral(z1: float, z2: float, turns: float = 1.25, end: float = 2.0) -> list[list[float]]:
    """A path that begins at a code and winds outwards, counter-clockwise."""
    radius, angle = math.hypot(z1, z2), math.atan2(z2, z1)
    shares = [step / 60 for step in range(61)]
    ways = [(radius + (end - radius) * share, angle + 2 * math.pi * turns * share) for share in shares]
    return [[z1, z2], *([round(r * math.cos(a), 3), round(r * math.sin(a), 3)] for r, a in ways[1:])]
