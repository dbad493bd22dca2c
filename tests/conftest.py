"""Every test, and every Python that a test starts, does without a network; a test run in which one tried has failed."""

import importlib.util
import os
import tempfile
from pathlib import Path

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
