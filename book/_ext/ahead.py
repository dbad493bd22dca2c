"""Sphinx extension: notebooks that have to be run are run side by side, before the pages are read one after the other.

Each has a core to itself, and is run with its tests (tests/notebooks): what the book shows is what was tested. What comes of it goes
into the cache, where MyST-NB finds it when it reads the page. One that has an error, and one that is alone, MyST-NB runs then, without tests,
and says what is wrong. One whose pictures say a word that has another translation now than when they were drawn is run again.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat
from myst_nb.core.execute.cache import CacheBundleIn, get_cache  # what it keeps them with
from offline import other_edition
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from latentbook import dark

MOST = 4  # kernels at a time: one may take 2 GB of memory
EXECUTED = re.compile(r"(.+): Executed notebook in ([\d.]+) seconds$")


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(root: Path, notebooks: list[Path], folder: Path) -> Iterator[tuple[Path, float]]:
    """Run notebooks with their tests; gives each that had no error, and its seconds, once it lies in the folder, at its path in the project."""
    command = [sys.executable, "-m", "pytest", "-n", str(min(cores(), MOST)), "--nbval", f"--keep={folder}"]
    command += ["tests/notebooks/claims"]  # which has no tests, but what it lies in has the options
    log, one_stream = logging.getLogger(__name__), {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    environment = {"OMP_NUM_THREADS": "1", **os.environ}
    with subprocess.Popen(
        [*command, *notebooks], cwd=root, env=environment, encoding="utf-8", errors="replace", **one_stream
    ) as process:
        for line in process.stdout:
            log.info(line.rstrip())
            if done := EXECUTED.match(line):
                yield Path(done[1]), float(done[2])
    if process.returncode not in (0, 1):  # all passed, some failed
        log.info(f"The tests of the notebooks broke off: pytest ended with {process.returncode}")


def run_all(app: Sphinx, env: BuildEnvironment, docnames: Iterable[str]) -> None:
    """Run the notebooks among the pages to read that the cache does not know."""
    config, missing = env.mystnb_config, []
    if config.execution_mode != "cache":
        return
    cache = get_cache(config.execution_cache_path)
    for path in (Path(env.doc2path(name)) for name in docnames):
        if path.suffix == ".ipynb":
            notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
            try:
                known = cache.match_cache_notebook(notebook).pk
            except KeyError:
                missing.append(path)
                continue
            drawn = dark.pictures(cache.get_cache_bundle(known).nb) if not other_edition(app) else ()
            if any(map(dark.stale, drawn)):
                cache.remove_cache(known)
                missing.append(path)
    if len(missing) < 2:
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for path, seconds in run(Path(app.srcdir), missing, folder):
            executed = nbformat.read(folder / path.relative_to(app.srcdir), as_version=4)
            bundle = CacheBundleIn(executed, str(path), data={"execution_seconds": seconds})
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def with_other_words(app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set) -> list[str]:
    """The pages with pictures whose words have other translations now."""
    pictures = ((pages, Path(app.srcdir, path)) for path, (pages, _) in env.images.items() if path.endswith(".png"))
    found = [pages for pages, path in pictures if path.exists() and dark.stale(path.read_bytes())]
    return sorted(set().union(*found) - removed)


def setup(app: Sphinx) -> dict:
    """Register the events above."""
    app.connect("env-get-outdated", with_other_words)
    app.connect("env-before-read-docs", run_all)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
