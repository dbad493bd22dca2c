"""The moons of chapter 01: the code halfway between two moons, and how far its picture is from any true moon."""

import ipywidgets
import traitlets

from latentwalk import data
from latentwalk.page.figure import Figure
from latentwalk.page.script import esm
from latentwalk.page.traits import Choice, Networks, Number, Words


class Moons(Figure):
    """Turn moons A and B, drag t: an autoencoder and a VAE decode the code between, below the outline of the nearest true moon.

    The page renders A and B by the formula of `data.moons`, encodes and decodes them with the real networks, and searches
    the true moons itself. Below, the distance (1000 x cosine distance) along the whole way from A to B.

    Parameters
    ----------
    crescents, moons
        Each an autoencoder and a VAE, as `Network` widgets of 32 x 32 pixels with both parts, "encode" and "decode",
        trained on that world (see `data.WORLDS`).

    Traits that the page and Python share: ``shape`` ("crescents" or "moons"), ``t`` in [0, 1], ``tilt_a`` and ``tilt_b`` in
    degrees, ``phase_a`` and ``phase_b`` in [0.1, 1] (lit fraction; for "moons" only), and ``distance``, the two numbers
    that the page has found for the codes now decoded.
    """

    _esm = esm("moons")
    state = ("shape", "t", "tilt_a", "tilt_b", "phase_a", "phase_b")
    title = traitlets.Unicode("Halfway between two moons").tag(words=True)
    sweep = traitlets.Dict({"t": [0.9, 0.1]})
    text = Words(
        seen="Moons A and B stand at the two ends. Between them is what an autoencoder and a VAE decode from the code at t, each below "
        "the dashed outline of the nearest true moon; underneath, how far from any true moon each is on the way from A to B.",
        end="{name}: {moon}",
        crescent="tilt {tilt}°",
        moon="{lit}% lit, {tilt}°",
        decoded="{network} decodes C",
        turn="{moon}. Drag to turn it, or use the arrow keys, with shift in small steps",
        nearest="dashed: the nearest true moon",
        dark="the light goes out",
        picture="what the {network} decodes at t = {t}, at a distance of {distance} from the nearest true moon",
        t="t = {t}",
        off="{network}: distance = {distance}",
        plot="distance from the nearest true moon, on the way from A to B",
    )
    networks = Networks(order=["ae", "vae", "ae", "vae"], parts=("encode", "decode"), pixels=1024)
    shape = Choice({"crescents": "thin crescents", "moons": "all phases"}, "crescents")
    phases = traitlets.List()  # for each shape the lowest and the highest phase that occurs
    t = Number(0.5, min=0, max=1)
    tilt_a = Number(30.0, min=-180, max=180)
    tilt_b = Number(-170.0, min=-180, max=180)
    phase_a = Number(1.0, min=0.1, max=1)
    phase_b = Number(0.5, min=0.1, max=1)
    distance = traitlets.List(Number())

    def __init__(self, crescents, moons, **traits):
        self.networks = [*crescents, *moons]
        self.phases = [list(data.WORLDS[shape]) for shape in ("crescents", "moons")]
        super().__init__(**traits)
        self.observe(self._hide_phases, "shape_index")
        self._hide_phases()

    def _hide_phases(self, _change=None):
        """The phase sliders mean nothing for crescents. The page does the same without a kernel."""
        (self.card.add_class if self.shape == "crescents" else self.card.remove_class)("lw-no-phase")

    def controls(self):
        tilts = [self.slider(f"tilt_{end.lower()}", f"tilt {end}", step=1) for end in "AB"]
        for slider in tilts:
            slider.readout_format = ".0f"
        phases = [self.slider(f"phase_{end.lower()}", f"phase {end}") for end in "AB"]
        return [
            self.slider("t", "t").add_class("lw-sticky"),
            self.choice("shape", "moons"),
            ipywidgets.HBox(tilts).add_class("lw-row"),
            ipywidgets.HBox(phases).add_class("lw-row").add_class("lw-phases"),
        ]
