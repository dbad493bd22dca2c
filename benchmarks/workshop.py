"""The two commands in a fresh clone: `make book` from nothing (which tests the notebooks), once more, after one notebook has changed, and `make test`.

Clones the committed state into a temporary folder, which it removes at the end if nothing failed. Half an hour on 2 cores, with the package
registries in reach. Prints how long each part took, the longest first within `make test`, so that the next slow step is visible.

Usage: python benchmarks/workshop.py
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _machine import describe

from latentbook import ROOT

PART = re.compile(r"^-- (.+): (\d+) s$", re.M)


def make(target: str, folder: Path) -> tuple[float, str]:
    """Run a target; returns seconds and what it printed. A failure ends the benchmark, and the clone stays."""
    start = time.perf_counter()
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "VIRTUAL_ENV"))
    }
    log = folder.parent / f"{target}.log"
    with log.open("w") as file:
        done = subprocess.run(["make", target], cwd=folder, env=clean, stdout=file, stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit(f"make {target} failed in {folder}:\n{log.read_text()[-3000:]}")
    return time.perf_counter() - start, log.read_text()


def main() -> None:
    """Print the table."""
    print(describe(), flush=True)
    temporary = Path(tempfile.mkdtemp())
    folder = temporary / "book"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)

    def line(what: str, seconds: float) -> None:
        print(f"{what:52} {seconds:7.0f} s", flush=True)

    line("make setup, with the packages to fetch", make("setup", folder)[0])
    line("make book, from nothing, and the notebooks' tests", make("book", folder)[0])
    line("make book, nothing changed", make("book", folder)[0])
    page = folder / "notebooks" / "03_reparameterization.ipynb"
    page.write_text(page.read_text().replace("import torch\\n", "import torch  # changed\\n", 1))
    line("make book, code of one notebook changed", make("book", folder)[0])
    subprocess.run(["git", "checkout", "--quiet", "."], cwd=folder, check=True)
    seconds, output = make("test", folder)
    line("make test", seconds)
    parts = [(int(length), name) for name, length in PART.findall(output)]
    for length, name in sorted(parts, reverse=True):
        line(f"    {name}", length)
    shutil.rmtree(temporary)


if __name__ == "__main__":
    main()
