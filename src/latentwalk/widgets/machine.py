"""The whole network at work: every stage between a picture and its reconstruction, in the page."""

import traitlets

from latentwalk.page.script import esm
from latentwalk.page.shelf import Shelf
from latentwalk.page.traits import Choice, Code, Drawing, Index, Number, OneNetwork, Words

LIT = {"all": "all", "encoder": "encoder", "heads": "μ and σ", "dice": "dice", "loss": "loss", "decoder": "decoder"}


class Machine(Shelf):
    """x → encoder → μ, σ → dice → z → decoder → x̂: choose or draw a digit, roll the dice, drag a z, and watch every stage.

    Parameters
    ----------
    network
        A `Network` widget of a VAE with ``parts=("encode", "decode")`` and codes of at most 40 numbers.
    pictures, labels
        (n, pixels) in [0, 1] and (n,): the digits to choose from, and what they show.
    names
        What the labels mean, where they are no digits; labels may also be words themselves.
    digit
        Index of the one chosen first.

    Traits that the page and Python share: ``digit``; ``drawn``, the numbers in [0, 1] of a picture that take its place, or none;
    ``noise``, a factor on sigma (0: no dice, z = mu); ``seed`` of the dice; ``lit``, the part that stands out ("all", "encoder",
    "heads", "dice", "loss", "decoder"); ``z``, the code now decoded.
    """

    _esm = esm("machine")
    state = ("digit", "drawn", "noise", "seed", "lit", "z")
    title = traitlets.Unicode("The machine").tag(words=True)
    text = Words(
        seen="From left to right: a picture x, the hidden units of the encoder, μ and σ of each dimension, the dice ε and the code z, the hidden "
        "units of the decoder, and the picture x̂ that comes out.",
        shelf="choose a digit",
        other_shelf="choose a picture",
        digit="test digit {label}, number {index}",
        draw="Draw one",
        pad="draw here",
        drawing="your drawing",
        x="x",
        encoder="{units} units, {on} on",
        q="μ (bars) ± σ",
        eps="ε: {dims} dice",
        z="z = μ + σ ε: drag one",
        decoder="{units} units, {on} on",
        xhat="x̂",
        kl="KL {kl} nats",
        recon="BCE {recon} nats",
        roll="Roll the dice",
        release="Let z go",
        drag="z of dimension {dim} is {z}. Left and right arrow keys choose a dimension, up and down change its z",
        said_all="{pixels} numbers in, {dims} in the middle, {pixels} out, all of them computed in this page.",
        said_encoder="The encoder sees the picture once, and answers not with {dims} numbers but with {dims} bells.",
        said_heads="Two answers for each dimension: where (μ) and how sure (σ). A σ near 1 with a μ near 0 says nothing.",
        said_dice="Roll: ε changes, μ and σ do not. The randomness lies beside the path of the gradients.",
        said_loss="Two prices: the KL for what the bells tell ({kl}), the BCE for what the copy lacks ({recon}). Loss: {loss} nats.",
        said_decoder="The decoder never sees x. Give it any z, and it draws.",
    )
    network = OneNetwork(kinds=("vae",), parts=("encode", "decode"))
    digit = Index(0, of="labels")
    drawn = Drawing()
    noise = Number(1.0, min=0, max=3)
    seed = traitlets.Int(1, min=1)
    lit = Choice(LIT, "all")
    parts = traitlets.List(traitlets.Unicode(), list(LIT))
    z = Code(lambda figure: figure.network.latent_dim)

    def __init__(self, network, pictures, labels, *, names=None, digit=0, **traits):
        self.network = network
        if network.latent_dim > 40:
            raise ValueError(f"network: expected codes of at most 40 numbers, got {network.latent_dim}")
        self.offer(pictures, labels, names)
        self.digit = digit
        self.z = network.codes(pictures)[digit].tolist()
        super().__init__(**traits)
        self.card.add_class("lw-form")

    def controls(self):
        return [self.slider("noise", "dice ×", step=0.05).add_class("lw-sticky"), self.choice("lit", "light")]
