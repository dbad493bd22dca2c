"""The book's page on speed shows one stored run of every benchmark, with its date and machine."""

import re
import subprocess
import sys

import pytest

from latentwalk.data import PROJECT

BENCHMARKS = sorted(path.stem for path in (PROJECT / "benchmarks").glob("[a-z]*.py"))
PAGE = (PROJECT / "book" / "speed.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*BENCHMARKS, "checkpoints"])
def test_each_has_a_stored_run_on_the_page(name):
    first, *rest = (PROJECT / "book" / "speed" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d, .+, \d+ cores, \w+, Python 3\.\d+\.\d+, torch [\d.]+\S*", first), first
    assert len(rest) > 3 and f"speed/{name}.txt" in PAGE


def test_the_page_shows_nothing_else():
    assert set(re.findall(r"speed/(\w+)\.txt", PAGE)) == {*BENCHMARKS, "checkpoints"}
    assert {path.stem for path in (PROJECT / "book" / "speed").iterdir()} == {*BENCHMARKS, "checkpoints"}


def test_make_bench_runs_all_of_them():
    makefile = (PROJECT / "Makefile").read_text()
    assert sorted(re.search(r"or \$\(NAMES\),([^)]+)\)", makefile)[1].split()) == BENCHMARKS


def test_one_says_when_and_where_it_ran():
    code = "from _machine import describe; print(describe())"
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT / "benchmarks", capture_output=True, text=True, check=True
    ).stdout
    assert re.match(r"\d{4}-\d\d-\d\d, .+ cores, ", said)
