"""A stranger follows CONTRIBUTING.md word by word: a figure, an exercise, a data set, a network, and a chapter that uses them.

    .venv/bin/python tests/by_hand/contributing.py [folder]

The folder, a temporary one without the argument, gets a clone of what is committed, with an environment of its own; the code is what stands
in the clone's guide. About 20 minutes: a change of the module runs all notebooks again.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from PIL import Image

from latentbook import ROOT

TITLE = """# One bar

How long is the bar of a share?

**Afterwards you can** read a share off a bar.\\
**You need** to be able to drag a slider, and about a minute."""
FIGURE = """from latentwalk import exercises
from latentwalk.checkpoints import load
from latentwalk.widgets import Bar

net = load("vae-8-crescents")
Bar(share=0.3)"""
TEXT = """A bar of [half the length](#fig:share=0.5) is a share of one half.

````{exercise} Half
:label: ex-bar-half

Write the function that halves.
````"""
STUB = """def my_half(x): ...


exercises.check("half", my_half)"""
SOLUTION = """````{solution} ex-bar-half
:class: dropdown

```python
def my_half(x):
    return x / 2


exercises.check("half", my_half)
```
````

The bar is as long as its share: that is the answer."""
MEASURE = """x = len(net.state_dict())
print(x, "tensors")"""
CLAIM = 'assert x == 10, "The network has ten tensors"\n'


def block(guide: str, language: str, word: str) -> str:
    """The one block of code in that language with a word in it."""
    (only,) = [code for code in re.findall(rf"^```{language}\n(.*?)^```$", guide, re.M | re.S) if word in code]
    return only


def row(guide: str, name: str) -> str:
    """The row that the guide gives for a table of the tests, as a line of it."""
    return "    " + re.search(rf"`{name}`[^:]*: `(\".*?)`[;,.]", guide)[1] + ",\n"


def edit(path: Path, old: str, new: str) -> None:
    """Put text into a file in the place of one that stands there once."""
    text = path.read_text()
    assert text.count(old) == 1, f"{path}: {old!r} stands there {text.count(old)} times"
    path.write_text(text.replace(old, new))


def follow(clone: Path) -> None:
    def run(*command: str) -> None:
        print("$", *command, flush=True)
        subprocess.run(command, cwd=clone, check=True)

    guide = (clone / "CONTRIBUTING.md").read_text()
    run("make", "setup")
    python = str(clone / ".venv/bin/python")

    # A figure
    widgets = clone / "src/latentwalk/widgets"
    (widgets / "bar.py").write_text(block(guide, "python", "class Bar"))
    (widgets / "bar.js").write_text(block(guide, "js", "defineFigure"))
    edit(
        widgets / "__init__.py",
        "from latentwalk.widgets.beta",
        "from latentwalk.widgets.bar import Bar\nfrom latentwalk.widgets.beta",
    )
    edit(widgets / "__init__.py", '    "Beta",\n', '    "Bar",\n    "Beta",\n')
    for name, file in {"BROKEN": "tests/book/test_broken.py", "FIGURES": "tests/book/test_jupyterlab.py"}.items():
        edit(clone / file, f"{name} = {{\n", f"{name} = {{\n{row(guide, name)}")

    # An exercise
    answers = clone / "src/latentwalk/making/answers.py"
    answers.write_text(answers.read_text().rstrip() + "\n\n" + block(guide, "python", "EXERCISES"))
    right = '    "half": [lambda x: x / 2, lambda x: 0.5 * x],\n'
    edit(clone / "tests/unit/test_exercises.py", "RIGHT = {\n", "RIGHT = {\n" + right)
    wrong = '    "half": {"twice the number": lambda x: x + x},\n'
    edit(clone / "tests/unit/test_exercises.py", "WRONG = {\n", "WRONG = {\n" + wrong)

    edit(clone / "tests/notebooks/solutions.py", "SAYS = {\n", 'SAYS = {\n    "ex-bar-half": {},\n')

    # A data set
    datasets = clone / "src/latentwalk/making/datasets.py"
    code = block(guide, "python", "DATASETS[")
    imported, function = code.split("\n\n\n", 1)
    edit(
        datasets,
        "\nimport torch\n",
        f"\nimport torch\n\n{imported}\n" if imported not in datasets.read_text() else "\nimport torch\n",
    )
    datasets.write_text(datasets.read_text().rstrip() + "\n\n\n" + function)
    for i in range(20):
        path = clone / f"my-pictures/class-{i % 2}/{i}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 30), (12 * i, 255 - 12 * i, 99)).save(path)
    run(
        python,
        "-c",
        "from latentwalk.making.datasets import pictures; x, y = pictures('mine'); assert (len(x), len(y)) == (18, 2)",
    )

    # A network
    recipes = clone / "src/latentwalk/making/recipes.py"
    recipes.write_text(recipes.read_text().rstrip() + "\n" + block(guide, "python", "RECIPES["))
    run("make", "checkpoints", "NAMES=vae-8-crescents")

    # A chapter, with all of them
    exercise = new_code_cell(STUB, metadata={"tags": ["exercise"]})
    cells = [new_markdown_cell(TITLE), new_code_cell(FIGURE), new_markdown_cell(TEXT), exercise]
    cells += [new_code_cell(MEASURE), new_markdown_cell(SOLUTION)]
    notebook = new_notebook(
        cells=cells, metadata=json.loads((clone / "notebooks/01_holes.ipynb").read_text())["metadata"]
    )
    nbformat.write(notebook, clone / "notebooks/09_name.ipynb")
    run("make", "address")
    (clone / "tests/notebooks/claims/09_name.py").write_text(CLAIM)
    line = "      - file: notebooks/08_wrong\n"
    edit(clone / "_toc.yml", line, line + "      - file: notebooks/09_name\n")
    run("make", "outputs", "NAMES=09_name")
    run("make", "translations")
    run("make", "stills")

    # What the guide's first table says to run
    run("make", "format")  # the guide's code, put at the end of files
    run("git", "add", ".")
    run("make", "style")
    run(python, "-m", "pytest", "-q", "tests/unit")
    others = "tests/notebooks/test_notebooks.py::test_nbval_runs_and_compares_every_cell_twice"  # of all notebooks
    run(python, "-m", "pytest", "-q", "--nbval", "tests/notebooks", "notebooks/09_name.ipynb", "--deselect", others)
    run("make", "book")
    run(python, "-m", "pytest", "-q", "tests/book", "-k", "09_name or bar or left_out or jupyterlab")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="a stranger ") as temporary:
        clone = Path(sys.argv[1] if sys.argv[1:] else temporary) / "book"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        follow(clone)
        print("CONTRIBUTING.md: followed word by word, all green")


if __name__ == "__main__":
    main()
