"""What every interactive figure shares: the card around its canvas and its controls."""

import sys
from collections.abc import Iterator

import anywidget
import ipywidgets
import torch
import traitlets

from latentwalk.page import language
from latentwalk.page.call import call_of
from latentwalk.page.link import rule
from latentwalk.page.network import Network
from latentwalk.page.script import FOLDER

if int(ipywidgets.__version__.split(".")[0]) < 8:
    raise ImportError(
        f"the figures need ipywidgets 8, and this kernel has {ipywidgets.__version__}: "
        "run %pip install --upgrade ipywidgets, then restart the kernel"
    )

DIGITS = list("0123456789")  # the names of the classes, unless a figure is told others


class Figure(anywidget.AnyWidget):
    """An interactive figure. All its traits can be read, set and observed here; displaying it shows its card.

    The card is a VBox of the canvas (this widget) and the controls, joined to it by ``jslink``, which runs in the
    browser: so the figure works in JupyterLab and, with no kernel, in the rendered book. Its arrow button sets
    the controls back to where they stood when the figure was opened.

    What its words say of digits, words whose names begin with "other_" say of pictures whose classes have other ``class_names``.

    A figure declares its ``title`` and its words, ``text``, as traits with defaults, and the names of the traits that make up its
    state, ``state``: what a link to the figure says, what "As Python" writes, and what the arrow button sets back. Every trait that it
    declares is shared with the page, unless it has the tag ``sync=False``. Its constructor sets its own traits before it calls this one,
    so that they refuse what it cannot use.
    """

    state: tuple[str, ...] = ()
    _css = FOLDER / "latentwalk.css"
    title = traitlets.Unicode().tag(sync=True, words=True)
    text = traitlets.Dict().tag(sync=True, words=True)  # every word that the figure shows
    sweep = traitlets.Dict().tag(sync=True)  # what moves by itself once, at first sight: trait -> where to, and back
    rules = traitlets.Dict().tag(sync=True)  # of each trait of the state, what a link may say of it: see `traits.rule`
    call = traitlets.Unicode().tag(sync=True)  # the cell's call, up to where arguments of the state go; "" if unknown
    given = traitlets.List(traitlets.Unicode()).tag(sync=True)  # which of the state were arguments there
    playing = traitlets.Bool(False).tag(sync=True)  # whether a Play counts

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        for trait in vars(cls).values():
            if isinstance(trait, traitlets.TraitType):
                trait.metadata.setdefault("sync", True)

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
            language.speak(widget)
        rules = {name: rule(self, name) for name in self.state}
        self.rules = {name: found for name, found in rules.items() if found}
        self.call, self.given = self._made

    def __new__(cls, *arguments, **traits):
        figure = super().__new__(cls, *arguments, **traits)
        figure._made = call_of(cls, sys._getframe(1))
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

    def row(self, *controls: ipywidgets.Widget) -> ipywidgets.HBox:
        """Controls in one line; in sight as long as the figure is."""
        return ipywidgets.HBox(controls).add_class("lw-row").add_class("lw-sticky")

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


def floats(tensor: torch.Tensor) -> bytes:
    """A tensor as float32 bytes, for a ``Bytes`` trait."""
    return tensor.detach().float().contiguous().numpy().tobytes()
