"""The making of the book: the Sphinx extension's parts, the Makefile's guards, the lock file."""

import base64
import io
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import ahead
import build
import nbformat
import offline
import pytest
from nbformat import v4
from PIL import Image

from latentbook import ROOT, chromium, dark, firefox, sources
from latentwalk.page import language


def test_the_cache_key_follows_what_notebooks_depend_on(tmp_path):
    for name in ("src/latentwalk/models.py", "src/latentwalk/widgets/kl.js", "src/latentwalk/mnist/checksums.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    for name in ("requirements.txt", "constraints.txt"):
        (tmp_path / name).write_text(name)
    keys = [sources.source_hash(tmp_path)]
    (tmp_path / "src/latentwalk/__pycache__").mkdir()
    (tmp_path / "src/latentwalk/__pycache__/models.pyc").write_text("made")
    (tmp_path / "notebooks").mkdir()
    assert sources.source_hash(tmp_path) == keys[0], "made files and notebooks are not part of it"
    for name in (
        "src/latentwalk/models.py",
        "src/latentwalk/widgets/kl.js",
        "src/latentwalk/mnist/checksums.json",
        "constraints.txt",
    ):
        (tmp_path / name).write_text("changed")
        keys.append(sources.source_hash(tmp_path))
    (tmp_path / "src/latentwalk/models.py").rename(tmp_path / "src/latentwalk/networks.py")
    keys.append(sources.source_hash(tmp_path))
    assert len(set(keys)) == len(keys)
    key = sources.source_hash(tmp_path, without=(".js",))
    (tmp_path / "src/latentwalk/widgets/kl.js").write_text("another figure")
    assert sources.source_hash(tmp_path, without=(".js",)) == key != sources.source_hash(tmp_path)


def test_a_changed_style_or_script_renders_the_pages_anew(tmp_path):
    (tmp_path / "book/_static").mkdir(parents=True)
    (tmp_path / "book/_ext").mkdir()
    looks = []
    for text in ("old", "new"):
        (tmp_path / "book/_static/latentwalk.css").write_text(text)
        config = SimpleNamespace(language="en")
        book = {
            "outdir": str(tmp_path / "_build/html"),
            "srcdir": str(tmp_path),
            "config": SimpleNamespace(language="en"),
        }
        offline.configure(SimpleNamespace(**book), config)
        looks.append(config.looks)
    assert looks[0] != looks[1]
    values = {}
    app = SimpleNamespace(
        add_config_value=lambda name, default, rebuild: values.update({name: rebuild}), connect=lambda *_, **__: None
    )
    offline.setup(app)
    assert values["looks"] == "html"  # Sphinx writes all pages, and copies all static files, when it has changed


def test_a_new_translation_in_a_picture_runs_its_notebook_again_and_no_other(tmp_path, monkeypatch):
    """What its words were when it was drawn stands in it."""
    pixel = io.BytesIO()
    Image.new("L", (1, 1)).save(pixel, "PNG")
    cache = ahead.get_cache(tmp_path / "cache")
    images, pages = {}, {}
    for word in ("epoch", "price"):
        known = json.dumps({"zh": {word: "old"}}).encode()
        picture = tmp_path / f"{word}.png"
        picture.write_bytes(dark.add(pixel.getvalue(), (dark.WORDS, known)))
        images[picture.name] = {word}, picture.name
        data = {"image/png": base64.b64encode(picture.read_bytes()).decode()}
        cell = v4.new_code_cell(f"draw({word!r})", outputs=[v4.new_output("display_data", data)])
        pages[word] = v4.new_notebook(cells=[cell])
        nbformat.write(pages[word], tmp_path / f"{word}.ipynb")
        cache.cache_notebook_bundle(ahead.CacheBundleIn(pages[word], word), check_validity=False)
    monkeypatch.setattr(language, "sentences", lambda code, pictures=False: {"epoch": "old", "price": "new"})
    app = SimpleNamespace(srcdir=tmp_path, config=SimpleNamespace(language="en"))
    settings = SimpleNamespace(execution_mode="cache", execution_cache_path=tmp_path / "cache")
    env = SimpleNamespace(images=images, mystnb_config=settings, doc2path=lambda name: str(tmp_path / f"{name}.ipynb"))
    assert ahead.with_other_words(app, env, set(), set(), set()) == ["price"]
    ahead.run_all(app, env, ["epoch", "price"])  # one alone is left to MyST-NB
    assert cache.match_cache_notebook(pages["epoch"]).uri == "epoch"
    with pytest.raises(KeyError):
        cache.match_cache_notebook(pages["price"])


def test_what_was_run_with_its_tests_is_where_myst_nb_looks_for_it(tmp_path, monkeypatch):
    """Of three notebooks one had an error: it is left to MyST-NB."""
    pages = {name: v4.new_notebook(cells=[v4.new_code_cell(f"print({name!r})")]) for name in ("one", "two", "wrong")}
    for name, page in pages.items():
        nbformat.write(page, tmp_path / f"{name}.ipynb")

    def run(root, notebooks, folder):
        assert [path.stem for path in notebooks] == list(pages)
        for path in notebooks[:2]:
            page = nbformat.read(path, 4)
            page.cells[0].outputs = [v4.new_output("stream", text=f"{path.stem}\n")]
            nbformat.write(page, folder / path.name)
            yield path, 1.0

    monkeypatch.setattr(ahead, "run", run)
    settings = SimpleNamespace(execution_mode="cache", execution_cache_path=tmp_path / "cache")
    env = SimpleNamespace(mystnb_config=settings, doc2path=lambda name: str(tmp_path / f"{name}.ipynb"))
    ahead.run_all(SimpleNamespace(srcdir=tmp_path, config=SimpleNamespace(language="en")), env, pages)
    cache = ahead.get_cache(tmp_path / "cache")
    for name in ("one", "two"):
        assert cache.merge_match_into_notebook(pages[name])[1].cells[0].outputs[0].text == f"{name}\n"
    with pytest.raises(KeyError):
        cache.match_cache_notebook(pages["wrong"])


@pytest.fixture
def sphinx(tmp_path, monkeypatch):
    """A function that puts a program in Sphinx's place, in a folder of its own."""
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "BUILD", tmp_path / "_build")
    monkeypatch.setattr(build, "EDITIONS", {})  # those in other languages need Sphinx itself
    return lambda program: monkeypatch.setattr(build, "COMMAND", program)


# What Sphinx prints, in colours, while it builds two pages; the kernels' remark and the warning on the second stream.
WORK = r"""
import sys
def say(text, stream=sys.stdout):
    print(text, file=stream, flush=True)
say("\x1b[01mRunning Sphinx v7.4.7\x1b[39;49;00m")
say("\x1b[01mwriting output... \x1b[39;49;00m")
say("/book/notebooks/ahead.ipynb: Executed notebook in 2.00 seconds")
say("\x1b[01mreading sources... \x1b[39;49;00m[ 20%] \x1b[35mnotebooks/ahead\x1b[39;49;00m")
say("/book/notebooks/ahead.ipynb: Using cached notebook: ID=1 [mystnb]")
say("\x1b[01mreading sources... \x1b[39;49;00m[ 50%] \x1b[35mnotebooks/03_μ\x1b[39;49;00m")
say("Kernel is running over TCP without encryption", sys.stderr)
say("/book/notebooks/03_μ.ipynb: Executed notebook in 6.02 seconds [mystnb]")
say("/book/notebooks/03_μ.ipynb: failed: Cell 4")
say("The tests of the notebooks broke off: pytest ended with 3")
say("\x1b[2K\x1b[01mreading sources... \x1b[39;49;00m[100%] \x1b[35mnotebooks/loss\x1b[39;49;00m")
say("/book/notebooks/loss.ipynb: Using cached notebook: ID=2 [mystnb]")
say("looking for now-outdated files... none found")
say("writing output... [100%] notebooks/loss")
say("generating indices... done")
for i in range(300):
    say(f"copying images... [{i // 3: >3}%] {i}.png")
"""
WARNING = r"""
say("\x1b[91m/book/notebooks/loss.ipynb:20: WARNING: a link to nowhere\x1b[39;49;00m\n  it goes on here", sys.stderr)
"""


def test_of_what_sphinx_prints_the_steps_and_the_warnings_are_shown_and_the_rest_is_in_the_log(
    sphinx, tmp_path, capfd, monkeypatch
):
    sphinx(WORK + WARNING)
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")  # as on a machine with another alphabet
    assert build.build() == 0
    warning = ["/book/notebooks/loss.ipynb:20: WARNING: a link to nowhere", "  it goes on here"]
    lines = capfd.readouterr().out.splitlines()
    assert all(line in lines for line in warning)
    steps = [re.sub(r"\d+ s", "9 s", line) for line in lines if line not in warning]
    assert steps == [
        "Building the book",
        "  ahead                    executed in 9 s",
        "  03_μ                     executed in 9 s",
        "  03_μ                     not as it should be: Cell 4 (make test says why)",
        "  The tests of the notebooks broke off: pytest ended with 3 (the full log: _build/book.log)",
        "  pages read: 3, notebooks executed: 2, from the cache: 1 (9 s)",
        "  pages written: 1 (9 s)",
        "The book is in _build/html/index.html (9 s; the full log: _build/book.log)",
    ]
    log = (tmp_path / build.LOG).read_text(encoding="utf-8").splitlines()
    assert {"Running Sphinx v7.4.7", "copying images... [ 99%] 299.png", *warning} <= set(log)
    assert "Kernel is running over TCP without encryption" in log

    sphinx("")
    assert build.build() == 0
    assert capfd.readouterr().out.splitlines()[1] == "  no page has changed"
    assert (tmp_path / build.LOG).read_text() == "", "the log of an earlier build"


def test_reasons_of_a_failure_stand_in_the_last_lines_and_the_log_is_named(sphinx, capfd):
    failure = "say('Extension error:\\nthe still is missing', sys.stderr); sys.exit(3)"
    sphinx(WORK + WARNING + failure)
    assert build.build() == 3
    assert capfd.readouterr().out.splitlines()[-4:] == [
        "The book was not built (the full log: _build/book.log):",
        "/book/notebooks/loss.ipynb:20: WARNING: a link to nowhere",
        "Extension error:",
        "the still is missing",
    ]
    sphinx(WORK + "\nsys.exit('without a word of the kind that is looked for')")
    assert build.build() == 1
    lines = capfd.readouterr().out.splitlines()
    assert lines[-2:] == ["The book was not built (the full log: _build/book.log):", "the reason stands above"]
    assert "without a word of the kind that is looked for" in lines[:-2]


def test_what_breaks_jupyter_book_itself_is_told_once(sphinx, tmp_path, monkeypatch, capfd):
    """Its own error follows upon Sphinx's: that one is shown, and the log has both."""
    package = tmp_path / "jupyter_book" / "cli"
    package.mkdir(parents=True)
    for folder in (package.parent, package):
        (folder / "__init__.py").touch()
    (package / "main.py").write_text(
        "import sys\n"
        "def main():\n"
        "    print('Sphinx error:\\nno first page', file=sys.stderr)\n"
        "    raise RuntimeError('Look above for the cause.')\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert build.build() == 1
    shown = capfd.readouterr().out
    assert shown.splitlines()[-2:] == ["Sphinx error:", "no first page"]
    assert "Look above" not in shown and "Look above" in (tmp_path / build.LOG).read_text()


BOOK = ROOT / "book"  # whose programs the tests start
HOLD = """
import sys
import build
from pathlib import Path
build.BUILD = Path(sys.argv[1])
with build.alone():
    print("alone", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("killed", [False, True])
def test_a_build_waits_for_another_one_and_not_for_one_that_was_killed(sphinx, tmp_path, monkeypatch, killed):
    command = [sys.executable, "-c", HOLD, str(tmp_path / "_build")]
    (tmp_path / "_build").mkdir()
    said, through = threading.Event(), threading.Event()
    monkeypatch.setattr(build, "print", lambda *_, **__: said.set(), raising=False)

    def second():
        with build.alone():
            through.set()

    with subprocess.Popen(command, cwd=BOOK, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout.readline() == "alone\n"
        waiting = threading.Thread(target=second)
        waiting.start()
        assert said.wait(60) and not through.is_set()
        if killed:
            first.kill()
        else:
            first.stdin.close()
        waiting.join()
    assert through.is_set()


def test_what_the_book_no_longer_has_leaves_its_folder(sphinx, tmp_path):
    """With a program in Sphinx's place that, as it does, copies what is there and removes nothing."""
    copy = "import shutil; [shutil.copytree(f, f'_build/html/{f}', dirs_exist_ok=True) for f in ('book', 'notebooks')]"
    sphinx(copy)
    html = tmp_path / "_build" / "html"
    sources = [tmp_path / name for name in ("book/_static/old.png", "book/_static/deep/old.webp", "book/old.md")]
    sources += [tmp_path / name for name in ("notebooks/09_old.ipynb", "book/_static/kept.css")]
    for path in sources:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert build.build() == 0
    (html / "kept").touch()
    assert build.build() == 0 and (html / "kept").exists(), "nothing changed, and all was written again"
    for gone in sources[:-1]:
        assert (html / gone.relative_to(tmp_path)).exists()
        gone.unlink()
        assert build.build() == 0
        assert not (html / gone.relative_to(tmp_path)).exists()
    sphinx(f"{copy}; raise SystemExit(1)")
    assert build.build() == 1
    sources[-1].unlink()
    sphinx(copy)
    assert build.build() == 0 and not (html / "book/_static/kept.css").exists(), "after a build that failed"


@pytest.fixture
def project(tmp_path):
    """A copy of what set-up reads, in a folder with a space in its name."""
    folder = tmp_path / "a project"
    folder.mkdir()
    (folder / "book").mkdir()
    names = ("requirements.txt", "constraints.txt", "pyproject.toml", "book/package.json", "book/package-lock.json")
    bundled = ("src/latentwalk/widgets/numbers.js", "src/latentbook/lab.py")  # set-up looks when they changed
    for name in ("Makefile", "book/environment.py", *names, *bundled):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


def make(folder, *arguments, **environment):
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
    result = subprocess.run(
        ["make", *arguments], cwd=folder, env={**inherited, **environment}, text=True, capture_output=True, timeout=900
    )
    return result.returncode, (result.stdout + result.stderr).strip().splitlines()


def program(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


class TestMakefileGuards:
    def test_a_python_that_is_too_old_or_missing(self, project):
        for python in (program(project / "old python", "exit 1"), str(project / "none")):
            code, lines = make(project, "book", f"PYTHON={python}")
            assert code
            assert any("is not Python 3.11 or newer" in line for line in lines[-3:]), lines
        assert not (project / ".venv").exists()

    def test_a_failing_installation_names_itself_and_leaves_no_stamp(self, project):
        (project / "requirements.txt").write_text("-r nowhere.txt\n")
        code, lines = make(project, "setup")
        assert code
        assert any("could not install requirements.txt" in line for line in lines[-3:]), lines
        assert any("nowhere.txt" in line for line in lines)
        assert not (project / ".venv/.installed").exists()

    def test_what_is_installed_is_not_installed_again(self, project):
        (project / "requirements.txt").write_text("-r nowhere.txt\n")
        for name in (".venv", "book/node_modules", "src/latentwalk/widgets/bundles"):
            (project / name / "bin").mkdir(parents=True)
            (project / name / ".installed").write_text(f"{project}\n")
        program(project / ".venv/bin/python", 'exec python3 "$@"')
        code, lines = make(project, "setup", "PYTHON=/nowhere")
        assert code == 0 and lines == []
        (project / "book/node_modules").rename(project / "book/elsewhere")
        assert make(project, "python") == (0, []), "the notebooks need no npm packages"
        (project / "book/elsewhere").rename(project / "book/node_modules")
        (project / "constraints.txt").touch()
        code, lines = make(project, "setup")
        assert code and "could not install requirements.txt" in lines[-2], lines
        (project / ".venv/.installed").write_text(f"{project}\n")
        shutil.move(project, project.with_name("moved"))
        code, lines = make(project.with_name("moved"), "setup")
        assert code, "an environment that was moved has to be installed again"


@pytest.mark.parametrize(
    "name, chosen, line",
    [
        ("chromium", "/nowhere/chromium", "error: LATENTWALK_CHROMIUM=/nowhere/chromium is not a program"),
        (
            "chromium",
            "",
            "error: the tests need Chromium or Chrome: install one, or set LATENTWALK_CHROMIUM to its path",
        ),
        ("firefox", "/nowhere/firefox", "error: LATENTWALK_FIREFOX=/nowhere/firefox is not a program"),
        ("firefox", "", "error: the tests need Firefox: install it, or set LATENTWALK_FIREFOX to its path"),
    ],
)
def test_a_missing_browser_is_one_clear_line(name, chosen, line):
    if chosen == "" and Path({"chromium": chromium.MAC, "firefox": firefox.MAC}[name]).exists():
        pytest.skip("it is installed where no PATH is needed")
    result = subprocess.run(
        [sys.executable, "-m", f"latentbook.{name}"],
        env={f"LATENTWALK_{name.upper()}": chosen, "PATH": ""},
        text=True,
        capture_output=True,
    )
    assert result.returncode
    assert result.stderr.strip() == line


def test_the_locks_are_complete_and_name_no_host():
    lock = json.loads((ROOT / "book/package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    for name, package in packages.items():
        assert "integrity" in package, name
        assert "resolved" not in package, name
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines), "plain pins: no address, no local version"
    pinned = {line.partition("==")[0].lower().replace("_", "-"): line.partition("==")[2] for line in lines}
    for line in (ROOT / "requirements.txt").read_text().splitlines():
        if match := re.match(r"([\w.-]+)==(\S+)", line):
            assert pinned[match[1].lower().replace("_", "-")] == match[2], line
    assert not {name for name in pinned if name.startswith(("nvidia-", "triton", "cuda"))}
