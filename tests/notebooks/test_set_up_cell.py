"""The set-up cell: the same in every notebook, silent where latentwalk is installed, and enough for a notebook that was opened alone."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import address
import nbformat
import pytest

from latentbook import ROOT

NOTEBOOKS = address.notebooks(ROOT)

# A kernel like Colab's: with torch and the others, and without this working tree.
KERNEL = f"""
import sys
from IPython.core.interactiveshell import InteractiveShell
sys.path = [path for path in sys.path if path != {str(ROOT / "src")!r}]
shell = InteractiveShell.instance()
"""
READ = """
from importlib.util import find_spec
import latentwalk
from latentwalk import checkpoints, data, tables
print(latentwalk.__file__)
print(data.mnist().test_x.shape, len(checkpoints.load("vae-2").state_dict()), bool(tables.read("loss")))
print(find_spec("latentbook"))
"""


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text())["cells"]


def text_for(tmp_path: Path, url: str) -> str:
    """The cell's text for an address that only a test has."""
    config = re.sub(r"(?m)^  url: .*$", f'  url: "{url}"', (ROOT / "_config.yml").read_text())
    (tmp_path / "_config.yml").write_text(config)
    return address.set_up_cell(tmp_path / "_config.yml")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_the_first_code_cell_and_agrees_with_the_configuration(path):
    title, cell, *rest = cells(path)
    assert title["cell_type"] == "markdown"
    assert cell["id"] == address.CELL_ID and cell["cell_type"] == "code"
    assert "".join(cell["source"]) == address.set_up_cell(ROOT / "_config.yml"), "run `make address`"
    assert cell["metadata"] == {"tags": ["remove-cell"]} and cell["outputs"] == [] and cell["execution_count"] == 1
    assert address.CELL_ID not in [other["id"] for other in rest]


def test_where_the_package_is_installed_nothing_happens(tmp_path, capfd):
    for url in ("", "https://example.org/owner/name"):
        cell = text_for(tmp_path, url).replace("%pip", "raise AssertionError #")
        exec(cell, {})
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def python(tmp_path):
    """Run cells in a kernel's shell, in an empty folder; what pip installs comes into a folder of the test, from no index."""
    folder = tmp_path / "content"
    folder.mkdir()
    (tmp_path / "site").mkdir()

    def run(*cells: str) -> subprocess.CompletedProcess:
        site = str(tmp_path / "site")
        pip = {"TARGET": site, "NO_INDEX": "1", "NO_DEPS": "1", "NO_BUILD_ISOLATION": "0", "ROOT_USER_ACTION": "ignore"}
        environment = {**os.environ, **{f"PIP_{name}": value for name, value in pip.items()}, "PYTHONPATH": site}
        program = [KERNEL, *(f"shell.run_cell({cell!r}).raise_error()" for cell in cells)]
        return subprocess.run(
            [sys.executable, "-c", "\n".join(program)], cwd=folder, env=environment, text=True, capture_output=True
        )

    run.folder, run.site = folder, tmp_path / "site"
    return run


@pytest.fixture
def repository(tmp_path):
    """A repository of this working tree's packages."""
    folder = tmp_path / "repository"
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, folder)
    git = ["git", "-C", str(folder), "-c", "user.name=a test", "-c", "user.email=test@localhost", "-c", "gc.auto=0"]
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "All"]):
        subprocess.run([*git, *command], check=True)
    return folder


def test_alone_it_installs_the_package_with_its_networks_and_data(python, repository, tmp_path, monkeypatch):
    monkeypatch.setattr(address, "ADDRESS", re.compile(".*"))  # any, here
    cell = text_for(tmp_path, repository.as_uri())
    result = python(cell, READ)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.splitlines()[-3:] == [
        f"{python.site}/latentwalk/__init__.py",
        "torch.Size([10000, 784]) 10 True",
        "None",  # latentbook is not for readers
    ]
    assert "could not be fetched" not in result.stdout
    assert list(python.folder.iterdir()) == []
    shutil.rmtree(repository)  # after a restart of the kernel the copy that is there serves
    result = python(cell, READ)
    assert result.returncode == 0 and str(python.site) in result.stdout, result.stdout + result.stderr


def test_a_repository_that_does_not_answer_is_told(python, tmp_path, monkeypatch):
    monkeypatch.setattr(address, "ADDRESS", re.compile(".*"))
    result = python(text_for(tmp_path, "file:///nowhere/at/all"), "import latentwalk")
    assert result.returncode
    assert "/nowhere/at/all" in result.stdout + result.stderr
    assert "Is the internet switched on for this kernel" in result.stdout
    assert list(python.folder.iterdir()) == []


def test_a_copy_that_does_not_know_its_address_says_what_to_do(python, tmp_path):
    result = python(text_for(tmp_path, ""))
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
        assert f"    %pip install --quiet git+{url}@main" in "".join(cells(path)[1]["source"])
    assert make_address(project, url).stdout == "", "nothing to do"
    assert make_address(project, address.read(ROOT / "_config.yml")[0]).returncode == 0
    for path in NOTEBOOKS[:2]:  # all else is as it was, to the letter
        assert (project / "notebooks" / path.name).read_text() == path.read_text()


def test_make_address_takes_notebooks_as_colab_saves_them(project):
    path = project / "notebooks" / NOTEBOOKS[1].name
    notebook = json.loads(path.read_text())
    ids = [cell.pop("id") for cell in notebook["cells"]]
    for cell, name in zip(notebook["cells"], ids):
        cell["metadata"]["id"] = name
        cell.pop("execution_count", None)
    path.write_text(json.dumps({**notebook, "nbformat_minor": 0}))
    assert make_address(project, "https://codeberg.org/someone/a-book").returncode == 0
    mended = json.loads(path.read_text())
    nbformat.validate(mended)
    assert [cell["id"] for cell in mended["cells"]] == ids, "the set-up cell was known by its id"
    path.write_text('{"nbformat": 3, "nbformat_minor": 0, "worksheets": []}')
    result = make_address(project, "")
    assert result.returncode == 1 and "expected a notebook of format 4" in result.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "url",
    [
        "github.com/a/b",
        "https://github.com/a",
        "https://github.com/a/b/",
        "https://github.com/a/b.git",
        "https://github.com/a/b/c",
        "https://gitlab.com/a/b/-/tree/main",
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
