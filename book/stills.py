"""Stills of the interactive figures, for pages without JavaScript and on paper (`make stills`).

Each figure of the built book is photographed as it opens, at twice the size that it has on a desk, in the light theme. The
pictures lie in ``book/_static/stills``, with ``stills.json``, which has for each its size and, in words, what it shows.
`book/_ext/offline.py` puts them into the pages; tests/book/test_stills.py finds those that are out of date.
"""

import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image  # matplotlib's
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
STILLS = ROOT / "book" / "_static" / "stills"
SCALE = 2  # pixels of a still for each pixel of the page

WORDS = """(card) => [...card.querySelectorAll(".lw-title, .lw-readout")]
  .map((node) => node.textContent.trim().replace(/\\.$/, "")).filter(Boolean).join(". ")"""


# Onto whole pixels: the text above decides where between two of them a card lies.
ALIGN = """(card) => {
  const { left, top } = card.getBoundingClientRect(), [x, y] = [left + scrollX, top + scrollY];
  Object.assign(card.style, { position: "relative", left: `${Math.ceil(x) - x}px`, top: `${Math.ceil(y) - y}px` });
}"""


def prepare(page: Page) -> None:
    """Let a page that has drawn its figures come to rest, with nothing lying over them."""
    page.add_style_tag(content=".bd-header, .bd-header-article, #pst-back-to-top { visibility: hidden !important }")
    page.evaluate("window.latentwalkFormulas.then(() => null)")  # they move what stands below them
    page.evaluate("document.fonts.ready.then(() => null)")
    page.wait_for_timeout(500)


def photograph(page: Page) -> Iterator[tuple[Image.Image, str]]:
    """Picture and words of each figure of a page."""
    for card in page.locator(".lw-card").all():
        card.evaluate(ALIGN)
        words = card.evaluate(WORDS)
        yield Image.open(io.BytesIO(card.screenshot())).convert("RGB"), words


def main() -> None:
    """Photograph all figures of the built book; drop stills of figures that are no more."""
    sys.path.insert(0, str(ROOT / "tests" / "book"))
    from chromium import FLAGS, find
    from conftest import HTML, LIVE, views, wait_for_figures

    STILLS.mkdir(parents=True, exist_ok=True)
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        for name in LIVE:
            path = HTML / name
            page = browser.new_page(
                viewport={"width": 1280, "height": 2400}, device_scale_factor=SCALE, color_scheme="light"
            )
            page.goto(path.as_uri())
            wait_for_figures(page, views(name))
            prepare(page)
            for number, (image, words) in enumerate(photograph(page), 1):
                still = f"{path.stem}-{number}"
                few = image.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)  # half the size
                few.convert("RGB").save(STILLS / f"{still}.webp", lossless=True, method=6)
                found[still] = {"width": image.width // SCALE, "height": image.height // SCALE, "words": words}
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
