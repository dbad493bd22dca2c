"""Sphinx extension: what the figure `Lab` asks for when a reader does, in ``_static/lab``; only in a book that has a Lab.

- ``worker.js``, ``editor.js``: the bundles of latentbook.lab, with jax-js and with CodeMirror;
- ``digits-<k>.js``: the digits, gzip in parts, so that a page can show how far it is.

They are scripts, as a page on a disk may not fetch() its neighbours (book/front-end/files.js). No page links them.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
from pathlib import Path

from figures import read_state
from offline import other_edition
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from latentbook.lab import PARTS, bundle, script
from latentwalk.page import lab

OWN = "latentwalk.widgets.lab.Lab"


def has_lab(app: Sphinx) -> bool:
    """Whether some page displays a Lab."""
    states = (model["state"] for docname in app.env.found_docs for model in read_state(app, docname).values())
    return any(state.get("_anywidget_id") == OWN for state in states)


def digit_files() -> dict[str, str]:
    """The digits as scripts, by their names."""
    content = lab.digits()
    if hashlib.sha256(content).hexdigest() != lab.DIGITS_SHA256:
        raise ExtensionError("lab: the digits have another checksum than latentwalk.page.lab.DIGITS_SHA256")
    packed = gzip.compress(content, 9, mtime=0)
    size = -(-len(packed) // lab.PARTS)
    parts = [packed[k * size : (k + 1) * size] for k in range(lab.PARTS)]
    return {
        f"digits-{k}.js": f'latentwalkLab.digits[{k}] = "{base64.b64encode(part).decode()}";\n'
        for k, part in enumerate(parts)
    }


def write_files(app: Sphinx, exception: Exception | None) -> None:
    """Bring ``_static/lab`` up to date, with a list of the packages in it, for the licences."""
    if exception or app.builder.format != "html" or other_edition(app) or not has_lab(app):
        return
    folder = Path(app.outdir) / "_static" / "lab"
    stamp = folder.parents[2] / ".lab"
    if (folder / "worker.js").exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == app.config.looks:
        return
    folder.mkdir(exist_ok=True)
    texts = {f"{part}.js": script(part, bundle(part)) for part in PARTS} | digit_files()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    stamp.write_text(app.config.looks, encoding="utf-8")


def setup(app: Sphinx) -> dict:
    """Register the event above."""
    app.connect("build-finished", write_files)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
