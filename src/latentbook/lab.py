"""What a Lab brings along: its worker (with jax-js) and its editor (CodeMirror), each bundled by esbuild into one script.

    .venv/bin/python -m latentbook.lab

`make setup` runs it, so that notebooks find the scripts in ``src/latentwalk/widgets/bundles``, with the names of the packages that are in
them; the built book has them, with its digits, in ``_static/lab`` (book/_ext/lab.py). None of it is loaded before a reader asks a Lab for it, and none of it is committed.
"""

import json
import tempfile
from pathlib import Path

from latentbook import ROOT
from latentbook.node import esbuild

BUNDLES = ROOT / "src" / "latentwalk" / "widgets" / "bundles"
SHIPPED = BUNDLES / "packages.json"
PARTS = ("worker", "editor")
OPTIONS = ("--bundle", "--minify", "--format=iife", "--target=es2022", "--legal-comments=none")


def bundle(part: str, *options: str) -> str:
    """The text of a part as a script. RuntimeError with esbuild's own words if it cannot be made."""
    return esbuild(ROOT, f"lab/{part}.js", *OPTIONS, *options)


def account(part: str) -> tuple[str, list[str]]:
    """The text of a part, and the npm packages of which it holds something."""
    with tempfile.TemporaryDirectory() as folder:
        text, meta = Path(folder) / "text.js", Path(folder) / "meta.json"
        bundle(part, f"--metafile={meta}", f"--outfile={text}")
        return text.read_text(encoding="utf-8"), packages(json.loads(meta.read_text(encoding="utf-8")))


def shipped() -> list[str]:
    """The npm packages of which the parts hold something, as `main` has noted them."""
    return json.loads(SHIPPED.read_text(encoding="utf-8"))


def packages(meta: dict) -> list[str]:
    """The npm packages of which a bundle holds something, by esbuild's account of it."""
    inputs = [
        name for output in meta["outputs"].values() for name, part in output["inputs"].items() if part["bytesInOutput"]
    ]
    paths = [name.rpartition("node_modules/")[2].split("/") for name in inputs if "node_modules/" in name]
    return sorted({"/".join(path[: 2 if path[0].startswith("@") else 1]) for path in paths})


def script(part: str, text: str) -> str:
    """As a page loads it: the editor runs in the page; the worker is started from its text."""
    return text if part == "editor" else f"globalThis.latentwalkLab.worker = {json.dumps(text)};\n"


def main() -> None:
    """Bring the bundles for notebooks up to date."""
    BUNDLES.mkdir(exist_ok=True)
    found: set[str] = set()
    for part in PARTS:
        text, names = account(part)
        (BUNDLES / f"{part}.js").write_text(script(part, text), encoding="utf-8")
        found |= set(names)
    SHIPPED.write_text(json.dumps(sorted(found)), encoding="utf-8")


if __name__ == "__main__":
    main()
