"""Sphinx extension: the built book needs no kernel, no network and no other host, and is never stale.

1. Staleness. jupyter-cache knows code cells only. Here its folder is named by a hash of everything a notebook depends on
   (`source_hash`); as that folder is a setting that pages depend on, Sphinx reads every page again when the hash changes.
2. The front end. esbuild bundles book/front-end and the packages that it uses (npm, book/node_modules) into ``_static/runtime``:
   a small script, which a page with widgets has, and a large one with a style, which make them without a kernel when they come near;
   one that writes GIFs, for whoever asks for one; and one for pages with a single figure (embed.py).

Nothing here changes a notebook or the pickled environment, so incremental builds see what a full build sees.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from latentbook import node
from latentbook.lab import packages
from latentbook.sources import ONLY_SHOWN, source_hash

FIGURES = ("src/latentwalk/widgets",)
# What every page shows or is made with: without a changed setting Sphinx would not copy a style or script that has changed.
LOOKS = (
    *("_toc.yml", "book/_static", "book/_ext", "book/_templates", "book/front-end", "book/lab"),
    *("book/package-lock.json", "book/typeset.mjs", *FIGURES),
)

RUNTIME = Path("_static", "runtime")
# Of the browsers that people still use, every one of the last four years.
BUNDLE = ["--bundle", "--minify", "--format=iife", "--target=es2022", "--loader:.svg=dataurl", "--legal-comments=none"]
BUNDLE += ["--alias:jquery=jquery/dist/jquery.slim.js"]  # Backbone makes its views with it, and needs no more of it


# 1. Staleness


def other_edition(app: Sphinx) -> bool:
    """Whether this is the book in another language than English: it takes from the English one what has no words."""
    return app.config.language != "en"


def build_folder(app: Sphinx) -> Path:
    """Where all editions keep what they share."""
    return Path(app.outdir).parents[1 if other_edition(app) else 0]


def configure(app: Sphinx, config) -> None:
    """Choose the execution cache's folder; leave out myst-nb's scripts, which would come from a CDN."""
    caches = build_folder(app) / ".jupyter_cache"
    config.nb_execution_cache_path = str(caches / source_hash(Path(app.srcdir), without=ONLY_SHOWN))
    words = (f"book/locale/{config.language}/LC_MESSAGES/sphinx.po", "src/latentwalk/languages") * other_edition(app)
    config.looks = source_hash(Path(app.srcdir), LOOKS + words)
    config.nb_ipywidgets_js = {}


def prune_caches(app: Sphinx) -> None:
    """Keep this state's execution cache and the one used before it (switching back and forth is common)."""
    current = Path(app.config.nb_execution_cache_path)
    current.mkdir(parents=True, exist_ok=True)
    current.touch()
    caches = [path for path in current.parent.iterdir() if path.is_dir()]
    for old in sorted(caches, key=lambda path: path.stat().st_mtime, reverse=True)[2:]:
        shutil.rmtree(old)


# 2. The front end


def esbuild(root: Path, *arguments: str, text: str | None = None) -> str:
    """`latentbook.node.esbuild`; where it fails, the build ends with its words."""
    try:
        return node.esbuild(root, *arguments, text=text)
    except RuntimeError as error:
        raise ExtensionError(str(error)) from None


def bundle_front_end(app: Sphinx) -> None:
    """Bring ``_static/runtime`` up to date, with a list of what lies in it, for the licences."""
    if app.builder.format != "html" or other_edition(app):
        return
    runtime, state = Path(app.outdir) / RUNTIME, Path(app.outdir).parent / ".front-end.json"
    known = json.loads(state.read_text(encoding="utf-8")) if state.exists() else {}
    if known.get("looks") != app.config.looks or not (runtime / "front-end.js").exists():
        for made in ("runtime", "figures", "weights"):  # by this extension and by figures.py, as they were
            shutil.rmtree(runtime.with_name(made), ignore_errors=True)
        meta, root = state.with_suffix(".meta"), Path(app.srcdir)
        large = runtime / "front-end.js"
        contents = []
        for part, target in (("main", large), ("gif", runtime / "gif.js"), ("embed", runtime / "embed.js")):
            esbuild(root, f"front-end/{part}.js", *BUNDLE, f"--outfile={target}", f"--metafile={meta}")
            contents += packages(json.loads(meta.read_text(encoding="utf-8")))
        name = f"{large.name}?v={hashlib.sha256(large.read_bytes()).hexdigest()[:8]}"
        small = f"--outfile={runtime / 'places.js'}"
        esbuild(root, "front-end/places.js", *BUNDLE, f"--define:FRONT_END={json.dumps(name)}", small)
        known = {"looks": app.config.looks, "packages": sorted(set(contents))}
        state.write_text(json.dumps(known), encoding="utf-8")


def setup(app: Sphinx) -> dict:
    """Register the events above."""
    app.add_config_value("comments_config", {}, "html")  # Jupyter Book sets it for an extension that we leave out
    app.add_config_value("looks", "", "html")
    app.connect("config-inited", configure)
    app.connect("builder-inited", prune_caches)
    app.connect("builder-inited", bundle_front_end)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
