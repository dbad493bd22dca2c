"""Every test, and every Python that a test starts, does without a network; a test run in which one tried has failed.

And which worker takes which test.
"""

import importlib.util
import os
import tempfile
from pathlib import Path

import pytest

GUARD = Path(__file__).parent / "offline"
FIRST = "LATENTWALK_NETWORK_LOG" not in os.environ  # a pytest within pytest leaves the counting to the outer one
if FIRST:
    handle, os.environ["LATENTWALK_NETWORK_LOG"] = tempfile.mkstemp(prefix="latentwalk-network-")
    os.close(handle)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(GUARD), os.environ.get("PYTHONPATH")]))
LOG = Path(os.environ["LATENTWALK_NETWORK_LOG"])
_spec = importlib.util.spec_from_file_location("offline_guard", GUARD / "sitecustomize.py")
_spec.loader.exec_module(importlib.util.module_from_spec(_spec))


def pytest_sessionfinish(session):
    if FIRST and LOG.stat().st_size:
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter):
    if FIRST and (attempts := LOG.read_text()):
        terminalreporter.section("the network was asked for")
        terminalreporter.write(attempts)


def pytest_unconfigure():
    if FIRST:
        LOG.unlink()


# The workers


# A notebook's cells, and files whose tests share what takes long to make, stay each on one worker, and begin first; of the others each
# test goes to whichever worker is free, those that take longest before the rest, so that no worker is left alone at the end.
TOGETHER = ("test_paper", "test_faults", "test_language", "test_along", "test_formulas", "test_firefox", "test_pages")
TOGETHER += ("test_jupyterlab", "test_four_figures", "test_licences")
LONGEST = ("test_visits", "test_lab_page", "test_address", "test_hosts", "test_screens")


def pytest_collection_modifyitems(items):
    order = (*TOGETHER, ".ipynb", *LONGEST)

    def place(item):
        kind = ".ipynb" if item.path.suffix == ".ipynb" else item.path.stem
        return order.index(kind) if kind in order else len(order)

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    if config.option.dist != "load":  # another way was asked for
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Scheduler(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file = nodeid.partition("::")[0]
            return file if file.endswith(".ipynb") or Path(file).stem in TOGETHER else nodeid

    config.option.loadscopereorder = False  # which would begin with the files of most tests
    return Scheduler(config, log)
