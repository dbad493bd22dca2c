"""The notebooks as they are stored. nbval runs them in the same pytest call (see the Makefile)."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import address
import known
import nbformat.v4
import pytest
import sentences
import solutions
import yaml
from nbval.plugin import get_sanitize_patterns

from latentbook import ROOT
from latentbook.assignment import without_solutions

NOTEBOOKS = address.notebooks(ROOT)
# Notebooks whose claims still are cells, or whose exercises are solved. One that is as it should be is not allowed to stand here.
NOT_YET = ["03_reparameterization", "04_kl", "05_vae", "06_walking"]
NOT_YET += ["07_probabilistic", "08_wrong", "loss"]


def code_cells(path):
    return [c for c in json.loads(path.read_text())["cells"] if c["cell_type"] == "code" and "".join(c["source"])]


def test_every_notebook_is_a_chapter_and_every_chapter_a_notebook():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    chapters = [chapter for part in toc["parts"] for chapter in part["chapters"]]
    files = [page["file"] for chapter in chapters for page in [chapter, *chapter.get("sections", [])]] + [toc["root"]]
    assert {f"{name}.ipynb" for name in files if name.startswith("notebooks/")} == {
        str(path.relative_to(ROOT)) for path in NOTEBOOKS
    }
    for name in files:
        assert any((ROOT / f"{name}{suffix}").exists() for suffix in (".ipynb", ".md")), name


def links(path, pattern):
    """Where a notebook's sentences lead, solutions apart."""
    cells = json.loads(without_solutions(path.read_text()))["cells"]
    return {
        name
        for cell in cells
        if cell["cell_type"] == "markdown"
        for name in re.findall(pattern, "".join(cell["source"]))
    }


def test_every_study_and_its_chapter_lead_to_each_other():
    """The study opens with a link to a page of the walk, and a sentence there leads to it; book/_ext/studies.py makes the way back."""
    for study in (path for path in NOTEBOOKS if path.parent.name == "studies"):
        opening = "".join(json.loads(study.read_text())["cells"][0]["source"])
        chapter = re.search(r"\]\(\.\./(\w+\.ipynb)\)", opening)
        assert chapter, f"{study.stem} does not say which page it belongs to"
        assert study.stem in links(study.parents[1] / chapter[1], r"\]\(studies/([\w-]+)\.ipynb"), (
            f"{study.stem}: no sentence of {chapter[1]} leads there"
        )


@pytest.fixture(scope="session")
def nbval_items(request):
    return [item for item in request.session.items if hasattr(item.parent, "skip_compare")]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_nbval_runs_and_compares_every_cell_twice(path, nbval_items, request):
    if not request.config.option.nbval:
        pytest.skip("needs --nbval, as in the Makefile")
    items = [item.name for item in nbval_items if Path(item.parent.path) == path]
    if passes := request.config.pluginmanager.get_plugin("known"):
        items += passes.left_out.get(str(path), [])
    assert items == known.tests_of(path), "are the notebooks and tests/notebooks in one call, without -k?"
    skipped = {"nbval-skip", "nbval-ignore-output"}
    for number, cell in enumerate(code_cells(path)):
        assert not skipped & set(cell["metadata"].get("tags", [])), f"cell {number}: its output must be compared"
        assert "NBVAL_IGNORE_OUTPUT" not in "".join(cell["source"]), f"cell {number}"
        assert "NBVAL_SKIP" not in "".join(cell["source"]), f"cell {number}"


def test_what_every_solution_says_of_its_code_is_known():
    assert {label for path in NOTEBOOKS for label in solutions.with_code(path)} == set(solutions.SAYS)


def test_every_file_of_claims_belongs_to_a_notebook_and_says_what_it_checks():
    stems = [path.stem for path in NOTEBOOKS]
    assert len(stems) == len(set(stems)), "two notebooks share a name, and their claims, figures and stills do, too"
    for path in sentences.FOLDER.glob("*.py"):
        assert path.stem in stems, f"{path.name}: there is no such notebook"
        assert sentences.split(path.read_text()), f"{path.name}: nothing is claimed"


@pytest.mark.parametrize(
    "text, words",
    [
        ("assert 1", "line 1: an assert without the sentence"),
        ("assert 1, 'one'\nx = 2\nassert x, 'one'", "line 3: a second assert says: one"),
        ("assert 1, 'one'\n\nx = 2", "line 3: nothing is asserted from here on"),
    ],
)
def test_claims_that_would_not_be_heard_are_refused(text, words):
    with pytest.raises(ValueError, match=words):
        sentences.split(text)


def test_claims_are_cut_behind_their_asserts():
    text = "def f(x):\n    assert x\nx = 1\nassert f(x), 'one'\n# two\nfor n in (1, 2):\n    assert n, f'{n} is two'"
    assert list(sentences.split(text)) == ["one", "f'{n} is two'"]
    assert "\n".join(sentences.split(text).values()) == text


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_exercises_begin_with_stubs_and_claims_are_no_cells(path):
    found = solved_or_claiming(path)
    assert not found, "\n".join(found)


def solved_or_claiming(path) -> list[str]:
    """What is wrong with the exercises of a notebook, and with the cells that assert something."""
    defined = [solutions.defines(code) for _, code in solutions.with_code(path).values()]
    names = [name for name in solutions.checks(path) if not any(name in known for known in defined)]
    found = [f"no solution has the code of {name}()" for name in names]
    for cell in code_cells(path):
        source, tags = "".join(cell["source"]), set(cell["metadata"].get("tags", []))
        told = "".join(text for output in cell["outputs"] for text in output.get("text", []))
        is_exercise = bool(re.search(r"^exercises\.check\(", source, re.M))
        faults = {
            "what it asserts belongs into tests/notebooks/claims": re.search(r"^\s*assert\b", source, re.M),
            "what it finds to be True belongs into tests/notebooks/claims": re.search(r": True$", told, re.M),
            "its tag is: exercise": is_exercise and ("exercise" not in tags or tags & {"hide-cell", "hide-input"}),
            "its check is one line, with the function's own name": is_exercise and not solutions.CHECK.search(source),
            "it begins with a stub": is_exercise and not told.startswith("Not yet: your function is still empty."),
        }
        found += [f"{cell['id']}: {words}" for words, wrong in faults.items() if wrong]
    return found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_for_teachers_a_notebook_loses_its_solutions_and_nothing_else(path):
    text = path.read_text()
    without = without_solutions(text)
    assert "{solution}" not in without and without.count("{exercise}") == text.count("{exercise}")
    assert without == text or "{solution}" in text
    assert [cell["source"] for cell in json.loads(without)["cells"] if cell["cell_type"] == "code"] == [
        cell["source"] for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_line_of_code_is_wider_than_the_page(path):
    shown = [c for c in code_cells(path) if "remove-cell" not in c["metadata"].get("tags", [])]
    lines = [line for cell in shown for line in "".join(cell["source"]).splitlines()]
    inside = [line for _, code in solutions.with_code(path).values() for line in code.splitlines()]
    long = [line for line in lines if len(line) > 80] + [line for line in inside if len(line) > 76]
    assert not long, "\n".join(["lines longer than 80 characters, 76 in a solution:", *long])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_stored_with_text_outputs_only(path):
    text = path.read_text()
    for word in ('"image/', "application/vnd.jupyter.widget", '"iopub.', '"stderr"'):
        assert word not in text, f"{path.name} holds {word}: store it with `make outputs`"
    cells = code_cells(path)
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1)), "run by `make outputs`"
    assert any(cell["outputs"] for cell in cells), "no outputs: nothing to compare"
    assert path.stat().st_size < 200_000


@pytest.mark.parametrize(
    "text, expected",
    [
        ("test loss ≈ 104.2 nats", "test loss ≈ NUM nats"),
        ("seed 1 ≈  99.13", "seed 1 ≈ NUM"),
        ("≈ 12.3 s, ≈ −4.5e-3", "≈ NUM s, ≈ NUM"),
        ("≈ 104.2 ± 0.3 nats", "≈ NUM nats"),
        ("test loss 104.2 nats, 12 s", "test loss 104.2 nats, 12 s"),
        ("VBox(children=(Interpolation(a=3,\nb=1),), layout=Layout())", "<interactive figure>"),
        ("tensor(0.5000)", "tensor(0.5000)"),
        ("<Linear at 0x7f12ab34cd56>", "<Linear at ADDRESS>"),
    ],
)
def test_the_sanitizer_forgives_live_numbers_and_no_others(text, expected):
    patterns = get_sanitize_patterns((Path(__file__).parent / "sanitize.cfg").read_text())
    assert len(patterns) == 3
    for regex, replacement in patterns:
        text = re.sub(regex, replacement, text)
    assert text == expected


# Each cell prints "1" in a first pass; of each, where its test ends and what is said. A list of them is one notebook.
FAULTS = {
    "cells": [
        ("n = globals().get('n', 0) + 1\nprint(n)", "Cell 0 again", "Cell outputs differ"),
        ("import warnings\nwarnings.warn('too many')\nprint(1)", "Cell 1", "UserWarning: too many"),
        ("open('made', 'w').close()\nprint(1)", "afterwards", "['made']"),
        ("import os\nassert 'anderswo, über' not in os.getcwd()\nprint(1)", "Cell 3", "AssertionError"),
        ("import os\nassert os.environ.get('DISPLAY')\nprint(1)", "Cell 4", "AssertionError"),
    ],
    "kernel": [
        ("print(len(bytearray(b'1') * 2_000_000_000) // 2_000_000_000)", "afterwards", "GB of memory"),
        ("print(max(1, 0))\nmax = None", "Cell 1 again", "TypeError"),
    ],
}


SOLUTION = """````{solution} %s
```python
%s
```

%s
````"""
# Label, code and words of solutions, and what is said of them; the first exercise is said to print -0.25 twice.
IN_SOLUTIONS = {
    "solutions": [
        (
            "ex-roll-exponential",
            "print(-0.25, -0.5)",
            "They are both near -0.25.",
            "says: both near -0.25; printed: [-0.25, -0.5]",
        ),
        ("ex-prob-elbo", "print(nothing)", "", "NameError"),
        ("ex-wrong-sharpness", "import warnings\nwarnings.warn('x')\nprint(1)", "", "UserWarning: x"),
    ],
    "reworded": [
        (
            "ex-roll-exponential",
            "print(-0.25, -0.25)",
            "They are equal.",
            "ex-roll-exponential does not say: both near -0.25",
        )
    ],
}


CLAIMS = {  # files of claims about notebooks that print 1 and bind n; which of them fail
    "solutions": (
        "one = n\nassert one == 1, 'n is one'\nassert one == 2, 'n is two'\nassert nothing, 'there is a name'",
        ["n is two", "there is a name"],
    ),
    "works": ("assert n == 1, 'n is one'", []),
}
STUB = """from latentwalk import exercises


def kl_divergence(mu, logvar): ...


exercises.check("kl_divergence", kl_divergence)"""
STILL_EMPTY = """\
Not yet: your function is still empty. Here it should return a tensor of the shape (4,); write it, then run the cell again.
"""
WRITTEN = """def kl_divergence(mu, logvar):
    return (0.5 * (mu**2 + logvar.exp() - logvar - 1)).sum(%s)"""


def test_what_goes_wrong_in_a_notebook_is_found(tmp_path):
    """Several faults in a notebook, each in a cell, a solution or a claim of its own, and one notebook without any; all run as the book's are."""
    for name in ("conftest.py", "known.py", "sanitize.cfg", "sentences.py", "solutions.py", "unchanged.py"):
        shutil.copy(Path(__file__).with_name(name), tmp_path)
    (tmp_path / "claims").mkdir()
    for name, (text, _) in CLAIMS.items():
        (tmp_path / "claims" / f"{name}.py").write_text(text)

    def write(name, sources, told, exercises):
        cells = []
        for number, (source, text) in enumerate(zip(sources, told), 1):
            tags = {"tags": ["exercise"]} if source == STUB else {}
            output = nbformat.v4.new_output("stream", text=text)
            cells.append(nbformat.v4.new_code_cell(source, execution_count=number, outputs=[output], metadata=tags))
        cells += [nbformat.v4.new_markdown_cell(SOLUTION % exercise) for exercise in exercises]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / f"{name}.ipynb")

    for name, faults in FAULTS.items():
        write(name, [source for source, *_ in faults], ["1\n"] * len(faults), [])
    solved, unsolved = (("ex-kl-write", WRITTEN % over, "") for over in (1, 0))
    for name, faults in IN_SOLUTIONS.items():
        exercises = [(label, code, words) for label, code, words, _ in faults]
        write(name, ["n = 1\nprint(n)", STUB], ["1\n", STILL_EMPTY], [*exercises, unsolved])
    works = ("ex-roll-exponential", "print(-0.25, -0.25)", "They are both near -0.25.")
    write("works", ["n = 1\nprint(n)", STUB], ["1\n", STILL_EMPTY], [works, solved])
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-ra", "--nbval", "-p", "no:cacheprovider", tmp_path],
        cwd=tmp_path,
        env={**os.environ, "DISPLAY": ":0", "LATENTWALK_LONG": "0"},  # as if every cell took long
        text=True,
        capture_output=True,
    ).stdout
    expected = [(name, where, words) for name, faults in FAULTS.items() for _, where, words in faults]
    expected += [(name, label, words) for name, faults in IN_SOLUTIONS.items() for label, _, _, words in faults]
    expected += [(name, "ex-kl-write", "Not yet: this looks like") for name in IN_SOLUTIONS]
    expected += [(name, sentence, sentence) for name, (_, sentences) in CLAIMS.items() for sentence in sentences]
    for name, where, words in expected:
        assert f"FAILED {name}.ipynb::{where}" in result, result
        assert words in result, result
    summary = [line.partition(" - ")[0] for line in result.splitlines() if line.startswith(("FAILED", "ERROR"))]
    failed = {line.removesuffix(" again") for line in summary}  # what fails in the first pass does so in the second
    assert failed == {f"FAILED {name}.ipynb::{where.removesuffix(' again')}" for name, where, _ in expected}, result
