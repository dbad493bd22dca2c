"""Stills of the interactive figures, for pages without JavaScript and on paper (`make stills`).

Each figure of the built book is photographed as it opens, at twice the size that it has on a desk, in the light theme. The
pictures lie in ``book/_static/stills``, with ``stills.json``, which has for each its size, the height of the figure on a desk and
on phones (the page keeps that much room for it) and, in words, what it shows. `book/_ext/figures.py` puts them into the pages; the
tests find those that are out of date.
"""

import io
import json
import os
from collections.abc import Iterator

from PIL import Image  # matplotlib's
from playwright.sync_api import Page, sync_playwright

from latentbook import HTML, ROOT
from latentbook.chromium import launch

STILLS = ROOT / "book" / "_static" / "stills"
SCALE = 2  # pixels of a still for each pixel of the page
SCREENS = {"desk": 1280, "phone": 412, "narrow": 360}  # widths, as latentwalk.css knows them

WORDS = """(card) => [...card.querySelectorAll(".lw-title, .lw-readout")]
  .map((node) => node.textContent.trim().replace(/\\.$/, "")).filter(Boolean).join(". ")"""


# Onto whole pixels: the text above decides where between two of them a card lies.
ALIGN = """(card) => {
  const { left, top } = card.getBoundingClientRect(), [x, y] = [left + scrollX, top + scrollY];
  Object.assign(card.style, { position: "relative", left: `${Math.ceil(x) - x}px`, top: `${Math.ceil(y) - y}px` });
}"""


def prepare(page: Page) -> None:
    """Make all figures of a page and let it come to rest, with nothing lying over them."""
    page.add_style_tag(content=".bd-header, .bd-header-article, #pst-back-to-top { visibility: hidden !important }")
    page.evaluate("latentwalk.all()")
    page.evaluate("document.fonts.ready.then(() => null)")
    page.wait_for_function("!document.querySelector('[aria-busy=true]')")


def photograph(page: Page) -> Iterator[tuple[str, Image.Image, str]]:
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


def main() -> None:
    """Photograph all figures of the built book; drop stills of figures that are no more."""
    STILLS.mkdir(parents=True, exist_ok=True)
    found = {}
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for path in sorted(HTML.glob("**/*.html")):
            if 'class="lw-place" id=' not in path.read_text(encoding="utf-8"):
                continue
            page = browser.new_page(
                viewport={"width": SCREENS["desk"], "height": 2400}, device_scale_factor=SCALE, color_scheme="light"
            )
            page.goto(path.as_uri())
            prepare(page)
            for name, image, words in photograph(page):
                few = image.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)  # half the size
                few.convert("RGB").save(STILLS / f"{name}.webp", lossless=True, method=6)
                found[name] = {"width": image.width // SCALE, "height": image.height // SCALE, "words": words}
            for name, high in heights(page).items():
                found[name]["heights"] = high
            page.close()
        browser.close()
    for path in STILLS.glob("*.webp"):
        if path.stem not in found:
            path.unlink()
    (STILLS / "stills.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    size = sum(path.stat().st_size for path in STILLS.iterdir())
    print(f"{len(found)} stills in {os.path.relpath(STILLS, ROOT)}, {size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
