"""Sphinx extension: the built book needs no kernel, no network and no other host, and is never stale.

What it does, in the order of a build:

1. Execution cache and staleness. jupyter-cache knows code cells only. Here its folder is named by a hash of everything
   a notebook depends on (`source_hash`); as that folder is a setting that pages depend on, Sphinx reads every page
   again when the hash changes.
2. Run-time. MathJax, require.js and the widget manager (npm, from book/node_modules) and anywidget's front end (from
   its wheel) are copied into ``_static/runtime``, and Sphinx and myst-nb are pointed there instead of at their CDNs.
3. Stills. Before each figure stands its still (`make stills`), for readers without JavaScript, for paper, and until the figure
   is drawn.
4. Weights. A page carries the state of its widgets inline. The ``weights`` of a `latentwalk.widgets.Network` are
   taken out of it and written once for the whole book, to ``_static/weights/<digest>.js``; network.js loads them.
5. Order. A page's first figure comes first. Its other figures wait for it (require-base.js makes them), and so do MathJax and
   the theme's icons, two large scripts (latentwalk.js loads them).
6. Search and descriptions. From a disk, search finds pages and leaves out excerpts, as a page there cannot read another. A
   page's title and first words describe it where it is linked to.

Nothing here changes a notebook or the pickled environment, so incremental builds see what a full build sees.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import textwrap
from collections.abc import Iterator
from html import escape
from pathlib import Path

import anywidget
from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging

logger = logging.getLogger(__name__)

LATE = "text/x-late"  # scripts that latentwalk.js loads after the first figure
ICONS = re.compile(r"<script defer (?=src=\"[^\"]*/fontawesome\.js)")
SOURCE = re.compile(r'(<a href="[^"]*_sources/[^"]*") (?=target="_blank")')
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"

# Front ends that the run-time below holds. The widget manager would ask a CDN for any other.
FRONT_ENDS = {"@jupyter-widgets/base", "@jupyter-widgets/controls", "@jupyter-widgets/output", "anywidget"}

# What the notebooks' outputs depend on, beside their own cells.
DEPENDENCIES = ("src", "data", "requirements.txt", "constraints.txt")
# What every page shows or is made with: without a changed setting Sphinx would not copy a style or script that has changed.
LOOKS = ("_toc.yml", "book/_static", "book/_ext")

# From book/node_modules into _static/runtime. The layout below html-manager is the one that its own code expects.
NPM_FILES = {
    "requirejs/require.js": "require.js",
    "@jupyter-widgets/schema/LICENSE": "@jupyter-widgets/LICENSE",  # the same project's; html-manager has no copy
    "@jupyter-widgets/html-manager/dist": "@jupyter-widgets/html-manager/dist",
    "mathjax/LICENSE": "mathjax/LICENSE",
    "mathjax/es5/tex-mml-chtml.js": "mathjax/tex-mml-chtml.js",
    "mathjax/es5/input/tex/extensions": "mathjax/input/tex/extensions",
    "mathjax/es5/output/chtml/fonts/woff-v2": "mathjax/output/chtml/fonts/woff-v2",
}
VIEW = '<script type="application/vnd.jupyter.widget-view+json">'

UNUSED = {"embed.js", "embed.js.map", "libembed-amd.js"}  # html-manager's other bundles
MANAGER = "@jupyter-widgets/html-manager/dist/embed-amd.js"
MENDS = {  # of the widget manager
    # It looks for its icons below the origin of its address, which Firefox calls "null" on a disk.
    "icons": (r"`\$\{(\w+)\.origin\}\$\{\1\.pathname\}`", r"\1.href"),
    # It makes all figures of a page at once, and late; require-base.js makes them one after the other.
    "start": (r'^\(\(\)=>\{"use strict";window\.require\(\[[^\]]+\],.*\.renderWidgets\(\).*$', ""),
    # It makes the checkers of a page's state, which require-base.js does not ask, and lets jQuery try what throws an error:
    # for an error in a script of such a size, the browser reads the whole script again.
    "checkers": (r",(\w+)=(\w+)\.compile\(\w+\),([$\w]+)=\2\.compile\(\w+\);", ";"),
    "trial": (
        r'try\{return \w+\.querySelector\(":has\(\*,:jqfake\)"\),!1\}catch\(\w+\)\{return!0\}',
        r'return!CSS.supports("selector(:has(*,:jqfake))")',
    ),
    # It carries the widgets of an older ipywidgets along, a quarter of its size.
    "older widgets": (r'^define\("@jupyter-widgets/(base|controls)7",.*$', ""),
}


# 1. Execution cache and staleness


def source_hash(root: Path, names: tuple[str, ...] = DEPENDENCIES) -> str:
    """A hash of names and contents of all files in these files and folders under root."""
    digest = hashlib.sha256()
    for path in _files(root, names):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _files(root: Path, names: tuple[str, ...]) -> Iterator[Path]:
    for name in names:
        paths = [root / name] if (root / name).is_file() else sorted((root / name).rglob("*"))
        for path in paths:
            parts = path.relative_to(root).parts
            made = any(part.startswith(".") or part == "__pycache__" or part.endswith(".egg-info") for part in parts)
            if path.is_file() and not made:
                yield path


def configure(app: Sphinx, config) -> None:
    """Choose the execution cache's folder and point Sphinx and myst-nb at the run-time in the book."""
    caches = Path(app.outdir).parent / ".jupyter_cache"
    config.nb_execution_cache_path = str(caches / source_hash(Path(app.srcdir)))
    config.looks = source_hash(Path(app.srcdir), LOOKS)
    config.mathjax_path = "runtime/mathjax/tex-mml-chtml.js"
    config.mathjax_options = {"type": LATE, "defer": "defer"}
    # In this order, all deferred: they run when the page is parsed.
    config.nb_ipywidgets_js = {
        "runtime/require.js": {"defer": "defer"},
        "runtime/require-base.js": {"defer": "defer"},
        "runtime/@jupyter-widgets/html-manager/dist/embed-amd.js": {"defer": "defer"},
    }


def prune_caches(app: Sphinx) -> None:
    """Keep this state's execution cache and the one used before it (switching back and forth is common)."""
    current = Path(app.config.nb_execution_cache_path)
    current.mkdir(parents=True, exist_ok=True)
    current.touch()
    caches = [path for path in current.parent.iterdir() if path.is_dir()]
    for old in sorted(caches, key=lambda path: path.stat().st_mtime, reverse=True)[2:]:
        shutil.rmtree(old)


# 2. Run-time


def copy_runtime(app: Sphinx) -> None:
    """Bring ``_static/runtime`` up to date, before pages are written (Sphinx puts checksums of scripts in their URLs)."""
    if app.builder.format != "html":
        return
    modules, runtime = Path(app.srcdir) / "book" / "node_modules", Path(app.outdir) / "_static" / "runtime"
    for source, target in NPM_FILES.items():
        if not (modules / source).exists():
            raise ExtensionError(f"{modules / source} is missing: run `make book`, or `npm ci` in book/")
        _copy(modules / source, runtime / target)
    mend_manager(runtime / MANAGER, (modules / MANAGER).read_text(encoding="utf-8"))
    _copy(Path(anywidget.__file__).parent / "nbextension" / "index.js", runtime / "anywidget.js")
    _copy(Path(app.srcdir) / "book" / "_ext" / "require-base.js", runtime / "require-base.js")


def mend_manager(target: Path, text: str) -> None:
    """Write the widget manager as the book needs it."""
    for what, (pattern, mended) in MENDS.items():
        text, count = re.subn(pattern, mended, text, flags=re.MULTILINE)
        if not count:
            raise ExtensionError(f"the widget manager's {what}: not found where this is mended")
    if not target.exists() or target.read_text(encoding="utf-8") != text:
        target.write_text(text, encoding="utf-8")


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        for path in source.iterdir():
            if path.name not in {*UNUSED, Path(MANAGER).name}:
                _copy(path, target / path.name)
        return
    if target.exists():
        old, new = target.stat(), source.stat()
        if (old.st_size, old.st_mtime_ns) == (new.st_size, new.st_mtime_ns):
            return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


# 3. Stills


def read_stills(app: Sphinx, config) -> None:
    """The list of stills, as a setting that the written pages depend on."""
    path = Path(app.srcdir) / "book" / "_static" / "stills" / "stills.json"
    config.stills = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    config.stills_wanted = os.environ.get("LATENTWALK_STILLS") != "none"  # `make stills` first builds the book without


def add_stills(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Put each figure's still before it."""
    first, *rest = context.get("body", "").split(VIEW)
    body, name = [first], pagename.rpartition("/")[2]
    for number, part in enumerate(rest, 1):
        if still := app.config.stills.get(f"{name}-{number}"):
            source = context["pathto"](f"_static/stills/{name}-{number}.webp", True)
            size = f'width="{still["width"]}" height="{still["height"]}"'
            body.append(f'<img class="lw-still" src="{source}" {size} alt="{escape(still["words"])}"/>')
        elif app.config.stills_wanted:
            logger.warning("%s: figure %d has no still: run `make stills`", pagename, number)
        body += [VIEW, part]
    if rest:
        context["body"] = "".join(body)


# 4. Weights


def split_weights(state: dict) -> dict[str, str]:
    """Take the ``weights`` buffers out of a widget state (in place); return digest -> base64."""
    found = {}
    for model in state["state"].values():
        digest = model["state"].get("digest")
        if not digest:
            continue
        kept = []
        for buffer in model.get("buffers", []):
            if buffer["path"] != ["weights"] or buffer["encoding"] != "base64":
                kept.append(buffer)
                continue
            if hashlib.sha256(base64.b64decode(buffer["data"])).hexdigest() != digest:
                raise ExtensionError(f"widget {model['state'].get('name')!r}: its weights do not have its digest")
            found[digest] = buffer["data"]
        model["buffers"] = kept
    return found


def _widget_state(app: Sphinx, docname: str) -> dict | None:
    script = NbMetadataCollector.get_js_files(app.env, docname).get("ipywidgets_state")
    return json.loads(script[1]["body"]) if script else None


def lighten_page(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Write the page's widget state without weights. Runs after myst-nb has put the state among the page's scripts."""
    for index, script in enumerate(context.get("script_files", [])):
        if getattr(script, "attributes", {}).get("type") != WIDGET_STATE:
            continue
        state = json.loads(script.attributes["body"])
        unknown = {model["model_module"] for model in state["state"].values()} - FRONT_ENDS
        if unknown:
            raise ExtensionError(f"{pagename}: widgets from {sorted(unknown)}, which the book does not carry")
        split_weights(state)
        # No tag can begin or end inside the script, whatever a widget's JavaScript contains.
        body = json.dumps(state, separators=(",", ":")).replace("<", "\\u003c")
        attributes = {**script.attributes, "body": body}
        context["script_files"][index] = type(script)(script.filename, priority=script.priority, **attributes)


def write_weights(app: Sphinx, exception: Exception | None) -> None:
    """Write each network of the book once, and drop files that no page uses any more."""
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "_static" / "weights"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {}
    for docname in app.env.found_docs:
        if state := _widget_state(app, docname):
            wanted |= split_weights(state)
    for digest, data in wanted.items():
        text = f'(globalThis.latentwalkWeights ??= {{}})["{digest}"] = "{data}";\n'
        path = folder / f"{digest}.js"
        if not path.exists() or path.stat().st_size != len(text):
            path.write_text(text, encoding="ascii")
    for path in folder.iterdir():
        if path.stem not in wanted:
            path.unlink()


# 5. Order: the theme's icons, a script of 1.5 MB that its template loads before all others; and its link to the notebook,
# which some servers would have shown as text


def mend_theme(app: Sphinx, exception: Exception | None) -> None:
    """Leave that script to latentwalk.js, and have that link download, in every page."""
    if exception or app.builder.format != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        changed = SOURCE.sub(r"\1 download ", ICONS.sub(f'<script type="{LATE}" ', text))
        if changed != text:
            path.write_text(changed, encoding="utf-8")


# 6. Search and descriptions. From a disk, search finds pages and leaves out excerpts, as a page there cannot read another.

NO_EXCERPTS = 'if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;'


def describe(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Put a page's title and first words where search engines and messengers look for them."""
    if pagename == "search":
        app.add_js_file(None, body=NO_EXCERPTS)
    if doctree is None:
        return
    question = " ".join(next(doctree.findall(nodes.paragraph), nodes.paragraph()).astext().replace("\\", "").split())
    title = app.env.titles[pagename].astext()
    words = escape(textwrap.shorten(f"{title}: {question}", 200, placeholder=" …"))
    context["metatags"] = f"""{context.get("metatags", "")}
    <meta name="description" content="{words}"/>
    <meta property="og:title" content="{escape(title)}"/>
    <meta property="og:description" content="{words}"/>
    <meta property="og:type" content="article"/>"""


def setup(app: Sphinx) -> dict:
    """Register the events above."""
    app.add_config_value("comments_config", {}, "html")  # Jupyter Book sets it for an extension that we leave out
    app.add_config_value("looks", "", "html")
    app.add_config_value("stills", {}, "html")
    app.add_config_value("stills_wanted", True, "html")
    app.connect("config-inited", configure)
    app.connect("config-inited", read_stills)
    app.connect("builder-inited", prune_caches)
    app.connect("builder-inited", copy_runtime)
    app.connect("html-page-context", add_stills)
    app.connect("html-page-context", describe)
    app.connect("html-page-context", lighten_page, priority=900)
    app.connect("build-finished", write_weights)
    app.connect("build-finished", mend_theme)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
