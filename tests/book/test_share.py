"""The menu at a figure's top right: a link that is broken, a picture, a film, Python, and a frame for another page."""

import io
import json
import re

import pytest
from built import LIVE, places, wait_for_figures
from cards import cards, reacts, wait_until
from PIL import Image
from questions import pages

from latentbook import HTML, ROOT
from latentbook.server import serve

WALK = "notebooks/00_walk.html"
ID = "figure-interpolation"
SHARE, LINK, PICTURE, FILM, PYTHON, EMBED = (
    *("Share what this figure shows", "Link to this", "Save picture"),
    *("Save as GIF", "As Python", "Embed"),
)
T = f"async () => (await latentwalk.model(document.getElementById('{ID}').dataset.view)).get('t')"


def press(place, name):
    """One of the menu's buttons, after opening the menu where it is shut."""
    opener = place.get_by_role("button", name=SHARE)
    if opener.get_attribute("aria-expanded") == "false":
        opener.click()
    place.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_menu(visit, server, scheme):
    """By keyboard; what it copies; what it saves; and where the clipboard is refused, a field with the text selected."""
    with visit(server, WALK, scheme=scheme, accept_downloads=True) as page:
        place, address = page.locator(f"#{ID}"), page.url
        opener = place.get_by_role("button", name=SHARE)
        opener.press("Enter")
        shown = place.locator(".lw-share-list button")
        assert shown.all_text_contents() == [LINK, PICTURE, FILM, PYTHON, EMBED]
        pages.has_no_violation(page, WALK)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == LINK
        page.keyboard.press("Escape")
        assert not shown.first.is_visible() and page.evaluate("document.activeElement.ariaLabel") == SHARE
        opener.press("Enter")
        page.locator("article h1").click()
        assert not shown.first.is_visible() and opener.get_attribute("aria-expanded") == "false"

        page.evaluate("() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }")
        press(place, LINK)
        wait_until(page, "() => window.copied === location.href", "the link is copied, and is the page's address")
        assert page.url.startswith(f"{address}#fig-interpolation:")
        press(place, PYTHON)
        wait_until(page, "() => window.copied.startsWith('figure = Interpolation(')", "Python is copied")
        press(place, EMBED)
        wait_until(page, "() => window.copied.startsWith('<iframe ')", "the frame is copied")
        assert f'src="{server}/embed/{places(WALK)[0]}.html#fig-interpolation:' in page.evaluate("copied")
        page.evaluate("() => { navigator.clipboard.writeText = async () => { throw new Error('refused'); }; }")
        press(place, LINK)
        field = place.locator(".lw-shared textarea")
        field.wait_for()
        assert page.evaluate("getSelection().toString()") == page.url == field.input_value()

        with page.expect_download() as download:
            press(place, PICTURE)
        image = Image.open(io.BytesIO(download.value.path().read_bytes()))
        root = place.locator(".lw-figure").bounding_box()
        assert download.value.suggested_filename == f"{places(WALK)[0]}.png"
        assert image.width == pytest.approx(4 * (root["width"] + 32), abs=4) and image.height > image.width / 3
        corner, seen = image.convert("L").getpixel((2, 2)), image.convert("L").getcolors(1 << 24)
        assert (corner < 60) == (scheme == "dark") and len(seen) > 100
        with page.expect_download() as download:
            press(place, FILM)
        film = Image.open(io.BytesIO(download.value.path().read_bytes()))
        rows = place.locator(".lw-walk").count()
        assert (film.format, film.n_frames, film.size) == ("GIF", 78, (5 * (29 * rows - 1), 140))
        first = film.convert("L").resize((29 * rows - 1, 28), Image.Resampling.NEAREST).tobytes()
        film.seek(39)
        assert film.convert("L").resize((29 * rows - 1, 28), Image.Resampling.NEAREST).tobytes() != first


# How wide and how high the place is at which a finger meets an element.
MEETS = """(node) => {
  const { x, y, width, height } = node.getBoundingClientRect(), [left, top] = [x + width / 2, y + height / 2];
  const all = Array.from({ length: 121 }, (_, i) => i - 60);
  return [all.filter((i) => document.elementFromPoint(left + i, top) === node).length,
    all.filter((i) => document.elementFromPoint(left, top + i) === node).length];
}"""


def test_on_a_phone_what_is_pressed_is_large(visit, server):
    with visit(server, WALK, width=360, is_mobile=True, has_touch=True) as page:
        place = page.locator(f"#{ID}")
        opener = place.get_by_role("button", name=SHARE)
        opener.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
        assert min(opener.evaluate(MEETS)) >= 44
        assert min(place.get_by_role("button", name="Back to the start").evaluate(MEETS)) >= 44
        opener.tap()
        for button in place.locator(".lw-share-list button").all():
            box = button.bounding_box()
            assert min(box["width"], box["height"]) >= 44, box
            assert box["x"] >= 0 and box["x"] + box["width"] <= 360, box
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.emulate_media(media="print")
        assert not opener.is_visible()


def test_a_picture_that_the_browser_keeps_is_said(visit, server):
    """Protection against fingerprints: a canvas gives nothing, or noise."""
    with visit(server, WALK) as page:
        place = page.locator(f"#{ID}")
        page.evaluate("() => { HTMLCanvasElement.prototype.toBlob = (done) => done(null); }")
        press(place, PICTURE)
        wait_until(
            page, "() => document.querySelector('.lw-shared').textContent.includes('does not give')", "it is said"
        )
        reacts(cards(page)[0])


BROKEN = [
    *("t=1e999", "u=1", "t=0.4&__proto__=1", "t=%E0%A4%A", "a=99"),
    *("t=<img src=x onerror=document.title=1>", "path=%3Cscript%3E", f"t={'1' * 1_000_000}"),
]


def test_a_broken_link_is_said_and_changes_nothing(visit, disk):
    name = f"{WALK}#fig-interpolation:t=1e999"
    with visit(disk, name, make=False) as page:
        place, title = page.locator(f"#{ID}"), page.title()
        place.locator(".lw-stale").wait_for()
        opened = page.evaluate(T)
        for said in BROKEN:
            page.evaluate("() => { location.hash = '#fig-interpolation:t=0.25'; }")
            wait_until(page, f"async () => (await ({T})()) === 0.25", "a link in an open page")
            assert not place.locator(".lw-stale").is_visible()
            page.evaluate("(said) => { location.hash = `#fig-interpolation:${said}`; }", said)
            place.locator(".lw-stale").wait_for()
            assert page.evaluate(T) == opened and page.title() == title, said[:60]
        page.evaluate("() => { location.hash = '#fig-nobody:t=0.25'; }")
        page.evaluate("() => { location.hash = document.querySelector('section[id] section[id]').id; }")
        page.wait_for_function(
            "() => Math.abs(document.querySelector(':target').getBoundingClientRect().top) < innerHeight"
        )
        assert page.evaluate(T) == opened
        page.go_back()
        page.go_back()
        place.locator(".lw-stale").wait_for()


POLICY = "default-src 'none'; script-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'"


@pytest.mark.parametrize("address", ["disk", "strict server"])
def test_a_figure_alone_in_a_frame(browser, disk, tmp_path, address):
    """In a plain page: from a disk; in a sandbox, under a strict policy. As high as it is, in its theme, in the state of its link."""
    alone, sandbox = f"embed/{places(WALK)[0]}.html", "" if address == "disk" else ' sandbox="allow-scripts"'
    (listener,) = re.findall(r"<script>\s*addEventListener.*?</script>", (ROOT / "book/teaching.md").read_text(), re.S)
    with serve(HTML, "/some/where", {"Content-Security-Policy": POLICY}) as server:
        source = f"{disk if address == 'disk' else server}/{alone}?theme=dark#fig-interpolation:t=0.25"
        frame = f'<iframe{sandbox} src="{source}" height="300" style="width: 100%; border: 0" allow="clipboard-write"></iframe>'
        (tmp_path / "host.html").write_text(f"<!doctype html><p>before</p>{frame}<p>after</p>{listener}")
        context = browser.new_context(reduced_motion="reduce")
        page, troubles = context.new_page(), []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: message.type == "error" and troubles.append(message.text))
        page.goto((tmp_path / "host.html").as_uri())
        inside = page.frames[1]
        inside.locator(".lw-figure[data-ready]").wait_for()
        wait_until(inside, f"async () => (await ({T})()) === 0.25", "the link's state")
        assert inside.evaluate("[origin, document.documentElement.dataset.theme]") == ["null", "dark"]
        higher = "() => document.querySelector('iframe').offsetHeight > 350"
        wait_until(page, higher, "the frame is as high as the figure")
        whole = "() => document.documentElement.scrollHeight <= innerHeight + 1"
        wait_until(inside, whole, "nothing has to be scrolled")
        reacts(inside.locator(".lw-card"))
        assert inside.locator(".lw-source a").get_attribute("href") == f"../{WALK}#{ID}"
        press(inside.locator(f"#{ID}"), LINK)
        inside.locator(".lw-shared:not(:empty)").wait_for()
        assert inside.evaluate("location.hash").startswith("#fig-interpolation:")
        context.close()
        refused = "Clipboard API has been blocked"  # on a disk, for a frame: the text is shown instead
        assert [trouble for trouble in troubles if refused not in trouble] == []


def test_every_figure_has_a_page_of_its_own_that_stores_nothing_again():
    figures = {figure: page for page in LIVE for figure in places(page)}
    alone = {path.stem: path.read_text() for path in (HTML / "embed").iterdir()}
    assert figures.keys() <= alone.keys() and sum(map(len, alone.values())) < 3000 * len(alone)
    for name, text in alone.items():
        assert "<script>" not in text and 'style="' not in text.replace('style="--lw-', "")
        for file in [part.partition('"')[0] for part in text.split('"../_static/')[1:]]:
            for one in file.split(" ../_static/"):
                assert (HTML / "_static" / one.partition("?")[0]).is_file(), (name, one)
    assert json.dumps(sorted(alone)) == json.dumps(sorted({path.stem for path in (HTML / "embed").glob("*.html")}))


def test_a_page_alone_follows_the_system_and_its_address(visit, server):
    name = f"embed/{places(WALK)[0]}.html"
    with visit(server, name, scheme="dark") as page:
        theme = "document.documentElement.dataset.theme"
        wait_for_figures(page, name)
        assert page.locator(".fa-play").evaluate("(icon) => getComputedStyle(icon).maskImage").startswith("url("), (
            "Play"
        )
        assert page.evaluate(theme) == "dark"
        pages.has_no_violation(page, name)
        page.emulate_media(color_scheme="light")
        wait_until(page, f"() => {theme} === 'light'", "it follows the system")
