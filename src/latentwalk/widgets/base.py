"""What every interactive figure shares: networks that run in the page, and the card around canvas and controls."""

import hashlib
import math
import re
from pathlib import Path

import anywidget
import ipywidgets
import torch
import traitlets

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


class Number(traitlets.Float):
    """A finite number, between ``min`` and ``max`` where these are given."""

    info_text = "a finite number"

    def validate(self, obj, value):
        value = super().validate(obj, value)
        if not math.isfinite(value):
            self.error(obj, value)
        return value


class Network(anywidget.AnyWidget):
    """A trained network for the page: its weights once, however many figures refer to it.

    Parameters
    ----------
    model
        An `Autoencoder`, a `VAE` or a network with the same layers (fc1, fc2 or fc21 and fc22, fc3, fc4).
    name
        Its name in `latentwalk.checkpoints`, or any other for a network trained in a notebook.
    label
        What the reader sees, such as "VAE, 20-D".
    parts
        Which halves to ship: "decode", "encode". Each costs about 0.65 MB at 784-400.
    """

    _esm = "export default {};"
    name = traitlets.Unicode().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    kind = traitlets.Enum(["ae", "vae"]).tag(sync=True)
    layers = traitlets.List(traitlets.Dict()).tag(sync=True)
    weights = traitlets.Bytes().tag(sync=True)
    digest = traitlets.Unicode().tag(sync=True)

    def __init__(self, model: torch.nn.Module, name: str, label: str = "", parts: tuple[str, ...] = ("decode",)):
        unknown = set(parts) - {"encode", "decode"}
        if unknown or not parts:
            raise ValueError(f"parts: expected 'encode' and/or 'decode', got {parts!r}")
        kind = "vae" if hasattr(model, "fc22") else "ae"
        if not all(hasattr(model, layer) for layer in ("fc1", "fc21" if kind == "vae" else "fc2", "fc3", "fc4")):
            raise ValueError(f"model: expected the layers of an Autoencoder or a VAE, got {type(model).__name__}")
        heads = [model.fc21, model.fc22] if kind == "vae" else [model.fc2]
        chains = {
            "encode": [([model.fc1], "relu"), (heads, "none")],
            "decode": [([model.fc3], "relu"), ([model.fc4], "sigmoid")],
        }
        layers, blobs = [], []
        for part in parts:
            for modules, activation in chains[part]:
                weight = torch.cat([m.weight.detach() for m in modules])  # (rows, cols)
                bias = torch.cat([m.bias.detach() for m in modules])
                if not (torch.isfinite(weight.half()).all() and torch.isfinite(bias.half()).all()):
                    raise ValueError(f"model: {name} has weights that are not finite")
                rows, cols = weight.shape
                layers.append({"part": part, "rows": rows, "cols": cols, "activation": activation})
                blobs += [weight.half().numpy().tobytes(), bias.half().numpy().tobytes()]
        weights = b"".join(blobs)
        digest = hashlib.sha256(weights).hexdigest()
        self.model = model
        super().__init__(name=name, label=label or name, kind=kind, layers=layers, weights=weights, digest=digest)

    @property
    def latent_dim(self) -> int:
        """Numbers in a code."""
        return self.model.fc3.in_features

    @property
    def pixels(self) -> int:
        """Numbers in a picture."""
        return self.model.fc4.out_features

    @torch.no_grad()
    def codes(self, x: torch.Tensor) -> torch.Tensor:
        """The one point that stands for each picture: the code, or mu for a VAE; (n, pixels) -> (n, latent_dim)."""
        out = self.model.encode(x)
        return out[0] if self.kind == "vae" else out


class Figure(anywidget.AnyWidget):
    """An interactive figure. All its traits can be read, set and observed here; displaying it shows its card.

    The card is a VBox of the canvas (this widget) and the controls, joined to it by ``jslink``, which runs in the
    browser: so the figure works in JupyterLab and, with no kernel, in the rendered book. A double click on a slider or a picture
    sets the controls back to where they stood when the figure was opened.
    """

    _css = _HERE / "latentwalk.css"
    title = traitlets.Unicode().tag(sync=True)
    text = traitlets.Dict().tag(sync=True)  # every word that the figure shows
    resets = traitlets.List(traitlets.Unicode()).tag(sync=True)  # what a double click sets back: all controls, and more

    def __init__(self, **traits):
        if unknown := set(traits) - set(self.trait_names()):
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")
        super().__init__(**traits)
        self.card = ipywidgets.VBox([self, *self.controls()])
        self.card.add_class("lw-card")

    def controls(self) -> list[ipywidgets.Widget]:
        """The rows of controls under the canvas."""
        return []

    def slider(self, trait: str, label: str, low: float, high: float, step: float = 0.01) -> ipywidgets.FloatSlider:
        """A slider joined to a number of this figure."""
        slider = ipywidgets.FloatSlider(
            value=getattr(self, trait), min=low, max=high, step=step, description=label, readout_format=".2f"
        )
        slider.layout.width = "100%"
        self.resets = [*self.resets, trait]
        ipywidgets.jslink((self, trait), (slider, "value"))  # in this order: where they differ, the figure is right
        return slider

    def choice(self, trait: str, label: str, options: dict[str, str]) -> ipywidgets.ToggleButtons:
        """A row of buttons joined to an Enum trait of this figure; options: value -> what is shown.

        The page knows a choice by its index, in the synced trait ``<trait>_index``.
        """
        values = list(options)
        traitlets.link((self, trait), (self, f"{trait}_index"), transform=(values.index, values.__getitem__))
        buttons = ipywidgets.ToggleButtons(
            options=list(options.values()), index=values.index(getattr(self, trait)), description=label
        )
        buttons.style.button_width = "auto"
        self.resets = [*self.resets, f"{trait}_index"]
        ipywidgets.jslink((self, f"{trait}_index"), (buttons, "index"))
        return buttons

    def _repr_mimebundle_(self, **kwargs):
        return self.card._repr_mimebundle_(**kwargs)


def check_networks(
    networks,
    kinds: tuple[str, ...] = ("ae", "vae"),
    parts=("decode",),
    pixels: int = 784,
    latent_dim: int | None = None,
) -> list[Network]:
    """``networks`` as a list, if all are `Network` widgets as described; else a ``ValueError``."""
    if isinstance(networks, Network) or not hasattr(networks, "__iter__") or not list(networks):
        raise ValueError(f"networks: expected a list of Network widgets, got {type(networks).__name__}")
    for network in networks:
        if not isinstance(network, Network):
            raise ValueError(f"networks: expected Network widgets, got {type(network).__name__}")
        found = {layer["part"] for layer in network.layers}
        if network.kind not in kinds:
            raise ValueError(f"networks: expected {' or '.join(kinds)}, got {network.kind} ({network.name})")
        if not set(parts) <= found:
            raise ValueError(f"networks: expected parts {sorted(parts)}, got {sorted(found)} ({network.name})")
        if network.pixels != pixels:
            raise ValueError(f"networks: expected pictures of {pixels} pixels, got {network.pixels} ({network.name})")
        if latent_dim not in (None, network.latent_dim):
            raise ValueError(f"networks: expected codes of {latent_dim}, got {network.latent_dim} ({network.name})")
    return list(networks)


def check_pictures(name: str, x: torch.Tensor, labels, size: int = 784) -> list[int]:
    """The labels as a list, if there is one digit for each of the pictures (n, size) in [0, 1]; else a ``ValueError``."""
    if not isinstance(x, torch.Tensor) or x.dim() != 2 or x.shape[1] != size or not len(x):
        raise ValueError(f"{name}: expected a tensor (n, {size}), got {getattr(x, 'shape', type(x).__name__)}")
    if not (x.min() >= 0 and x.max() <= 1):  # so that NaN is found as well
        raise ValueError(f"{name}: expected numbers in [0, 1]")
    labels = [int(label) for label in labels]
    if len(labels) != len(x) or not set(labels) <= set(range(10)):
        raise ValueError(f"{name}: expected a label from 0 to 9 for each of {len(x)}, got {len(labels)}: {labels[:10]}")
    return labels


def check_index(name: str, index: int, count: int, low: int = 0) -> int:
    """``index`` as it is, if it is a whole number from ``low`` to ``count`` - 1; else a ``ValueError``."""
    if not isinstance(index, int) or not low <= index < count:
        raise ValueError(f"{name}: expected a whole number from {low} to {count - 1}, got {index!r}")
    return index


def floats(tensor: torch.Tensor) -> bytes:
    """A tensor as float32 bytes, for a ``Bytes`` trait."""
    return tensor.detach().float().contiguous().numpy().tobytes()


def pixels(tensor: torch.Tensor) -> bytes:
    """Pictures in [0, 1] as one byte a pixel, for a ``Bytes`` trait."""
    return (tensor.detach() * 255).round().clamp(0, 255).to(torch.uint8).contiguous().numpy().tobytes()


def check_code(z: list[float], size: int | None, limit: float = math.inf) -> list[float]:
    """``z`` as it is, if it has ``size`` numbers (None: any) between -limit and limit; else a ``TraitError``."""
    if size is not None and len(z) != size:
        raise traitlets.TraitError(f"z: expected a code of {size} numbers, got {len(z)}")
    if not all(math.isfinite(value) for value in z):
        raise traitlets.TraitError("z: expected finite numbers")
    if any(abs(value) > limit for value in z):
        raise traitlets.TraitError(f"z: expected numbers between {-limit:g} and {limit:g}")
    return z
