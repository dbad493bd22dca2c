"""The Lab in Chromium, from the disk: how fast it trains, how good the network gets, whether the page stays smooth, what it needs of memory.

Trains for four epochs with the defaults, three times: from the press on Train (worker and digits are fetched then) and from the first
step; then the test loss on 2,000 digits, as the download's manifest has it. While it trains, a handle is dragged, and the times between
two frames of the page are kept; in chapter 4, while its small Lab trains, those from a key to the next frame of another figure. Then many
short runs, each from Start over, and the memory of the browser's processes for pages.

Usage: python benchmarks/lab.py [runs] (after `make book`, on a machine that does nothing else)
"""

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from _machine import describe
from _visit import STOPWATCH
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from latentbook import HTML
from latentbook.chromium import launch

EPOCH = 100  # steps
TIME, LOSS, SMOOTH, MEMORY, FIRST = 12, 122, 34, 400, 700  # s, nats, ms, MB, ms: the bars
FRAMES = """() => {
  window.times = [];
  let last = performance.now();
  const next = (now) => { times.push(now - last); last = now; window.counting && requestAnimationFrame(next); };
  window.counting = true;
  requestAnimationFrame(next);
}"""


def step(page: Page, at_least: int) -> None:
    """Wait until so many steps are done."""
    page.wait_for_function(
        "(s) => +document.querySelector('[data-figure=lab]').dataset.step >= s", arg=at_least, timeout=600_000
    )


def ours(process: int) -> bool:
    """Whether a process descends from this one."""
    while process > 1 and process != os.getpid():
        process = int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    return process == os.getpid()


def memory() -> float:
    """MB of all processes in which this browser shows pages, of shared memory their share (PSS), as they are: nothing is collected before.

    They are the Lab's page, its worker's sandbox, and the browser's own: its menus, and one in reserve. The browser's code, read from the
    disk, is in it; on a machine with another Chromium at work, only half of that.
    """
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"--type=renderer" in (folder / "cmdline").read_bytes() and ours(int(folder.name)):
                rollup = (folder / "smaps_rollup").read_text()
                total += int(rollup.partition("\nPss:")[2].split()[0]) / 1000
        except OSError:
            continue  # it has ended meanwhile
    return total


def high(times: list[float]) -> float:
    """The 95th percentile."""
    return sorted(times)[int(0.95 * len(times))]


def drag(page: Page, handle: Locator, until: int) -> None:
    """Press arrow keys on a handle until so many steps are done."""
    while int(page.evaluate("document.querySelector('[data-figure=lab]').dataset.step")) < until:
        handle.press("ArrowRight")
        handle.press("ArrowLeft")


def train(browser: Browser) -> dict:
    """One visit: ms until the figure, seconds, nats, ms of a frame (95th percentile), MB."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000}, accept_downloads=True)
    page.add_init_script(STOPWATCH)
    page.goto((HTML / "notebooks" / "lab.html").as_uri())
    page.wait_for_selector("[data-figure=lab][data-ready]")
    pressed = time.perf_counter()
    page.click(".lw-train")
    step(page, 1)
    began = time.perf_counter()
    page.evaluate(FRAMES)
    drag(page, page.locator(".lw-lab [role=slider]").first, 4 * EPOCH)
    ended = time.perf_counter()
    page.click(".lw-train")
    frames = page.evaluate("(window.counting = false, times)")
    page.wait_for_function("document.querySelector('.lw-train').textContent.trim() === 'Train'")
    page.click("summary:text-is('Take the network along')")
    with tempfile.TemporaryDirectory() as folder, page.expect_download() as waiting:
        page.click("button:text-is('Download the network')")
        path = Path(folder) / "lab.safetensors"
        waiting.value.save_as(path)
        content = path.read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    loss = json.loads(header["__metadata__"]["manifest"])["metrics"]["loss"]
    device = page.evaluate("document.querySelector('[data-figure=lab]').dataset.device")
    found = {"pressed": ended - pressed, "seconds": ended - began, "loss": loss}
    found |= {"first": page.evaluate("lwFirst"), "p95": high(frames), "memory": memory(), "device": device}
    page.close()
    return found


def beside(browser: Browser) -> float:
    """ms from a key to the next frame of chapter 4's first figure (95th percentile), while the small Lab below it trains."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.add_init_script(STOPWATCH)
    page.goto((HTML / "notebooks" / "04_kl.html").as_uri())
    handle = page.locator("[data-figure=kl] [role=slider], .lw-card:has([data-figure=kl]) [role=slider]").first
    handle.scroll_into_view_if_needed()
    page.locator(".lw-place[data-name$=lab]").scroll_into_view_if_needed()
    page.click(".lw-train")
    step(page, 1)
    page.evaluate("lwTimes = []")
    drag(page, handle, EPOCH)
    times = page.evaluate("lwTimes")
    page.close()
    return high(times)


def again_and_again(browser: Browser, runs: int) -> list[float]:
    """MB after each tenth of many short runs in one page."""
    page = browser.new_page()
    page.goto((HTML / "notebooks" / "lab.html").as_uri())
    page.wait_for_selector("[data-figure=lab][data-ready]")
    found = []
    for run in range(runs):
        page.click(".lw-train")
        step(page, 2)
        page.click(".lw-train")
        page.wait_for_function("document.querySelector('.lw-train').textContent.trim() === 'Train'")
        page.click("button:text-is('Start over')")
        page.wait_for_function("document.querySelector('[data-figure=lab]').dataset.step === '0'")
        if (run + 1) % max(1, runs // 10) == 0:
            found.append(memory())
    page.close()
    return found


def main() -> None:
    """Print the measurements beside their bars."""
    print(describe())
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with sync_playwright() as playwright:
        browser = launch(playwright)
        empty = browser.new_page()
        own = memory()
        empty.close()
        visits = [train(browser) for _ in range(3)]
        middle = {
            name: statistics.median(visit[name] for visit in visits)
            for name in ("first", "pressed", "seconds", "loss", "p95", "memory")
        }
        other = statistics.median(beside(browser) for _ in range(3))
        print(f"10,000 digits, 4 epochs, {visits[0]['device']}, medians of three:")
        print(
            f"  from the first step {middle['seconds']:.1f} s (bar {TIME}), from the press on Train {middle['pressed']:.1f} s"
        )
        print(f"  test loss {middle['loss']:.1f} nats (bar {LOSS})")
        print(f"  a frame of the page meanwhile, 95th percentile: {middle['p95']:.0f} ms (bar {SMOOTH})")
        print(
            f"  another figure's answer to a key meanwhile, in chapter 4, 95th percentile: {other:.0f} ms (bar {SMOOTH})"
        )
        print(f"  the figure stands {middle['first']:.0f} ms after the page was asked for (bar {FIRST})")
        print(
            f"  memory {middle['memory']:.0f} MB (bar {MEMORY}); of the browser with an empty page: {own:.0f} MB",
            flush=True,
        )
        grown = again_and_again(browser, runs)
        print(f"  {runs} runs in one page, memory on the way: {', '.join(f'{mb:.0f}' for mb in grown)} MB")
        browser.close()


if __name__ == "__main__":
    main()
