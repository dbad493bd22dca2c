"""Stills of the interactive figures, for pages without JavaScript and on paper (`make stills`).

Each figure of the built book is photographed as it opens, at twice the size that it has on a desk, in the light theme. The
pictures lie in ``book/_static/stills``, with ``stills.json``, which has for each its size, the height of the figure on a desk and
on phones (the page keeps that much room for it) and, in words, what it shows and, by itself, what it reads out, for translation.
`book/_ext/figures.py` puts them into the pages; the tests find those that are out of date. Beside them lie the pictures of the front page's cards, a film of one drag, for the README,
and a picture for links to the book.
"""

import io
import json
import math
import os
import re
import shutil
from collections.abc import Iterator

from PIL import Image  # matplotlib's
from playwright.sync_api import Browser, Page, sync_playwright

from latentbook import HTML, ROOT
from latentbook.chromium import launch

STILLS = ROOT / "book" / "_static" / "stills"
FILM = ROOT / "book" / "_static" / "drag.webp"
PREVIEW = ROOT / "book" / "_static" / "preview.png"
SCALE = 2  # pixels of a still for each pixel of the page
SCREENS = {"wide": 1920, "desk": 1280, "phone": 412, "narrow": 360}  # widths, as latentwalk.css knows them

# Title, what a figure of its kind shows, and what it reads out now.
WORDS = """(card) => {
  const texts = (nodes) => nodes.map((node) => node.textContent.trim()).filter(Boolean);
  const seen = card.querySelector(".lw-figure").getAttribute("aria-description") ?? "";
  const said = [...card.querySelectorAll(".lw-readout")].map((node) => {
    const chips = texts([...node.querySelectorAll(".lw-chip:not([hidden])")]);
    return chips.length ? chips : texts([node]);
  }).filter((parts) => parts.length);
  const words = [card.querySelector(".lw-title")?.textContent ?? "", seen, ...said.map((parts) => parts.join(", "))];
  return { words: words.filter(Boolean).map((one) => one.replace(/[^.?!]$/, "$&.")).join(" "), said };
}"""


CARD_SIZE = 480, 300  # pixels
FRAMES = 48  # of the film
WIDE = 640  # pixels, of the film
POINTER = """.lw-card::after { content: ""; position: absolute; z-index: 99; left: var(--x); top: var(--y); width: 26px; height: 26px;
  margin: -13px; border-radius: 50%; background: #f0a20099; border: 2px solid #fff; box-shadow: 0 0 0 1px #0008; }"""
POINT = """(card, [x, y]) => {
  const { left, top } = card.getBoundingClientRect();
  card.style.setProperty("--x", `${x - left}px`);
  card.style.setProperty("--y", `${y - top}px`);
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
CARD = """<body style="margin: 0; height: 630px; display: grid; align-content: center; justify-items: center; gap: 18px; background: #14181d;
  color: #fff; font-family: system-ui, sans-serif"><div style="font-size: 60px; font-weight: 700">Walking the Latent Space</div>
  <div style="font-size: 30px">What a variational autoencoder is, with figures that you can drag</div>
  <img src="{still}" style="height: 400px; border-radius: 10px"></body>"""


# Onto whole pixels: the text above decides where between two of them a card lies.
ALIGN = """(card) => {
  const { left, top } = card.getBoundingClientRect(), [x, y] = [left + scrollX, top + scrollY];
  Object.assign(card.style, { position: "relative", left: `${Math.ceil(x) - x}px`, top: `${Math.ceil(y) - y}px` });
}"""


def prepare(page: Page) -> None:
    """Make all figures of a page and let it come to rest, with nothing lying over them and nothing to share."""
    page.add_style_tag(
        content=".bd-header, .bd-header-article, #pst-back-to-top, .lw-share { visibility: hidden !important }"
    )
    page.evaluate("latentwalk.all()")
    page.evaluate("document.fonts.ready.then(() => null)")
    page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")


def train(page: Page) -> None:
    """Let a Lab train for four epochs: before, it has nothing to show."""
    page.click(".lw-train")
    page.wait_for_function("() => +document.querySelector('[data-figure=lab]').dataset.step >= 400", timeout=600_000)
    page.click(".lw-train")
    page.wait_for_function("() => document.querySelector('.lw-train').textContent.trim() === 'Train'")


def photograph(page: Page) -> Iterator[tuple[str, Image.Image, dict]]:
    """Name, picture and words of each figure of a page."""
    for place in page.locator(".lw-place[id]").all():
        card = place.locator(".lw-card")
        card.evaluate(ALIGN)
        words = card.evaluate(WORDS)
        yield place.get_attribute("data-name"), Image.open(io.BytesIO(card.screenshot())).convert("RGB"), words


def heights(page: Page) -> dict[str, dict[str, int]]:
    """How high each figure of a page is on each of the screens."""
    found: dict[str, dict[str, int]] = {}
    for screen, width in SCREENS.items():
        page.set_viewport_size({"width": width, "height": 2400})
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))")
        for name, height in page.evaluate(
            "[...document.querySelectorAll('.lw-place[id]')].map((p) => [p.dataset.name, Math.round(p.offsetHeight)])"
        ):
            found.setdefault(name, {})[screen] = height
    return found


def cards(browser: Browser) -> None:
    """The upper part of each chapter's first figure, in both themes, for the cards of the front page."""
    folder = STILLS / "cards"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    front = (HTML / "notebooks" / "00_walk.html").read_text(encoding="utf-8").partition("lw-chapters")[2]
    for chapter in re.findall(r'<p><a class="reference internal" href="(\w+)\.html', front):
        path = HTML / "notebooks" / f"{chapter}.html"
        for theme in ("light", "dark"):
            page = browser.new_page(
                viewport={"width": SCREENS["desk"], "height": 2400}, color_scheme=theme, reduced_motion="reduce"
            )
            page.goto(path.as_uri())
            prepare(page)
            name, image, _ = next(photograph(page))
            small = image.resize(
                (CARD_SIZE[0], round(CARD_SIZE[0] * image.height / image.width)), Image.Resampling.LANCZOS
            )
            small.crop((0, 0, *CARD_SIZE)).save(folder / f"{name}-{theme}.webp", quality=80, method=6)
            page.close()


def film(browser: Browser) -> None:
    """A drag along the first figure's strips, to one end, to the other and back, as an animated WebP."""
    page = browser.new_page(viewport={"width": 1100, "height": 1200}, color_scheme="light", reduced_motion="reduce")
    page.goto((HTML / "notebooks" / "00_walk.html").as_uri())
    prepare(page)
    page.add_style_tag(content=POINTER)
    card, mouse = page.locator(".lw-card").first, page.mouse
    card.evaluate(ALIGN)
    box = card.locator(".lw-track .lw-digit").last.bounding_box()
    strip = card.locator(".lw-strip").last.bounding_box()
    start, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    reach, middle = 0.45 * strip["width"], strip["x"] + 0.5 * strip["width"]
    away = math.asin((start - middle) / reach)
    mouse.move(start, y)
    mouse.down()
    frames = []
    for step in range(FRAMES):
        x = middle + reach * math.sin(away + 2 * math.pi * step / FRAMES)
        mouse.move(x, y)
        card.evaluate(POINT, [x, y])
        picture = Image.open(io.BytesIO(card.screenshot())).convert("RGB")
        frames.append(picture.resize((WIDE, round(WIDE * picture.height / picture.width)), Image.Resampling.LANCZOS))
    mouse.up()
    page.close()
    frames[0].save(FILM, save_all=True, append_images=frames[1:], duration=90, loop=0, quality=60, method=6)


def preview(browser: Browser) -> None:
    """What messengers show of a link: 1200 x 630 pixels."""
    page = browser.new_page(viewport={"width": 1200, "height": 630})
    page.goto((HTML / "notebooks" / "00_walk.html").as_uri())  # a page of the disk may show pictures of the disk
    page.set_content(CARD.format(still=(STILLS / "00_walk-interpolation.webp").as_uri()))
    page.wait_for_function("() => document.images[0].complete && document.images[0].naturalWidth > 0")
    page.screenshot(path=PREVIEW)
    page.close()


def main() -> None:
    """Photograph all figures of the built book; drop stills of figures that are no more."""
    STILLS.mkdir(parents=True, exist_ok=True)
    found = {}
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for path in sorted([*HTML.glob("notebooks/**/*.html"), *HTML.glob("book/*.html")]):  # in English
            if 'class="lw-place" id=' not in path.read_text(encoding="utf-8"):
                continue
            page = browser.new_page(
                viewport={"width": SCREENS["desk"], "height": 2400},
                device_scale_factor=SCALE,
                color_scheme="light",
                reduced_motion="reduce",  # as a figure opens, before its sweep
            )
            page.goto(path.as_uri())
            prepare(page)
            lab = page.locator("[data-figure=lab]").count()
            if lab:
                train(page)
                page.evaluate("scrollTo(0, 0)")
            for name, image, words in photograph(page):
                few = image.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)  # half the size
                few.convert("RGB").save(STILLS / f"{name}.webp", lossless=True, method=6)
                found[name] = {"width": image.width // SCALE, "height": image.height // SCALE, **words}
            if lab:
                page.reload()  # a Lab opens without its plots
                prepare(page)
            for name, high in heights(page).items():
                found[name]["heights"] = high
            page.close()
        cards(browser)
        film(browser)
        preview(browser)
        browser.close()
    for path in STILLS.glob("*.webp"):
        if path.stem not in found:
            path.unlink()
    (STILLS / "stills.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    size = sum(path.stat().st_size for path in STILLS.rglob("*") if path.is_file())
    print(f"{len(found)} stills in {os.path.relpath(STILLS, ROOT)}, {size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
