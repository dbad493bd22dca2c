"""The built book in Chromium: from input event to painted frame for every figure, first usable figure, page weight.

A key press on each control's slider handle, and a pointer move on each canvas that can be dragged; from the event's own
time stamp to the first task after the frame in which the figure drew. Prints a table with medians and 95th percentiles in ms.

Usage: python benchmarks/page.py (after `make book`)
"""

import functools
import http.server
import statistics
import sys
import threading
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "book"))
from chromium import find  # noqa: E402
from conftest import FLAGS, NOWHERE  # noqa: E402

HTML = ROOT / "_build" / "html"
EVENTS = 60

# Times each event: its own time stamp -> the task after the next frame. The figure draws in that frame.
STOPWATCH = """
(type) => {
  window.lwTimes = [];
  window.addEventListener(type, (event) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.lwTimes.push(performance.now() - event.timeStamp);
      channel.port2.postMessage(0);
    });
  }, { capture: true });
}
"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A web server for the book that prints nothing."""

    def log_message(self, *_):
        pass


def percentile(values: list[float], share: float) -> float:
    """The value below which that share lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def keys(page, card) -> list[float]:
    """Press an arrow key again and again on the card's first slider."""
    handle = card.locator("[role=slider]").first
    handle.focus()
    page.evaluate("window.lwTimes = []")
    for i in range(EVENTS):
        page.keyboard.press("ArrowRight" if (i // 15) % 2 == 0 else "ArrowLeft")
        page.wait_for_timeout(20 + 7 * (i % 3))  # not in step with the frames
    return page.evaluate("window.lwTimes")


def moves(page, canvas) -> list[float]:
    """Drag to and fro on a canvas."""
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("window.lwTimes = []")
    for i in range(EVENTS):
        page.mouse.move(x + 30 * ((i % 12) - 6) / 6, y + 20 * ((i % 7) - 3) / 3)
        page.wait_for_timeout(20 + 7 * (i % 3))
    times = page.evaluate("window.lwTimes")
    page.mouse.up()
    return times


def main() -> None:
    """Measure every page and print the tables."""
    handler = functools.partial(Quiet, directory=str(HTML))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    latency, weight = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=[*FLAGS, NOWHERE])
        for path in sorted((HTML / "notebooks").glob("*.html")):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            page = context.new_page()
            sizes: list[int] = []
            page.on("response", lambda r, sizes=sizes: sizes.append(int(r.headers.get("content-length", 0))))
            for event in ("keydown", "pointermove"):
                page.add_init_script(f"({STOPWATCH})('{event}')")
            start = time.perf_counter()
            page.goto(f"{base}/notebooks/{path.name}", wait_until="commit")
            page.wait_for_selector(".lw-figure[data-ready]")
            first = time.perf_counter() - start
            page.wait_for_load_state("networkidle")
            weight.append((path.stem, path.stat().st_size / 1e6, sum(sizes) / 1e6, first))
            page.wait_for_function("[...document.querySelectorAll('.lw-figure')].every((f) => f.dataset.ready)")
            for card in page.locator(".lw-card").all():
                name = card.locator(".lw-figure").get_attribute("data-figure")
                if card.locator("[role=slider]").count():
                    latency.append((path.stem, name, "key", keys(page, card)))
                for canvas in card.locator("canvas[tabindex]").all()[:1]:
                    latency.append((path.stem, name, "drag", moves(page, canvas)))
            context.close()
        browser.close()
    server.shutdown()
    print(f"{'page':24} {'figure':20} {'input':6} {'median ms':>9} {'p95 ms':>8}")
    for page_name, figure, how, times in latency:
        print(
            f"{page_name:24} {figure:20} {how:6} {statistics.median(times):9.1f} {percentile(times, 0.95):8.1f}"
            if times
            else f"{page_name:24} {figure:20} {how:6} no event seen"
        )
    print(f"\n{'page':24} {'HTML MB':>8} {'loaded MB':>10} {'first figure s':>15}")
    for page_name, html, loaded, first in weight:
        print(f"{page_name:24} {html:8.2f} {loaded:10.2f} {first:15.2f}")


if __name__ == "__main__":
    main()
