"""Sphinx extension: notebooks that have to be run are run side by side, before the pages are read one after the other.

Each has a core to itself. What comes of them goes into the cache, where MyST-NB finds it when it reads the page. One that
fails is run once more there, and MyST-NB says what is wrong. One whose pictures say a word that has another translation
now than when they were drawn is run again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import nbformat
from myst_nb.core.execute.cache import CacheBundleIn, get_cache, single_nb_execution  # what it runs and keeps them with
from offline import other_edition
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from latentbook import dark

MOST = 4  # kernels at a time: one may take 2 GB of memory


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(path: Path, notebook: nbformat.NotebookNode, timeout: int):
    """Run a notebook in its folder, as MyST-NB does; gives it with its outputs, the seconds that it took, and what went wrong."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    return single_nb_execution(notebook, cwd=str(path.parent), timeout=timeout, allow_errors=False)


def run_all(app: Sphinx, env: BuildEnvironment, docnames: Iterable[str]) -> None:
    """Run the notebooks among the pages to read that the cache does not know."""
    config, missing = env.mystnb_config, {}
    if config.execution_mode != "cache":
        return
    cache = get_cache(config.execution_cache_path)
    for path in (Path(env.doc2path(name)) for name in docnames):
        if path.suffix == ".ipynb":
            notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
            try:
                known = cache.match_cache_notebook(notebook).pk
            except KeyError:
                missing[path] = notebook
                continue
            drawn = dark.pictures(cache.get_cache_bundle(known).nb) if not other_edition(app) else ()
            if any(map(dark.stale, drawn)):
                cache.remove_cache(known)
                missing[path] = notebook
    at_a_time = min(cores(), MOST, len(missing))
    if at_a_time < 2:
        return
    log = logging.getLogger(__name__)
    with ProcessPoolExecutor(at_a_time) as pool:
        runs = {pool.submit(run, *given, config.execution_timeout): given[0] for given in missing.items()}
        for done in as_completed(runs):
            path, result = runs[done], done.result()
            if result.err is None:
                bundle = CacheBundleIn(result.nb, str(path), data={"execution_seconds": result.time})
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
                log.info(f"{path}: Executed notebook in {result.time:.2f} seconds")


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
