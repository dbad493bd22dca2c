"""A loss that somebody's program prints: what it is in nats per image, and whether it is good."""

import ipywidgets
import traitlets

from latentwalk._checks import check_pictures
from latentwalk.page.figure import Figure
from latentwalk.page.landmarks import landmarks
from latentwalk.page.script import esm
from latentwalk.page.traits import Choice, Number, Words


class YourLoss(Figure):
    """Type a loss, say how it was added up, and read what it is in nats per image and what this book's networks get.

    Parameters
    ----------
    x
        (n, 784) in [0, 1]: the pictures that the landmarks are computed on (a perfect copy, the mean picture, even odds, and for
        squared errors PCA), best the whole test set. All other numbers are those of the stored tables.
    loss
        The number printed; by default a good one that was summed over a batch of 128.

    Traits that the page and Python share: ``loss``; ``error`` ("bce", "squares", "half": half the squares); ``pixels`` ("sum", "mean");
    ``images`` ("mean", "sum": over a batch) and ``batch``; ``kl`` ("sum": over dimensions, and over images as the reconstruction is;
    "pixels": that, divided by the pixels; "mean": over dimensions and images); ``weight`` of the KL; ``place`` of the number on the
    ruler, from 0 to 1.
    """

    _esm = esm("your_loss")
    state = ("loss", "error", "pixels", "images", "kl", "batch", "weight")
    title = traitlets.Unicode("Your number").tag(words=True)
    text = Words(
        seen="A ruler of nats per image with landmarks: what a perfect copy costs, what to expect, the mean picture, coin tosses. A handle shows "
        "where the number lies.",
        ruler="nats per image, on a logarithmic scale",
        yours="your number",
        expect="expected",
        perfect="perfect copy",
        mean="mean picture",
        even="coin tosses",
        linear="PCA",
        nats="{nats} nats per image",
        pixel="{pixel} per pixel",
        bits="{bits} bits per pixel",
        beta="β = {beta}",
        apply="Read it that way",
        # what the number is worth
        weight="A weight below 0 pays the network for being unlike the prior, without limit: the loss will fall until it overflows.",
        negative="Impossible: neither term is ever below 0. The KL's sign is flipped, or pixels go up to 255 and not to 1.",
        below="Impossible for this loss: even a perfect copy of these grey pictures costs {perfect}.",
        low="Better than it should be: a long training reaches {low}. Is the KL in the sum, and is z a sample, not μ?",
        good="Good: {low} to {high} is what this network gets.",
        usual="As expected with this β: {low} to {high}.",
        usual_squares="As expected: below {linear}, which PCA gets, the best linear network of 20 numbers.",
        low_squares="Far below what PCA gets, {linear}. Is the KL in the sum, and is z a sample, not μ?",
        slow_squares="Too high: PCA, the best linear network of 20 numbers, gets {linear}. Hidden units should do better.",
        learning="On its way: the usual loop is here after epoch {epoch} of {epochs}, and ends at {last}.",
        slow="Too high: expect {low} to {high}.",
        mean_said="The price of the mean picture, {mean}: the codes tell nothing about the image.",
        between="Worse than the mean picture ({mean}): training has only just begun, or something is broken.",
        even_said="The price of even odds for every pixel, {even}: nothing has been learnt. A sigmoid too many?",
        above="Worse than even odds for every pixel ({even}).",
        # which loss it is
        vae="β = 1, grey pixels, cross-entropy: comparable with this book's numbers. It is not a likelihood.",
        beta_said="With β = {beta} it is another loss: compare it only with networks trained with this β.",
        autoencoder="β = {beta}: the KL hardly counts. This trains an autoencoder, and its samples will be garbage.",
        collapse="β = {beta}: the KL outweighs the reconstruction. Every code becomes noise, every picture the mean.",
        squares="Squared error is a Gaussian of σ = {sigma} for each pixel, up to a constant. Never compare it with cross-entropy.",
        free_squares="Squared error alone: an autoencoder.",
        none="This is not the loss of a VAE.",
        # the usual accident
        accident_mean="If it were averaged over the 784 pixels too, it would be {nats} nats per image.",
        accident_bits="If it were bits per pixel, it would be {nats} nats per image.",
        accident_sum="If it were summed over pixels and averaged over images, it would be {nats} nats per image.",
        accident_batch="If it were the sum over a batch of {count}, it would be {nats} nats per image.",
        accident_set="If it were the sum over all {count} pictures, it would be {nats} nats per image.",
    )
    loss = Number()
    error = Choice({"bce": "cross-entropy", "squares": "(x − x̂)²", "half": "½ (x − x̂)²"}, "bce")
    pixels = Choice({"sum": "summed", "mean": "averaged"}, "sum")
    images = Choice({"mean": "averaged", "sum": "summed over a batch"}, "mean")
    kl = Choice({"sum": "summed", "pixels": "÷ 784 as well", "mean": "averaged"}, "sum")
    batch = traitlets.Int(128, min=1, max=10_000_000)
    weight = Number(1.0)
    place = Number(1.0, min=0, max=1)  # on the ruler: its left end is 0
    facts = traitlets.Dict()
    names = traitlets.Dict()  # of each choice its values, in the order of its buttons

    def __init__(self, x, loss=None, **traits):
        check_pictures("x", x, 784)
        self.facts = landmarks(x)
        self.loss = float(round(128 * self.facts["book"])) if loss is None else loss
        self.names = {name: list(self.traits()[name].values) for name in ("error", "pixels", "images", "kl")}
        super().__init__(**traits)
        self.card.add_class("lw-form")

    def controls(self):
        number = ipywidgets.FloatText(value=self.loss, description="your loss", step=0.1)
        batch = ipywidgets.BoundedIntText(value=self.batch, min=1, max=10_000_000, description="batch")
        weight = ipywidgets.FloatText(value=self.weight, description="KL weight", step=0.1)
        for name, field in (("loss", number), ("batch", batch), ("weight", weight)):
            ipywidgets.jslink((self, name), (field, "value"))
        choices = [("images", "images"), ("pixels", "pixels"), ("kl", "KL"), ("error", "error")]
        fields = ipywidgets.HBox([number, batch, weight]).add_class("lw-row")
        along = ipywidgets.FloatSlider(self.place, min=0, max=1, step=0.005, description="move it", readout=False)
        return [
            self.wide("place", along).add_class("lw-sticky"),
            fields,
            *(self.choice(name, label) for name, label in choices),
        ]
