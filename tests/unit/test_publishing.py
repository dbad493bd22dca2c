"""What makes the project run elsewhere: the workflows of GitHub and GitLab, Binder's folder, the citation, the commands that the texts name."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import environment
import pytest
import yaml

import latentwalk
from latentbook import ROOT

WORKFLOWS = {path.name: yaml.safe_load(path.read_text()) for path in (ROOT / ".github/workflows").iterdir()}
JOBS = {(name, job): details for name, flow in WORKFLOWS.items() for job, details in flow["jobs"].items()}
STEPS = [(name, job, step) for (name, job), details in JOBS.items() for step in details.get("steps", [])]
TESTED = WORKFLOWS["test.yml"]["jobs"]["test"]["strategy"]["matrix"]["python"]
TEXTS = (
    "README.md",
    "CONTRIBUTING.md",
    "book/how-built.md",
    ".github/workflows/test.yml",
    ".github/PULL_REQUEST_TEMPLATE.md",
    ".gitlab-ci.yml",
    ".devcontainer/devcontainer.json",
    ".pre-commit-config.yaml",
    ".ci/run",
)


def uses(action: str) -> list[dict]:
    """The ``with`` of all steps that use an action."""
    return [step.get("with", {}) for _, _, step in STEPS if step.get("uses", "").startswith(f"actions/{action}@")]


@pytest.fixture
def dry_make(tmp_path):
    """`make -n` in a copy of what the Makefile reads, where nothing is installed yet."""
    (tmp_path / "book").mkdir()
    for name in ("Makefile", "requirements.txt", "constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "book" / name, tmp_path / "book")

    def run(*arguments: str) -> subprocess.CompletedProcess:
        environment = {"PATH": "/usr/bin:/bin"}
        return subprocess.run(["make", "-n", *arguments], cwd=tmp_path, env=environment, text=True, capture_output=True)

    return run


def test_every_command_that_a_text_or_a_workflow_names_is_one_of_the_makefiles(dry_make):
    named = {}
    for text in TEXTS:
        for target in re.findall(r"(?:[`\"]|exec |/root |^ *- |^)make ([a-z]+)", (ROOT / text).read_text(), re.M):
            named.setdefault(target, text)
    assert {"book", "test", "lab", "address"} <= named.keys()
    for target, text in named.items():
        result = dry_make(target)
        assert result.returncode == 0, f"{text} names `make {target}`: {result.stderr}"
    assert dry_make("tests-of-everything").returncode


def test_the_workflow_runs_all_tests_with_each_python(dry_make):
    commands = [step["run"] for _, _, step in STEPS if "make" in step.get("run", "")]
    assert len(commands) == 1
    for version in TESTED:
        words = commands[0].replace("${{ matrix.python }}", version).split()
        assert words[:2] == ["HOME=/root", "make"]
        result = dry_make(*words[2:])
        assert result.returncode == 0, result.stderr
        assert f'python="python{version}";' in result.stdout and "book/environment.py" in result.stdout
        for part in ("tests/unit", "tests/notebooks notebooks", "book/build.py", "tests/book"):
            assert part in result.stdout
    assert (ROOT / ".ci/run").read_text().splitlines()[-1].endswith("exec make test")


def test_the_versions_are_those_that_the_readme_promises():
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"].removeprefix(">=")
    assert TESTED[0] == oldest and len(TESTED) > 1
    assert f"Python {oldest} or newer" in (ROOT / "README.md").read_text()
    assert JOBS["test.yml", "test"]["container"] == "python:${{ matrix.python }}-bookworm"


def test_an_old_python_gets_to_the_line_that_says_so():
    text = (ROOT / "book/environment.py").read_text()
    ast.parse(text, feature_version=(3, 8))
    assert "from __future__ import annotations" in text, "`str | Path` means nothing to Python 3.9"


def test_actions_are_pinned_and_what_a_workflow_calls_is_there():
    for name, _, step in STEPS:
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"]), f"{name}: {step['uses']}"
    wanted = WORKFLOWS["test.yml"][True]["workflow_call"]["inputs"]  # YAML 1.1 reads `on` as true
    for name in ("book.yml", "weekly.yml"):
        call = JOBS[name, "test"]
        assert (ROOT / call["uses"]).samefile(ROOT / ".github/workflows/test.yml")
        assert call["with"].keys() == wanted.keys()


def test_the_weekly_run_keeps_nothing_and_the_others_keep_pips_downloads():
    assert WORKFLOWS["weekly.yml"][True].keys() == {"schedule", "workflow_dispatch"}
    (when,) = WORKFLOWS["weekly.yml"][True]["schedule"]
    minute, hour, *days, weekday = when["cron"].split()
    assert 0 <= int(minute) < 60 and 0 <= int(hour) < 24 and days == ["*", "*"] and 0 <= int(weekday) < 7
    assert JOBS["weekly.yml", "test"]["with"]["cache"] is False
    assert JOBS["book.yml", "test"]["with"]["cache"] is True
    for _, _, step in STEPS:
        assert "cache" not in str(step.get("with", {})).replace("/root/.cache/pip", ""), "a cache of another action"
    ((keep, condition),) = [(step["with"], step["if"]) for _, _, step in STEPS if "cache@" in step.get("uses", "")]
    assert condition == "inputs.cache"
    files = re.findall(r"hashFiles\('([^']+)'\)", keep["key"])
    assert files == ["constraints.txt"] and (ROOT / files[0]).exists()
    assert "${{ matrix.python }}" in keep["key"]


def test_only_what_was_pushed_to_main_and_tested_is_published():
    assert set(WORKFLOWS["book.yml"][True]) == {"push", "pull_request"}
    pages, publish = JOBS["book.yml", "pages"], JOBS["book.yml", "publish"]
    assert pages["if"] == "github.event_name == 'push' && github.ref == 'refs/heads/main'"
    assert publish["needs"] == ["test", "pages"], "where one of them fails or is left out, so is this"
    assert publish["if"] == "needs.pages.outputs.source == 'workflow'"
    assert publish["permissions"] == {"pages": "write", "id-token": "write"}
    assert publish["environment"]["name"] == "github-pages"
    assert publish["concurrency"] == {"group": "pages", "cancel-in-progress": False}
    assert all(flow["permissions"] == {"contents": "read"} for flow in WORKFLOWS.values())
    assert pages["permissions"] == {"pages": "read"}
    with_permissions = [job for job, details in JOBS.items() if "permissions" in details]
    assert with_permissions == [("book.yml", "pages"), ("book.yml", "publish")]
    assert "secrets." not in str(WORKFLOWS)
    # The tested book is handed on: the same name, and the folder that `make book` fills.
    ((up,), (down,), (site,)) = uses("upload-artifact"), uses("download-artifact"), uses("upload-pages-artifact")
    assert up["name"] == down["name"]
    assert up["path"] == down["path"] == site["path"] == "_build/html"
    assert 'BUILD = ROOT / "_build"' in (ROOT / "book/build.py").read_text()
    (only,) = [step["if"] for _, _, step in STEPS if "/upload-artifact@" in step.get("uses", "")]
    assert only in [f"matrix.python == '{version}'" for version in TESTED], "one of them hands its book on"
    deploy = publish["steps"][-1]
    assert deploy["uses"].startswith("actions/deploy-pages@")
    assert publish["environment"]["url"] == f"${{{{ steps.{deploy['id']}.outputs.page_url }}}}"


@pytest.mark.parametrize(
    ("answer", "code", "outputs", "said"),
    [
        ("workflow", 0, "source=workflow\n", ""),
        ("legacy", 0, "", "::notice"),  # published from a branch
        ('{"message": "Not Found"}\ngh: Not Found (HTTP 404)', 0, "", "::notice"),  # a fork: switched off
        ("gh: Bad credentials (HTTP 401)", 1, "", "Bad credentials"),
    ],
)
def test_a_fork_without_pages_is_told_and_is_not_red(tmp_path, answer, code, outputs, said):
    (step,) = JOBS["book.yml", "pages"]["steps"]
    gh = tmp_path / "gh"
    gh.write_text(f"#!/bin/sh\ncat <<'END'\n{answer}\nEND\nexit {int('HTTP' in answer)}\n")
    gh.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "GITHUB_OUTPUT": str(tmp_path / "outputs")}
    (tmp_path / "outputs").touch()
    shell = ["bash", "-e", "-c", step["run"]]  # GitHub's, where a workflow names none
    result = subprocess.run(shell, env={**environment, "GITHUB_REPOSITORY": "a/b"}, text=True, capture_output=True)
    assert (result.returncode, (tmp_path / "outputs").read_text()) == (code, outputs)
    assert said in result.stdout


def test_gitlab_does_what_github_does():
    gitlab = yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text())
    (versions,) = gitlab["test"]["parallel"]["matrix"]
    assert versions == {"PYTHON": TESTED}
    assert gitlab["test"]["image"] == "python:$PYTHON-bookworm"
    assert gitlab["test"]["script"] == ["make test PYTHON=python$PYTHON"]
    (github,) = [step["run"] for _, _, step in STEPS if "apt-get" in step.get("run", "")]
    assert gitlab["test"]["before_script"] == github.splitlines()
    assert gitlab["test"]["artifacts"]["paths"] == ["_build/html"]
    assert gitlab["pages"]["script"] == ["mv _build/html public"] and gitlab["pages"]["artifacts"]["paths"] == [
        "public"
    ]
    assert gitlab["pages"]["rules"] == [{"if": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"}]


def test_pre_commit_runs_what_make_style_runs(dry_make):
    (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    style = re.search(r"^\.venv/bin/python -m ruff .*\Z", dry_make("style").stdout, re.M | re.S)[0].partition(" || ")[0]
    commands = [" ".join(command.split()) for command in style.replace("\\\n", "").split("&&")]
    assert [hook["entry"] for hook in local["hooks"]] == commands
    assert style.strip() in dry_make("test").stdout


def test_the_changelog_ends_with_the_version():
    versions = re.findall(r"(?m)^## (.+)$", (ROOT / "CHANGELOG.md").read_text())
    assert versions[versions[0] == "Next"] == latentwalk.__version__
    assert len(set(versions)) == len(versions)
    assert "version" in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dynamic"]


TARGETS = [
    "setup",
    "book",
    "offline",
    "pdf",
    "format",
    "style",
    "test",
    "lab",
    "checkpoints",
    "outputs",
    "stills",
    "address",
    "bench",
]


@pytest.mark.parametrize("target", TARGETS)
def test_a_step_that_fails_fails_with_every_make(tmp_path, target):
    """In a shell without options, as macOS's make 3.81 has it: a program that fails, whichever it is, and make fails."""
    text = (ROOT / "Makefile").read_text()
    assert ".SHELLFLAGS :=" not in text, "make 3.81 does not know it"
    shutil.copy(ROOT / "Makefile", tmp_path)
    for program in (".venv/bin/python", ".venv/bin/actionlint", ".venv/bin/zizmor"):
        (tmp_path / program).parent.mkdir(parents=True, exist_ok=True)
        # Counts its calls, and fails at the one whose number stands in the file `fails`.
        (tmp_path / program).write_text('#!/bin/sh\necho call >> calls\n[ "$(wc -l < calls)" -ne "$(cat fails)" ]\n')
        (tmp_path / program).chmod(0o755)

    def codes():
        """Of make, for each number until all programs have done well."""
        for number in range(1, 30):
            (tmp_path / "calls").write_text("")
            (tmp_path / "fails").write_text(str(number))
            code = subprocess.run(["make", target, "PYTHON=false"], cwd=tmp_path, capture_output=True).returncode
            yield code
            if len((tmp_path / "calls").read_text().splitlines()) < number:
                return

    *failed, well = codes()
    assert failed and all(failed) and well == 0, "the exit status of make for each step that fails, and then for none"


@pytest.fixture(scope="module")
def windows(tmp_path_factory) -> Path:
    """A checkout of this working tree as git makes it on Windows."""
    folder = tmp_path_factory.mktemp("checkouts")
    git = ["git", "-c", "user.name=a test", "-c", "user.email=test@localhost", "-c", "gc.auto=0"]
    skipped = shutil.ignore_patterns("__pycache__", "*.egg-info", "node_modules", "*.safetensors", "*.xz")
    for name in ("src", "tests/js"):
        shutil.copytree(ROOT / name, folder / "here" / name, ignore=skipped)
    (folder / "here/.ci").mkdir()
    for name in (".gitattributes", "Makefile", "pyproject.toml", "notebooks/05_vae.ipynb", ".ci/run"):
        (folder / "here" / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder / "here" / name)
    for command in (
        ["init", "-q", "-b", "main", "here"],
        ["-C", "here", "add", "."],
        ["-C", "here", "commit", "-q", "-m", "All"],
        ["clone", "-q", "-c", "core.autocrlf=true", "here", "there"],
    ):
        subprocess.run([*git, *command], cwd=folder, check=True, capture_output=True)
    return folder / "there"


def test_a_checkout_with_the_line_ends_of_windows_works(windows):
    assert b"\r\n" in (windows / "src/latentwalk/models.py").read_bytes(), "they are there"
    for name in ("Makefile", ".ci/run"):
        assert b"\r" not in (windows / name).read_bytes(), name
    # What Python joins to the scripts of figures, and what has a checksum, is the same to the letter.
    for pattern in ("src/latentwalk/widgets/*.js", "src/latentwalk/widgets/*.css", "src/latentwalk/*/*.json"):
        for path in windows.glob(pattern):
            assert path.read_bytes() == (ROOT / path.relative_to(windows)).read_bytes(), path.name
    assert (windows / "notebooks/05_vae.ipynb").read_bytes() == (ROOT / "notebooks/05_vae.ipynb").read_bytes()


def test_no_package_json_lies_above_the_environment():
    """With "type": "module" above .venv, Node refuses JupyterLab's own script, and `make lab` begins with a page of error."""
    assert not (ROOT / "package.json").exists()
    for name in ("src", "tests", "book"):
        assert json.loads((ROOT / name / "package.json").read_text())["type"] == "module"


def test_one_switch_takes_the_torch_for_cpus(tmp_path, monkeypatch):
    """What is run, since the index of those builds is not to be reached in a test: uv, which asks it."""
    ran = []
    monkeypatch.setattr(environment, "works", lambda *command, **_: ran.append([str(part) for part in command]) or True)
    for name, value in {"VENV": tmp_path, "PYTHON": tmp_path / "python"}.items():
        monkeypatch.setattr(environment, name, value)
    files = ["--quiet", "-r", "requirements.txt", "-c", "constraints.txt"]
    environment.install_python()
    assert ran[-1][1:] == ["-m", "pip", "install", *files]
    (tmp_path / ".installed").unlink()
    monkeypatch.setenv("TORCH", "cpu")
    environment.install_python()
    python = str(tmp_path / "python")
    assert ran[-2:] == [
        [python, "-m", "pip", "install", "--quiet", environment.UV],
        [python, "-m", "uv", "pip", "install", "--python", python, "--torch-backend=cpu", *files],
    ]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory) -> Path:
    """The Python of a bare environment, in a folder with umlauts and spaces, where pip has installed this package."""
    folder = tmp_path_factory.mktemp("pip") / "Übung für Anfänger"
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, folder)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / ".venv"], check=True)
    python = folder / ".venv/bin/python"
    (site,) = (folder / ".venv").glob("lib/*/site-packages")
    (site / "others.pth").write_text("\n".join(path for path in sys.path if path.endswith("site-packages")))
    options = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    command = [sys.executable, "-m", "pip", "--python", python, "install", *options, "--editable", "."]
    subprocess.run(command, cwd=folder, check=True)
    return python


def test_pips_road_works_in_a_folder_with_umlauts_and_spaces(elsewhere):
    program = """
import importlib.metadata, latentwalk, torch
from latentwalk import checkpoints, exercises, widgets
print(latentwalk.__file__, latentwalk.__version__ == importlib.metadata.version("latentwalk"))
print(checkpoints.load("vae-2").decode(torch.zeros(1, 2)).shape)
print(len(widgets.KL()._esm) > 1000)
"""
    told = subprocess.run([elsewhere, "-c", program], env={"LC_ALL": "C.UTF-8"}, text=True, capture_output=True)
    assert told.returncode == 0, told.stderr
    where = elsewhere.parents[2] / "src/latentwalk/__init__.py"
    assert told.stdout.splitlines() == [f"{where} True", "torch.Size([1, 784])", "True"]


def test_binder_installs_what_make_installs_but_for_tests_and_what_gpus_need(tmp_path):
    pip = tmp_path / "pip"
    pip.write_text(f'#!/bin/bash\ncp "$4" "$6" "{tmp_path}"\necho "$PWD $*" > "{tmp_path}/arguments"\n')
    pip.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    subprocess.run([ROOT / "binder/postBuild"], cwd=ROOT, env=environment, check=True)
    assert (tmp_path / "arguments").read_text().startswith(f"{ROOT} install --no-cache-dir -r ")
    for name in ("requirements.txt", "constraints.txt"):
        here, there = (re.findall(r"(?m)^[\w-].*", (folder / name).read_text()) for folder in (ROOT, tmp_path))
        left_out = {re.match(r"[\w-]+", line)[0] for line in set(here) - set(there)}
        tests = re.findall(r"(?m)^[\w-]+(?===)", (ROOT / name).read_text().partition("# The tests\n")[2])
        assert left_out == {"torch", "torchvision", *tests}, "what conda brings, and what only tests use"
        assert len(there) > 10 and set(there) < set(here)
    assert "-e ." in (tmp_path / "requirements.txt").read_text().splitlines()
    python, *brought = yaml.safe_load((ROOT / "binder/environment.yml").read_text())["dependencies"]
    assert python in [f"python={version}" for version in TESTED] and brought == ["pytorch-cpu", "torchvision"]
    assert {path.name for path in (ROOT / "binder").iterdir()} == {"environment.yml", "postBuild"}


def test_the_citation_is_valid_and_agrees_with_the_book():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    config = yaml.safe_load((ROOT / "_config.yml").read_text())
    package = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()  # what version 1.2.0 requires
    assert citation["cff-version"] == "1.2.0" and citation["type"] == "software"
    assert citation["message"] and citation["version"] == latentwalk.__version__
    assert citation["license"] == package["license"]["text"]
    for one in (citation, citation["preferred-citation"]):
        assert one["title"] == config["title"]
        assert one["authors"] == [{"name": config["author"]}]
    assert {"type", "title", "authors"} <= citation["preferred-citation"].keys()  # what it requires of a reference
    assert str(citation["preferred-citation"]["year"]) == config["copyright"]
    known = "abstract authors cff-version keywords license message preferred-citation title type version"
    assert citation.keys() <= set(known.split()), "a key that the schema was not asked about"


def test_every_extension_of_the_book_is_loaded():
    settings = yaml.safe_load((ROOT / "_config.yml").read_text())["sphinx"]
    written = {path.stem for path in (ROOT / "book/_ext").glob("*.py") if "def setup(app" in path.read_text()}
    assert written == settings["local_extensions"].keys() == set(settings["config"]["extensions"]) & written
