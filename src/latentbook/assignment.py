"""A chapter as an assignment for nbgrader: without solutions, and after each exercise a locked cell worth a point.

    python -m latentbook.assignment 04_kl COURSE/source/kl

writes COURSE/source/kl/04_kl.ipynb; from there on, nbgrader's own commands: ``nbgrader generate_assignment kl``, then ``nbgrader autograde kl``.
"""

import json
import re
import sys
from pathlib import Path

from latentbook import ROOT, notebooks

SOLUTION = re.compile(r"^(`{3,}|:{3,})\{solution\}.*?^\1$\n*", re.S | re.M)
CHECK = re.compile(r'^exercises\.check\("(\w+)", (\w+)\)$', re.M)


def without_solutions(text: str) -> str:
    """A notebook's text without the solutions in its Markdown."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = SOLUTION.sub("", "".join(cell["source"])).splitlines(keepends=True)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def grade(name: str, function: str) -> dict:
    """The cell that nbgrader runs: an error is no point. It stands there as written here, whatever a student has made of it."""
    source = f'result = exercises.check("{name}", {function})\nassert result.passed, result.message'
    nbgrader = {
        "grade": True,
        "grade_id": name,
        "locked": True,
        "points": 1,
        "schema_version": 3,
        "solution": False,
        "task": False,
    }
    cell = {"cell_type": "code", "execution_count": None, "id": f"grade-{name}".replace("_", "-"), "outputs": []}
    return cell | {"metadata": {"nbgrader": nbgrader}, "source": source.splitlines(keepends=True)}


def assignment(text: str) -> str:
    """A notebook's text as an assignment."""
    notebook = json.loads(without_solutions(text))
    cells = []
    for cell in notebook["cells"]:
        cells.append(cell)
        if cell["cell_type"] == "code" and "exercise" in cell["metadata"].get("tags", []):
            cells += [grade(*found) for found in CHECK.findall("".join(cell["source"]))]
    notebook["cells"] = cells
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    known = {path.stem: path for path in notebooks(ROOT)}
    if len(sys.argv) != 3 or Path(sys.argv[1]).stem not in known:
        sys.exit(f"error: expected a notebook and a folder; the notebooks are {', '.join(known)}")
    source, folder = known[Path(sys.argv[1]).stem], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / source.name).write_text(assignment(source.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{folder / source.name}: nbgrader's next commands are generate_assignment and autograde")
