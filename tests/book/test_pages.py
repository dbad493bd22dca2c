"""The files of the built book: links lead somewhere, nothing asks another host, nothing is too heavy, lies there twice, or is left over."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest
from built import ALL, CHAPTERS, PAGES, READ, models, places, weights, widget_state
from PIL import Image
from safetensors.torch import load as from_safetensors

from latentbook import HTML, ROOT

STILLS = ROOT / "book" / "_static" / "stills"
STATE, VIEW = (f"application/vnd.jupyter.widget-{part}+json" for part in ("state", "view"))


def test_the_front_page_is_the_walk(visit, base):
    toc_root = re.search(r"^root: (\S+)$", (ROOT / "_toc.yml").read_text(), re.M)[1]
    with visit(base, "index.html") as page:
        page.wait_for_url(f"**/{toc_root}.html")
        page.wait_for_selector(".lw-figure[data-ready='1']")
        assert page.title()


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
    return {name: Links((HTML / name).read_text()) for name in ALL}


def test_every_page_names_its_icon():
    """A browser would look for one at the root of the server, and say that there is none."""
    for name in [*ALL, *(f"embed/{path.name}" for path in (HTML / "embed").glob("*.html"))]:
        found = re.search(r'<link rel="icon" href="([^"]+)"', (HTML / name).read_text())
        assert found, name
        assert found[1] == "data:," or (HTML / name).parent.joinpath(found[1]).is_file(), name


@pytest.mark.parametrize("name", ALL)
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
    for path in (*(ROOT / "book/_static").glob("*.js"), *(ROOT / "book/front-end").glob("*.js")):
        assert not re.search(r"""https?:|["'`]//""", path.read_text()), path


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light(name):
    assert (HTML / name).stat().st_size < 3_000_000


def test_each_network_lies_in_the_book_once():
    used = set()
    for name in PAGES:
        for model in widget_state(name).values():
            if digest := model["state"].get("digest"):
                used |= {f"{digest}-{part}" for part in model["state"]["layers"]}
                assert not [b for b in model.get("buffers", []) if b["path"][0] == "weights"], f"{name}: weights inline"
                assert not model["state"].get("weights"), f"{name}: weights inline"
    assert used
    assert {path.stem for path in (HTML / "_static" / "weights").iterdir()} == used
    assert all(from_safetensors(weights(part)) for part in used)


@pytest.mark.parametrize("name", CHAPTERS)
def test_each_notebook_shows_what_it_ran(name):
    """The page's source can be downloaded, and every widget that the page displays has its state in the book."""
    source = HTML / "_sources" / name.replace(".html", ".ipynb")
    assert json.loads(source.read_text())["cells"]
    text = (HTML / name).read_text()
    assert STATE not in text and VIEW not in text, "myst-nb's own scripts"
    shown = re.findall(r'<div class="lw-place"[^>]* data-view="(\w+)"', text)
    assert len(shown) == len(places(name))
    for figure, view in zip(places(name), shown):
        assert view in models(figure)


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_directive_is_left_as_text(name):
    """A fence with a backtick in its first line is no directive for Markdown, and is printed as it stands."""
    text = re.sub(r"<script.*?</script>", "", (HTML / name).read_text(), flags=re.S)
    assert not re.search(r"`{3,}\s*\{\w+\}", text)


@pytest.mark.parametrize("name", READ)
def test_every_index_entry_leads_to_words(name):
    """Where two entries stand one behind the other, the first one's place is empty, and the page of search breaks on it."""
    assert re.findall(r'<span id="index-\d+"></span>', (HTML / name).read_text()) == []


@pytest.mark.parametrize("name", [name for name in READ if "lw-night" in (HTML / name).read_text()])
def test_pictures_that_were_drawn_twice_are_two_files(name):
    text = (HTML / name).read_text()
    pairs = re.findall(r'<img [^>]*lw-day[^>]*? src="([^"]+)"[^>]*><img [^>]*lw-night[^>]*? src="([^"]+)"', text)
    assert len(pairs) == text.count("lw-day") == text.count("lw-night") > 0
    for light, dark in pairs:
        one, other = (Image.open((HTML / name).parent / unquote(path)).convert("RGBA") for path in (light, dark))
        assert np.abs(np.subtract(one.size, other.size)).max() <= 3, "a layout moves a little with every drawing"
        assert np.asarray(other)[..., 3].min() == 0, "the page shows through"
        ground = Image.new("RGBA", other.size, "#14181e")
        ground.alpha_composite(other)
        means = [np.asarray(picture.convert("L"), int).mean() for picture in (one, ground)]
        assert means[0] > means[1], means


def test_every_still_belongs_to_a_figure_and_they_are_light():
    figures = [figure for name in PAGES for figure in places(name)]
    files = {path.name for path in STILLS.iterdir()}
    assert files == {"cards", "stills.json", *(f"{name}.webp" for name in figures)}, "run `make stills`"
    front = (HTML / CHAPTERS[0]).read_text().partition("lw-chapters")[2]
    linked = re.findall(r'<p><a class="reference internal" href="(\w+)\.html', front)
    cards = {f"{places(f'notebooks/{name}.html')[0]}-{theme}.webp" for name in linked for theme in ("light", "dark")}
    assert {path.name for path in (STILLS / "cards").iterdir()} == cards, "run `make stills`"
    assert list(json.loads((STILLS / "stills.json").read_text())) == figures, "run `make stills`"
    assert sum(path.stat().st_size for path in STILLS.glob("*.webp")) < 55_000 * len(figures)


def test_the_readme_has_a_film_and_links_have_a_picture():
    film, preview = (Image.open(STILLS.parent / name) for name in ("drag.webp", "preview.png"))
    assert film.n_frames >= 40 and (STILLS.parent / "drag.webp").stat().st_size <= 1e6
    first = np.asarray(film.convert("L"), int)
    film.seek(film.n_frames // 4)
    assert np.abs(first - np.asarray(film.convert("L"), int)).mean() > 1, "it moves"
    assert "(book/_static/drag.webp)" in (ROOT / "README.md").read_text()
    assert preview.size == (1200, 630) and len(preview.convert("RGB").getcolors(1 << 24)) > 100
