"""Every test, and every Python that a test starts, does without a network; a test run in which one tried has failed."""

import importlib.util
import os
import tempfile
from pathlib import Path

GUARD = Path(__file__).parent / "offline"
_, LOG = tempfile.mkstemp(prefix="latentwalk-network-")
os.environ["LATENTWALK_NETWORK_LOG"] = LOG
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(GUARD), os.environ.get("PYTHONPATH")]))
_spec = importlib.util.spec_from_file_location("offline_guard", GUARD / "sitecustomize.py")
_spec.loader.exec_module(importlib.util.module_from_spec(_spec))


def pytest_sessionfinish(session):
    session.attempts = Path(LOG).read_text()
    os.unlink(LOG)
    if session.attempts:
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter):
    if attempts := terminalreporter._session.attempts:
        terminalreporter.section("the network was asked for")
        terminalreporter.write(attempts)
