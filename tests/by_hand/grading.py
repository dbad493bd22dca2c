"""nbgrader grades a chapter: a copy whose exercises are solved, and one in which nothing has been written.

.venv/bin/pip install nbgrader==0.9.6   # no package of the book, which makes the assignment without it
.venv/bin/python tests/by_hand/grading.py [notebook]
"""

import csv
import os
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import nbformat

from latentbook import ROOT, notebooks

sys.path.append(str(ROOT / "tests/notebooks"))
from solutions import CHECK, with_code, without_stubs


def solved(notebook, source: Path):
    """An assignment (in place) with the book's own solutions in place of the stubs."""
    codes = [code for _, code in with_code(source).values()]
    for cell in notebook.cells:
        if "exercise" in cell.metadata.get("tags", []):
            lines = {found[0] for found in CHECK.finditer(cell.source)}
            written = [code for code in codes if lines & set(code.splitlines())]
            cell.source = "\n".join([without_stubs(cell.source), *written])
    return notebook


def main(name: str) -> None:
    source = {path.stem: path for path in notebooks()}[name]
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)

        def run(*command: str) -> None:
            path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # as in an environment that is activated
            environment = {**os.environ, "HOME": folder, "JUPYTER_PREFER_ENV_PATH": "1", "PATH": path}
            done = subprocess.run(
                [sys.executable, "-m", *command], cwd=course, env=environment, text=True, capture_output=True
            )
            if done.returncode:
                sys.exit(f"error: {' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")

        run("latentbook.assignment", name, str(course / "source" / name))
        run("nbgrader", "generate_assignment", name, "--create")
        for student in ("solved", "unsolved"):
            release = nbformat.read(course / "release" / name / source.name, 4)
            handed_in = course / "submitted" / student / name / source.name
            handed_in.parent.mkdir(parents=True)
            nbformat.write(solved(release, source) if student == "solved" else release, handed_in)
        start = time.monotonic()
        run("nbgrader", "autograde", name, "--create", "--ExecutePreprocessor.timeout=1800")
        seconds = time.monotonic() - start
        run("nbgrader", "export")
        for row in csv.DictReader((course / "grades.csv").open()):
            print(
                f"{row['assignment']}, {row['student_id']}: {float(row['score']):g} of {float(row['max_score']):g} points"
            )
        print(f"nbgrader autograde, both copies: {seconds:.0f} s")


if __name__ == "__main__":
    if not find_spec("nbgrader"):
        sys.exit("error: nbgrader is not installed: .venv/bin/pip install nbgrader==0.9.6")
    main(sys.argv[1] if len(sys.argv) > 1 else "04_kl")
