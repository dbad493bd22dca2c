"""The built book in Chromium: from input event to painted frame for every figure, first usable figure, page weight.

An arrow key on sliders' handles and a pointer that drags on canvases; from the event's own time stamp to the first task
after the frame in which the figure drew. Says at the end which bars are met: a median under 17 ms and a 95th percentile under
34 ms for each figure (VAE Explainer, measured the same way: 50 and 55), first figure within 1.5 s, HTML at most 3 MB.

Usage: python benchmarks/page.py [chapter ...] (after `make book`, on a machine that does nothing else)
"""

import statistics
import sys
from pathlib import Path

from _machine import describe
from playwright.sync_api import Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "book"))
from chromium import FLAGS, NOWHERE, find  # noqa: E402
from conftest import HTML, serve, views, wait_for_figures  # noqa: E402

EVENTS = 60
MEDIAN, P95, FIRST, WEIGHT = 17, 34, 1500, 3  # the bars: ms, ms, ms, MB of HTML
SLIDERS = 4  # of a figure; the bank of twenty has more of the same

# Times each event: its own time stamp -> the task after the next frame. The figure draws in that frame. And when the first
# figure of the page was drawn, in ms since the page was asked for.
STOPWATCH = """
window.lwTimes = [];
for (const type of ["keydown", "pointermove"])
  window.addEventListener(type, (event) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.lwTimes.push(performance.now() - event.timeStamp);
      channel.port2.postMessage(0);
    });
  }, { capture: true });
new MutationObserver((_, observer) => {
  if (!document.querySelector(".lw-figure[data-ready]")) return;
  observer.disconnect();
  window.lwFirst = performance.now();
}).observe(document, { subtree: true, childList: true, attributeFilter: ["data-ready"] });
"""


def pause(page: Page, i: int) -> None:
    """Wait for a frame or two, out of step with them."""
    page.wait_for_timeout(20 + 7 * (i % 3))


def keys(page: Page, handle: Locator) -> list[float]:
    """Press arrow keys again and again on a slider, a second after it has come into sight."""
    handle.focus()
    page.wait_for_timeout(1000)
    page.evaluate("window.lwTimes = []")
    for i in range(EVENTS):
        page.keyboard.press("ArrowRight" if (i // 15) % 2 == 0 else "ArrowLeft")
        pause(page, i)
    return page.evaluate("window.lwTimes")


def moves(page: Page, canvas: Locator) -> list[float]:
    """Drag to and fro on a canvas."""
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("window.lwTimes = []")
    for i in range(EVENTS):
        page.mouse.move(x + 30 * ((i % 12) - 6) / 6, y + 20 * ((i % 7) - 3) / 3)
        pause(page, i)
    times = page.evaluate("window.lwTimes")
    page.mouse.up()
    return times


def visit(browser, base: str, name: str) -> tuple[list, tuple]:
    """One page: (figure, input, times) of each input, and (HTML, all that was loaded, first figure)."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(int(response.headers.get("content-length", 0))))
    page.add_init_script(STOPWATCH)
    page.goto(f"{base}/notebooks/{name}.html", wait_until="networkidle")
    wait_for_figures(page, views(f"notebooks/{name}.html"))
    page.wait_for_timeout(1000)  # networks that are fetched in advance
    weight = (sizes[0] / 1e6, sum(sizes) / 1e6, page.evaluate("window.lwFirst"))
    inputs = []
    for card in page.locator(".lw-card").all():
        figure = card.locator(".lw-figure").get_attribute("data-figure")
        handles = [handle for handle in card.locator("[role=slider]").all() if handle.is_visible()]
        for handle in handles[:SLIDERS]:
            inputs.append((figure, handle.get_attribute("aria-label"), keys(page, handle)))
        for canvas in card.locator("canvas[tabindex], canvas.lw-pad").all():
            inputs.append((figure, "drag", moves(page, canvas)))
    page.context.close()
    return inputs, weight


def percentile(values: list[float], share: float) -> float:
    """The value below which that share lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main(chapters: list[str]) -> None:
    """Measure the pages and print the tables."""
    names = chapters or sorted(path.stem for path in (HTML / "notebooks").glob("0*.html"))
    missed, weights = [], []
    print(describe() + "\n")
    print(f"{'page':24} {'figure':20} {'input':16} {'median ms':>9} {'p95 ms':>8}")
    with sync_playwright() as playwright, serve(HTML) as base:
        browser = playwright.chromium.launch(executable_path=find(), args=[*FLAGS, NOWHERE])
        browser.new_page().goto(base, wait_until="networkidle")  # the browser's own first steps are not the page's
        for name in names:
            inputs, weight = visit(browser, base, name)
            weights.append((name, *weight))
            for figure, how, times in inputs:
                assert len(times) >= EVENTS, f"{name}, {figure}, {how}: {len(times)} of {EVENTS} events seen"
                middle, high = statistics.median(times), percentile(times, 0.95)
                print(f"{name:24} {figure:20} {how:16} {middle:9.1f} {high:8.1f}", flush=True)
                if middle >= MEDIAN or high >= P95:
                    missed.append(f"{name}, {figure}, {how}: {middle:.1f} and {high:.1f} ms")
        browser.close()
    print(f"\n{'page':24} {'HTML MB':>8} {'loaded MB':>10} {'first figure ms':>16}")
    for name, html, loaded, first in weights:
        print(
            f"{name:24} {html:8.2f} {loaded:10.2f} {first:16.0f}"
            if first
            else f"{name:24} {html:8.2f} {loaded:10.2f} {'-':>16}"
        )
        if html > WEIGHT or (first or 0) > FIRST:
            missed.append(f"{name}: {html:.2f} MB, first figure after {first:.0f} ms")
    print("\n" + ("Bars missed:\n" + "\n".join(missed) if missed else "Every bar is met."))


if __name__ == "__main__":
    main(sys.argv[1:])
