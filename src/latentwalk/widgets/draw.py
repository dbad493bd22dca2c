"""Draw a digit: it is encoded in the page to mu and sigma, drawn again from its code, and walked to another digit."""

import torch
import traitlets

from latentwalk.page.figure import DIGITS, floats
from latentwalk.page.script import esm
from latentwalk.page.shelf import Shelf
from latentwalk.page.traits import Code, Drawing, Index, Number, OneNetwork, Words


class Draw(Shelf):
    """Draw with mouse or finger, load a test digit, or take a photo; with every stroke strips run from the drawing to 0, 1, ..., 9.

    A drawing is made as MNIST's pictures were: its ink is scaled so that the longer side of its bounding box has 20 pixels, with
    grey levels from averaging, and shifted by whole pixels so that its centre of mass lies in the middle of 28 x 28
    (LeCun et al., 1998). For pictures of another size, 5/7 of a side take the place of 20 pixels. A test digit is used as it is.

    Parameters
    ----------
    network
        A `Network` widget of a VAE with ``parts=("encode", "decode")``.
    pictures, labels
        (n, pixels) in [0, 1] and (n,): the test digits that can be loaded, and what they show. The first of each class is the one to walk
        to; of digits all ten must be there, of other classes two to ten.
    names
        What the labels mean, where they are no digits; labels may also be words themselves.
    digit
        Index of the picture that is there at first.

    Traits that the page and Python share: ``pixels``, the numbers in [0, 1] that are encoded; ``target``, the class to walk to, and
    ``t`` in [0, 1], how far; ``seed`` (0: z starts at mu; else it is drawn from q with this seed); ``z``, the code now decoded; and,
    written by the page, ``mu`` and ``logvar``.
    """

    _esm = esm("draw")
    state = ("pixels", "target", "t", "seed")
    title = traitlets.Unicode("Draw a digit").tag(words=True)
    text = Words(
        other_title="Draw a picture",
        seen="A drawn picture, what the encoder is given of it, and what the decoder makes of its code. Strips lead from it to a picture "
        "of each class; below, μ, σ and z of each dimension.",
        pad="draw here",
        strips="from your digit to 0 … 9: drag along",
        other_strips="from your picture to one of each class: drag along",
        digit="test digit {label}, number {index}",
        shelf="take a test digit",
        other_shelf="choose a picture",
        clear="Clear",
        sample="Sample z",
        mean="z = μ",
        input="encoder's input",
        photo="Your photo",
        camera="Take a photo",
        photo_private="Choose, drop or paste a picture of one digit. It never leaves this page.",
        photo_taken="your photo",
        photo_empty="Nothing written was found. Dark on light paper, or light on dark, and large in the picture is read best.",
        photo_damaged="This is no picture that the browser can open.",
        photo_tiny="{width} x {height} pixels: too small for a picture.",
        photo_huge="{width} x {height} pixels: too large, at most 100 million.",
        decoded="decoded",
        bars="μ (bars), σ (strokes) and z (dots) of the {dims} dimensions",
        from_mu="z = μ",
        from_q="z sampled from q",
        given="z set from Python",
        walk="t = {t} on the way to the {target}",
        kl="KL of q from the prior = {kl} nats",
        empty="nothing drawn yet",
    )
    network = OneNetwork(kinds=("vae",), parts=("encode", "decode"))
    pixels = Drawing(empty=False)
    mu = traitlets.List(Number())
    logvar = traitlets.List(Number())
    z = Code(lambda figure: figure.network.latent_dim)
    seed = traitlets.Int(0, min=0)
    t = Number(0.0, min=0, max=1)
    target = traitlets.Int(8).tag(sync=False)  # the page knows its place among the classes
    target_index = Index(8, of="classes")
    classes = traitlets.List(traitlets.Int())  # those that there is a walk to
    targets = traitlets.Bytes()  # (classes, d) float32: for each the mu of its first picture

    def __init__(self, network, pictures, labels, *, names=None, digit: int = 0, **traits):
        self.network = network
        self.offer(pictures, labels, names)
        self.classes = sorted(set(self.labels))
        if self.class_names == DIGITS and len(self.classes) < 10:
            raise ValueError("labels: expected all digits from 0 to 9")
        if not 2 <= len(self.classes) <= 10:
            raise ValueError(f"labels: expected two to ten classes, got {len(self.classes)}")
        if not 0 <= digit < len(pictures):
            raise ValueError(f"digit: expected a whole number from 0 to {len(pictures) - 1}, got {digit!r}")
        mu, logvar = network.encode(pictures)
        self.targets = floats(torch.stack([mu[self.labels.index(label)] for label in self.classes]))
        self.target_index = min(8, len(self.classes) - 1)
        self.target = self.classes[self.target_index]
        self.pixels = pictures[digit].flatten().tolist()
        self.mu, self.logvar, self.z = mu[digit].tolist(), logvar[digit].tolist(), mu[digit].tolist()
        super().__init__(**traits)
        self.card.add_class("lw-drawing")

    @traitlets.validate("target")
    def _is_a_class(self, proposal):
        if self.classes and proposal["value"] not in self.classes:
            raise traitlets.TraitError(f"target: expected one of {self.classes}, got {proposal['value']!r}")
        return proposal["value"]

    def controls(self):
        self.join("target", self.classes)
        return [self.beside(self.slider("t", "t"))]
