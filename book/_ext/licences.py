"""Sphinx extension: what the built book ships that others wrote, its licences, and their texts.

```{shipped} pages
```

becomes a table of the packages of one group (a key of `GROUPS`); the groups "front-end" and "lab" become lists by licence. Names and
purposes stand here; versions, licences and texts are read from the packages that are installed. All texts go into
``_static/licences.txt``, for most licences want to travel with the copy. A package without a text stops the build.
tests/book/test_licences.py finds the owner of each file of the built book, and compares the owners with this list.
"""

from __future__ import annotations

import json
import re
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from latentbook.lab import shipped

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "book" / "node_modules"

# Packages of which files lie in the built book, with what they are for.
PAGES = {
    "sphinx-book-theme": "the look of the pages, and the buttons above them",
    "pydata-sphinx-theme": "the theme under that one: menus, light and dark",
    "Sphinx": "search, index, the skeleton of a page",
    "Pygments": "colours of code",
    "accessible-pygments": "the two sets of colours, light and dark",
    "myst-nb": "the look of cells and outputs",
    "sphinx-copybutton": "the button that copies a cell",
    "sphinx-togglebutton": "boxes and cells that open",
    "sphinx_design": "layout of cards and tabs",
    "sphinx-proof": "the look of definitions and claims",
    "sphinx-exercise": "the look of exercises",
}
FIGURES = {
    "@jupyter-widgets/controls": "sliders and buttons",
    "@mathjax/mathjax-newcm-font": "the shapes of the signs in formulas, New Computer Modern",
}


class Part(NamedTuple):
    """Something that the book ships."""

    name: str
    version: str  # "" where the file that holds it does not say
    licence: str  # in SPDX's words
    text: str
    role: str


# Reading what is installed


def pip_package(name: str, role: str) -> Part:
    """A package of pip's, with the licence texts that lie in its metadata."""
    package = metadata.distribution(name)
    files = [path for path in package.files if ".dist-info" in str(path) and _is_licence(path.name)]
    text = "\n\n".join(path.locate().read_text(encoding="utf-8").strip() for path in files)
    told = package.metadata.get("License-Expression")
    words = " ".join(text.split())
    if not told and "Permission is hereby granted, free of charge" in words:  # older metadata says little, or the wrong
        told = "MIT"
    elif not told and "Redistribution and use in source and binary forms" in words:
        told = "BSD-3-Clause" if re.search("neither the name", words, re.I) else "BSD-2-Clause"
    return _complete(Part(package.name, package.version, told, text, role))


def npm_package(name: str, role: str) -> Part:
    """A package of npm's. Those of the Jupyter project carry no text; theirs is the one of their project."""
    about = json.loads((MODULES / name / "package.json").read_text(encoding="utf-8"))
    files = [path for path in sorted((MODULES / name).iterdir()) if _is_licence(path.name)]
    text = "\n\n".join(path.read_text(encoding="utf-8").strip() for path in files)
    if not text and name.startswith("@jupyter-widgets/"):
        text = npm_package("@jupyter-widgets/schema", "").text
    if not text and name.startswith(("@jupyterlab/", "@lumino/")):
        text = pip_package("jupyterlab", "").text
    if name.startswith("@lumino/"):
        text = f"Copyright (c) Jupyter Development Team\nCopyright (c) 2014-2017, PhosphorJS Contributors\n\n{text}"
    if not text and name.startswith("@mathjax/"):
        text = npm_package("@mathjax/src", "").text
    licence = about["license"].strip("()")
    return _complete(Part(name, about["version"], licence, text, role))


def _file(package: str, end: str) -> str:
    """The text of the file of an installed package whose path ends so."""
    for path in metadata.files(package):
        if str(path).endswith(end) and path.locate().exists():
            return path.locate().read_text(encoding="utf-8")
    raise ExtensionError(f"licences: {package}: no file {end} among what is installed")


def _is_licence(name: str) -> bool:
    return bool(re.match(r"licen[cs]e|copying|notice", name, re.I))


def _complete(part: Part) -> Part:
    if not (part.licence and part.text):
        raise ExtensionError(f"licences: {part.name}: no licence, or no text of it, among what is installed")
    return part


def font_licence() -> str:
    """The SIL Open Font License: the copy that comes with matplotlib's fonts."""
    return "SIL OPEN FONT LICENSE" + _file("matplotlib", "LICENSE_STIX").partition("SIL OPEN FONT LICENSE")[2]


def mit(copyright: str) -> str:
    """The MIT licence with another's notice: the words are those of the book's own."""
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    return f"{copyright}\n\n{text[text.index('Permission is') : text.index('The MNIST')].strip()}"


# What lies inside the files of others


def inside_the_pages() -> list[Part]:
    """Bundled in the theme and the copy button, without a text of their licence; their notices are in the files."""
    bootstrap = _file("pydata-sphinx-theme", "bootstrap.js.LICENSE.txt")
    icons = _file("pydata-sphinx-theme", "fontawesome.js.LICENSE.txt")
    clipboard = _file("sphinx-copybutton", "clipboard.min.js")
    fonts = "\n\n".join([_notice(icons), npm_package("@fortawesome/fontawesome-free", "").text, font_licence()])
    licence = "CC-BY-4.0 AND OFL-1.1 AND MIT"
    return [
        Part("bootstrap", _version(bootstrap), "MIT", mit(_notice(bootstrap)), "menus and layout, in the theme"),
        Part("@popperjs/core", "", "MIT", mit("Copyright (c) 2019 Federico Zivolo"), "places menus, in the theme"),
        Part(
            "compare-versions",
            "",
            "MIT",
            mit("Copyright (c) 2015-2021 Ole Michelsen"),
            "compares versions, in the theme",
        ),
        Part("Font Awesome Free", _version(icons), licence, f"{fonts}\n\n{mit(_notice(icons))}", "icons, in the theme"),
        Part("clipboard.js", _version(clipboard), "MIT", mit("Copyright (c) Zeno Rocha"), "in the copy button"),
    ]


def inside_the_front_end() -> list[Part]:
    """Bundled by esbuild, as its account tells (offline.py keeps it)."""
    account = json.loads((ROOT / "_build" / ".front-end.json").read_text(encoding="utf-8"))
    return [npm_package(name, "") for name in account["packages"] if name not in FIGURES]


def inside_the_lab() -> list[Part]:
    """In what a Lab loads when a reader asks for it, by esbuild's account."""
    return [npm_package(name, "") for name in shipped()]


def _notice(text: str) -> str:
    return re.search(r"Copyright .*", text)[0].strip()


def _version(text: str) -> str:
    return re.search(r"\bv?(\d+\.\d+\.\d+)\b", text)[1]


# The page


def package(name: str, role: str) -> Part:
    """A package of pip's or npm's."""
    return npm_package(name, role) if (MODULES / name).exists() else pip_package(name, role)


GROUPS = {
    "pages": lambda: [*(package(*item) for item in PAGES.items()), *inside_the_pages()],
    "figures": lambda: [package(*item) for item in FIGURES.items()],
    "front-end": inside_the_front_end,
    "lab": inside_the_lab,
}


class Shipped(SphinxDirective):
    """The directive: one group, as Markdown for the page's own parser."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        if self.arguments[0] not in GROUPS:
            raise self.error(f"shipped: expected one of {', '.join(GROUPS)}, got {self.arguments[0]!r}")
        if self.env.app.builder.name == "gettext":  # of what is installed, names and versions: nothing to translate
            return []
        for name in ("constraints.txt", "book/package-lock.json"):  # another version: another page
            self.env.note_dependency(str(ROOT / name))
        parts = GROUPS[self.arguments[0]]()
        if self.arguments[0] in ("front-end", "lab"):
            by_licence = {}
            for part in parts:
                by_licence.setdefault(part.licence, []).append(f"{part.name} {part.version}".strip())
            lines = [f"- **{licence}**: {', '.join(names)}" for licence, names in sorted(by_licence.items())]
        else:
            lines = ["| package | licence | what it is for |", "| --- | --- | --- |"]
            lines += [f"| {part.name} {part.version} | {part.licence} | {part.role} |" for part in parts]
        node = nodes.container()
        self.state.nested_parse(StringList(lines, self.get_source_info()[0]), self.content_offset, node)
        return node.children


def write_texts(app: Sphinx, exception: Exception | None) -> None:
    """All licence texts, the book's own first, in one file."""
    if exception or app.builder.format != "html":
        return
    blocks = [("Walking the Latent Space", (ROOT / "LICENSE").read_text(encoding="utf-8"))]
    blocks.append(
        (
            "MNIST, of which pages show digits",
            (ROOT / "src" / "latentwalk" / "mnist" / "README.md").read_text(encoding="utf-8"),
        )
    )
    shoes = ROOT / "src" / "latentwalk" / "fashion" / "README.md"
    blocks.append(("Fashion-MNIST, of which one page shows shoes", shoes.read_text(encoding="utf-8")))
    for parts in GROUPS.values():
        blocks += [(f"{part.name} {part.version}".strip() + f": {part.licence}", part.text) for part in parts()]
    text = "\n\n\n".join(f"{'=' * 80}\n{title}\n{'=' * 80}\n\n{body.strip()}" for title, body in blocks)
    (Path(app.outdir) / "_static" / "licences.txt").write_text(text + "\n", encoding="utf-8")


def setup(app: Sphinx) -> dict:
    """Register the directive and the event above."""
    app.add_directive("shipped", Shipped)
    app.connect("build-finished", write_texts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
