"""What is known of notebooks that passed, and what becomes of it when something changes."""

import base64
import shutil
import subprocess
import sys
from pathlib import Path

import known
import nbformat.v4
import pytest

from latentbook import dark

SOURCES = (
    "src/latentwalk/models.py",
    "src/latentbook/dark.py",
    "tests/notebooks/claims/page.py",
    "tests/conftest.py",
    "constraints.txt",
)


TESTS = ["Cell 0", "Cell 0 again", "afterwards"]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one notebook, which has these tests."""
    for name in SOURCES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    page = tmp_path / "page.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), page)
    monkeypatch.setenv("LATENTWALK_NETWORK_LOG", str(tmp_path / "network"))
    (tmp_path / "network").touch()
    return tmp_path


def remember(project, tests, change=lambda: None):
    passes, page = known.Known(project), project / "page.ipynb"
    digest = passes.digest(page)
    change()
    passes.remember(page, digest, tests)


def known_tests(project):
    return known.Known(project).all().get(str(project / "page.ipynb"))


@pytest.mark.parametrize("changed", [None, *SOURCES, "page.ipynb", "src/latentwalk/widgets/new.py"])
def test_what_passed_is_known_until_something_changes(project, changed):
    def change():
        if changed:
            (project / changed).parent.mkdir(exist_ok=True)
            with (project / changed).open("a") as file:
                file.write("\n")

    remember(project, TESTS)
    assert known_tests(project) == TESTS
    change()
    assert known_tests(project) == (None if changed else TESTS)
    remember(project, TESTS, change)
    assert known_tests(project) == (None if changed else TESTS), "changed while it was tested"


def test_scripts_and_words_of_figures_change_nothing(project):
    remember(project, TESTS)
    for name in ("widgets/moons.js", "widgets/latentwalk.css", "languages/zh.json"):
        (project / "src/latentwalk" / name).parent.mkdir(exist_ok=True)
        (project / "src/latentwalk" / name).write_text("new")
    assert known_tests(project) == TESTS


def test_what_did_not_pass_as_a_whole_is_not_known(project):
    for tests in (TESTS[:-1], [], TESTS[::-1]):
        remember(project, tests)
        assert known_tests(project) is None
    (project / "network").write_text("socket.connect example.org\n")
    remember(project, TESTS)
    assert known_tests(project) is None
    (project / "network").write_text("")
    for damaged in ("{", "null", "{}"):
        remember(project, TESTS)
        assert known_tests(project) == TESTS
        known.Known(project).file(project / "page.ipynb").write_text(damaged)
        assert known_tests(project) is None


FIGURE = "import matplotlib.pyplot as plt\nimport ipywidgets\nplt.plot([0, 1]);"
SLIDER = "slider = ipywidgets.IntSlider(3)\nslider.value = 4\nprint('there')"
OUTSIDE = "import os\nassert not os.path.exists(%r)\nos.getcwd();"


def test_a_run_is_kept_as_nbclient_would_and_what_passed_is_left_out_of_the_next(tmp_path):
    here, project, kept = Path(__file__).parent, tmp_path / "project", tmp_path / "kept"
    project.mkdir()
    kept.mkdir()
    for name in ("conftest.py", "known.py", "sanitize.cfg", "sentences.py", "solutions.py", "unchanged.py"):
        shutil.copy(here / name, project)

    def write(name, *cells):
        shown = {"figure": nbformat.v4.new_output("display_data", {"text/plain": "<Figure size 640x480 with 1 Axes>"})}
        made = [
            nbformat.v4.new_code_cell(
                source,
                execution_count=1,
                outputs=[shown.get(text) or nbformat.v4.new_output("stream", text=text)] * bool(text),
            )
            for source, text in cells
        ]
        nbformat.write(nbformat.v4.new_notebook(cells=made), project / f"{name}.ipynb")

    def run(*options):
        command = [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", "-n", "2", "--dist", "loadfile"]
        return subprocess.run([*command, "--nbval", *options, "."], cwd=project, text=True, capture_output=True).stdout

    outside = tmp_path / "outside"
    write("right", (FIGURE, "figure"), (SLIDER, "there\n"), (OUTSIDE % str(outside), ""))
    write("other", ("print(1)", "2\n"), ("print(3)", "3\n"))
    write("error", ("print(1)", "1\n"), ("nothing", "\n"))
    write("dead", ("import os", ""), ("os._exit(1)", ""), ("print(1)", "1\n"))
    told = run(f"--keep={kept}")
    assert all(f"\n{project}/{name}.ipynb: Executed notebook in " in told for name in ("right", "other")), told
    failed = {"other": "Cell 0", "error": "Cell 1", "dead": "Cell 1"}
    assert all(f"\n{project}/{name}.ipynb: failed: {test}\n" in told for name, test in failed.items()), told
    assert sorted(path.stem for path in kept.iterdir()) == ["other", "right"], (
        "where all cells ran, and without an error"
    )
    right = nbformat.read(kept / "right.ipynb", 4)
    assert right.metadata.language_info.pygments_lexer == "ipython3"
    figure, slider, outer = right.cells
    assert [set(output.data) for output in figure.outputs] == [{"text/plain", "image/png"}]
    assert dark.split(base64.b64decode(figure.outputs[0].data["image/png"]))[1], "it is drawn as for the book"
    assert slider.outputs[0].text == "there\n" and outer.outputs == [], "a semicolon hides"
    states = right.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"].values()
    assert [one["state"]["value"] for one in states if one["model_name"] == "IntSliderModel"] == [4]
    assert nbformat.read(kept / "other.ipynb", 4).cells[0].outputs[0].text == "1\n"

    write("other", ("print(1)", "1\n"))
    (project / "dead.ipynb").unlink()
    told = run("--known")
    assert "known to pass, and not run again: 7 tests of 1 notebooks" in told and "right.ipynb" not in told, told
    assert "PASSED other.ipynb::afterwards" in told and "FAILED error.ipynb::Cell 1" in told, told
    assert "10 tests of 2 notebooks" in run("--known", "-n0", "--collect-only")
    assert "not run again" not in run("-n0", "--collect-only"), "without --known all are run"
    outside.touch()
    (project / "error.ipynb").unlink()
    assert f"{project}/right.ipynb: failed: Cell 2" in run(f"--keep={kept}")
    assert "3 tests of 1 notebooks" in run("--known", "-n0", "--collect-only"), "what has failed is no longer known"
