"""The set-up cell: the same in every notebook, silent where latentwalk is installed, and enough for a notebook that was opened alone."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
import address  # noqa: E402

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

# A Python like Colab's: with torch and the others, without latentwalk, and with Colab's own module.
COLAB = """
import sys, types
from importlib.util import find_spec
from pathlib import Path
while spec := find_spec("latentwalk"):
    sys.path.remove(str(Path(spec.origin).parents[1]))
calls = []
colab = sys.modules["google.colab.output"] = types.ModuleType("google.colab.output")
colab.enable_custom_widget_manager = lambda: calls.append("widgets")
"""
READ = """
import latentwalk
from latentwalk import checkpoints, data, tables
assert calls == ["widgets"], calls
print(latentwalk.__file__)
print(data.mnist().test_x.shape, len(checkpoints.load("vae-2").state_dict()), bool(tables.read("loss")))
"""


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text())["cells"]


def text_for(url: str) -> str:
    """The cell's text for an address that only a test has."""
    return address.CELL.format(address=url, branch="main")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_the_first_code_cell_and_agrees_with_the_configuration(path):
    title, cell, *rest = cells(path)
    assert title["cell_type"] == "markdown"
    assert cell["id"] == address.CELL_ID and cell["cell_type"] == "code"
    assert "".join(cell["source"]) == address.set_up_cell(ROOT / "_config.yml"), "run `make address`"
    assert cell["metadata"] == {"tags": ["remove-cell"]} and cell["outputs"] == [] and cell["execution_count"] == 1
    assert address.CELL_ID not in [other["id"] for other in rest]


def test_it_asks_for_all_that_the_package_and_the_notebooks_import():
    texts = [path.read_text() for path in (ROOT / "src").rglob("*.py")]
    texts += ["".join(c["source"]) for path in NOTEBOOKS for c in cells(path) if c["cell_type"] == "code"]
    found = set()
    for node in (node for text in texts for node in ast.walk(ast.parse(text))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module.partition(".")[0])
    needs = ast.literal_eval(re.search(r"needs = (\[.*\])", address.CELL)[1])
    assert needs == sorted(found - sys.stdlib_module_names - {"latentwalk"})


def test_where_the_package_is_installed_nothing_happens(monkeypatch, capfd):
    monkeypatch.setattr(subprocess, "run", None)
    before = list(sys.path)
    exec(text_for("https://example.org/owner/name"), {})
    assert sys.path == before
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def python(tmp_path):
    """Run a program in an empty folder, as one runs the cells of a notebook; without a package index."""
    folder = tmp_path / "content"
    folder.mkdir()

    def run(*parts: str) -> subprocess.CompletedProcess:
        environment = {
            **os.environ,
            "PIP_NO_INDEX": "1",
            "PIP_ROOT_USER_ACTION": "ignore",
        }
        return subprocess.run(
            [sys.executable, "-c", "\n".join([COLAB, *parts])],
            cwd=folder,
            env=environment,
            text=True,
            capture_output=True,
        )

    run.folder = folder
    return run


@pytest.fixture
def repository(tmp_path):
    """A repository of this working tree's package and data."""
    folder = tmp_path / "repository"
    for name in ("src", "data"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    git = ["git", "-C", str(folder), "-c", "user.name=a test", "-c", "user.email=test@localhost", "-c", "gc.auto=0"]
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "All"]):
        subprocess.run([*git, *command], check=True)
    return folder


def test_alone_it_fetches_the_book_once(python, repository):
    cell = text_for(repository.as_uri())
    result = python(cell, READ, cell)  # the second time, as when a cell is run again, nothing happens
    assert result.returncode == 0, result.stderr
    book = python.folder / "walking-the-latent-space"
    assert result.stdout.splitlines() == [f"{book}/src/latentwalk/__init__.py", "torch.Size([10000, 784]) 10 True"]
    shutil.rmtree(repository)  # after a restart of the kernel the copy that is there serves
    result = python(cell, READ)
    assert result.returncode == 0, result.stderr
    assert str(book) in result.stdout


def test_a_repository_that_does_not_answer_is_told(python):
    result = python(text_for("file:///nowhere/at/all"))
    assert result.returncode
    assert "git" in result.stderr and "/nowhere/at/all" in result.stderr
    assert list(python.folder.iterdir()) == []


def test_a_copy_that_does_not_know_its_address_says_what_to_do(python):
    result = python(text_for(""))
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("\n") == 1 and "run `make lab` there" in result.stdout
    assert list(python.folder.iterdir()) == []


@pytest.fixture
def project(tmp_path):
    """What `make address` works on: a configuration and two notebooks, one of them without the cell."""
    (tmp_path / "book/_ext").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    shutil.copy(address.__file__, tmp_path / "book/_ext")
    shutil.copy(ROOT / "_config.yml", tmp_path)
    for path in NOTEBOOKS[:2]:
        shutil.copy(path, tmp_path / "notebooks")
    bare = json.loads(NOTEBOOKS[0].read_text())
    bare["cells"] = [cell for cell in bare["cells"] if cell["id"] != address.CELL_ID]
    (tmp_path / "notebooks" / NOTEBOOKS[0].name).write_text(json.dumps(bare))
    return tmp_path


def make_address(project: Path, url: str) -> subprocess.CompletedProcess:
    config = project / "_config.yml"
    config.write_text(re.sub(r"(?m)^  url: .*$", f'  url: "{url}"', config.read_text()))
    return subprocess.run([sys.executable, "book/_ext/address.py"], cwd=project, text=True, capture_output=True)


def test_make_address_writes_it_into_every_notebook(project):
    url = "https://github.com/someone/a-book"
    result = make_address(project, url)
    assert result.returncode == 0, result.stderr
    assert len(result.stdout.splitlines()) == 2
    for path in (project / "notebooks").iterdir():
        assert f'address, branch = "{url}", "main"' in "".join(cells(path)[1]["source"])
    assert make_address(project, url).stdout == "", "nothing to do"
    assert make_address(project, address.set_up_cell(ROOT / "_config.yml").split('"')[1]).returncode == 0
    for path in NOTEBOOKS[:2]:  # all else is as it was, to the letter
        assert (project / "notebooks" / path.name).read_text() == path.read_text()


@pytest.mark.parametrize(
    "url",
    [
        "github.com/a/b",
        "https://github.com/a",
        "https://github.com/a/b/",
        "https://github.com/a/b.git",
        'https://g.c/a/b\\"',
    ],
)
def test_make_address_refuses_what_is_none(project, url):
    before = {path: path.read_text() for path in (project / "notebooks").iterdir()}
    result = make_address(project, url)
    assert result.returncode == 1
    assert result.stderr.startswith(
        "error: _config.yml: repository: url: expected https://HOST/OWNER/NAME or nothing, got"
    )
    assert result.stderr.count("\n") == 1
    assert before == {path: path.read_text() for path in (project / "notebooks").iterdir()}
