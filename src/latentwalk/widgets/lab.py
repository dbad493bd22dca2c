"""The Lab: a VAE that the reader trains in the page, with a loss that the reader may rewrite."""

import ipywidgets
import torch
import traitlets
from safetensors.torch import load as from_safetensors
from safetensors.torch import save as to_safetensors

from latentwalk.models import VAE
from latentwalk.page.figure import Figure
from latentwalk.page.lab import BUGS, DIGITS_SHA256, LOSS, PARTS, TEST, TRAIN, answer
from latentwalk.page.script import esm
from latentwalk.page.traits import Choice, Number, Words
from latentwalk.plots import DIGIT_COLORS

CLASSES = {
    "all": ("all ten digits", None),
    "01": ("0 and 1", [0, 1]),
    "38": ("3 and 8", [3, 8]),
    "49": ("4 and 9", [4, 9]),
    "even": ("0, 2, 4, 6, 8", [0, 2, 4, 6, 8]),
    "7": ("7 alone", [7]),
}


class Lab(Figure):
    """Press *Train*, and a VAE learns digits in the page; change its loss, break it, mend it, and take it along.

    Parameters
    ----------
    model
        A `VAE` to begin with; none: a new one, with ``latent_dim`` and ``hidden``.

    Traits that the page and Python share: ``playing``, whether it trains; ``latent_dim`` (2, 8 or 20), ``hidden`` (100, 200 or 400)
    and ``digits`` (a key of ``CLASSES``), which begin a new network; ``beta``, ``rate`` (the learning rate) and ``batch``, which the
    network in training takes; ``small``, for a chapter: no walk between digits, no own pictures; ``program``, the loss to begin with; ``t``, the place between the two chosen test digits.
    What the page tells Python while a kernel runs: ``history``, for each look {step, epoch, recon, kl: nats per test image, loss: what
    the program reported for the last batch}; `params`, the weights, and `model`, the network with them; ``device``.

    Raises ValueError if ``model`` is no `VAE` of a size that the page offers.
    """

    _esm = esm("lab")
    state = ("latent_dim", "hidden", "digits", "beta", "rate", "batch", "t")
    title = traitlets.Unicode("The Lab").tag(words=True)
    text = Words(
        seen="A network after some training: its loss in two terms over the steps, the σ of its codes, test pictures in the plane of their μ, "
        "new pictures that it draws, and test pictures above what it makes of them.",
        train="Train",
        pause="Pause",
        one="One step",
        again="Start over",
        idle="Nothing is trained yet. Press Train: the digits (2 MB) are fetched then, and all of it happens on your machine.",
        loading="The digits are on their way: {percent} %",
        starting="The worker starts",
        curve="nats per test image: reconstruction (orange), KL (blue), their sum (thick); dashed: what your program reports",
        sigma="σ of {count} test pictures; {active} of {dims} dimensions have a KL above 0.05 nats",
        plane="μ of {count} test pictures; drag here",
        plane_more="μ of {count} test pictures in z{i} and z{j}, the two dimensions with the largest KL; drag here",
        copy="the picture above it, decoded from its μ",
        copies="test pictures, and below them what the network makes of their μ",
        samples="z from N(0, I), decoded",
        walk="from one test picture to the other",
        spot="decoded from the point that you drag",
        walked="decoded, {share} of the way from the left test picture to the right one",
        digit="test picture of class {label}, number {index}",
        step="step {step}, epoch {epoch}",
        recon="reconstruction {recon}",
        kl="KL {kl}",
        sum="sum {sum} nats",
        rate="{rate} steps/s",
        device="{device}",
        status="Step {step}, epoch {epoch}: {sum} nats per test image, of which KL {kl}.",
        webgpu="WebGPU",
        wasm="WebAssembly",
        endless="The program did not come to an end within five seconds, and was ended",
        died="The worker has ended; another goes on from the last look.",
        ended="The worker has ended",
        gone="The worker has ended. Press Train for another one.",
        another="{message}. Another program goes on: yours does not work here.",
        gpu="WebGPU has failed here; WebAssembly goes on from the last look.",
        no_wasm="The Lab trains with WebAssembly, which this browser does not have or this page's server does not allow.",
        file_damaged="{file} is damaged",
        no_script="the page may not run a script of the figure's own",
        digits_damaged="the file of digits is damaged: its checksum is not the one that it should have",
        lost_loss="the loss is not a number any more",
        lost_weight="a weight is not a number any more",
        lost="At step {step} {message}. The program before it goes on, from the last look.",
        stopped="At step {step} {message}. The network is set back to the last look, and the training has stopped: is the learning rate too high?",
        at="line {line}: {message}",
        edit="Edit the loss",
        edit_said="A change is trained on when you press Run (or Ctrl+Enter). There are linear, relu, sigmoid, tanh, exp, log, sqrt, softplus, "
        "abs, square, sum, mean, max, min, maximum, minimum, clip, where, matmul, concat, slice, reshape, softmax, logsumexp and detach; as functions or as in a.add(b), "
        "a.sub(b), a.mul(b), a.div(b), a.pow(2). The program runs in a worker that reaches neither the network nor this page.",
        editor="The loss, a JavaScript function",
        run="Run",
        trying="The program is tried on one batch.",
        taken="The program works on a batch, and the next step is trained on it.",
        kept="The last good program goes on.",
        syntax="this is no JavaScript",
        no_loss="the program has no function named loss",
        no_terms="loss() returned {kind}: expected return { BCE, KLD }, or one sum",
        threw="the program threw {what}",
        no_params="what loss() returned does not depend on params: there is nothing to learn",
        term_kind="{name}: expected a number, got {kind}",
        term_shape="{name} has the shape {shape}: expected one number, such as its sum()",
        operators="JavaScript's + - * / and < do not know arrays: write {methods}",
        operand="{name}: expected an array or a number, got {kind}",
        shapes="{name}: the shapes {one} and {other} do not go together",
        axis="{name}: expected an axis of {shape}, got {axis}",
        power="pow: expected a number as the power, as in a.pow(2)",
        matmul="matmul: {one} times {other} does not go: expected (n, k) times (k, m)",
        layer="linear: expected a layer, one of params.fc1, fc21, fc22, fc3, fc4",
        layer_takes="linear: the layer takes (batch, {size}), and was given {shape}",
        reshape="reshape: {shape} has {count} numbers, which {other} does not",
        slice="slice: expected 0 to at most {size}, got {low} to {high}",
        concat="concat: expected a list of arrays",
        not_finite="{name} is {value}, not a number to make small",
        bad_slope="the loss is a number, but its gradient is not: is there a log(0), or a sqrt at 0?",
        no_slope="no gradient reaches any layer, all slopes are 0: either what loss() returned does not depend on params, or all hidden units are dead",
        right="no bug",
        right_said="The right program. Press Run.",
        bugs="The bugs of chapter 8, one button each:",
        bug_said="“{name}”. Press Run, and watch. Of chapter 8's four checks, “{check}” catches it.",
        diff="What differs from the right program",
        along="Take the network along",
        along_said='One file, safetensors with its manifest. latentwalk.checkpoints.load("lab-936.safetensors") gives the VAE in PyTorch.',
        take="Download the network",
        own="Your own pictures",
        own_said="Drop or paste pictures here, or choose them: PNG, JPEG, WebP, an idx file as of MNIST, Fashion-MNIST or KMNIST (also .gz), or a NumPy array (.npy). "
        "At least 16; of more than 20,000, 20,000 drawn at random. A folder each for classes. They become 28 x 28 and grey, and never leave your machine.",
        choose="Choose pictures",
        folder="Choose a folder",
        back_to_digits="Back to the digits",
        digits_again="The digits again: press Train.",
        own_picture="one of your pictures, 28 x 28",
        reading="Reading",
        took="{count} pictures, classes: {classes}. Press Train.",
        few="{count} could be read, and at least 16 pictures are needed: nothing has changed.",
        part="{count} of {all} pictures, drawn at random, classes: {classes}. Press Train.",
        others="And {count} more files.",
        closed="a folder, which the browser does not open here: choose it with the button.",
        empty="the file is empty.",
        packed="a zip or npz archive: unpack it, and choose what was in it.",
        heic="a HEIC photo, which browsers do not open: save it as JPEG.",
        other="neither a PNG, JPEG or WebP picture nor an idx or npy file.",
        damaged="damaged or cut off: it cannot be decoded.",
        cut="cut off: {got} bytes, expected {expected}.",
        not_bytes="an idx file whose numbers are not bytes (0 to 255).",
        npy_kind="an npy file of {kind}: expected u1, f4, f8, i4 or i8.",
        npy_order="an npy file in Fortran order: save np.ascontiguousarray of it.",
        npy_range="an npy file with numbers outside 0 to 255.",
        shape="an array of {shape}: expected pictures, (n, height, width).",
        tiny="{width} x {height} pixels: too small for a picture.",
        huge="{width} x {height} pixels: too large, at most 100 million.",
    )
    latent_dim = Choice({2: "2", 8: "8", 20: "20"}, 20)
    dims = traitlets.List([2, 8, 20])
    hidden = Choice({100: "100", 200: "200", 400: "400"}, 400)
    widths = traitlets.List([100, 200, 400])
    digits = Choice({key: words for key, (words, _) in CLASSES.items()}, "all")
    classes = traitlets.List([chosen for _, chosen in CLASSES.values()])
    beta = Number(1.0, min=0.01, max=100)
    rate = Number(10**-2.4, min=1e-5, max=0.1)
    batch = traitlets.Int(100, min=16, max=512)
    seed = traitlets.Int(1, min=0)
    t = Number(0.5, min=0, max=1)
    wanted = traitlets.Enum(["", "webgpu", "wasm"], "")
    program = traitlets.Unicode(LOSS)
    bugs = traitlets.List([[name, *parts] for name, parts in BUGS.items()])
    colors = traitlets.List(traitlets.Unicode(), DIGIT_COLORS)
    button = traitlets.Unicode("Train").tag(words=True)  # what the button of `playing` says
    start = traitlets.Bytes()  # safetensors to begin with
    checksum = traitlets.Unicode(DIGITS_SHA256)
    parts = traitlets.Int(PARTS)
    train_count, test_count = traitlets.Int(TRAIN), traitlets.Int(TEST)
    small = traitlets.Bool(False)  # for a chapter: without the walk, own pictures and much to choose
    # safetensors, as the page has them now; from there they come as a memoryview
    network = traitlets.Bytes().tag(from_json=lambda value, _: bytes(value))
    history = traitlets.List(traitlets.Dict())
    device = traitlets.Unicode()

    def __init__(self, model: VAE | None = None, **traits):
        if model is not None:
            if type(model) is not VAE or model.pixels != 784:
                raise ValueError(f"model: expected a VAE of 784 pixels, got {type(model).__name__}")
            sizes = model.latent_dim, model.fc1.out_features
            if sizes[0] not in self.dims or sizes[1] not in self.widths:
                raise ValueError(f"model: expected 2, 8 or 20 dimensions and 100, 200 or 400 hidden units, got {sizes}")
            self.latent_dim, self.hidden = sizes
            self.start = self.network = to_safetensors(_float32(model))
        super().__init__(**traits)
        train, *rest = self.card.children[1:]
        self.card.children = [train, self, *rest]  # Train stands above what it sets going
        self.card.add_class("lw-form").add_class("lw-lab")
        self.on_msg(self._bring)

    def controls(self):
        log = {"readout_format": ".2g", "continuous_update": True}
        train = ipywidgets.ToggleButton(description=self.button)
        ipywidgets.jslink((self, "playing"), (train, "value"))
        ipywidgets.jslink((self, "button"), (train, "description"))
        beta = ipywidgets.FloatLogSlider(self.beta, min=-2, max=2, step=0.05, description="β", **log)
        rate = ipywidgets.FloatLogSlider(self.rate, min=-5, max=-1, step=0.05, description="learning rate", **log)
        batch = ipywidgets.IntSlider(self.batch, min=16, max=512, step=4, description="batch")
        digits = ipywidgets.Dropdown(
            options=[words for words, _ in CLASSES.values()], index=self.digits_index, description="digits"
        )
        self.join("digits", list(CLASSES))
        ipywidgets.jslink((self, "digits_index"), (digits, "index"))
        train.add_class("lw-train")
        prices = self.beside(self.wide("beta", beta), self.wide("rate", rate))
        if self.small:
            return [train, self.choice("latent_dim", "dimensions"), prices]
        more = ipywidgets.VBox([self.wide("batch", batch), self.wide("digits_index", digits, "index")])
        return [
            train,
            self.slider("t", "walk"),
            self.choice("latent_dim", "dimensions"),
            prices,
            more.add_class("lw-pairs"),
            self.choice("hidden", "hidden units"),
        ]

    @property
    def params(self) -> dict[str, torch.Tensor]:
        """The weights as the page has told them last, by PyTorch's names. ValueError before the page has."""
        if not self.network:
            raise ValueError("the Lab has no weights yet: display it and press Train, and read them when it is paused")
        return from_safetensors(bytes(self.network))

    def model(self) -> VAE:
        """A `VAE` with these weights, in eval mode."""
        params = self.params
        hidden, pixels = params["fc1.weight"].shape
        model = VAE(params["fc21.weight"].shape[0], hidden, pixels)
        model.load_state_dict(params)
        return model.eval()

    def _bring(self, _, message, buffers) -> None:
        """Send the page a part that it asks for."""
        if found := answer(message.get("ask")):
            self.send(*found)


def _float32(model: VAE) -> dict[str, torch.Tensor]:
    return {key: value.detach().float().contiguous().clone() for key, value in model.state_dict().items()}
