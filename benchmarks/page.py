"""Built books in Chromium: what a page loads, when its first figure stands, how fast figures answer, what Lighthouse says.

A visit opens a page and touches nothing until its first figure is drawn and nothing more is loaded: that is what a reader waits for.
Then it goes from figure to figure, with arrow keys on the handles of sliders and a pointer that drags on canvases, and times each event:
from its own time stamp to the first task after the frame in which the figure drew. With several books, their pages are visited in
turn, so that a busy moment of the machine meets all books alike, and the last one is compared with the first. At the end stands which
bars the last one meets. (VAE Explainer, measured the same way, has a median of 50 ms and a 95th percentile of 55 ms.)

Usage: python benchmarks/page.py [page ...] (after `make book`, on a machine that does nothing else; 20 minutes for a whole book)
"""

import argparse
import contextlib
import statistics
import textwrap
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from _lighthouse import SCORES, TIMES, judge
from _machine import describe
from _report import Bars, Books, middle_and_high, table
from _visit import KINDS, Visit, visit, weigh
from playwright.sync_api import sync_playwright

from latentbook import HTML, LANGUAGES
from latentbook.chromium import launch
from latentbook.server import serve, serve_packed

PARTS = ("load", "drag", "lighthouse")

# The bars: at most so much, but of Lighthouse's scores at least.
WEIGHT = {"00_walk": 3, "01_holes": 4}  # MB before the first drag
HTML_WEIGHT = 3  # MB
FIRST, FIRST_RATIO = 700, 0.7 / 1.2  # ms until the first figure; of what the first book takes
MEDIAN, P95 = 14, 28  # ms from event to paint
LIGHTHOUSE = {"speed": 90, "access": 100, "best": 100, "SEO": 100, "paint": 2, "blocked": 300, "shift": 0.005}

Visits = dict[tuple[str, str], list[Visit]]  # by book and page


def all_pages(folder: Path) -> dict[str, Path]:
    """The addresses of a book's English pages by their names; index.html only leads to the first chapter."""
    paths = sorted(path.relative_to(folder) for path in folder.rglob("*.html"))
    others = ("_static", "embed", "index.html", *LANGUAGES.values())
    return {path.stem: path for path in paths if path.parts[0] not in others}


def visit_all(books: Books, pages: dict[str, Path], times: int, dragging: bool) -> Visits:
    """Visit the pages, the books in turn."""
    seen = defaultdict(list)
    with contextlib.ExitStack() as stack:
        bases = {book: stack.enter_context(serve(folder)) for book, folder in books.items()}
        playwright = stack.enter_context(sync_playwright())
        browser = launch(playwright)
        first = next(iter(bases.values()))
        browser.new_page().goto(f"{first}/genindex.html")  # the browser's own first steps are not the page's
        for name, address in pages.items():
            for _ in range(times):
                for book, base in bases.items():
                    seen[book, name].append(visit(browser, base, books[book], address, dragging))
        browser.close()
    return seen


def report_loads(books: Books, names: Iterable[str], seen: Visits, bars: Bars) -> None:
    """What is loaded before the first drag, and when the first figure is drawn."""
    now = list(books)[-1]
    weights = {key: weigh(set.union(*(one.files for one in visits))) for key, visits in seen.items()}
    for book in books:
        print(f"\nMB before the first drag, {book}\n{'page':22}" + "".join(f"{kind:>8}" for kind in (*KINDS, "all")))
        for name in names:
            print(f"{name:22}" + "".join(f"{weights[book, name][kind]:8.2f}" for kind in (*KINDS, "all")))
        print(f"\nNetworks before the first drag, {book}")
        for name in names:
            networks = ", ".join(sorted(seen[book, name][-1].networks)) or "-"
            print(textwrap.fill(networks, 87, initial_indent=f"{name:22}", subsequent_indent=" " * 22))
    rows = {(name, ""): [(weights[book, name]["all"], weights[book, name]["gzip"]) for book in books] for name in names}
    table("MB before the first drag: as they lie on the disk / as gzip sends them", books, rows, 2)

    firsts = {key: middle_and_high([one.first for one in visits]) for key, visits in seen.items() if visits[0].first}
    live = [name for name in names if (now, name) in firsts]
    rows = {(name, ""): [firsts[book, name] for book in books] for name in live}
    table("First figure, ms: median / 95th percentile", books, rows, 0)

    for book in books:
        for address in {address for name in names for address in seen[book, name][-1].missing}:
            print(f"\nDoes not load, {book}: {address}")
    bars.check("files that do not load", 0, {name: len(seen[now, name][-1].missing) for name in names})
    for name in [name for name in WEIGHT if name in names]:
        bars.check("MB before the first drag", WEIGHT[name], {name: weights[now, name]["all"]})
    bars.check("MB of HTML", HTML_WEIGHT, {name: weights[now, name]["page"] for name in names})
    bars.check("first figure, ms", FIRST, {name: firsts[now, name][0] for name in live})
    if len(books) > 1:
        before = next(iter(books))
        ratios = {name: firsts[now, name][0] / firsts[before, name][0] for name in live}
        bars.check(f"first figure, {now} by {before}", FIRST_RATIO, ratios)


def report_drags(books: Books, names: Iterable[str], seen: Visits, bars: Bars) -> None:
    """From event to paint, for every input of every figure, over all visits."""
    now, rows = list(books)[-1], {}
    for name in names:
        for what in seen[now, name][0].inputs:
            pooled = ([ms for one in seen[book, name] for ms in one.inputs[what]] for book in books)
            rows[name, what] = [middle_and_high(times) for times in pooled]
    table("From event to paint, ms: median / 95th percentile", books, rows, 1)
    for what, limit, which in (("median", MEDIAN, 0), ("95th percentile", P95, 1)):
        values = {", ".join(key): cells[-1][which] for key, cells in rows.items()}
        bars.check(f"from event to paint, {what} in ms", limit, values)


def report_lighthouse(books: Books, pages: dict[str, Path], times: int, bars: Bars) -> None:
    """Medians of Lighthouse's scores and times, the books in turn."""
    found, columns = defaultdict(dict), (*SCORES, *TIMES)
    print("\nLighthouse, its mobile setting; first and largest paint in s, blocked in ms")
    print(f"{'page':22}{'':7}" + "".join(f"{column:>{len(column) + 2}}" for column in columns))
    with contextlib.ExitStack() as stack:
        bases = {book: stack.enter_context(serve_packed(folder)) for book, folder in books.items()}
        for name, address in pages.items():
            runs = [(book, judge(f"{base}/{address.as_posix()}")) for _ in range(times) for book, base in bases.items()]
            for book in books:
                one = {what: statistics.median(run[what] for of, run in runs if of == book) for what in columns}
                found[book][name] = one
                cells = [f"{one[what]:{len(what) + 2}.{0 if what in SCORES else 2}f}" for what in columns]
                print(f"{name:22}{book:7}{''.join(cells)}", flush=True)
    for book in books:
        lowest = min(found[book], key=lambda page: found[book][page]["speed"])
        print(f"The lowest page, {book}: {lowest}, {found[book][lowest]['speed']:.0f}")
    for what, limit in LIGHTHOUSE.items():
        values = {page: one[what] for page, one in found[list(books)[-1]].items()}
        bars.check(f"Lighthouse, {what}", limit, values, least=what in SCORES)


def main() -> None:
    """Measure what the command line asks for, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", nargs="*", help="such as 04_kl; without any, the chapters, and all for Lighthouse")
    parser.add_argument("--book", action="append", metavar="NAME=FOLDER", help="a built book (now=_build/html)")
    parser.add_argument("--part", action="append", choices=PARTS, help="what is measured (all three)")
    parser.add_argument("--visits", type=int, default=3, help="of each page in each part (3)")
    arguments = parser.parse_args()

    books = {
        name: Path(folder) for name, _, folder in (book.partition("=") for book in arguments.book or [f"now={HTML}"])
    }
    parts, bars = arguments.part or PARTS, Bars()
    every = all_pages(list(books.values())[-1])
    if missing := sorted({*arguments.page} - {*every}) or [
        folder for folder in books.values() if not all_pages(folder)
    ]:
        parser.error(f"not in the book, or no built book: {', '.join(map(str, missing))}")
    print(describe())
    if "load" in parts or "drag" in parts:
        chapters = {name: every[name] for name in arguments.page or every if arguments.page or name.startswith("0")}
        seen = visit_all(books, chapters, arguments.visits, "drag" in parts)
        if "load" in parts:
            report_loads(books, chapters, seen, bars)
        if "drag" in parts:
            report_drags(books, chapters, seen, bars)
    if "lighthouse" in parts:
        report_lighthouse(books, {name: every[name] for name in arguments.page or every}, arguments.visits, bars)
    print("\nBars" + (f", {list(books)[-1]}" if len(books) > 1 else ""), *bars.lines, sep="\n")


if __name__ == "__main__":
    main()
