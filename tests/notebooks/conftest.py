"""nbval, and more: each notebook runs twice in one kernel, which has no display, starts in a foreign folder and leaves nothing there.

The second pass is what Run all does in a kernel that is in use; its outputs are compared with the stored ones, too. What a
cell writes to stderr (tqdm's progress bars) is not compared, but a warning there fails. Then come the notebook's claims,
and last the code in the solutions of the exercises, as a reader would copy it: what they say of it is compared with what it prints.
"""

import os
import re
import tempfile
from collections import defaultdict
from copy import deepcopy
from pathlib import Path

import nbformat.v4
import nbval.kernel
import pytest
import sentences
import solutions
from nbval.plugin import IPyNbCell

DISPLAY = ("DISPLAY", "WAYLAND_DISPLAY", "MPLBACKEND")
MOST = 2.0  # GB that a kernel may have taken
# These take longest: no worker is left alone with one at the end.
FIRST = ("01_holes", "recipe", "05_vae", "judge-of-pixels", "04_kl")


def pytest_configure(config):
    folders = tempfile.TemporaryDirectory()
    config.add_cleanup(folders.cleanup)
    start = nbval.kernel.start_new_kernel

    def start_elsewhere(**options):
        environment = {name: value for name, value in os.environ.items() if name not in DISPLAY}
        folder = tempfile.mkdtemp(prefix="anderswo, über alle Berge ", dir=folders.name)
        return start(**{**options, "cwd": folder, "env": environment})

    nbval.kernel.start_new_kernel = start_elsewhere


class Again(IPyNbCell):
    """A cell in the second pass."""


class Afterwards(pytest.Item):
    """What the kernel has taken, and what it has left behind."""

    def runtest(self):
        process = Path(f"/proc/{self.parent.kernel.km.provisioner.pid}")
        status = (process / "status").read_text()
        peak = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024 / 1e9
        self.user_properties.append(("peak", peak))
        print(f"{self.parent.path.stem}: {peak:.2f} GB")
        assert peak < MOST, f"the kernel took {peak:.2f} GB of memory"
        left = os.listdir(process / "cwd")
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
        at = items.index(cells[-1]) + 1
        afterwards = Afterwards.from_parent(notebook, name="afterwards")
        items[at:at] = [*again, afterwards, *claims_of(notebook), *solutions_of(notebook)]
    items.sort(key=lambda item: FIRST.index(item.path.stem) if item.path.stem in FIRST else len(FIRST))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    result = yield
    for output in getattr(item, "test_outputs", None) or ():
        text = output.get("text", "") if output.get("name") == "stderr" else ""
        assert "Warning" not in text, text
    return result
