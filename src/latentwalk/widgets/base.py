"""What every interactive figure shares: networks that run in the page, and the card around canvas and controls."""

import hashlib
import math
from pathlib import Path

import anywidget
import ipywidgets
import torch
import traitlets

_HERE = Path(__file__).parent


def esm(name: str) -> str:
    """The JavaScript of a figure: the shared files and its own, joined into one module."""
    return "\n".join((_HERE / f"{part}.js").read_text() for part in ("network", "figure", name))


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
                if not (torch.isfinite(weight).all() and torch.isfinite(bias).all()):
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

    @torch.no_grad()
    def codes(self, x: torch.Tensor) -> torch.Tensor:
        """The one point that stands for each picture: the code, or mu for a VAE; (n, pixels) -> (n, latent_dim)."""
        out = self.model.encode(x)
        return out[0] if self.kind == "vae" else out


class Figure(anywidget.AnyWidget):
    """An interactive figure. All its traits can be read, set and observed here; displaying it shows its card.

    The card is a VBox of the canvas (this widget) and the controls, joined to it by ``jslink``, which runs in the
    browser: so the figure works in JupyterLab and, with no kernel, in the rendered book.
    """

    _css = _HERE / "latentwalk.css"
    title = traitlets.Unicode().tag(sync=True)
    text = traitlets.Dict().tag(sync=True)  # every word that the figure shows

    def __init__(self, **traits):
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
        ipywidgets.jslink((self, f"{trait}_index"), (buttons, "index"))
        return buttons

    def _repr_mimebundle_(self, **kwargs):
        return self.card._repr_mimebundle_(**kwargs)


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
