"""The moons of chapter 01: the code halfway between two moons, and how far its picture is from any true moon."""

import ipywidgets
import traitlets
from ipywidgets import widget_serialization

from latentwalk import data
from latentwalk.widgets.base import Figure, Network, Number, check_networks, esm

SHAPES = {"crescents": "thin crescents", "moons": "all phases"}


class Moons(Figure):
    """Choose moons A and B, drag t: an autoencoder and a VAE decode the code between, beside the nearest true moon.

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
    networks = traitlets.List(traitlets.Instance(Network)).tag(sync=True, **widget_serialization)
    shape = traitlets.Enum(list(SHAPES), "crescents")
    shape_index = traitlets.Int(0, min=0, max=1).tag(sync=True)
    phases = traitlets.List().tag(sync=True)  # for each shape the lowest and the highest phase that occurs
    t = Number(0.5, min=0, max=1).tag(sync=True)
    tilt_a = Number(30.0, min=-180, max=180).tag(sync=True)
    tilt_b = Number(-170.0, min=-180, max=180).tag(sync=True)
    phase_a = Number(1.0, min=0.1, max=1).tag(sync=True)
    phase_b = Number(0.5, min=0.1, max=1).tag(sync=True)
    distance = traitlets.List(Number()).tag(sync=True)

    def __init__(self, crescents, moons, title: str = "", **traits):
        for pair in (crescents, moons):
            check_networks(pair, parts=("encode", "decode"), pixels=1024)
            if [network.kind for network in pair] != ["ae", "vae"]:
                raise ValueError("crescents and moons: expected an autoencoder and a VAE each")
        super().__init__(
            title=title or "Halfway between two moons",
            text={
                "end": "{name}: {moon}",
                "crescent": "tilt {tilt}°",
                "moon": "{lit}% lit, {tilt}°",
                "decoded": "{network} decodes C",
                "nearest": "nearest true moon",
                "picture": "{network} at t = {t}, distance {distance}",
                "readout": "t = {t} · 1000 × distance to the nearest true moon: {distances}",
                "plot": "1000 × cosine distance to the nearest true moon, all the way from A to B. Lower is better.",
                "error": "This figure has a problem: {message}",
            },
            networks=[*crescents, *moons],
            phases=[list(data.WORLDS[shape]) for shape in SHAPES],
            **traits,
        )
        self.observe(self._hide_phases, "shape_index")
        self._hide_phases()

    def _hide_phases(self, _change=None):
        """The phase sliders mean nothing for crescents. The page does the same without a kernel."""
        (self.card.add_class if self.shape == "crescents" else self.card.remove_class)("lw-no-phase")

    def controls(self):
        tilts = [self.slider(f"tilt_{end.lower()}", f"tilt {end}", -180, 180, 1) for end in "AB"]
        for slider in tilts:
            slider.readout_format = ".0f"
        phases = [self.slider(f"phase_{end.lower()}", f"phase {end}", 0.1, 1) for end in "AB"]
        return [
            self.slider("t", "t", 0, 1),
            self.choice("shape", "moons", SHAPES),
            ipywidgets.HBox(tilts).add_class("lw-row"),
            ipywidgets.HBox(phases).add_class("lw-row").add_class("lw-phases"),
        ]
