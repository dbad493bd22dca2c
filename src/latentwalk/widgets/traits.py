"""The traits that figures are declared with: each takes what the page can draw, and refuses the rest by name."""

import math

import torch
import traitlets

from latentwalk._checks import check_pictures
from latentwalk.widgets.base import DIGITS, Network


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
    """One of several values, with the word that each one's button shows. The page knows it by its place among them: see `index`."""

    def __init__(self, words: dict, default):
        super().__init__(list(words), default)
        self.words = words

    def index(self) -> traitlets.Int:
        """The trait ``<name>_index``, which goes with this one."""
        return traitlets.Int(self.values.index(self.default_value), min=0, max=len(self.values) - 1)


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
    """The pixels in [0, 1] of a picture that was drawn, as many as the figure's network has, or none."""

    def __init__(self):
        super().__init__(lambda figure: figure.network.pixels, 0, 1)

    def validate(self, obj, value):
        return [] if value == [] else super().validate(obj, value)


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

    def __init__(self, *, order=None, alike: bool = False, **each):
        super().__init__(OneNetwork(**each), minlen=1)
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


class Words(traitlets.Dict):
    """Every word that a figure shows, by the name that its JavaScript knows; that fills in what stands in {braces}."""

    def __init__(self, **words: str):
        if "digit" in words:
            words["other_digit"] = "{label}, picture number {index}"
        shared = {"error": "This figure has a problem: {message}", "back": "Back to the start"}
        super().__init__({**words, **shared})
        self.tag(words=True)


def classes(name: str, labels, count: int, names=None) -> tuple[list[int], list[str]]:
    """The class of each of ``count`` pictures as a number, and the ``names`` of the classes: the ten digits, unless others are given.

    ``labels`` are numbers or, with ``names`` or without, words. ValueError where they do not fit.
    """
    labels = labels.tolist() if hasattr(labels, "tolist") else list(labels)
    if labels and all(isinstance(label, str) for label in labels):
        names = sorted(set(labels)) if names is None else [str(word) for word in names]
        labels = [names.index(label) if label in names else -1 for label in labels]
    names = DIGITS if names is None else [str(word) for word in names]
    expected = "a digit from 0 to 9" if names == DIGITS else f"one of {len(names)} names, or its place among them,"
    labels = [int(label) for label in labels]
    if len(labels) != count or not set(labels) <= set(range(len(names))):
        raise ValueError(f"{name}: expected {expected} for each of {count}, got {len(labels)}: {labels[:10]}")
    return labels, names
