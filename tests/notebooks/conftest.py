"""nbval, and more: each notebook runs twice in one kernel, which has no display, starts in a foreign folder and leaves nothing there.

The second pass is what Run all does in a kernel that is in use; its outputs are compared with the stored ones, too. A cell
that took long is run again only if what it reads, or what came of it, is not as it was: see unchanged.py. What a cell writes to stderr (tqdm's progress bars) is not compared, but a warning there fails. Then come the notebook's claims,
and last the code in the solutions of the exercises, as a reader would copy it: what they say of it is compared with what it prints.
A notebook whose tests have all passed need not be run again while nothing has changed: see known.py.
"""

import ast
import os
import queue
import tempfile
import time
from collections import defaultdict
from copy import deepcopy
from pathlib import Path

import known
import nbformat.v4
import nbval.kernel
import pytest
import sentences
import solutions
from nbval.plugin import IPyNbCell

HERE = str(Path(__file__).parent)
DISPLAY = ("DISPLAY", "WAYLAND_DISPLAY", "MPLBACKEND")
MOST = 2.0  # GB that a kernel may have taken
LONG = float(
    os.environ.get("LATENTWALK_LONG", 0.6)
)  # seconds of a cell that is run again only if something has changed
PATIENCE = 900  # seconds for an answer of a kernel, which no busy machine takes
# These take longest: no worker is left alone with one at the end.
FIRST = ("01_holes", "05_vae", "04_kl", "judge-of-pixels", "rulers-and-judge", "straight-or-spherical")


def while_it_lives(manager, get_message):
    """A kernel client's method that waits for a message, and not for one of a kernel that has died."""

    def get(timeout=None):
        end = time.monotonic() + (PATIENCE if timeout is None else timeout)
        while True:
            try:
                return get_message(timeout=min(2, max(0, end - time.monotonic())))
            except queue.Empty:
                if not manager.is_alive():
                    raise RuntimeError("the kernel has died") from None
                if time.monotonic() >= end:
                    raise

    return get


def pytest_addoption(parser):
    group = parser.getgroup("notebooks")
    group.addoption("--known", action="store_true", help="leave out what is known to pass; know what passes")
    group.addoption(
        "--keep", metavar="FOLDER", help="store each notebook there as it was after its first pass; know what passes"
    )


def pytest_configure(config):
    folders = tempfile.TemporaryDirectory()
    config.add_cleanup(folders.cleanup)
    config.option.nbval_current_env = True
    config.option.nbval_sanitize_with = str(Path(HERE, "sanitize.cfg"))
    config.option.nbval_cell_timeout = config.option.nbval_kernel_startup_timeout = PATIENCE
    config.pluginmanager.register(Runs())
    if config.option.known or config.option.keep:
        config.pluginmanager.register(known.Passes(config), "known")
    if config.option.keep:
        config.pluginmanager.register(known.Keeps(config, PATIENCE))
    start = nbval.kernel.start_new_kernel

    def start_elsewhere(**options):
        environment = {name: value for name, value in os.environ.items() if name not in DISPLAY}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [HERE, environment.get("PYTHONPATH")]))
        folder = tempfile.mkdtemp(prefix="anderswo, über alle Berge ", dir=folders.name)
        manager, client = start(**{**options, "cwd": folder, "env": environment})
        execute = client.execute

        def as_readers_do(code, **options):
            """nbval stores no history, and without one a semicolon at the end of a cell hides nothing."""
            return execute(code, **{**options, "store_history": not options.get("silent")})

        client.execute, manager.started_in = as_readers_do, folder
        for name in ("get_shell_msg", "get_iopub_msg"):
            setattr(client, name, while_it_lives(manager, getattr(client, name)))
        return manager, client

    nbval.kernel.start_new_kernel = start_elsewhere


ready = set()  # the notebooks whose kernels know unchanged.py


def ask(notebook, question: str) -> str | float:
    """What the functions of unchanged.py say in the notebook's kernel."""
    asked = {"answer": f"__import__('unchanged').{question}"}
    reply = notebook.kernel.kc.execute("", silent=True, user_expressions=asked, reply=True, timeout=PATIENCE)
    answer = reply["content"]["user_expressions"]["answer"]
    assert answer["status"] == "ok", answer
    return ast.literal_eval(answer["data"]["text/plain"])


class Again(IPyNbCell):
    """A cell in the second pass. Set after its making: ``first``, that of the first pass."""

    def runtest(self):
        why = self.first.why
        if why == "" and not (why := ask(self.parent, f"differs({self.cell_num})")):
            self.test_outputs = self.first.test_outputs  # which were as they are stored
            return
        print(f"run again: {why}")
        super().runtest()


class Afterwards(pytest.Item):
    """What the kernel has taken, and what it has left behind."""

    def runtest(self):
        assert self.parent.kernel.is_alive(), "the kernel has died"
        peak = ask(self.parent, "peak()")
        self.user_properties.append(("peak", peak))
        print(f"{self.parent.path.stem}: {peak:.2f} GB")
        assert peak < MOST, f"the kernel took {peak:.2f} GB of memory"
        left = os.listdir(self.parent.kernel.km.started_in)
        assert not left, f"left in the folder that the kernel was started in: {left}"


class Claim(IPyNbCell):
    """A claim in a cell of its own; its name is what it says."""


def claims_of(notebook):
    for number, (sentence, code) in enumerate(sentences.of(notebook.path).items()):
        cell = nbformat.v4.new_code_cell(code)
        yield Claim.from_parent(notebook, name=sentence, cell_num=number, cell=cell, options=defaultdict(bool))


class Solution(IPyNbCell):
    """A solution's code in a cell of its own. Set after its making: ``text``, the solution with its words."""

    def runtest(self):
        super().runtest()
        found = solutions.wrong(self.name, self.text, self.test_outputs)
        assert not found, "\n".join(found)


def solutions_of(notebook):
    for number, (label, (text, code)) in enumerate(solutions.with_code(notebook.path).items()):
        cell = nbformat.v4.new_code_cell(code)
        item = Solution.from_parent(notebook, name=label, cell_num=number, cell=cell, options=defaultdict(bool))
        item.text = text
        yield item


def pytest_collection_modifyitems(items):
    notebooks = {}
    for item in items:
        if isinstance(item, IPyNbCell):
            notebooks.setdefault(item.parent, []).append(item)
    for notebook, cells in notebooks.items():
        notebook.skip_compare += ("stderr",)
        again = [
            Again.from_parent(
                notebook, name=f"{c.name} again", cell_num=c.cell_num, cell=deepcopy(c.cell), options=c.options
            )
            for c in cells
        ]
        for one, other in zip(cells, again):
            other.first, one.why = one, "it did not take long"
        at = items.index(cells[-1]) + 1
        later = [*claims_of(notebook), *solutions_of(notebook)]
        notebook.sources = [item.cell.source for item in (*cells, *later)]
        items[at:at] = [*again, Afterwards.from_parent(notebook, name="afterwards"), *later]
    items.sort(key=lambda item: FIRST.index(item.path.stem) if item.path.stem in FIRST else len(FIRST))


class Runs:
    """What is done at each run of a cell. A plugin: hooks of this file see only the tests that lie beside it."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item):
        if isinstance(item, IPyNbCell):
            item.output_timeout = PATIENCE
            if item.parent not in ready:
                ready.add(item.parent)
                ask(item.parent, f"install({item.parent.sources!r})")
        start = time.monotonic()
        result = yield
        if type(item) is IPyNbCell and time.monotonic() - start > LONG:
            item.why = ask(item.parent, f"remember({item.cell_num})")
        for output in getattr(item, "test_outputs", None) or ():
            text = output.get("text", "") if output.get("name") == "stderr" else ""
            assert "Warning" not in text, text
        return result
