"""The PDF of the book: whole, in order, readable, with a still for each figure."""

import os
import re
import subprocess
import sys
from html import unescape
from urllib.parse import unquote

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader
from test_along import NAMES, article

from latentbook import HTML, ROOT


@pytest.fixture(scope="session")
def paper(tmp_path_factory):
    """The PDF, made as `make pdf` makes it."""
    target = tmp_path_factory.mktemp("pdf") / "book.pdf"
    made = subprocess.run([sys.executable, "-B", "book/pdf.py", target], cwd=ROOT, capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr
    print(made.stdout)
    return PdfReader(target)


@pytest.fixture(scope="session")
def texts(paper):
    return [page.extract_text() for page in paper.pages]


def squeeze(text: str) -> str:
    """Letters and digits alone: what a PDF says does not depend on its spaces, hyphens and ligatures."""
    for ligature, letters in {"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl"}.items():
        text = text.replace(ligature, letters)
    return re.sub(r"\W", "", unescape(text)).lower()


def headings(name: str) -> list[str]:
    found = re.findall(r"<h([12])>(.*?)(?:<a class=\"headerlink|</h)", article(name), re.S)
    return [re.sub(r"<[^>]+>", "", title) for _, title in found]


def test_the_pdf_has_each_page_of_the_book_in_order(paper, texts):
    assert paper.metadata.title == "Walking the Latent Space"
    assert 80 < len(paper.pages) < 400
    top = [entry for entry in paper.outline if not isinstance(entry, list)]
    starts = [paper.get_destination_page_number(entry) for entry in top]
    assert [squeeze(entry.title) for entry in top] == ["contents", *(squeeze(headings(name)[0]) for name in NAMES)]
    assert starts == sorted(set(starts)), "each starts on a page of its own"
    for entry, start in zip(top, starts):
        assert squeeze(texts[start]).find(squeeze(entry.title)) in range(60), "its title stands at the top of the page"
    contents = squeeze("".join(texts[starts[0] : starts[1]]))
    for name, start in zip(NAMES, starts[1:]):
        assert squeeze(headings(name)[0]) + str(start + 1) in contents, "the contents name its page"
        for title in headings(name)[1:]:
            if "\\" not in title:
                assert squeeze(title) in contents, title


def test_no_page_of_the_pdf_is_empty_and_all_are_a4(paper, texts):
    for number, (page, text) in enumerate(zip(paper.pages, texts), 1):
        assert [float(side) for side in page.mediabox[2:]] == pytest.approx([595, 842], abs=1)
        assert len(text) > 60 or page.images, f"page {number} is empty"
        if number > 1:
            assert text.endswith(str(number)) or re.search(rf"(^|\D){number}(\D|$)", text), (
                f"page {number} has no number"
            )


def test_the_pdf_shows_every_still_and_every_picture(paper):
    found = {}  # by size, as the pictures are printed from the same pixels
    for page in paper.pages:
        for key, thing in page["/Resources"].get("/XObject", {}).items():
            picture = thing.get_object()
            if picture["/Subtype"] == "/Image":
                found.setdefault((picture["/Width"], picture["/Height"]), []).append((page, key))
    wanted = {}
    for name in NAMES:
        for source in re.findall(r'<img\b(?![^>]*lw-(?:night|dark))[^>]*? src="([^"]+)"', article(name)):
            if source.endswith(".svg"):  # which is printed as lines and letters
                continue
            path = (HTML / name).parent / unquote(source)
            with Image.open(path) as image:
                wanted.setdefault(image.size, []).append(path)
    assert len(wanted) > 30
    for size, paths in wanted.items():
        assert len(found.get(size, [])) >= len(set(paths)), [path.name for path in paths]
        for path in paths:
            if "stills" in path.parts:
                still = np.asarray(Image.open(path).convert("L"), float)
                printed = [np.asarray(page.images[key].image.convert("L"), float) for page, key in found[size]]
                assert min(np.abs(still - other).mean() for other in printed) < 1, path.name


def test_nothing_is_folded_or_raw_in_the_pdf(texts):
    running = {squeeze(headings(name)[0]) for name in NAMES}  # at the top of each page, and the number at its foot
    lines = [squeeze(line) for page in texts for line in page.splitlines() if not line.strip().isdigit()]
    text = "".join(line for line in lines if line not in running)
    for name in NAMES:
        for exercise in re.findall(
            r'<p class="admonition-title"><span class="caption-number">(.*?)</p>', article(name), re.S
        ):
            assert squeeze(re.sub(r"<[^>]+>", "", exercise)) in text
        for remark in re.findall(r'aria-live="polite"><p>(.*?)</p>', article(name), re.S):
            plain = re.split(r"<[^>]+>", remark.partition("</strong>")[2])[0]  # up to the first formula or code
            assert squeeze(plain) in text, f"{name}: {plain}"
    assert not re.search(r"\\\(|\\\[|\\mathbb|\\underbrace|Show code cell|Hide code cell", "".join(texts)), (
        "formulas are set"
    )


def test_links_in_the_pdf_lead_to_its_pages(paper):
    inside, outside = [], []
    for page in paper.pages:
        for note in page.get("/Annots") or []:
            link = note.get_object()
            action = link.get("/A")
            (outside if action and "/URI" in action else inside).append(action["/URI"] if action else link.get("/Dest"))
    assert len(inside) > 300
    assert set(outside) and not [address for address in outside if not re.match("https?://", address)]


KEEP = """(names) => {
  for (const page of document.querySelectorAll("section.page")) if (!names.includes(page.dataset.name)) page.remove();
  for (const row of document.querySelectorAll("nav.contents a")) if (!document.getElementById(row.hash.slice(1))) row.remove();
}"""


def test_the_pdf_in_chinese(tmp_path):
    """All of its pages go together, none too wide, no picture missing; of these, some are printed."""
    names = ["notebooks/00_walk", "notebooks/01_holes", "book/notation"]
    code = f"""
import pdf
whole = pdf.prepare
def prepare(page, html):
    whole(page, html)
    page.evaluate({KEEP!r}, {names})
pdf.prepare = prepare
pdf.main()
"""
    environment = {**os.environ, "LANGUAGE_OF_THE_BOOK": "zh"}
    made = subprocess.run(
        [sys.executable, "-B", "-c", code, tmp_path / "zh.pdf"],
        cwd=ROOT / "book",
        env=environment,
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    reader = PdfReader(tmp_path / "zh.pdf")
    titles = [headings(f"zh/{name}")[0] for name in names]
    assert reader.metadata.title == titles[0] == "\u5728\u6f5c\u7a7a\u95f4\u4e2d\u6f2b\u6b65"
    outline = [entry for entry in reader.outline if not isinstance(entry, list)]
    assert [squeeze(entry.title) for entry in outline] == ["\u76ee\u5f55", *map(squeeze, titles)]
    said = "".join(page.extract_text() for page in reader.pages)
    assert not re.search("[\u2e80-\u2fdf]", said), "radicals that look like characters: no search would find these"
    text = squeeze(said)
    titles = re.findall(r'class="admonition-title">(.*?)</p>', article(f"zh/{names[1]}"), re.S)
    exercises = [re.sub(r"<[^>]+>", "", title) for title in titles if "\u7ec3\u4e60" in title]
    assert len(exercises) == 8 and [title for title in exercises if squeeze(title) not in text] == []
    assert "\u7b54\u6848" in text, "the answers of questions"


def test_a_pdf_that_would_not_be_whole_is_not_made(tmp_path):
    (tmp_path / "book").mkdir()
    for name in ("_static", "_images"):
        (tmp_path / name).symlink_to(HTML / name)
    page = (HTML / "book" / "notation.html").read_text()
    faults = (
        '<p style="width: 900px">wide</p><img src="none.png"><a href="#nowhere">x</a><span class="math">\\nosuch</span>'
    )
    (tmp_path / "book" / "notation.html").write_text(page.replace("</article>", f"{faults}</article>"))
    code = f"""
from pathlib import Path
import pdf
pdf.names = lambda: [("book/notation", "")]
pdf.make(Path({str(tmp_path)!r}), Path({str(tmp_path / "out.pdf")!r}))
"""
    ended = subprocess.run([sys.executable, "-B", "-c", code], cwd=ROOT / "book", capture_output=True, text=True)
    assert ended.returncode
    for trouble in (
        "too wide: book/notation",
        "no picture: ",
        "leads nowhere: #",
        "not typeset: book/notation: SPAN math \\nosuch",
    ):
        assert trouble in ended.stderr, ended.stderr
    assert not list(tmp_path.glob("*.pdf*"))
