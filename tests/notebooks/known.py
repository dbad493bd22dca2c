"""What passed stays known: a notebook's tests are not run again while nothing that they depend on has changed.

`make book` runs its notebooks with them (book/_ext/ahead.py), so that what the book shows is what was tested, and each notebook is run once
for both: with ``--keep`` it is stored as it was after its first pass. `make test`, with ``--known``, runs the tests that are left.
"""

import contextlib
import functools
import hashlib
import json
import os
import platform
import sys
import time
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
import sentences
import solutions
from nbclient import NotebookClient
from nbval.plugin import IPyNbCell, IPyNbFile

from latentbook.sources import DEPENDENCIES, ONLY_SHOWN, source_hash

TESTS = ("src/latentbook", "tests/notebooks", "tests/offline", "tests/conftest.py", "pyproject.toml")


@functools.cache
def tests_of(notebook: Path) -> list[str]:
    """The names of a notebook's tests, in their order."""
    cells = nbformat.read(notebook, as_version=4).cells
    once = [f"Cell {number}" for number in range(sum(cell.cell_type == "code" for cell in cells))]
    twice = [*once, *(f"{name} again" for name in once)]
    return [*twice, "afterwards", *sentences.of(notebook), *solutions.with_code(notebook)]


class Known:
    """The notebooks of a project whose tests have all passed, in ``_build/known``."""

    def __init__(self, root: Path):
        self.root, self.folder = root, root / "_build" / "known"
        sources = source_hash(root, (*DEPENDENCIES, *TESTS), ONLY_SHOWN)
        self.surroundings = f"{sources} {platform.platform()} {sys.version}"

    def digest(self, notebook: Path) -> str:
        """Of all that a notebook's tests depend on."""
        return hashlib.sha256(self.surroundings.encode() + notebook.read_bytes()).hexdigest()

    def file(self, notebook: Path) -> Path:
        return self.folder / f"{notebook.stem}.json"

    def all(self) -> dict[str, list[str]]:
        """For each notebook its tests, which have passed with all that they depend on as it is now."""
        found = {}
        for file in sorted(self.folder.glob("*.json")):
            # One that is damaged, or of a notebook that is gone, tells nothing.
            with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
                known = json.loads(file.read_text(encoding="utf-8"))
                if known["digest"] == self.digest(Path(known["notebook"])):
                    found[known["notebook"]] = known["tests"]
        return found

    def remember(self, notebook: Path, digest: str, tests: list[str]) -> None:
        """These tests have passed. Nothing is known unless they are all that the notebook has, nothing has changed meanwhile, and none of
        the run asked for the network."""
        if tests != tests_of(notebook) or Path(os.environ["LATENTWALK_NETWORK_LOG"]).stat().st_size:
            return
        if Known(self.root).digest(notebook) != digest:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        new = self.folder / f"{notebook.stem}.{os.getpid()}"
        new.write_text(json.dumps({"notebook": str(notebook), "digest": digest, "tests": tests}), encoding="utf-8")
        new.replace(self.file(notebook))

    def forget(self, notebook: Path) -> None:
        """One of its tests has failed."""
        self.file(notebook).unlink(missing_ok=True)


class Passes:
    """A plugin that leaves out what is known to pass, if asked, and knows from now on what passes."""

    def __init__(self, config):
        self.known = Known(config.rootpath)
        self.left_out: dict[str, list[str]] = {}
        if hasattr(
            config, "workerinput"
        ):  # whoever starts the workers decides for all, and for one that takes the place of another
            self.left_out = config.workerinput["known"]
        elif config.option.known:
            self.left_out = self.known.all()
        self.digests: dict[Path, str] = {}
        self.passed: dict[Path, list[str]] = {}

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node):
        node.workerinput["known"] = self.left_out

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config, items):
        ours = [item for item in items if isinstance(item.parent, IPyNbFile)]
        self.digests = {path: self.known.digest(path) for path in {item.path for item in ours}}
        out = {item for item in ours if str(item.path) in self.left_out}
        items[:] = [item for item in items if item not in out]
        config.hook.pytest_deselected(items=list(out))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        report = yield
        if isinstance(item.parent, IPyNbFile):
            if report.failed:
                self.known.forget(item.path)
            elif call.when == "call" and report.passed:
                tests = self.passed.setdefault(item.path, [])
                tests.append(item.name)
                self.known.remember(item.path, self.digests[item.path], tests)
        return report

    def pytest_terminal_summary(self, terminalreporter):
        if self.left_out:
            number, notebooks = sum(map(len, self.left_out.values())), len(self.left_out)
            terminalreporter.write_line(f"known to pass, and not run again: {number:,} tests of {notebooks} notebooks")


class Keeps:
    """A plugin that stores each notebook as it was after its first pass, and tells when. After a failure the others of its tests can wait."""

    def __init__(self, config, patience: int):
        self.root, self.folder, self.patience = config.rootpath, Path(config.option.keep), patience
        self.plugins = config.pluginmanager
        self.runs: dict[IPyNbFile, Run] = {}
        self.failed: set[IPyNbFile] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item):
        notebook, first = item.parent, type(item) is IPyNbCell
        if first and notebook not in self.runs:
            self.runs[notebook] = Run(notebook, self.patience)
        if notebook in self.failed and not first:
            pytest.skip("a test before it has failed")
        start = time.monotonic()
        try:
            return (yield)
        except BaseException:
            self.failed.add(notebook)
            raise
        finally:
            if first:
                run = self.runs[notebook]
                run.seconds += time.monotonic() - start
                if not run.left:
                    run.store(self.folder / item.path.relative_to(self.root))
                    item.user_properties.append(("seconds", run.seconds))

    def pytest_runtest_logreport(self, report):
        path, _, name = report.nodeid.partition("::")
        notebook = self.root / path
        for _, seconds in (p for p in report.user_properties if p[0] == "seconds" and report.when == "call"):
            self.say(f"{notebook}: Executed notebook in {seconds:.2f} seconds")
        if report.failed:
            self.say(f"{notebook}: failed: {name}")

    def say(self, line: str) -> None:
        if terminal := self.plugins.get_plugin("terminalreporter"):  # which workers have not
            terminal.write(f"\n{line}\n", flush=True)


class Run:
    """A notebook's first pass, kept as nbclient would: with pictures, and with the state of its figures."""

    def __init__(self, collector, patience: int):
        self.notebook = deepcopy(collector.nb)
        self.client = NotebookClient(self.notebook, record_timing=False)
        self.client.kc, self.client.clear_before_next_output = collector.kernel.kc, False
        reply = self.client.kc.kernel_info(reply=True, timeout=patience)
        self.notebook.metadata.language_info = reply["content"]["language_info"]
        self.left = [at for at, cell in enumerate(self.notebook.cells) if cell.cell_type == "code"]
        for at in self.left:
            self.notebook.cells[at].outputs = []
        self.seconds, self.request, self.next_message = 0.0, None, collector.get_kernel_message
        collector.get_kernel_message = self.get_message

    def get_message(self, **options) -> dict:
        """In place of nbval's method: what the kernel says of the cell that it runs. A cell of which all was heard is left no more."""
        message = self.next_message(**options)
        about = message["parent_header"].get("msg_id")
        if message["msg_type"] == "execute_input":
            self.request = about
        if self.left and about == self.request:
            if message["msg_type"] != "status":
                self.request = None  # should this raise an error
                self.client.process_message(message, self.notebook.cells[self.left[0]], self.left[0])
                self.request = about
            elif message["content"]["execution_state"] == "idle":
                del self.left[0]
                self.request = None
        return message

    def store(self, path: Path) -> None:
        """Write the notebook with all that came of it."""
        self.client.set_widgets_metadata()
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(self.notebook, path)
