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


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one notebook, whose two tests have passed."""
    for name in SOURCES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    notebook = tmp_path / "page.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), notebook)
    monkeypatch.setenv("LATENTWALK_NETWORK_LOG", str(tmp_path / "network"))
    (tmp_path / "network").touch()
    return tmp_path


TESTS = ["Cell 0", "Cell 0 again", "afterwards"]


def remember(project, tests):
    passes, page = known.Known(project), project / "page.ipynb"
    passes.remember(page, passes.digest(page), tests)


@pytest.mark.parametrize("changed", [None, *SOURCES, "page.ipynb", "src/latentwalk/widgets/new.py"])
def test_what_passed_is_known_until_something_changes(project, changed):
    page = project / "page.ipynb"
    remember(project, TESTS)
    assert known.Known(project).tests(page) == TESTS
    if changed:
        (project / changed).parent.mkdir(exist_ok=True)
        with (project / changed).open("a") as file:
            file.write("\n")
        assert known.Known(project).tests(page) == []


def test_scripts_and_words_of_figures_change_nothing(project):
    remember(project, TESTS)
    for name in ("widgets/moons.js", "widgets/latentwalk.css", "languages/zh.json"):
        (project / "src/latentwalk" / name).parent.mkdir(exist_ok=True)
        (project / "src/latentwalk" / name).write_text("new")
    assert known.Known(project).tests(project / "page.ipynb") == TESTS


def test_what_did_not_pass_as_a_whole_is_not_known(project):
    page = project / "page.ipynb"
    for tests in (TESTS[:-1], [], TESTS[::-1]):
        remember(project, tests)
        assert known.Known(project).tests(page) == []
    (project / "network").write_text("socket.connect example.org\n")
    remember(project, TESTS)
    assert known.Known(project).tests(page) == []
    (project / "network").write_text("")
    remember(project, TESTS)
    known.Known(project).file(page).write_text("{")
    assert known.Known(project).tests(page) == [], "a damaged file"


FIGURE = "import matplotlib.pyplot as plt\nimport ipywidgets\nplt.plot([0, 1]);"
SLIDER = "slider = ipywidgets.IntSlider(3)\nslider.value = 4\nprint('there')"


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
                source, execution_count=1, outputs=[shown.get(text) or nbformat.v4.new_output("stream", text=text)]
            )
            for source, text in cells
        ]
        nbformat.write(nbformat.v4.new_notebook(cells=made), project / f"{name}.ipynb")

    def run(*options):
        command = [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", "-n", "2", "--dist", "loadfile"]
        return subprocess.run([*command, "--nbval", *options, "."], cwd=project, text=True, capture_output=True).stdout

    write("right", (FIGURE, "figure"), (SLIDER, "there\n"))
    write("other", ("print(1)", "2\n"), ("print(3)", "3\n"))
    write("error", ("print(1)", "1\n"), ("nothing", "\n"))
    told = run(f"--keep={kept}")
    assert "\nright.ipynb: Executed notebook in " in told and "\nother.ipynb: Executed notebook in " in told, told
    assert "\nother.ipynb: failed: Cell 0\n" in told and "\nerror.ipynb: failed: Cell 1\n" in told, told
    assert sorted(path.stem for path in kept.iterdir()) == ["other", "right"], "one with an error has no run"
    right = nbformat.read(kept / "right.ipynb", 4)
    assert right.metadata.language_info.pygments_lexer == "ipython3"
    figure, slider = right.cells
    assert [set(output.data) for output in figure.outputs] == [{"text/plain", "image/png"}]
    assert dark.split(base64.b64decode(figure.outputs[0].data["image/png"]))[1], "it is drawn as for the book"
    assert slider.outputs[0].text == "there\n"
    states = right.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"].values()
    assert [one["state"]["value"] for one in states if one["model_name"] == "IntSliderModel"] == [4]
    assert nbformat.read(kept / "other.ipynb", 4).cells[0].outputs[0].text == "1\n"

    write("other", ("print(1)", "1\n"))
    told = run("--known")
    assert "known to pass, and not run again: 5 tests of 1 notebooks" in told and "right.ipynb" not in told, told
    assert "PASSED other.ipynb::afterwards" in told and "FAILED error.ipynb::Cell 1" in told, told
    assert "8 tests of 2 notebooks" in run("--known", "--collect-only")
    assert "not run again" not in run("--collect-only"), "without --known all are run"
