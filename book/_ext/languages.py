"""Sphinx extension: the book in another language than English, from the same sources, and what all editions share.

Text comes from the catalogues in book/locale, one for each page (Sphinx's own i18n), the words of these extensions and of the templates
from ``sphinx.po`` there, and those of the figures from src/latentwalk/words. `make translations` brings all of them up to date.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

# What is the same in every language: formulas, code, numbers.
SAME = re.compile(r"\$\$?[^$]+\$\$?|(`+).+?\1|!\[[^]]*\]\([^)]*\)")
PICTURE = re.compile(r"!\[[^]]*\]\([^)]*\)")


class descriptions(nodes.Element, nodes.Invisible, addnodes.translatable):
    """What pictures show that a notebook draws when it runs; catalogues are made without running it."""

    def extract_original_messages(self) -> list[str]:
        """The alternative texts of the page's cells."""
        return self["texts"]

    def preserve_original_messages(self) -> None:
        """Nothing is lost."""

    def apply_translated_message(self, original: str, translated: str) -> None:
        """The pictures themselves are translated, not this."""


class Same(SphinxTransform):
    """Formulas, code and numbers are not for translators."""

    default_priority = 4  # before Sphinx's own transforms for translation

    def apply(self, **kwargs) -> None:
        for node in self.document.findall(nodes.math_block):
            node["translatable"] = False
        for node in self.document.findall(nodes.TextElement):
            text = node.rawsource or node.astext()
            if not isinstance(node, nodes.Inline) and not re.search(r"[^\W\d_]{2}", SAME.sub("", text)):
                node["translatable"] = False


def add_descriptions(app: Sphinx, doctree: nodes.document) -> None:
    """The alternative texts of pictures that code cells draw, for the catalogue of the page."""
    path = Path(app.env.doc2path(app.env.docname))
    if app.builder.name != "gettext" or path.suffix != ".ipynb":
        return
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = [cell["metadata"].get("mystnb", {}).get("image", {}).get("alt") for cell in cells]
    doctree += descriptions("", texts=[text for text in texts if text])


def setup(app: Sphinx) -> dict:
    """Register the events above."""
    app.add_node(descriptions)
    app.add_transform(Same)
    app.connect("doctree-read", add_descriptions)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
