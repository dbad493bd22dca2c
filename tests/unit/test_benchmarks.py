"""The book's page on speed shows one stored run of every benchmark, with its date and machine."""

import gzip
import re
import subprocess
import sys
import urllib.error
import urllib.request

import _report
import _visit
import pytest

from latentbook import ROOT, server

BENCHMARKS = sorted(path.stem for path in (ROOT / "benchmarks").glob("[a-z]*.py"))
PAGE = (ROOT / "book" / "speed.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*BENCHMARKS, "checkpoints"])
def test_each_has_a_stored_run_on_the_page(name):
    first, *rest = (ROOT / "book" / "speed" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d, .+, \d+ cores, \w+, Python 3\.\d+\.\d+, torch [\d.]+\S*", first), first
    assert len(rest) > 3 and f"speed/{name}.txt" in PAGE


def test_the_page_shows_nothing_else():
    assert set(re.findall(r"speed/(\w+)\.txt", PAGE)) == {*BENCHMARKS, "checkpoints"}
    assert {path.stem for path in (ROOT / "book" / "speed").iterdir()} == {*BENCHMARKS, "checkpoints"}


def test_make_bench_runs_all_of_them():
    makefile = (ROOT / "Makefile").read_text()
    assert sorted(re.search(r"or \$\(NAMES\),([^)]+)\)", makefile)[1].split()) == BENCHMARKS


def test_one_says_when_and_where_it_ran():
    code = "from _machine import describe; print(describe())"
    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "benchmarks", capture_output=True, text=True, check=True
    ).stdout
    assert re.match(r"\d{4}-\d\d-\d\d, .+ cores, ", printed)


def test_what_a_page_loads_is_weighed_by_kind(tmp_path):
    for name, size in {"page.html": 0, "a.css": 1000, "b.js": 2000, "weights/0123.js": 3000, "c.woff2": 4000}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x" * size)
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "04_kl-beta.js").write_bytes(b"x" * 5000)
    (tmp_path / "figures" / "0123456789abcdef.js").write_bytes(b"x" * 6000)  # the code of a kind of figure
    state = b'<script type="application/vnd.jupyter.widget-state+json">{}</script>'  # as older books have it
    (tmp_path / "page.html").write_bytes(b"<p>" + state + b"</p>")

    weight = _visit.weigh({path for path in tmp_path.rglob("*") if path.is_file()})
    kilobytes = {name: round(1000 * weight[name], 6) for name in _visit.KINDS}
    state_size, rest = len(state) / 1000, 0.007
    assert kilobytes == {
        "HTML": rest, "styles": 1, "scripts": 8, "state": 5 + state_size, "weights": 3, "fonts": 4, "images": 0
    }  # fmt: skip
    assert 1000 * weight["all"] == pytest.approx(sum(kilobytes.values()))
    assert 1000 * weight["page"] == pytest.approx(rest + state_size)
    assert 4 < 1000 * weight["gzip"] < 4.5, "all but the font, which is packed already"


def test_the_server_for_lighthouse_packs_text_and_nothing_else(tmp_path):
    (tmp_path / "page.html").write_text("<p>μ</p>" * 100, encoding="utf-8")
    (tmp_path / "still.webp").write_bytes(b"picture" * 100)
    with server.serve_packed(tmp_path) as base:
        with urllib.request.urlopen(f"{base}/page.html?v=1") as answer:
            assert answer.headers["Content-Encoding"] == "gzip" and answer.headers["Content-Type"] == "text/html"
            body = answer.read()
            assert len(body) == int(answer.headers["Content-Length"]) < 100
            assert gzip.decompress(body) == (tmp_path / "page.html").read_bytes()
        with urllib.request.urlopen(f"{base}/still.webp") as answer:
            assert answer.headers["Content-Encoding"] is None and answer.read() == b"picture" * 100
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{base}/gone.js")


def test_a_bar_names_what_misses_it_or_what_comes_nearest():
    bars = _report.Bars()
    bars.check("first figure, ms", 700, {"00": 650, "01": 700, "02": 100})
    bars.check("first figure, ms", 600, {"00": 650, "01": 700, "02": 100})
    bars.check("score", 90, {"00": 91, "01": 90}, least=True)
    bars.check("score", 91, {"00": 91, "01": 90}, least=True)
    bars.check("nothing of the kind", 1, {})
    assert [" ".join(line.split()) for line in bars.lines] == [
        *("met first figure, ms, at most 700:", "01 700"),
        *("MISSED first figure, ms, at most 600:", "00 650", "01 700"),
        *("met score, at least 90:", "01 90"),
        *("MISSED score, at least 91:", "01 90"),
    ]


def test_a_table_compares_the_last_book_with_the_first(capsys):
    _report.table("ms", dict.fromkeys(("before", "now")), {("00", "drag"): [(8, 9), (2, 3)]}, 0)
    assert capsys.readouterr().out.split() == [
        "ms",
        "page",
        "before",
        "now",
        "ratio",
        "00",
        "drag",
        "8",
        "/",
        "9",
        "2",
        "/",
        "3",
        "0.25",
    ]
    _report.table("ms", {"now": None}, {("00", "drag"): [(2, 3)]}, 1)
    assert capsys.readouterr().out.split() == ["ms", "page", "now", "00", "drag", "2.0", "/", "3.0"]
    assert _report.middle_and_high([3, 1, 2]) == (2, 3)
