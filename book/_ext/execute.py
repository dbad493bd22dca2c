"""Sphinx extension: notebooks that are not in the execution cache are run before they are read, as many at a time as there are cores.

myst-nb would run them one after the other, and finds them in the cache now. One that fails is left to it: it runs it again, and says why.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)
MOST = 4  # kernels at a time: each may take 2 GB
ONE_THREAD = "OMP_NUM_THREADS"  # of a kernel's torch: the other cores have kernels of their own


def run_ahead(app: Sphinx, env, docnames: list[str]) -> None:
    """Run those of the pages to be read, the longest first."""
    if app.config.nb_execution_mode != "cache":
        return
    cache = get_cache(app.config.nb_execution_cache_path)
    paths = [path for name in docnames if (path := Path(env.doc2path(name))).suffix == ".ipynb"]
    waiting = []
    for path in sorted(paths, key=lambda path: path.stat().st_size, reverse=True):
        notebook = nbformat.read(path, 4)
        try:
            cache.match_cache_notebook(notebook)
        except KeyError:
            waiting.append((path, notebook))
    workers = min(len(waiting), os.cpu_count() or 1, MOST)
    if workers < 2:
        return

    def run(path: Path, notebook):
        timeout = app.config.nb_execution_timeout
        return path, single_nb_execution(notebook, cwd=str(path.parent), timeout=timeout, allow_errors=False)

    before = os.environ.get(ONE_THREAD)
    os.environ[ONE_THREAD] = "1"
    try:
        with ThreadPoolExecutor(workers) as pool:
            for done in as_completed([pool.submit(run, *one) for one in waiting]):
                path, result = done.result()
                if result.err is not None:
                    continue
                uri = cache.add_nb_to_project(str(path)).uri
                bundle = CacheBundleIn(result.nb, uri, data={"execution_seconds": result.time})
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
                logger.info(f"{path}: Executed notebook in {result.time:.2f} seconds")
    finally:
        os.environ.pop(ONE_THREAD) if before is None else os.environ.update({ONE_THREAD: before})


def setup(app: Sphinx) -> dict:
    """Register the event above."""
    app.connect("env-before-read-docs", run_ahead)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
