"""One PDF of the whole book (`make pdf`; of the Chinese one: `make pdf LANGUAGE=zh`): the built pages, one after the other, printed by the tests' Chromium.

The pages are put together as one document in a temporary file: title, contents, and each page of `_toc.yml`; book/pdf.js joins
their links, unfolds what is folded and lists the answers of questions; book/pdf.css is its style. It is printed twice: the
first time tells on which page each heading stands. Stills stand for the figures. LaTeX would need gigabytes, and other
rules for everything that the pages already know; Chromium is there for the tests.
"""

import io
import os
import re
import sys
import tempfile
from html import escape
from pathlib import Path
from urllib.parse import urljoin

from fontTools import subset
from playwright.sync_api import Page, sync_playwright
from pylopdf_fonts_zh_cn import sans_path, serif_path
from pypdf import PdfReader
from sphinx_external_toc.parsing import parse_toc_yaml  # Jupyter Book's

from latentbook import HTML, LANGUAGES, ROOT, catalogues
from latentbook.chromium import launch

BUILD = ROOT / "_build"
TARGET = BUILD / "walking-the-latent-space.pdf"
WIDTH = 643  # pixels of the text's width, 170 mm: what is measured is what is printed

DOCUMENT = """<!DOCTYPE html>
<html lang="{lang}" data-theme="light">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="stylesheet" href="{assets}_static/pygments.css">
<style>{style}</style>
<script>const BOOK = "{base}";</script>
<script>{script}</script>
</head>
<body>
<main>
<div class="cover">
<img src="{assets}_static/logo.svg" alt="">
<p class="title">{title}</p>
<p class="subtitle">{subtitle}</p>
<img class="front" src="{assets}_static/stills/00_walk-interpolation.webp" alt="">
<p>{about}</p>
<p class="licence">{licence}</p>
</div>
<nav class="contents"><h1>{contents}</h1></nav>
{pages}
</main>
</body>
</html>
"""


words: dict[str, str] = {}  # in the language of this edition


def _(text: str) -> str:
    return words.get(text, text)


def names() -> list[tuple[str, str]]:
    """The pages in the order of ``_toc.yml``, each with the caption of the part that it opens, or ""."""
    site = parse_toc_yaml(ROOT / "_toc.yml")
    found = [(site.root.docname, "")]
    for part in site.root.subtrees:
        for number, name in enumerate(part.items):
            found.append((str(name), part.caption * (number == 0)))
            found += [
                (str(below), "") for tree in site[str(name)].subtrees for below in tree.items
            ]  # as the Lab's page
    return found


def assemble(html: Path) -> str:
    """The document, with the addresses of pictures made absolute; all are fetched at once."""
    pages, style = [], (ROOT / "book" / "pdf.css").read_text(encoding="utf-8")
    for number, (name, caption) in enumerate(names()):
        address, text = (html / f"{name}.html").as_uri(), (html / f"{name}.html").read_text(encoding="utf-8")
        body = text[text.index("<article") : text.index("</article>")].partition(">")[2]
        body = re.sub(r"<img\b[^>]*lw-(?:night|dark)[^>]*>", "", body).replace(' loading="lazy"', "")  # paper is light
        body = re.sub(r'(<img\b[^>]*? src=")([^"]+)', lambda m, a=address: m[1] + urljoin(a, m[2]), body)
        pages.append(
            f'<section class="page page{number}" data-name="{name}" data-caption="{escape(_(caption))}">{body}</section>'
        )
        heading = re.sub(r"<[^>]+>|#", "", re.search(r"<h1>(.*?)(?:<a |</h1>)", body, re.S)[1])
        style += (
            f'.page{number} {{ page: page{number}; }} @page page{number} {{ @top-left {{ content: "{heading}"; }} }}\n'
        )
    script = (ROOT / "book" / "pdf.js").read_text(encoding="utf-8")
    parts = {"base": f"{html.as_uri()}/", "assets": f"{HTML.as_uri()}/", "style": style, "script": script}
    said = {
        "lang": re.search(r'<html\b[^>]* lang="([^"]+)"', text)[1],  # as each page says
        "title": _("Walking the Latent Space"),
        "subtitle": _("An interactive book on variational autoencoders"),
        "about": _(
            "The book has live figures: drag a slider, and a trained network draws. On paper a still of each figure stands in its place, the code "
            "that the pages fold away stands in small print, and the answers to the questions follow the last question of each chapter."
        ),
        "licence": _("Code and text: MIT licence. The digits: MNIST, by Yann LeCun and Corinna Cortes, CC BY-SA 3.0."),
        "contents": _("Contents"),
    }
    return DOCUMENT.format(pages="\n".join(pages), **parts, **said)


CHINESE = {"Noto Sans SC": sans_path, "Noto Serif SC": serif_path}  # as book/pdf.css names them
HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def write_fonts(document: str, folder: Path) -> str:
    """Write fonts with the Chinese letters of a document into a folder; gives the rules for its style, none where it has no such letters.

    With no other letters: the whole fonts have one shape for a character and for the radical that looks like it, and who copies or
    searches a PDF that is made with them finds the radical.
    """
    letters, rules = "".join(set(HAN.findall(document))), ""
    for name, path in CHINESE.items() if letters else ():
        options = subset.Options(layout_features=["*"])
        font = subset.load_font(path(), options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=letters)
        subsetter.subset(font)
        font.save(folder / f"{name}.otf")
        rules += f'@font-face {{ font-family: "{name}"; src: url("{name}.otf"); }}\n'
    return rules


def prepare(page: Page, html: Path) -> None:
    """Make one document of the pages; stop where something is missing or too wide."""
    page.emulate_media(media="print")
    page.evaluate("(words) => { join(); describe(); unfold(); list(words); contents(); }", {"answers": _("Answers")})
    page.evaluate("Promise.all([...document.images].map((image) => image.decode().catch(() => null))).then(() => null)")
    page.evaluate("document.fonts.ready.then(() => null)")
    page.evaluate("() => { scale(); shrink(); }")
    if found := page.evaluate("troubles()"):
        sys.exit("\n".join(["error: the PDF would not be whole:", *found]))


def printed(page: Page, **options: bool) -> tuple[bytes, PdfReader]:
    """The PDF and a reader of it."""
    data = page.pdf(prefer_css_page_size=True, **options)
    return data, PdfReader(io.BytesIO(data))


def number(page: Page, reader: PdfReader) -> None:
    """Write the page numbers into the contents."""
    places = reader.named_destinations
    targets = page.evaluate("[...document.querySelectorAll('.number')].map((node) => node.dataset.target)")
    numbers = [
        reader.get_destination_page_number(places[f"/{target}" if f"/{target}" in places else target]) + 1
        for target in targets
    ]
    page.evaluate(
        "(n) => document.querySelectorAll('.number').forEach((node, i) => { node.textContent = n[i]; })", numbers
    )


def write(target: Path, data: bytes) -> None:
    """Replace the file only when the new one is complete."""
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_bytes(data)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def make(html: Path, target: Path) -> int:
    """Print the built book in ``html`` into the file ``target``; return how many pages it has."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        source = Path(folder) / "book.html"
        document = assemble(html)
        rules = write_fonts(document, source.parent)
        source.write_text(document.replace("<style>", f"<style>{rules}", 1), encoding="utf-8")
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": WIDTH, "height": 900}, color_scheme="light")
        page.set_default_timeout(180_000)
        page.goto(source.as_uri())
        prepare(page, html)
        _, reader = printed(page)
        number(page, reader)
        data, again = printed(page, print_background=True, outline=True, tagged=True)
        browser.close()
    if len(again.pages) != len(reader.pages):
        sys.exit("error: the page numbers in the contents have moved the pages")
    write(target, data)
    return len(again.pages)


def main() -> None:
    """Print the built book into ``_build``, or into the file that is named."""
    if not (BUILD / ".complete").exists():
        sys.exit("error: the book is not built, or its last build failed: run `make book`")
    code = os.environ.get("LANGUAGE_OF_THE_BOOK", "en")
    if code not in ("en", *LANGUAGES.values()):
        sys.exit(f"error: LANGUAGE: expected en or {' or '.join(LANGUAGES.values())}, got {code!r}")
    html, target = HTML, TARGET
    if code != "en":
        html, target = HTML / code, TARGET.with_stem(f"{TARGET.stem}-{code}")
        language = next(name for name in LANGUAGES if LANGUAGES[name] == code)
        for name in ("notebooks/00_walk", "sphinx"):  # the first for the parts' names
            words.update(catalogues.words(language, name))
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else target
    pages = make(html, target)
    print(f"The book on paper is in {target} ({pages} pages, {target.stat().st_size / 1e6:.1f} MB)")


if __name__ == "__main__":
    main()
