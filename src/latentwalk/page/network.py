"""A trained network for the page."""

import hashlib
import json
import math

import anywidget
import torch
import traitlets
from safetensors.torch import save as to_safetensors

from latentwalk._checks import MOST, check_pictures, picture_shape
from latentwalk.checkpoints import NETWORKS
from latentwalk.making.files import half
from latentwalk.page import graph
from latentwalk.page.script import esm

TOLERANCE = 2 / 255  # between a pixel of the page and of the model


class Network(anywidget.AnyWidget):
    """A trained network for the page: its weights once, however many figures refer to it.

    They travel as they are stored, as safetensors in float16; a part of the network a file, so that a figure that only decodes needs no
    encoder. What is done with them says a description, see `latentwalk.page.graph`. Known by a sha256, for a stored network its manifest's.

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
            _check_range(part, one)
            _check_numbers(part, one, tensors[part])
        layers = {part: _on_screen(one.ops) if part == "decode" else one.ops for part, one in halves.items()}
        if type(self.model) in NETWORKS.values():  # its class and its weights are all of it
            content = to_safetensors(half(name, self.model))
        else:
            content = b"".join(map(to_safetensors, tensors.values())) + json.dumps(layers).encode()
        # Where the page has the code of further layers from: joined, and for the book, which bundles it anew, by the file's name.
        code = {"_esm": esm("layers"), "_anywidget_id": "latentwalk.widgets.layers.Network"}
        extra = {} if graph.simple(layers) else code
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
        except graph.FAILURES:
            if shipped:
                raise
            return False


def _on_screen(ops: list[dict]) -> list[dict]:
    """A decoder's description, cut off at 0 and 1."""
    if ops[-1].get("activation") in ("sigmoid", "clip"):
        return ops
    if ops[-1].get("activation") == "tanh":
        raise ValueError("model: decode ends with tanh, at -1 to 1; expected pixels in [0, 1]: let it give (x + 1) / 2")
    return [*ops, {"op": "reshape", "from": [len(ops) - 1], "shape": ops[-1]["shape"], "activation": "clip"}]


def _check_range(part: str, one: graph.Half) -> None:
    """Raise ValueError if pixels go from 0 to 255, or what should be logvar is never negative."""
    last = one.ops[-1]
    if part == "decode" and (most := one.seen[-1].max()) > 16:
        raise ValueError(f"model: expected pixels in [0, 1] from decode, got numbers up to {most:.0f}; divide by 255")
    if part == "encode" and last["op"] == "concat" and len(last["from"]) == 2:
        second = one.ops[last["from"][1]].get("activation")
        if second in ("softplus", "sigmoid", "relu"):
            raise ValueError(
                f"model: expected mu and logvar from encode, got {second}, which is never negative, for logvar"
            )


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
