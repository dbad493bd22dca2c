"""Sphinx extension: the widgets that a notebook displays, as files that a page asks for when it needs them.

myst-nb puts the state of all widgets into the page and a script where each is displayed. Here the page gets a *place* instead:
an element that names the widget's model and its files, with the figure's still in it (book/front-end/places.js has the figure made there).

- ``_static/figures/<page>-<figure>.js``: the models that this widget needs, and the links between them.
- ``_static/figures/<digest>.js``: the JavaScript and the style of one kind of figure (anywidget's ``_esm`` and ``_css``), once for the book.
- ``_static/weights/<digest>-<part>.js``: the weights of a part of a network, once for the book; gzip, which also finds a damaged file.

A figure is known by its kind: ``figure-beta`` is its place, ``04_kl-beta`` its still; a second one of the kind is ``figure-beta-2``.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from html import escape
from pathlib import Path
from typing import NamedTuple

from myst_nb.sphinx_ import NbMetadataCollector
from offline import FIGURES, esbuild, other_edition
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.util import logging

from latentbook import LANGUAGES
from latentbook.sources import source_hash
from latentwalk import widgets
from latentwalk.page.language import CONTROLS, translate, worded

logger = logging.getLogger(__name__)

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = re.compile(r'<script type="application/vnd\.jupyter\.widget-view\+json">(.*?)</script>', re.S)
PLACED = re.compile(r'<div class="lw-place"[^>]* data-view="(\w+)"')
DIGEST = re.compile(r"[0-9a-f]{16,64}(-\w+)?")
REFERENCE = re.compile(r'IPY_MODEL_(\w+)|"model_id": "(\w+)"')  # the second: a widget that an Output displays
PACKAGES = {"@jupyter-widgets/base", "@jupyter-widgets/controls", "@jupyter-widgets/output", "anywidget"}
NOTHING = "export default {};"  # the code of a widget that has no view


class Shown(NamedTuple):
    """A widget that a page displays."""

    name: str  # of its file, and of its still
    place: str  # its id in the page; "" for a widget that is not one of the book's figures
    view: str  # its model's id
    text: str  # the file with the models that it needs
    code: list[str]  # digests of the code that they run
    weights: list[str]  # digests of their networks' weights
    models: dict[str, dict]  # them


def read_state(app: Sphinx, docname: str) -> dict[str, dict]:
    """The widgets of a notebook by their ids; empty where it has none."""
    script = NbMetadataCollector.get_js_files(app.env, docname).get("ipywidgets_state")
    models = json.loads(script[1]["body"])["state"] if script else {}
    if unknown := {model["model_module"] for model in models.values()} - PACKAGES:
        raise ExtensionError(f"{docname}: widgets from {sorted(unknown)}, which the book does not carry")
    return models


def take_weights(models: dict[str, dict]) -> dict[str, bytes]:
    """Take the ``weights`` out of all networks (in place); return digest and part -> safetensors."""
    found = {}
    for model in models.values():
        digest, kept = model["state"].get("digest"), []
        for buffer in model.get("buffers", []) if digest else []:
            if buffer["path"][0] == "weights":
                found[f"{digest}-{buffer['path'][1]}"] = base64.b64decode(buffer["data"])
            else:
                kept.append(buffer)
        if digest:
            model["buffers"] = kept
    return found


def take_code(models: dict[str, dict], root: Path) -> dict[str, tuple[str, str]]:
    """Take JavaScript and styles out of all models (in place), leaving their digest; return digest -> (_esm, _css).

    The book's own figures have theirs from `root` as they are now, joined by the bundler: notebooks need not run anew for them.
    """
    found, now = {}, source_hash(root, FIGURES)
    for model in models.values():
        state = model["state"]
        esm, css = state.pop("_esm", NOTHING), state.pop("_css", "") or ""
        own = root / "src" / f"{state.get('_anywidget_id', '').rpartition('.')[0].replace('.', '/')}.js"
        if esm != NOTHING and own.is_file():
            path = own.relative_to(root).as_posix()  # seen from the folder of the bundler
            esm = f'export {{ default }} from "../{path}"; // {now}'
            css = css and (own.parent / "latentwalk.css").read_text(encoding="utf-8")
        if (esm, css) != (NOTHING, ""):
            state["_code"] = hashlib.sha256("\0".join((esm, css)).encode()).hexdigest()[:16]
            found[state["_code"]] = esm, css
        if model["model_name"] == "LayoutModel":  # most of a page's state: what nobody has set
            model["state"] = {key: value for key, value in state.items() if value is not None}
    return found


def needed(models: dict[str, dict], view: str) -> dict[str, dict]:
    """The models that a view needs: those that it refers to, directly or not, and what links join to them."""
    others = {
        id: [one or other for one, other in REFERENCE.findall(json.dumps(model["state"]))]
        for id, model in models.items()
    }
    for id, model in models.items():
        if model["model_name"].endswith("LinkModel"):
            for end in list(others[id]):
                others.setdefault(end, []).append(id)
    found = [view]
    for id in found:  # it grows as it is walked
        found += [other for other in others.get(id, []) if other not in found]
    return {id: models[id] for id in found if id in models}


def kind(models: dict[str, dict], view: str) -> str | None:
    """Which of the book's figures a view is, such as "beta"; None for any other widget."""
    state = models[view]["state"]
    if "lw-card" not in state.get("_dom_classes", []):
        return None
    return figure_in(models, view)["_anywidget_id"].rpartition(".")[2].lower()


def figure_in(models: dict[str, dict], view: str) -> dict:
    """The state of the figure in a card."""
    parts = [models[REFERENCE.search(child)[1]]["state"] for child in models[view]["state"]["children"]]
    return next(part for part in parts if "_anywidget_id" in part)


def shown(docname: str, models: dict[str, dict], views: list[str]) -> Iterator[Shown]:
    """All widgets that a page displays. Weights and code have been taken out of the models."""
    page, count = docname.rpartition("/")[2], Counter()
    for view in views:
        if view not in models:
            raise ExtensionError(f"{docname}: a widget is displayed whose state is not stored: run the notebook anew")
        figure = kind(models, view)
        count[figure] += 1
        name = (figure or "widget") + (f"-{count[figure]}" if count[figure] > 1 else "")
        mine = needed(models, view)
        states = [model["state"] for model in mine.values()]
        code = sorted({state["_code"] for state in states if state.get("_code")})
        weights = sorted(
            {f"{state['digest']}-{part}" for state in states if "digest" in state for part in state["layers"]}
        )
        body = json.dumps(mine, separators=(",", ":"))
        text = f'latentwalk.figures["{page}-{name}"] = {body};\n'
        yield Shown(f"{page}-{name}", f"figure-{name}" if figure else "", view, text, code, weights, mine)


def translated(app: Sphinx, one: Shown) -> str:
    """The file with a widget's words in the language of this edition: of each model, the traits that read otherwise in it."""
    found = {}
    for id, model in one.models.items():
        state = model["state"]
        own = getattr(widgets, state.get("_anywidget_id", "").rpartition(".")[2], None)
        traits = own.class_traits() if own else {}
        words = {trait: state[trait] for trait in (*worded(traits), *CONTROLS) if trait in state}
        other = translate(words, LANGUAGES[app.config.language])
        if changed := {trait: value for trait, value in other.items() if value != words[trait]}:
            found[id] = changed
    return f'latentwalk.words["{one.name}"] = {json.dumps(found, ensure_ascii=False, separators=(",", ":"))};\n'


def said(app: Sphinx, models: dict[str, dict], view: str) -> list[str]:
    """A figure's title, and what it shows, in the language of this edition."""
    state = figure_in(models, view)
    return translate([state["title"], state["text"]["seen"]], LANGUAGES.get(app.config.language, "en"))


def in_words(app: Sphinx, one: Shown, parts: list[list[str]]) -> str:
    """What a still shows, in the language of this edition: of its figure, title and kind; then what that read out, a list for each line."""
    comma, stop = _("{one}, {other}").format(one="", other=""), _("{one}. {other}").format(one="", other="")
    lines = [comma.join(line) for line in translate(parts, LANGUAGES[app.config.language])]
    sentences = (re.sub(r"\.$", "", text) for text in (*said(app, one.models, one.view), *lines))
    return "".join(text if text.endswith(("?", "!", "\uff1f", "\u3002")) else text + stop for text in sentences).strip()


# In the page


def read_stills(app: Sphinx, config) -> None:
    """The list of stills, as a setting that the written pages depend on."""
    path = Path(app.srcdir) / "book" / "_static" / "stills" / "stills.json"
    config.stills = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    config.stills_wanted = os.environ.get("LATENTWALK_STILLS") != "none"  # `make stills` first builds the book without


def place(app: Sphinx, pagename: str, resource, one: Shown) -> str:
    """The place of a widget in its page."""
    still, picture, style = app.config.stills.get(one.name) if one.place else None, "", ""
    if still:
        source = resource(f"_static/stills/{one.name}.webp", True)
        size = f'width="{still["width"]}" height="{still["height"]}"'
        seen = still["words"]
        if other_edition(app):
            seen = in_words(app, one, still.get("said", []))
        picture = f'<img class="lw-still" src="{source}" {size} alt="{escape(seen)}"/>'
        style = "".join(f"--lw-{screen}: {height}px; " for screen, height in still.get("heights", {}).items())
    elif one.place and app.config.stills_wanted:
        logger.warning("%s: %s has no still: run `make stills`", pagename, one.place)
    version = hashlib.sha256(one.text.encode()).hexdigest()[:8]
    attributes = {
        "class": "lw-place",
        "id": one.place,
        "style": style.strip(),
        "data-name": one.name,
        "data-view": one.view,
        "data-state": resource(f"_static/figures/{one.name}.js", True) + f"?v={version}",
        "data-code": " ".join(resource(f"_static/figures/{digest}.js", True) for digest in one.code),
        "data-error": _("This figure cannot be shown: {message}."),
    }
    if other_edition(app):
        text = translated(app, one)
        words = hashlib.sha256(text.encode()).hexdigest()[:8]
        attributes["data-words"] = resource(f"_static/words/{one.name}.js", True) + f"?v={words}"
    words = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items() if value)
    return f"<div {words}>{picture}</div>"


def put_places(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Put the places where the widgets are displayed. Runs after myst-nb has put the state among the page's scripts."""
    scripts = context.get("script_files", [])
    scripts[:] = [one for one in scripts if getattr(one, "attributes", {}).get("type") != STATE]
    body = context.get("body", "")
    views = [json.loads(found)["model_id"] for found in VIEW.findall(body)]
    if not views:
        return
    models = read_state(app, pagename)
    take_weights(models), take_code(models, Path(app.srcdir))
    places = (place(app, pagename, context["pathto"], one) for one in shown(pagename, models, views))
    context["body"] = VIEW.sub(lambda _: next(places), body)
    app.add_js_file("runtime/places.js", loading_method="defer")


# Beside the pages


def module(root: Path, digest: str, code: tuple[str, str]) -> str:
    """The code of one kind of figure as a script that any page can load."""
    esm, css = code
    target = f'latentwalk.modules["{digest}"]'
    text = esbuild(
        root, "--bundle", "--format=iife", f"--global-name={target}", "--minify", "--target=es2022", text=esm
    )
    if found := re.search(r"https?://[^\"']+", "".join(re.findall(r"\w+\(\"https?://[^\"]+\"\)", text))):
        raise ExtensionError(f"a widget's JavaScript imports {found[0]}: the book asks no other host for anything")
    return f"{text}{target}.css = {json.dumps(css)};\n"


def weights(part: str, numbers: bytes) -> str:
    """The weights of a part of a network as a script: gzip of all low bytes, then all high bytes, which are alike."""
    packed = base64.b64encode(gzip.compress(numbers[::2] + numbers[1::2], mtime=0)).decode()
    return f'latentwalk.weights["{part}"] = "{packed}";\n'


def write_files(app: Sphinx, exception: Exception | None) -> None:
    """Write what the pages ask for, and drop what none asks for any more."""
    if exception or app.builder.format != "html":
        return
    root, static, wanted = Path(app.srcdir), Path(app.outdir) / "_static", {}
    for docname in app.env.found_docs:
        if not (models := read_state(app, docname)):
            continue
        views = PLACED.findall((Path(app.outdir) / f"{docname}.html").read_text(encoding="utf-8"))
        numbers, code = take_weights(models), take_code(models, Path(app.srcdir))
        for one in shown(docname, models, views):
            if other_edition(app):
                wanted[static / "words" / f"{one.name}.js"] = partial(translated, app, one)
                continue
            wanted[static / "figures" / f"{one.name}.js"] = lambda one=one: one.text
            for digest in one.code:
                wanted[static / "figures" / f"{digest}.js"] = partial(module, root, digest, code[digest])
            for part in one.weights:
                wanted[static / "weights" / f"{part}.js"] = partial(weights, part, numbers[part])
    for path, text in wanted.items():
        if not path.exists() or not DIGEST.fullmatch(path.stem):  # a name that is a digest tells the content
            path.parent.mkdir(exist_ok=True)
            path.write_text(text(), encoding="utf-8")
    made = (path for folder in ("weights", "figures", "words") for path in static.glob(f"{folder}/*"))
    for path in set(made) - set(wanted):
        path.unlink()


def setup(app: Sphinx) -> dict:
    """Register the events above."""
    app.add_config_value("stills", {}, "html")
    app.add_config_value("stills_wanted", True, "html")
    app.connect("config-inited", read_stills)
    app.connect("html-page-context", put_places, priority=900)
    app.connect("build-finished", write_files)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
