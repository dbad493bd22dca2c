"""Node for the tests that run the figures' JavaScript by itself."""

import json
import subprocess

import pytest

from latentbook.node import node


@pytest.fixture
def run_javascript(tmp_path):
    """A function that runs a module in a folder of its own, ``tmp_path``, and returns the JSON that it prints."""

    def run(script: str):
        (tmp_path / "run.mjs").write_text(script)
        done = subprocess.run([*node(), "run.mjs"], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
