"""A figure with pictures to choose from."""

import traitlets

from latentwalk.page.figure import DIGITS, Figure
from latentwalk.page.traits import Pictures


class Shelf(Figure):
    """A figure that offers pictures, each of a class; a constructor puts them there when it has set the networks that they are for."""

    pictures = Pictures()
    labels = traitlets.List(traitlets.Int())  # the class of each, as a number
    class_names = traitlets.List(traitlets.Unicode())

    def offer(self, pictures, labels, names=None) -> None:
        """Pictures (n, pixels) in [0, 1] and, as `classes` takes them, what they show."""
        self.pictures = pictures
        self.labels, self.class_names = classes("labels", labels, len(pictures), names)


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
