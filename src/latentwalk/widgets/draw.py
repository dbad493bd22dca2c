"""Draw a digit: it is encoded in the page to mu and sigma, drawn again from its code, and walked to another digit."""

import math

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


class Draw(Figure):
    """Draw with mouse or finger, or put a test digit; encoder and decoder answer with every stroke.

    A drawing is made as MNIST's pictures were: its ink is scaled so that the longer side of its bounding box has 20 pixels, with
    grey levels from averaging, and shifted by whole pixels so that its centre of mass lies in the middle of 28 x 28
    (LeCun et al., 1998). A test digit is used as it is.

    Parameters
    ----------
    network
        A `Network` widget of a VAE with ``parts=("encode", "decode")``.
    pictures, labels
        (n, 784) in [0, 1] and (n,): the test digits that can be put, and what they show. The first of each class is the one to walk to;
        all ten classes must be there.
    digit
        Index of the picture that is there at first.

    Traits that the page and Python share: ``pixels``, the 784 numbers in [0, 1] that are encoded; ``target``, the class to walk to, and
    ``t`` in [0, 1], how far; ``seed`` (0: z starts at mu; else it is drawn from q with this seed); ``z``, the code now decoded; and,
    written by the page, ``mu`` and ``logvar``.
    """

    _esm = esm("draw")
    network = traitlets.Instance(Network).tag(sync=True, **widget_serialization)
    pixels = traitlets.List(Number()).tag(sync=True)
    mu = traitlets.List(Number()).tag(sync=True)
    logvar = traitlets.List(Number()).tag(sync=True)
    z = traitlets.List(Number()).tag(sync=True)
    seed = traitlets.Int(0, min=0).tag(sync=True)
    t = Number(0.0, min=0, max=1).tag(sync=True)
    target = traitlets.Enum(list(range(10)), 8)
    target_index = traitlets.Int(8, min=0, max=9).tag(sync=True)
    pictures = traitlets.Bytes().tag(sync=True)  # (n, 784) uint8
    labels = traitlets.List(traitlets.Int()).tag(sync=True)
    targets = traitlets.Bytes().tag(sync=True)  # (10, d) float32: for each class the mu of its first picture

    @torch.no_grad()
    def __init__(self, network, pictures, labels, *, digit=0, title="", **traits):
        check_networks([network], ("vae",), ("encode", "decode"))
        labels = check_pictures("pictures", pictures, labels)
        if set(labels) != set(range(10)):
            raise ValueError("labels: expected all digits from 0 to 9")
        check_index("digit", digit, len(labels))
        mu, logvar = network.model.encode(pictures)
        super().__init__(
            title=title or "Draw a digit",
            text={
                "pad": "draw here, with mouse or finger",
                "digit": "test digit {label}, number {index}",
                "shelf": "put a test digit",
                "clear": "Clear",
                "sample": "Draw z from q",
                "mean": "z = μ",
                "seen": "what the encoder gets",
                "decoded": "decoded",
                "bars": "μ (bars), σ (marks) and z (dots) of the {dims} dimensions",
                "from_mu": "z = μ",
                "from_q": "z drawn from q",
                "given": "z set from Python",
                "walk": "t = {t} of the way to the {target}",
                "readout": "{where} · KL of q from the prior: {kl} nats",
                "empty": "nothing drawn yet",
                "error": "This figure has a problem: {message}",
            },
            network=network,
            pictures=pixels(pictures),
            labels=labels,
            targets=floats(torch.stack([mu[labels.index(i)] for i in range(10)])),
            pixels=pictures[digit].tolist(),
            mu=mu[digit].tolist(),
            logvar=logvar[digit].tolist(),
            z=mu[digit].tolist(),
            **traits,
        )
        self.card.add_class("lw-drawing")

    @traitlets.validate("pixels")
    def _is_a_picture(self, proposal):
        value = proposal["value"]
        if len(value) != 784 or not all(math.isfinite(one) and 0 <= one <= 1 for one in value):
            raise traitlets.TraitError("pixels: expected 784 numbers in [0, 1]")
        return value

    @traitlets.validate("z")
    def _is_a_code(self, proposal):
        return check_code(proposal["value"], self.network.latent_dim if self.network else None)

    def controls(self):
        return [
            self.choice("target", "walk to", {i: str(i) for i in range(10)}),
            self.slider("t", "t", 0, 1),
        ]
