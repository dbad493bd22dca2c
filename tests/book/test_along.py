"""The book taken along: the zip, the notebooks, the PDF; and finding the way in it: search, links, the first screen."""

import itertools
import os
import re
import subprocess
import sys
import zipfile
from html import unescape
from urllib.parse import urlsplit

import nbformat
import pack
import pdf
import pytest
from built import CHAPTERS, PAGES, wait_for_figures
from cards import cards, settle, signature, wait_for_change
from rooms import Watch

from latentbook import HTML, ROOT

NAMES = [name for name, _ in pdf.names()]  # in the order of _toc.yml
NOTEBOOKS = [name for name in NAMES if name.startswith("notebooks/")]


def article(name: str) -> str:
    text = (HTML / f"{name}.html").read_text()
    return text[text.index("<article") : text.index("</article>")]


# The zip


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory):
    """The zip, unpacked where the path has spaces and letters of other scripts."""
    folder = tmp_path_factory.mktemp("along") / "Mein Ordner, schön und 新しい"
    folder.mkdir()
    pack.pack(HTML, folder / "book.zip")
    with zipfile.ZipFile(folder / "book.zip") as archive:
        assert {name.split("/")[0] for name in archive.namelist()} == {pack.NAME}, "one folder holds everything"
        archive.extractall(folder)
    return folder / pack.NAME


def test_the_zip_holds_the_book(unpacked):
    assert (unpacked.parent / "book.zip").stat().st_size < 30_000_000
    for path in filter(lambda path: path.is_file(), HTML.rglob("*")):
        name = path.relative_to(HTML)
        if path.suffix != ".map" and not any(part.startswith(".") for part in name.parts):
            assert (unpacked / "book" / name).read_bytes() == path.read_bytes(), name
    assert sorted(path.name for path in unpacked.iterdir()) == ["LICENSE.txt", "START.html", "book"]


def test_the_unpacked_zip_opens_by_double_click(browser, unpacked):
    context = browser.new_context()
    watch, page = Watch(context, (f"{unpacked.as_uri()}/",)), context.new_page()
    page.goto((unpacked / "START.html").as_uri())
    page.wait_for_url(f"**/book/{NAMES[0]}.html")
    wait_for_figures(page, f"{NAMES[0]}.html")
    card = cards(page)[0]
    before = signature(card)
    card.locator("[role=slider]").first.press("ArrowRight")
    wait_for_change(card, before, "a slider of the unpacked book")
    watch.rest(page)
    page.click(".right-next")
    page.wait_for_url(f"**/book/{NAMES[1]}.html")
    wait_for_figures(page, f"{NAMES[1]}.html")
    watch.rest(page)
    context.close()
    assert watch.troubles == []


def test_a_zip_that_is_not_unpacked_says_so(browser, unpacked, tmp_path):
    """As file managers do that show the inside of a zip: they open START.html alone."""
    (tmp_path / "START.html").write_bytes((unpacked / "START.html").read_bytes())
    page = browser.new_page()
    with page.expect_event(
        "requestfailed", lambda request: request.url.endswith("logo.svg")
    ):  # which would lead into the book
        page.goto((tmp_path / "START.html").as_uri())
    assert page.url.endswith("START.html") and page.get_by_text("is not unpacked yet").is_visible()
    assert page.locator("[lang=zh-CN]").get_by_text("\u538b\u7f29\u5305\u8fd8\u6ca1\u6709\u89e3\u538b").is_visible()
    page.close()


def small_book(folder, order):
    for name in order:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<p>{name}</p>" * 50)
    return folder


def test_the_same_book_gives_the_same_zip(tmp_path):
    files = ["index.html", "notebooks/00.html", "_static/a b.css", "_static/é.js"]
    one, other = small_book(tmp_path / "one", files), small_book(tmp_path / "other", files[::-1])
    (other / ".buildinfo").write_text("hidden")
    (other / "_static" / "a.js.map").write_text("{}")
    for path in filter(lambda path: path.is_file(), other.rglob("*")):
        os.utime(path, (1e9, 1e9))
        path.chmod(0o600)
    for book in (one, other):
        pack.pack(book, tmp_path / f"{book.name}.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "other.zip").read_bytes()


@pytest.mark.parametrize("program", ["pack", "pdf"])
def test_what_cannot_be_written_leaves_the_old_file(tmp_path, program):
    """No file may grow beyond 1,000 bytes here, as on a disk that is full."""
    target = tmp_path / "old"
    target.write_text("as it was")
    book = small_book(tmp_path / "book", [f"{number}.html" for number in range(90)])
    write = {"pack": f"pack.pack(Path({str(book)!r}), target)", "pdf": "pdf.write(target, b'x' * 9000)"}[program]
    code = f"""
import resource
from pathlib import Path
import {program}
target = Path({str(target)!r})
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
{write}
"""
    ended = subprocess.run([sys.executable, "-B", "-c", code], cwd=ROOT / "book", capture_output=True, text=True)
    assert ended.returncode and "File too large" in ended.stderr, ended.stderr
    assert target.read_text() == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book", "old"]


@pytest.mark.parametrize("program", [pack, pdf])
def test_a_book_that_is_not_built_is_named(monkeypatch, tmp_path, program):
    monkeypatch.setattr(program, "BUILD", tmp_path)
    with pytest.raises(SystemExit, match="run `make book`"):
        program.main()


# The notebooks


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_page_offers_its_notebook(name):
    (link,) = re.findall(
        r'<a href="([^"]+\.ipynb)"[^>]*btn-download-source-button', (HTML / f"{name}.html").read_text(), re.S
    )
    offered = (HTML / name).parent.joinpath(link).resolve()
    assert offered.read_bytes() == (ROOT / f"{name}.ipynb").read_bytes()
    assert offered in pack.members(HTML).values(), "the zip holds it"
    notebook = nbformat.read(offered, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert "widgets" not in notebook.metadata
    types = {kind for cell in notebook.cells for output in cell.get("outputs", []) for kind in output.get("data", {})}
    assert not [kind for kind in types if "widget" in kind or kind.startswith("image/")]


def offered(page):
    page.get_by_role("button", name="Download this page").click()
    return page.get_by_role("link", name=".ipynb")


def test_a_server_gives_the_notebook_as_a_download(browser, server):
    page = browser.new_page()
    page.goto(f"{server}/notebooks/loss.html")
    with page.expect_download() as waiting:
        offered(page).click()
    assert waiting.value.suggested_filename == "loss.ipynb"
    nbformat.validate(nbformat.read(waiting.value.path(), as_version=4))
    page.close()


def test_from_the_disk_the_notebook_opens_in_a_tab_of_its_own(visit, disk):
    """Chromium downloads no file from the disk to the disk."""
    with visit(disk, "notebooks/loss.html") as page:
        with page.expect_popup() as waiting:
            offered(page).click()
        nbformat.validate(nbformat.reads(waiting.value.inner_text("body"), as_version=4))


# Finding the way


def test_search_finds_what_there_is_and_says_so_otherwise(visit, subtests, base):
    with visit(base, "book/references.html") as page:
        for term, stem in [
            ("reparameterization", "03_reparameterization"),
            ("ELBO", "07_probabilistic"),
            ("KL", "04_kl"),
        ]:
            name = f"notebooks/{stem}"
            with subtests.test(term):
                page.goto(f"{base}/book/references.html")
                page.locator("button.search-button__button:visible").first.click()
                page.locator("#pst-search-dialog input").fill(term)
                page.keyboard.press("Enter")
                page.wait_for_url("**/search.html?q=*")
                page.wait_for_function(
                    "() => /finished|found/i.test(document.querySelector('#search-results .search-summary')?.textContent)"
                )
                hits = page.locator("#search-results ul.search a").evaluate_all(
                    "(all) => all.map((a) => a.getAttribute('href'))"
                )
                assert hits and all(hit.split("#")[0].split("?")[0] in PAGES for hit in hits)
                assert [hit for hit in hits[:5] if hit.startswith(f"{name}.html")], hits
                if base.startswith("http"):  # a page on the disk cannot read another
                    page.wait_for_selector("#search-results p.context")
                page.wait_for_load_state("networkidle")
        with subtests.test("nothing"):
            page.goto(f"{base}/search.html")
            page.locator(".bd-search-container input").fill("xylophone")
            page.keyboard.press("Enter")
            page.get_by_text("did not match any documents").wait_for()


def neighbours(name: str) -> dict[str, str]:
    found = re.findall(r'<link rel="(next|prev)"[^>]*href="([^"]+)"', (HTML / f"{name}.html").read_text())
    return {rel: str((HTML / name).parent.joinpath(href).resolve().relative_to(HTML)) for rel, href in found}


def test_next_and_previous_lead_through_the_whole_book():
    for name, following in itertools.pairwise(NAMES):
        assert neighbours(name)["next"] == f"{following}.html"
        assert neighbours(following)["prev"] == f"{name}.html"
        for page, side in ((name, "right-next"), (following, "left-prev")):
            assert f'class="{side}"' in (HTML / f"{page}.html").read_text()


@pytest.mark.parametrize("name", PAGES)
def test_links_that_leave_the_book_are_well_formed(name):
    for href in re.findall(r'<a\b[^>]*? href="([^"]*)"', (HTML / name).read_text(), re.S):
        parts = urlsplit(unescape(href))
        if parts.scheme or parts.netloc:
            assert parts.scheme in ("https", "http") and re.fullmatch(r"([a-z0-9-]+\.)+[a-z]{2,}", parts.netloc), href
            assert re.fullmatch(r"[!-~]*", href), href  # no spaces, nothing that is not encoded


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_what_it_is(name):
    head = (HTML / f"{name}.html").read_text().partition("</head>")[0]
    (description,) = re.findall(r'<meta name="description" content="([^"]+)"', head)
    assert 20 < len(unescape(description)) <= 200 and "\\" not in description
    assert re.search(r'<link rel="icon" href="[^"]*favicon\.svg"', head)


def test_the_first_screen_has_the_figure_and_its_slider(visit, subtests, server):
    with visit(server, CHAPTERS[0]) as page:
        card = cards(page)[0]
        for width, height in [(1280, 800), (1920, 1080), (360, 740)]:
            with subtests.test(f"{width} x {height}"):
                page.set_viewport_size({"width": width, "height": height})
                settle(card)
                slider = card.locator("[role=slider]").first.bounding_box()
                assert slider["y"] + slider["height"] < height
        boxes = [digit.bounding_box() for digit in card.locator(".lw-track .lw-digit").all()]
        assert len({box["x"] for box in boxes}) == 1 and all(box["width"] >= 48 for box in boxes), (
            "on a phone the lenses stand one below the other"
        )
