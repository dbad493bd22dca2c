"""A slider for each number of a code, ordered by how much the dimension tells about a picture."""

import ipywidgets
import torch
import traitlets
from ipywidgets import widget_serialization

from latentwalk.losses import ACTIVE, kl_divergence
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

MOST = 20  # sliders


class SliderBank(Figure):
    """Move each number of a code by itself, and see the picture that it decodes to.

    The sliders are ordered by the mean KL of their dimension over ``x``, which each label shows, in nats. Dimensions below
    0.05 nats are marked as idle.

    Parameters
    ----------
    networks
        `Network` widgets of VAEs with the same ``latent_dim``, at most 20, and with their decoders.
    pictures, labels
        (n, 784) in [0, 1] and (n,): the test digits that can be loaded, and what they show.
    x
        (m, 784): the pictures over which the KL of each dimension is averaged.

    Traits that the page and Python share: ``z``, the code in the network's own order of dimensions; ``digit``, the picture that was
    loaded last (-1: none); ``network``, the name of the network that decodes.
    """

    _esm = esm("sliders")
    networks = traitlets.List(traitlets.Instance(Network)).tag(sync=True, **widget_serialization)
    network = traitlets.Unicode()
    network_index = traitlets.Int(0).tag(sync=True)
    digit = traitlets.Int(0, min=-1).tag(sync=True)
    z = traitlets.List(Number()).tag(sync=True)
    limit = Number(4).tag(sync=True)  # the sliders go from -limit to limit
    pictures = traitlets.Bytes().tag(sync=True)  # (n, 784) uint8
    labels = traitlets.List(traitlets.Int()).tag(sync=True)
    codes = traitlets.List(traitlets.Bytes()).tag(sync=True)  # for each network (n, d) float32: mu
    orders = traitlets.List(traitlets.List(traitlets.Int())).tag(
        sync=True
    )  # for each network: the dimension of each slider
    names = traitlets.List(traitlets.List(traitlets.Unicode())).tag(sync=True)  # and what is written beside it
    sliders = traitlets.List(traitlets.Instance(ipywidgets.FloatSlider)).tag(sync=True, **widget_serialization)
    vars().update({f"s{k}": Number().tag(sync=True) for k in range(MOST)})  # what slider k holds

    @torch.no_grad()
    def __init__(self, networks, pictures, labels, x, *, digit=0, title="", **traits):
        networks, labels = check_networks(networks, ("vae",)), check_pictures("pictures", pictures, labels)
        sizes = {network.latent_dim for network in networks}
        if len(sizes) != 1 or max(sizes) > MOST:
            raise ValueError(f"networks: expected codes of one length, at most {MOST}, got {sorted(sizes)}")
        check_pictures("x", x, [0] * len(x))
        check_index("digit", digit, len(labels), -1)
        codes = [network.codes(pictures) for network in networks]
        kls = [kl_divergence(*network.model.encode(x)).mean(0) for network in networks]
        self.kls = [kl.tolist() for kl in kls]  #: mean KL of each dimension, for each network
        orders = [kl.argsort(descending=True).tolist() for kl in kls]
        text = {
            "random": "Random",
            "reset": "All zero",
            "digit": "test digit {label}, number {index}",
            "shelf": "load a test digit",
            "picture": "{network}, decoded from a code of length {length}",
            "readout": "length of z: {length}",
            "name": "z{dimension} · KL {kl}",
            "idle": "z{dimension} · idle",
            "error": "This figure has a problem: {message}",
        }
        names = [[self._name(text, i, kl[i]) for i in order] for kl, order in zip(self.kls, orders)]
        z = codes[0][digit].tolist() if digit >= 0 else [0.0] * sizes.pop()
        super().__init__(
            title=title or "Twenty sliders",
            text=text,
            networks=networks,
            network=networks[0].name,
            pictures=pixels(pictures),
            labels=labels,
            codes=[floats(code) for code in codes],
            limit=max(4.0, *(float(code.abs().max().ceil()) for code in codes)),
            orders=orders,
            names=names,
            digit=digit,
            z=z,
            **{f"s{k}": z[i] for k, i in enumerate(orders[0])},
            **traits,
        )
        self.card.add_class("lw-bank")

    @staticmethod
    def _name(text: dict[str, str], dimension: int, kl: float) -> str:
        low = str(dimension + 1).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
        return text["idle" if kl < ACTIVE else "name"].format(dimension=low, kl=f"{kl:.1f}")

    @traitlets.validate("digit")
    def _is_a_picture(self, proposal):
        if self.labels and proposal["value"] >= len(self.labels):
            raise traitlets.TraitError(f"digit: expected an index below {len(self.labels)}, or -1")
        return proposal["value"]

    @traitlets.validate("z")
    def _is_a_code(self, proposal):
        return check_code(proposal["value"], self.networks[0].latent_dim if self.networks else None, self.limit)

    @traitlets.validate(*(f"s{k}" for k in range(MOST)))
    def _is_on_its_slider(self, proposal):
        if abs(proposal["value"]) > self.limit:
            raise traitlets.TraitError(f"{proposal['trait'].name}: expected a number within {self.limit:g} of 0")
        return proposal["value"]

    @traitlets.validate("network_index")
    def _is_the_index_of_a_network(self, proposal):
        if self.networks and not 0 <= proposal["value"] < len(self.networks):
            raise traitlets.TraitError(f"network_index: expected a number below {len(self.networks)}")
        return proposal["value"]

    @traitlets.validate("network")
    def _is_a_network(self, proposal):
        known = [network.name for network in self.networks]
        if known and proposal["value"] not in known:
            raise traitlets.TraitError(f"network: expected one of {known}, got {proposal['value']!r}")
        return proposal["value"]

    def controls(self):
        self.resets = ["digit"]
        self.sliders = [self.slider(f"s{k}", name, -self.limit, self.limit) for k, name in enumerate(self.names[0])]
        rows = [ipywidgets.VBox(self.sliders)]
        if len(self.networks) > 1:
            options = {network.name: network.label for network in self.networks}
            rows.insert(0, self.choice("network", "", options))
        return rows
