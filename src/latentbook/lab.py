"""What a Lab brings along: its worker (with jax-js) and its editor (CodeMirror), each bundled by esbuild into one script.

    .venv/bin/python -m latentbook.lab

`make setup` runs it, so that notebooks find the scripts in ``src/latentwalk/widgets/bundles``; the built book has them, with its digits,
in ``_static/lab`` (book/_ext/lab.py). None of it is loaded before a reader asks a Lab for it, and none of it is committed.
"""

import json
import subprocess
from pathlib import Path

from latentbook import ROOT
from latentbook.node import node

BUNDLES = ROOT / "src" / "latentwalk" / "widgets" / "bundles"
PARTS = ("worker", "editor")
OPTIONS = ("--bundle", "--minify", "--format=iife", "--target=es2022", "--legal-comments=none")


def bundle(part: str, meta: Path | None = None) -> str:
    """The text of a part as a script. RuntimeError with esbuild's own words if it cannot be made."""
    program = ROOT / "book" / "node_modules" / "esbuild" / "bin" / "esbuild"
    account = [f"--metafile={meta}"] if meta else []
    command = [*node(), str(program), f"lab/{part}.js", *OPTIONS, *account, "--log-level=warning"]
    done = subprocess.run(command, cwd=ROOT / "book", capture_output=True, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(f"esbuild: {done.stderr.strip()}")
    return done.stdout


def script(part: str, text: str) -> str:
    """As a page loads it: the editor runs in the page; the worker is started from its text."""
    return text if part == "editor" else f"globalThis.latentwalkLab.worker = {json.dumps(text)};\n"


def main() -> None:
    """Bring the bundles for notebooks up to date."""
    BUNDLES.mkdir(exist_ok=True)
    for part in PARTS:
        text, path = script(part, bundle(part)), BUNDLES / f"{part}.js"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
