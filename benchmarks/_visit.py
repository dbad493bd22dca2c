"""One visit to a page of a built book in Chromium: what it loads, when its first figure is drawn, how fast its figures answer."""

import random
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Locator, Page

from latentbook.server import packed

EVENTS = 60
FRAME = 1000 / 60  # ms
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
NETWORKS = (
    "() => Promise.all([...(globalThis.latentwalkNetworks?.values() ?? [])].map(async (one) => (await one).name))"
)

# A figure's place. Books from before the front end of its own have a script in it, and all states in the page.
FIGURE = re.compile(r'class="lw-place" id=|vnd.jupyter.widget-view\+json')
FIRST = re.compile(r'class="lw-place" id="([^"]+)"')
PLACES = ".lw-place[id], .lw-card:not(.lw-place .lw-card)"
# Opens what is folded: figures stand in solutions, too.
UNFOLD = """() => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  for (const folded of document.querySelectorAll(".toggle-hidden")) folded.classList.remove("toggle-hidden");
}"""
STATE = re.compile(rb'<script type="application/vnd.jupyter.widget-state\+json">.*?</script>', re.S)

KINDS = {
    "HTML": {".html"},
    "styles": {".css"},
    "scripts": {".js"},
    "state": set(),  # of widgets
    "weights": set(),
    "fonts": {".otf", ".ttf", ".woff", ".woff2"},
    "images": {".gif", ".ico", ".jpg", ".png", ".svg", ".webp"},
}


@dataclass
class Visit:
    """What was seen of one page."""

    files: set[Path]  # loaded before the first drag
    missing: list[str]  # addresses from which nothing came
    first: float | None  # ms until the first figure was drawn, None where there is none
    networks: list[str]  # of these files, by name
    inputs: dict[str, list[float]]  # "figure, input": ms from each event to the painted frame


def visit(browser: Browser, base: str, folder: Path, address: Path, dragging: bool) -> Visit:
    """Open one page as a new reader, touch nothing until all is loaded, and then drag, if wanted."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce").new_page()
    asked, failed, loaded = [], [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.on("requestfinished", lambda request: loaded.append(request.url))
    page.add_init_script(STOPWATCH)
    text = (folder / address).read_text(encoding="utf-8")
    place = FIRST.search(text)  # where figures are made when they come near, the reader comes by a link to the first
    page.goto(f"{base}/{address.as_posix()}{f'#{place[1]}' if place else ''}", wait_until="load")
    if FIGURE.search(text):
        page.wait_for_function("window.lwFirst")
    before = None
    while before != len(asked) or len(loaded) + len(failed) < len(asked):  # for a second, nothing new was asked for
        before = len(asked)
        page.evaluate("new Promise((done) => requestIdleCallback(() => done()))")  # what computes may ask for more
        page.wait_for_timeout(1000)
    paths = {unquote(urlsplit(url).path).lstrip("/") for url in loaded if url.startswith(base)}
    first, networks = page.evaluate("window.lwFirst"), page.evaluate(NETWORKS)
    found = Visit({folder / path for path in paths}, failed, first, networks, {})
    if dragging:
        found.inputs = drag_all(page)
    page.context.close()
    return found


# Drags


def drag_all(page: Page) -> dict[str, list[float]]:
    """Scroll to every figure in turn, and move its sliders and canvases."""
    page.evaluate(UNFOLD)
    inputs, count = {}, Counter()
    for place in shown(page.locator(PLACES)):
        place.scroll_into_view_if_needed()
        figure = place.locator(".lw-figure[data-ready]")
        name = figure.get_attribute("data-figure")
        count[name] += 1
        if count[name] > 1:
            name += f" {count[name]}"
        for handle in shown(place.locator("[role=slider]"))[:SLIDERS]:
            inputs[f"{name}, {handle.get_attribute('aria-label')}"] = keys(page, handle)
        for canvas in shown(place.locator("canvas[tabindex], canvas.lw-pad")):
            inputs[f"{name}, drag"] = moves(page, canvas)
    short = {name: len(times) for name, times in inputs.items() if len(times) < EVENTS}
    assert not short, f"events seen, of {EVENTS}: {short}"
    return inputs


def shown(found: Locator) -> list[Locator]:
    """Those that a reader sees: a figure may have more, in a fold or behind a choice."""
    return [one for one in found.all() if one.is_visible()]


def keys(page: Page, handle: Locator) -> list[float]:
    """Press arrow keys again and again on a slider, a second after it has come into sight."""
    handle.focus()
    page.wait_for_timeout(1000)
    page.evaluate("window.lwTimes = []")
    for i in range(EVENTS):
        page.keyboard.press("ArrowRight" if (i // 15) % 2 == 0 else "ArrowLeft")
        pause(page)
    return page.evaluate("window.lwTimes")


def moves(page: Page, canvas: Locator) -> list[float]:
    """Drag to and fro on a canvas, a second after it has come into sight."""
    canvas.scroll_into_view_if_needed()
    page.wait_for_timeout(1000)
    box = canvas.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("window.lwTimes = []")
    for i in range(EVENTS):
        page.mouse.move(x + 30 * ((i % 12) - 6) / 6, y + 20 * ((i % 7) - 3) / 3)
        pause(page)
    times = page.evaluate("window.lwTimes")
    page.mouse.up()
    return times


def pause(page: Page) -> None:
    """Wait so that any moment between two frames is as likely as any other: in step with them, a median says where in a frame events fell."""
    page.wait_for_timeout(random.uniform(20, 20 + FRAME))


# Weights


def kind(path: Path) -> str:
    """What a file is to its page."""
    if path.parent.name == "weights":
        return "weights"
    if path.parent.name == "figures" and not re.fullmatch("[0-9a-f]{16,}", path.stem):  # that name is one of code
        return "state"
    return next((kind for kind, suffixes in KINDS.items() if path.suffix in suffixes), "scripts")


def weigh(files: set[Path]) -> Counter:
    """MB of each kind, of "all", and of all as "gzip" sends it; "page" is the HTML with all that stands in it."""
    found = Counter()
    for path in files:
        content = path.read_bytes()
        inline = sum(map(len, STATE.findall(content))) if path.suffix == ".html" else 0
        parts = {kind(path): len(content) - inline, "state": inline} if inline else {kind(path): len(content)}
        parts |= {"all": len(content), "gzip": len(packed(path))}
        if path.suffix == ".html":
            parts["page"] = len(content)
        for part, size in parts.items():
            found[part] += size / 1e6
    return found
