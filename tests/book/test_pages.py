"""Every page of the built book: nothing is missing, nothing leaves, nothing is too wide or too heavy."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
from conftest import CHAPTERS, HTML, PAGES, ROOT, VIEW, views, widget_state


@pytest.mark.parametrize("name", [page for page in PAGES if page != "index.html"])  # which only points on
def test_opens_without_trouble(visit, base, name):
    with visit(base, name) as page:
        figures = page.evaluate("document.querySelectorAll('.lw-figure[data-ready]').length")
        assert figures == views(name)
        assert (
            page.evaluate("[...document.images].filter((i) => !(i.complete && i.naturalWidth)).map((i) => i.src)") == []
        )
        formulas = page.evaluate("document.querySelectorAll('.math').length")
        assert page.evaluate("document.querySelectorAll('.math mjx-container').length") >= formulas
        assert page.evaluate("document.querySelectorAll('mjx-merror').length") == 0


def test_the_front_page_is_the_walk(visit, base):
    toc_root = re.search(r"^root: (\S+)$", (ROOT / "_toc.yml").read_text(), re.M)[1]
    with visit(base, "index.html") as page:
        page.wait_for_url(f"**/{toc_root}.html")
        page.wait_for_selector(".lw-figure[data-ready='1']")
        assert page.title()


@pytest.mark.parametrize(
    "script, trouble",
    [
        (
            "fetch('https://example.org/x.js', {mode: 'no-cors'}).catch(() => 0)",
            "a request leaves: https://example.org",
        ),
        ("document.head.append(Object.assign(document.createElement('script'), {src: 'none.js'}))", "none.js"),
        ("console.error('noted')", "console: noted"),
        ("setTimeout(() => { throw new Error('thrown') })", "page error: thrown"),
    ],
)
def test_trouble_in_a_page_is_noticed(visit, base, script, trouble):
    """The watch that every other test relies on is not blind."""

    def look():
        with visit(base, "book/references.html") as page:
            page.evaluate(f"() => {{ {script} }}")
            page.wait_for_timeout(1000)

    with pytest.raises(AssertionError, match=trouble):
        look()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_scrolls_sideways_on_a_phone(visit, server, name):
    with visit(server, name, width=360) as page:
        page.wait_for_timeout(150)
        wide = page.evaluate(
            """() => {
              const root = document.documentElement;
              if (root.scrollWidth <= 360) return [];
              return [`page: ${root.scrollWidth}`, ...[...document.querySelectorAll("main *")]
                .filter((e) => e.getBoundingClientRect().right > 361)
                .map((e) => `${e.tagName}.${e.className}: ${e.getBoundingClientRect().right}`).slice(0, 10)];
            }"""
        )
        assert wide == []
        overflowing = page.evaluate(
            """() => [...document.querySelectorAll(".lw-card, .prev-next-area a")].filter((c) => c.scrollWidth > c.clientWidth + 1)
              .map((c) => `${c.querySelector(".lw-figure")?.dataset.figure ?? c.innerText}: ${c.scrollWidth} in ${c.clientWidth}`)"""
        )
        assert overflowing == []


@pytest.mark.parametrize("name", PAGES)
def test_code_what_it_prints_and_formulas_fit_beside_the_sidebars(visit, server, name):
    with visit(server, name) as page:  # 1280 pixels wide
        page.evaluate(
            """() => {
              for (const details of document.querySelectorAll("details")) details.open = true;
              for (const folded of document.querySelectorAll(".toggle-hidden")) folded.classList.remove("toggle-hidden");
            }"""
        )
        wide = page.evaluate(
            """() => [...document.querySelectorAll("main pre")].filter((p) => p.scrollWidth > p.clientWidth + 1)
              .map((p) => `${p.scrollWidth} in ${p.clientWidth}: ${p.innerText.slice(0, 300)}`)"""
        )
        assert wide == []


class Links(HTMLParser):
    """All addresses of a page: (tag, attribute, value); and its anchors."""

    def __init__(self, text):
        super().__init__()
        self.found, self.anchors = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        for key, value in attrs:
            if key == "id" or (key == "name" and tag == "a"):
                self.anchors.add(value)
            if key in ("src", "href", "data", "poster", "srcset") and value:
                self.found.append((tag, key, value))


@pytest.fixture(scope="module")
def parsed():
    return {name: Links((HTML / name).read_text()) for name in PAGES}


@pytest.mark.parametrize("name", PAGES)
def test_links_inside_the_book_lead_somewhere(parsed, name):
    broken = []
    for _tag, _key, value in parsed[name].found:
        parts = urlsplit(value)
        if parts.scheme or parts.netloc:
            continue
        target = (HTML / name).parent.joinpath(unquote(parts.path)).resolve() if parts.path else HTML / name
        page = str(target.relative_to(HTML)) if target.is_relative_to(HTML) else None
        ok = target.is_file() and (not parts.fragment or page not in parsed or parts.fragment in parsed[page].anchors)
        if page is None or (not ok and parts.fragment not in ("", "top")) or not target.is_file():
            broken.append(value)
    assert broken == []


def test_no_page_asks_another_host_for_anything(parsed):
    for name, links in parsed.items():
        for tag, key, value in links.found:
            if tag != "a":  # a link that the reader may follow is fine; what the page loads is not
                assert not urlsplit(value).netloc, f"{name}: <{tag} {key}={value}>"
    for path in HTML.rglob("*.css"):
        css = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        for value in re.findall(r"url\(\s*['\"]?([^)'\"]+)|@import\s+['\"]([^'\"]+)", css):
            assert not urlsplit("".join(value)).netloc, f"{path}: {value}"
    for name in (
        "latentwalk.js",
        "runtime/require-base.js",
    ):  # the book's own; the weights are compared to the letter below
        assert not re.search(r"""https?:|["'`]//""", (HTML / "_static" / name).read_text()), name


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light(name):
    assert (HTML / name).stat().st_size < 3_000_000


def test_each_network_lies_in_the_book_once():
    folder = HTML / "_static" / "weights"
    used = set()
    for name in PAGES:
        for model in widget_state(name).values():
            if digest := model["state"].get("digest"):
                used.add(digest)
                assert not [b for b in model.get("buffers", []) if b["path"] == ["weights"]], f"{name}: weights inline"
                assert not model["state"].get("weights"), f"{name}: weights inline"
    assert used
    assert {path.stem for path in folder.iterdir()} == used
    for path in folder.iterdir():
        text = re.fullmatch(r'\(globalThis\.latentwalkWeights \?\?= \{\}\)\["(\w+)"\] = "([^"]+)";\n', path.read_text())
        assert hashlib.sha256(base64.b64decode(text[2])).hexdigest() == text[1] == path.stem


@pytest.mark.parametrize("name", CHAPTERS)
def test_each_notebook_shows_what_it_ran(name):
    """The page's source can be downloaded, and every widget that the page displays has its state in the page."""
    source = HTML / "_sources" / name.replace(".html", ".ipynb")
    assert json.loads(source.read_text())["cells"]
    state = widget_state(name)
    shown = re.findall(rf'<script type="{re.escape(VIEW)}">(.*?)</script>', (HTML / name).read_text(), flags=re.S)
    assert len(shown) == views(name)
    for view in shown:
        assert json.loads(view)["model_id"] in state
