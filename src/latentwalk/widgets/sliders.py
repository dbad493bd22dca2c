"""A slider for each number of a code, ordered by how much the dimension tells about a picture."""

import ipywidgets
import traitlets
from ipywidgets import widget_serialization

from latentwalk.losses import ACTIVE, kl_divergence
from latentwalk.page.figure import floats
from latentwalk.page.script import esm
from latentwalk.page.shelf import Shelf
from latentwalk.page.traits import Code, Index, Networks, Number, Words

MOST = 20  # sliders
FIRST = 5  # that are always in sight


class SliderBank(Shelf):
    """Move each number of a code by itself, and see the picture that it decodes to; beside each slider, what its ends would give.

    The five sliders that tell most are in sight, the others behind a button: they are ordered by the mean KL of their dimension over
    ``x``, which each label shows, in nats. Dimensions below 0.05 nats are marked as idle.

    Parameters
    ----------
    networks
        `Network` widgets of VAEs with the same ``latent_dim``, at most 20, and with their decoders.
    pictures, labels
        (n, pixels) in [0, 1] and (n,): the test digits that can be loaded, and what they show.
    names
        What the labels mean, where they are no digits; labels may also be words themselves.
    x
        (m, pixels): the pictures over which the KL of each dimension is averaged.

    Traits that the page and Python share: ``z``, the code in the network's own order of dimensions; ``digit``, the picture that was
    loaded last (-1: none); ``network``, the name of the network that decodes; ``more``, whether all sliders are in sight.
    """

    _esm = esm("sliders")
    state = ("network", "digit", "z", "more")
    title = traitlets.Unicode("Twenty sliders").tag(words=True)
    sweep = traitlets.Dict({"s0": [2.5, -2.5]})
    text = Words(
        seen="A decoded picture beside sliders, one for each number of its code. At both ends of each slider is the picture that its end "
        "would give.",
        random="Random",
        reset="All zero",
        digit="test digit {label}, number {index}",
        shelf="load a test digit",
        other_shelf="load a picture",
        picture="what the {network} decodes from a code of length {length}",
        readout="length of z = {length}",
        end="{name}: the picture at {value}",
        more="more numbers",
        name="z{dimension} · KL\u00a0{kl}",
        idle="z{dimension} · idle",
    )
    networks = Networks(kinds=("vae",), alike=True).tag(**widget_serialization)
    network = traitlets.Unicode().tag(sync=False)  # the page knows its place
    network_index = Index(0, of="networks")
    more = traitlets.Bool(False)
    digit = Index(0, of="labels", min=-1)
    z = Code(lambda figure: figure.networks[0].latent_dim, high=lambda figure: figure.limit)
    limit = Number(4)  # the sliders go from -limit to limit
    codes = traitlets.List(traitlets.Bytes())  # for each network (n, d) float32: mu
    orders = traitlets.List(traitlets.List(traitlets.Int()))  # for each: the dimension of each slider
    names = traitlets.List(traitlets.List(traitlets.Unicode())).tag(words=True)  # and what is written beside it
    sliders = traitlets.List(traitlets.Instance(ipywidgets.FloatSlider)).tag(**widget_serialization)
    vars().update({f"s{k}": Number() for k in range(MOST)})  # what slider k holds

    def __init__(self, networks, pictures, labels, x, *, names=None, digit=0, **traits):
        self.networks = networks
        self.offer(pictures, labels, names)
        self.network, self.digit = networks[0].name, digit
        if (size := networks[0].latent_dim) > MOST:
            raise ValueError(f"networks: expected codes of at most {MOST} numbers, got {size}")
        codes = [network.codes(pictures) for network in networks]
        kls = [kl_divergence(*network.encode(x)).mean(0) for network in networks]
        self.kls = [kl.tolist() for kl in kls]  #: mean KL of each dimension, for each network
        self.orders = [kl.argsort(descending=True).tolist() for kl in kls]
        self.names = [[self._name(i, kl[i]) for i in order] for kl, order in zip(self.kls, self.orders)]
        self.codes = [floats(code) for code in codes]
        self.limit = max(4.0, *(float(code.abs().max().ceil()) for code in codes))
        self.z = codes[0][digit].tolist() if digit >= 0 else [0.0] * size
        super().__init__(**{f"s{k}": self.z[i] for k, i in enumerate(self.orders[0])}, **traits)
        self.card.add_class("lw-bank")

    def _name(self, dimension: int, kl: float) -> str:
        low = str(dimension + 1).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
        return self.text["idle" if kl < ACTIVE else "name"].format(dimension=low, kl=f"{kl:.1f}")

    @traitlets.validate("network")
    def _is_one_of_the_networks(self, proposal):
        names = [network.name for network in self.networks]
        if proposal["value"] not in names:
            raise traitlets.TraitError(f"network: expected one of {names}, got {proposal['value']!r}")
        return proposal["value"]

    @traitlets.validate(*(f"s{k}" for k in range(MOST)))
    def _is_on_its_slider(self, proposal):
        if abs(proposal["value"]) > self.limit:
            raise traitlets.TraitError(f"{proposal['trait'].name}: expected a number within {self.limit:g} of 0")
        return proposal["value"]

    def controls(self):
        self.sliders = [self.slider(f"s{k}", name, -self.limit, self.limit) for k, name in enumerate(self.names[0])]
        rows = [ipywidgets.VBox(self.sliders[:FIRST])]
        if len(self.sliders) > FIRST:
            more = ipywidgets.ToggleButton(self.more, description=self.text["more"])
            ipywidgets.jslink((self, "more"), (more, "value"))
            rows += [more, ipywidgets.VBox(self.sliders[FIRST:]).add_class("lw-rest")]
        rows = [ipywidgets.VBox(rows)]
        if len(self.networks) > 1:
            options = {network.name: network.label for network in self.networks}
            rows.insert(0, self.choice("network", "", options))
        return rows
