"""Draw a digit: it is encoded in the page to mu and sigma, drawn again from its code, and walked to another digit."""

import torch
import traitlets
from ipywidgets import widget_serialization

from latentwalk.widgets.base import Figure, esm, floats
from latentwalk.widgets.traits import Choice, Code, Number, OneNetwork, Pictures, Words, digits


class Draw(Figure):
    """Draw with mouse or finger, or put a test digit; with every stroke ten strips run from the drawing to 0, 1, ..., 9.

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
    title = traitlets.Unicode("Draw a digit").tag(sync=True)
    text = Words(
        seen="A drawn digit, what the encoder is given of it, and what the decoder makes of its code. Ten strips lead from it to the digits "
        "0 to 9; below, μ, σ and z of each dimension.",
        pad="draw here",
        strips="from your digit to 0 … 9: drag along",
        digit="test digit {label}, number {index}",
        shelf="take a test digit",
        clear="Clear",
        sample="Sample z",
        mean="z = μ",
        input="the encoder's input",
        decoded="decoded",
        bars="μ (bars), σ (strokes) and z (dots) of the {dims} dimensions",
        from_mu="z = μ",
        from_q="z sampled from q",
        given="z set from Python",
        walk="t = {t} on the way to the {target}",
        kl="KL of q from the prior = {kl} nats",
        empty="nothing drawn yet",
    ).tag(sync=True)
    network = OneNetwork(kinds=("vae",), parts=("encode", "decode")).tag(sync=True, **widget_serialization)
    pixels = Code(784, 0, 1).tag(sync=True)
    mu = traitlets.List(Number()).tag(sync=True)
    logvar = traitlets.List(Number()).tag(sync=True)
    z = Code(lambda figure: figure.network.latent_dim).tag(sync=True)
    seed = traitlets.Int(0, min=0).tag(sync=True)
    t = Number(0.0, min=0, max=1).tag(sync=True)
    target = Choice({i: str(i) for i in range(10)}, 8)
    target_index = target.index().tag(sync=True)
    pictures = Pictures().tag(sync=True)
    labels = traitlets.List(traitlets.Int()).tag(sync=True)
    targets = traitlets.Bytes().tag(sync=True)  # (10, d) float32: for each class the mu of its first picture

    @torch.no_grad()
    def __init__(self, network, pictures, labels, *, digit: int = 0, **traits):
        self.network, self.pictures = network, pictures
        self.labels = digits("labels", labels, len(pictures))
        if set(self.labels) != set(range(10)):
            raise ValueError("labels: expected all digits from 0 to 9")
        if not 0 <= digit < len(pictures):
            raise ValueError(f"digit: expected a whole number from 0 to {len(pictures) - 1}, got {digit!r}")
        mu, logvar = network.model.encode(pictures)
        self.targets = floats(torch.stack([mu[self.labels.index(i)] for i in range(10)]))
        self.pixels = pictures[digit].tolist()
        self.mu, self.logvar, self.z = mu[digit].tolist(), logvar[digit].tolist(), mu[digit].tolist()
        super().__init__(**traits)
        self.card.add_class("lw-drawing")

    def controls(self):
        self.resets = ["target_index", "pixels", "seed"]
        self.join("target", list(self.traits()["target"].words))
        return [self.beside(self.slider("t", "t"))]
