"""The traits that figures are declared with: each takes what the page can draw, and refuses the rest by name."""

import base64
import binascii
import math
import sys

import torch
import traitlets
from ipywidgets import widget_serialization

from latentwalk._checks import check_pictures
from latentwalk.page.network import Network


class Number(traitlets.Float):
    """A finite number, between ``min`` and ``max`` where these are given."""

    info_text = "a finite number"

    def validate(self, obj, value):
        value = super().validate(obj, value)
        if not math.isfinite(value):
            self.error(obj, value)
        return value


class Index(traitlets.Int):
    """A place in another trait of the figure, the list ``of``; -1 for none of them where ``min`` is -1."""

    def __init__(self, default: int = 0, *, of: str, min: int = 0):
        super().__init__(default, min=min)
        self.of = of

    def validate(self, obj, value):
        value = super().validate(obj, value)
        count = len(getattr(obj, self.of))
        if count and value >= count:
            raise traitlets.TraitError(
                f"{self.name}: expected a whole number from {self.min} to {count - 1}, got {value}"
            )
        return value


class Choice(traitlets.Enum):
    """One of several values, with the word that each one's button shows. The page knows it by its place among them, the trait ``<name>_index``."""

    def __init__(self, words: dict, default):
        super().__init__(list(words), default)
        self.words = words
        self.tag(sync=False)

    def class_init(self, cls, name):
        super().class_init(cls, name)
        index = traitlets.Int(self.values.index(self.default_value), min=0, max=len(self.values) - 1).tag(sync=True)
        setattr(cls, f"{name}_index", index)
        index.class_init(cls, f"{name}_index")


class Code(traitlets.List):
    """``size`` finite numbers from ``low`` to ``high``. ``size`` and ``high`` may be functions of the figure."""

    def __init__(self, size, low: float = -math.inf, high=math.inf):
        super().__init__(Number())
        self.size, self.low, self.high = size, low, high

    def validate(self, obj, value):
        value = super().validate(obj, value)
        size, high = (part(obj) if callable(part) else part for part in (self.size, self.high))
        if len(value) != size:
            raise traitlets.TraitError(f"{self.name}: expected {size} numbers, got {len(value)}")
        if not all(max(self.low, -high) <= number <= high for number in value):
            raise traitlets.TraitError(f"{self.name}: expected numbers between {max(self.low, -high):g} and {high:g}")
        return value


class Drawing(Code):
    """The pixels in [0, 1] of a picture, as many as the figure's network has, or none where it may be ``empty``.

    A link and "As Python" give it as text: see `unpack`.
    """

    def __init__(self, empty: bool = True):
        super().__init__(lambda figure: figure.network.pixels, 0, 1)
        self.empty = empty

    def set(self, obj, value):
        super().set(obj, unpack(value) if isinstance(value, str) else value)

    def validate(self, obj, value):
        return [] if self.empty and value == [] else super().validate(obj, value)


class Codes(traitlets.List):
    """A code for each of the figure's ``networks``."""

    def __init__(self):
        super().__init__(traitlets.List(Number()))

    def validate(self, obj, value):
        value = super().validate(obj, value)
        sizes, expected = [len(code) for code in value], [network.latent_dim for network in obj.networks]
        if sizes != expected:
            raise traitlets.TraitError(f"{self.name}: expected codes of {expected} numbers, got {sizes}")
        return value


class Pictures(traitlets.Bytes):
    """Pictures (n, pixels) in [0, 1], kept as one byte a pixel, for the figure's networks. It is set to a tensor, or to such bytes."""

    def validate(self, obj, value):
        if isinstance(value, bytes):
            return value
        network = obj.networks[0] if hasattr(obj, "networks") else getattr(obj, "network", None)
        value = check_pictures(self.name, value, network and network.pixels)
        return (value.detach().cpu() * 255).round().to(torch.uint8).contiguous().numpy().tobytes()


class OneNetwork(traitlets.Instance):
    """A `Network` with these ``parts``, of one of the ``kinds``, with codes of ``latent_dim`` and for pictures of so many ``pixels``."""

    def __init__(
        self, *, parts=("decode",), pixels: int | None = None, kinds=("ae", "vae"), latent_dim: int | None = None
    ):
        super().__init__(Network)
        self.tag(**widget_serialization)
        self.parts, self.pixels, self.kinds, self.latent_dim = set(parts), pixels, kinds, latent_dim

    def validate(self, obj, value):
        network = super().validate(obj, value)
        shipped = set(network.layers)
        for what, expected, right, given in (
            ("kind", " or ".join(self.kinds), network.kind in self.kinds, network.kind),
            ("parts", sorted(self.parts), self.parts <= shipped, sorted(shipped)),
            ("pixels", self.pixels, self.pixels in (None, network.pixels), network.pixels),
            ("latent_dim", self.latent_dim, self.latent_dim in (None, network.latent_dim), network.latent_dim),
        ):
            if not right:
                name = self.name or "networks"
                raise traitlets.TraitError(f"{name}: expected {what} {expected}, got {given} ({network.name})")
        return network


class Networks(traitlets.List):
    """A list of `Network` for pictures of one shape, each as `OneNetwork` says; ``order``: exactly these kinds; ``alike``: with codes of one length."""

    def __init__(self, *, order=None, alike: bool = False, maxlen: int = sys.maxsize, **each):
        super().__init__(OneNetwork(**each), minlen=1, maxlen=maxlen)
        self.tag(**widget_serialization)
        self.order, self.alike = order, alike

    def validate(self, obj, value):
        networks = super().validate(obj, value)
        shapes = {tuple(network.shape) for network in networks}
        kinds, sizes = [network.kind for network in networks], {network.latent_dim for network in networks}
        if self.order and kinds != self.order:
            raise traitlets.TraitError(f"{self.name}: expected {', '.join(self.order)}, got {', '.join(kinds)}")
        if len(shapes) > 1:
            raise traitlets.TraitError(f"{self.name}: expected pictures of one shape, got {sorted(shapes)}")
        if self.alike and len(sizes) > 1:
            raise traitlets.TraitError(f"{self.name}: expected codes of one length, got {sorted(sizes)}")
        return networks


def unpack(text: str) -> list[float]:
    """A picture in [0, 1] from base64url: a byte a pixel; after a byte of 0 or 255 comes how many times it stands there."""
    try:
        packed = iter(base64.b64decode(text + "=" * (-len(text) % 4), "-_", validate=True))
    except (binascii.Error, ValueError):
        raise traitlets.TraitError(f"expected a picture as a link has it, got {text[:40]!r}") from None
    return [byte / 255 for byte in packed for _ in range(next(packed, 0) if byte in (0, 255) else 1)]


class Words(traitlets.Dict):
    """Every word that a figure shows, by the name that its JavaScript knows; that fills in what stands in {braces}."""

    def __init__(self, **words: str):
        if "digit" in words:
            words["other_digit"] = "{label}, picture number {index}"
        shared = {
            "error": "This figure has a problem: {message}",
            "back": "Back to the start",
            "share": "Share what this figure shows",
            "share_link": "Link to this",
            "share_picture": "Save picture",
            "share_film": "Save as GIF",
            "share_python": "As Python",
            "share_embed": "Embed",
            "share_copied": "Copied",
            "share_copy": "Copy this:",
            "share_saved": "Saved",
            "share_refused": "This browser does not give the picture away",
            "share_stale": "The link to this figure is broken or old, so it opens as usual.",
        }
        super().__init__({**words, **shared})
        self.tag(words=True)
