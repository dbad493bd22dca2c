"""Sphinx extension: links in the text that set a figure, and numbers in it that are a figure's.

- ``[let *t* be 0.40](#fig:t=0.4)`` sets a trait of the nearest figure above, or of the page's first; ``[four times the price](#fig-beta:beta=4)``
  sets one of the page's figure "beta". Several are joined by ``&``: ``#fig:mu=0&sigma=1``.
- ``[0.50](#fig:t)``, without a value, is a number that can be dragged, and that follows the figure.

In a notebook they are links that lead nowhere, in a page without scripts and on paper links to the figure; book/front-end/steps.js
makes them work. A trait that the figure does not have, and a value that it refuses, are warnings, which stop the build.
"""

from __future__ import annotations

import json
import re
from html import escape, unescape
from importlib import import_module
from types import SimpleNamespace

import traitlets
from docutils import nodes
from figures import PLACED, REFERENCE, read_state
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)

LINK = re.compile(r'<a class="[^"]*" href="#fig(-[\w-]+)?:([^"]+)">(.*?)</a>', re.S)
PLACE = re.compile(PLACED.pattern.replace("[^>]* data-view", '(?: id="([^"]*)")?[^>]* data-view'))


class KeepLinks(SphinxTransform):
    """Hide these links from MyST, which would look for a heading of that name."""

    default_priority = 870

    def apply(self, **kwargs) -> None:
        for node in self.document.findall(nodes.reference):
            if re.match(r"#fig(-[\w-]+)?:", node.get("refuri", "")):
                node.attributes.pop("id_link", None)
                node["internal"] = True


def figure_of(models: dict[str, dict], view: str) -> tuple[type, dict]:
    """The class and the state of the figure in a card."""
    state = models[REFERENCE.search(models[view]["state"]["children"][0])[1]]["state"]
    module, _, name = state["_anywidget_id"].rpartition(".")
    return getattr(import_module(module), name), state


def setting(kind: type, state: dict, name: str, text: str) -> tuple[str, object]:
    """What the page sets for ``name=text``: the trait that it knows, and its value, by the trait's own rules."""
    trait = kind.class_traits().get(name)
    if trait is None or not {name, f"{name}_index"} & set(state):
        raise ValueError(f"{kind.__name__} has no {name}")
    if isinstance(trait, traitlets.Enum):
        values = [str(value) for value in trait.values]
        if text not in values:
            raise ValueError(f"{name}: expected one of {', '.join(values)}, got {text}")
        return f"{name}_index", values.index(text)
    try:
        return name, trait.validate(SimpleNamespace(**state), json.loads(text))
    except (json.JSONDecodeError, traitlets.TraitError) as error:
        raise ValueError(f"{name}={text}: {error}") from None


def handle(kind: type, state: dict, name: str, text: str) -> dict:
    """What the page has to know of a number that is dragged: its trait, where that ends, where it stands."""
    trait = kind.class_traits().get(name)
    if name not in state or not isinstance(trait, traitlets.Float) or not abs(trait.max - trait.min) < float("inf"):
        raise ValueError(f"{kind.__name__} has no number {name} with two ends")
    digits = len(text.partition(".")[2])
    if text != f"{state[name]:.{digits}f}":
        raise ValueError(f"the text says {name} = {text}, the figure opens at {state[name]:.{digits}f}")
    return {"trait": name, "min": trait.min, "max": trait.max, "value": state[name], "digits": digits}


def connect(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Give each of these links its figure, and what it sets. Runs when the places of the figures are in the page."""
    body = context.get("body", "")
    if not LINK.search(body):
        return
    models = read_state(app, pagename)
    places = [(found.start(), found[1], found[2]) for found in PLACE.finditer(body) if found[1]]

    def connected(link: re.Match) -> str:
        named, wanted, words = link[1], unescape(link[2]), link[3]
        above = [one for one in places if one[0] < link.start()] or places[:1]
        found = [one for one in places if one[1] == f"figure{named}"] if named else above
        try:
            if not found:
                raise ValueError(f"the page has no figure {named[1:]}" if named else "the page has no figure")
            _, place, view = found[-1]
            kind, state = figure_of(models, view)
            if "=" in wanted:
                pairs = (pair.partition("=") for pair in wanted.split("&"))
                name, value = "set", dict(setting(kind, state, trait, text) for trait, _, text in pairs)
            else:
                name, value = "drag", handle(kind, state, wanted, words)
        except ValueError as error:
            logger.warning("%s: the link to #fig%s:%s: %s", pagename, named or "", wanted, error, type="steps")
            return words
        return f'<a class="lw-{name} reference internal" href="#{place}" data-{name}="{escape(json.dumps(value))}">{words}</a>'

    context["body"] = LINK.sub(connected, body)


def setup(app: Sphinx) -> dict:
    """Register the transform and the event above."""
    app.add_transform(KeepLinks)
    app.connect("html-page-context", connect, priority=910)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
