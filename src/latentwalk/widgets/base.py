"""What every interactive figure shares: networks that run in the page, and the card around canvas and controls."""

import ast
import hashlib
import inspect
import json
import linecache
import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import anywidget
import ipywidgets
import torch
import traitlets
from safetensors.torch import save as to_safetensors

from latentwalk import _language, graph
from latentwalk._checks import MOST, check_pictures, picture_shape
from latentwalk.checkpoints import NETWORKS, half

if int(ipywidgets.__version__.split(".")[0]) < 8:
    raise ImportError(
        f"the figures need ipywidgets 8, and this kernel has {ipywidgets.__version__}: "
        "run %pip install --upgrade ipywidgets, then restart the kernel"
    )

DIGITS = list("0123456789")  # the names of the classes, unless a figure is told others
TOLERANCE = 2 / 255  # between a pixel of the page and of the model

_HERE = Path(__file__).parent
_IMPORT = re.compile(r'^import [^;]+ from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


def esm(name: str) -> str:
    """The JavaScript of a figure as one module, for notebooks, where nothing bundles: its file after those that it imports.

    Lines that import and the word ``export`` go, so no two files may give the same name to different things;
    ``export default`` stays.
    """
    files: dict[str, str] = {}

    def add(part: str) -> None:
        text = (_HERE / f"{part}.js").read_text(encoding="utf-8")
        for other in _IMPORT.findall(text):
            if other not in files:
                add(other)
        files[part] = _EXPORT.sub("", _IMPORT.sub("", text))

    add(name)
    return "\n".join(files.values())


class Network(anywidget.AnyWidget):
    """A trained network for the page: its weights once, however many figures refer to it.

    They travel as they are stored, as safetensors in float16; a part of the network a file, so that a figure that only decodes needs no
    encoder. What is done with them says a description, see `latentwalk.graph`. Known by a sha256, for a stored network its manifest's.

    Parameters
    ----------
    model
        Any network with methods ``decode`` and ``encode``, or layers "decoder" and "encoder", on any device, in any precision and mode:
        what is shown is a copy. ``decode`` gives pixels, cut off at 0 and 1; ``encode`` gives codes, or mu and logvar.
    name
        Its name in `latentwalk.checkpoints`, or any other for a network trained in a notebook.
    label
        What the reader sees, such as "VAE, 20-D".
    parts
        Which halves to ship: "decode", "encode". Each costs about 0.65 MB at 784-400.
    shape
        (height, width) or (channels, height, width) of its pictures, at most 96 x 96; by default what its layers tell, or a square.

    Raises ValueError if a part is neither; for a layer that a page cannot run, by its name; for weights that float16 cannot hold; and if
    the page would be off by more than 2 of 255 grey levels.
    """

    _esm = "export default {};"
    name = traitlets.Unicode().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True, words=True)
    kind = traitlets.Enum(["ae", "vae"]).tag(sync=True)
    layers = traitlets.Dict().tag(sync=True)  # part -> description
    weights = traitlets.Dict().tag(sync=True)  # part -> safetensors
    shape = traitlets.List(traitlets.Int()).tag(sync=True)  # of its pictures: channels, height, width
    extra = traitlets.Bool(False).tag(sync=True)  # whether its layers are more than the figures' own code knows
    digest = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        model: torch.nn.Module,
        name: str,
        label: str = "",
        parts: tuple[str, ...] = ("decode",),
        *,
        shape: tuple[int, ...] | None = None,
    ):
        if not parts or not set(parts) <= {"encode", "decode"}:
            raise ValueError(f"parts: expected 'encode' and/or 'decode', got {parts!r}")
        self.model = graph.portable(model)
        hint = shape and (1, *shape)[-3:]
        self._code, self._picture = graph.inputs(self.model, parts, hint)
        shape = picture_shape(self.pixels, shape or (self._picture if len(self._picture) == 3 else None))
        if max(shape) > MOST:
            raise ValueError(f"shape: figures show pictures of {MOST} x {MOST} pixels at most, got {shape}")
        halves = graph.describe(self.model, parts, hint)
        tensors = {part: half(name, one.tensors) for part, one in halves.items()}
        for part, one in halves.items():
            _check_numbers(part, one, tensors[part])
        layers = {part: _on_screen(one.ops) if part == "decode" else one.ops for part, one in halves.items()}
        if type(self.model) in NETWORKS.values():  # its class and its weights are all of it
            content = to_safetensors(half(name, self.model))
        else:
            content = b"".join(map(to_safetensors, tensors.values())) + json.dumps(layers).encode()
        extra = (
            {} if graph.simple(layers) else {"_esm": esm("layers"), "_anywidget_id": f"{__package__}.layers.Network"}
        )
        super().__init__(
            name=name,
            label=label or name,
            kind="vae" if self._has_logvar("encode" in parts) else "ae",
            layers=layers,
            weights={part: to_safetensors(some) for part, some in tensors.items()},
            shape=list(shape),
            digest=hashlib.sha256(content).hexdigest(),
            extra=bool(extra),
            **extra,
        )

    @property
    def latent_dim(self) -> int:
        """Numbers in a code."""
        return math.prod(self._code)

    @property
    def pixels(self) -> int:
        """Numbers in a picture."""
        return math.prod(self._picture)

    @torch.no_grad()
    def encode(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """What the encoder says of pictures (n, pixels) in [0, 1]: mu and logvar, or codes alone; each (n, latent_dim), on the CPU."""
        x = check_pictures("x", x, self.pixels).float().cpu()
        result = graph.half_of(self.model, "encode")(x.reshape(-1, *self._picture))
        rows = [one.flatten(1) for one in ([result] if isinstance(result, torch.Tensor) else result)]
        if (found := sum(row.shape[1] for row in rows)) not in (self.latent_dim, 2 * self.latent_dim):
            raise ValueError(f"model: expected {self.latent_dim} numbers from encode, or twice as many, got {found}")
        return torch.cat(rows, 1).split(self.latent_dim, 1)

    def codes(self, x: torch.Tensor) -> torch.Tensor:
        """The one point that stands for each picture: the code, or mu for a VAE; (n, pixels) in [0, 1] -> (n, latent_dim)."""
        return self.encode(x)[0]

    def _has_logvar(self, shipped: bool) -> bool:
        """Whether encode gives mu and logvar; an encoder that is not ``shipped`` may be any, or none."""
        try:
            return len(self.encode(torch.zeros(1, self.pixels))) == 2
        except (*graph.FAILURES, AttributeError):
            if shipped:
                raise
            return False


def _on_screen(ops: list[dict]) -> list[dict]:
    """A decoder's description, cut off at 0 and 1."""
    if ops[-1].get("activation") in ("sigmoid", "clip"):
        return ops
    return [*ops, {"op": "reshape", "from": [len(ops) - 1], "shape": ops[-1]["shape"], "activation": "clip"}]


def _check_numbers(part: str, one: graph.Half, weights: dict[str, torch.Tensor]) -> None:
    """Raise ValueError, by the layer's name, if what the page will compute is not what the model gave."""
    given = graph.run(one.ops, {name: tensor.float() for name, tensor in weights.items()}, one.seen[0])
    if part == "decode":
        given[-1], one.seen[-1] = given[-1].clamp(0, 1), one.seen[-1].clamp(0, 1)
    # In shares of the largest number, which for pixels is 1.
    off = [((a - b).abs().max() / b.abs().max().clamp(min=1)).item() for a, b in zip(given, one.seen)]
    if not off[-1] <= TOLERANCE:
        layer = next(layer for layer, share in zip(one.layers, off) if not share <= TOLERANCE)
        raise ValueError(
            f"model: {layer} gives other numbers with the page's weights in float16; "
            f"{part} is off by {255 * off[-1]:.0f} of 255 grey levels, and 2 are allowed"
        )


class Figure(anywidget.AnyWidget):
    """An interactive figure. All its traits can be read, set and observed here; displaying it shows its card.

    The card is a VBox of the canvas (this widget) and the controls, joined to it by ``jslink``, which runs in the
    browser: so the figure works in JupyterLab and, with no kernel, in the rendered book. Its arrow button sets
    the controls back to where they stood when the figure was opened.

    What its words say of digits, words whose names begin with "other_" say of pictures whose classes have other ``class_names``.

    A figure declares its ``title`` and its words, ``text``, as traits with defaults, and the names of the traits that make up its
    state, ``state``: what a link to the figure says, what "As Python" writes, and what the arrow button sets back. Its constructor
    sets its own traits before it calls this one, so that they refuse what it cannot use.
    """

    state: tuple[str, ...] = ()
    _css = _HERE / "latentwalk.css"
    title = traitlets.Unicode().tag(sync=True, words=True)
    text = traitlets.Dict().tag(sync=True, words=True)  # every word that the figure shows
    sweep = traitlets.Dict().tag(sync=True)  # what moves by itself once, at first sight: trait -> where to, and back
    rules = traitlets.Dict().tag(sync=True)  # of each trait of the state, what a link may say of it: see `traits.rule`
    call = traitlets.Unicode().tag(sync=True)  # the cell's call, up to where arguments of the state go; "" if unknown
    given = traitlets.List(traitlets.Unicode()).tag(sync=True)  # which of the state were arguments there
    playing = traitlets.Bool(False).tag(sync=True)  # whether a Play counts

    def __init__(self, **traits):
        if unknown := set(traits) - set(self.trait_names()):
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")
        super().__init__(**traits)
        if getattr(self, "class_names", DIGITS) != DIGITS and "text" not in traits:
            self.text = {name: self.text.get(f"other_{name}", words) for name, words in self.text.items()}
            if "title" not in traits:
                self.title = self.text.get("other_title", self.title)
        self.joined = {}  #: of each choice that has buttons: its values
        self.card = ipywidgets.VBox([self, *self.controls()])
        self.card.add_class("lw-card")
        for widget in self.with_words():
            _language.speak(widget)
        from latentwalk.widgets.traits import rule  # which itself needs `Network`

        rules = {name: rule(self, name) for name in self.state}
        self.rules = {name: found for name, found in rules.items() if found}
        self.call, self.given = self._made

    def __new__(cls, *arguments, **traits):
        figure = super().__new__(cls, *arguments, **traits)
        figure._made = _call(cls, sys._getframe(1))
        return figure

    def with_words(self) -> Iterator[ipywidgets.Widget]:
        """This figure, its networks and its controls: what `latentwalk.language` puts into another language."""
        yield from self.find(self.card)
        for name in self.trait_names():
            value = getattr(self, name, None)
            yield from (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, Network))

    def find(self, widget: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
        """A widget and all that lie in it."""
        yield widget
        for child in getattr(widget, "children", ()):
            yield from self.find(child)

    def controls(self) -> list[ipywidgets.Widget]:
        """The rows of controls under the canvas."""
        return []

    def slider(self, name: str, label: str, low=None, high=None, step: float = 0.01) -> ipywidgets.FloatSlider:
        """A slider joined to a `Number` of this figure; it spans what that may be, unless ``low`` and ``high`` say otherwise."""
        trait = self.traits()[name]
        slider = ipywidgets.FloatSlider(
            value=getattr(self, name),
            min=trait.min if low is None else low,
            max=trait.max if high is None else high,
            step=step,
            description=label,
            readout_format=".2f",
        )
        return self.wide(name, slider)

    def wide(self, name: str, control: ipywidgets.Widget, to: str = "value") -> ipywidgets.Widget:
        """A control of the figure's width, joined to a trait; where the two differ at first, the figure is right."""
        control.layout.width = "100%"
        ipywidgets.jslink((self, name), (control, to))
        return control

    def choice(self, name: str, label: str, words: dict | None = None) -> ipywidgets.ToggleButtons:
        """A row of buttons joined to a `Choice` of this figure, or to a trait with these ``words`` for its values."""
        words = words or self.traits()[name].words
        values = list(words)
        self.join(name, values)
        buttons = ipywidgets.ToggleButtons(
            options=list(words.values()), index=values.index(getattr(self, name)), description=label
        )
        buttons.style.button_width = "auto"
        ipywidgets.jslink((self, f"{name}_index"), (buttons, "index"))
        return buttons

    def join(self, name: str, values: list) -> None:
        """A trait with these values and its ``<name>_index``, which the page knows, move together."""
        self.joined[name] = values
        traitlets.link((self, name), (self, f"{name}_index"), transform=(values.index, values.__getitem__))

    def beside(self, *controls: ipywidgets.Widget) -> ipywidgets.VBox:
        """Controls in pairs where there is room; on a low or narrow screen in sight as long as the figure is."""
        return ipywidgets.VBox(controls).add_class("lw-pairs").add_class("lw-sticky")

    def play(self, name: str, **options) -> ipywidgets.Play:
        """A button that counts in a whole number of this figure, from where that is, and pauses where it has come to."""
        play = ipywidgets.Play(value=getattr(self, name), show_repeat=False, **options)
        ipywidgets.jslink((self, name), (play, "value"))
        ipywidgets.jslink((self, "playing"), (play, "playing"))
        return play

    def _repr_mimebundle_(self, **kwargs):
        """The card in place of the canvas alone, with the metadata that Colab wants."""
        _, metadata = super()._repr_mimebundle_(**kwargs)
        return self.card._repr_mimebundle_(**kwargs), metadata


def _call(cls: type[Figure], frame) -> tuple[str, list[str]]:
    """The call by which a cell makes a figure, without the arguments that are of its state and without its end; and their names.

    "" where the call's own text is not to be had, or would not mean the same in another cell.
    """
    place = list(frame.f_code.co_positions())[frame.f_lasti // 2]
    lines = linecache.getlines(frame.f_code.co_filename, frame.f_globals)
    if frame.f_code.co_name != "<module>" or not lines or None in place:
        return "", []
    first, last, left, right = place
    text = "".join(lines[first - 1 : last]).encode()
    text = text[left : len(text) - len(lines[last - 1].encode()) + right].decode()
    try:
        call = ast.parse(text, mode="eval").body
        called = ast.unparse(call.func) if isinstance(call, ast.Call) else ""
        if frame.f_globals.get(called, cls) is not cls or called.rpartition(".")[2] != cls.__name__:
            return "", []  # a call that calls the class in its turn, such as map(KL, ...)
        if any(word.arg is None for word in call.keywords):
            return "", []
        _, *names = inspect.signature(cls.__init__).bind_partial(None, *call.args).arguments
    except (SyntaxError, TypeError):
        return "", []
    given = [*zip(names, call.args), *((word.arg, word.value) for word in call.keywords)]
    if any(isinstance(value, ast.Starred) for _, value in given):
        return "", []
    kept, moved = [], False
    for place, (name, value) in enumerate(given):
        if name in cls.state:
            moved = True  # whatever comes after it has to be named
        else:
            words = ast.get_source_segment(text, value)
            words = ast.unparse(value) if "\n" in words else words
            kept.append(words if place < len(call.args) and not moved else f"{name}={words}")
    return f"{called}({''.join(f'{one}, ' for one in kept)}", [n for n, _ in given if n in cls.state]


def floats(tensor: torch.Tensor) -> bytes:
    """A tensor as float32 bytes, for a ``Bytes`` trait."""
    return tensor.detach().float().contiguous().numpy().tobytes()
