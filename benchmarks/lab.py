"""The Lab in Chromium, from the disk: how fast it trains, how good the network gets, whether the page stays smooth, what it needs of memory.

Trains for four epochs with the defaults, three times: from the press on Train (worker and digits are fetched then) and from the first
step; then the test loss on 2,000 digits, as the download's manifest has it. While it trains, a handle is dragged, and the times between
two frames of the page are kept. Then many short runs, each from Start over, and the memory of the browser's processes for pages.

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
from playwright.sync_api import Page, sync_playwright

from latentbook import HTML
from latentbook.chromium import launch

EPOCH = 100  # steps
TIME, LOSS, SMOOTH, MEMORY = 12, 122, 34, 400  # s, nats, ms, MB: the bars
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
    """MB that this browser's processes for pages have for themselves (PSS)."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"--type=renderer" in (folder / "cmdline").read_bytes() and ours(int(folder.name)):
                rollup = (folder / "smaps_rollup").read_text()
                total += int(rollup.partition("\nPss:")[2].split()[0]) / 1000
        except OSError:
            continue  # it has ended meanwhile
    return total


def train(browser) -> dict:
    """One visit: seconds, nats, ms of a frame (95th percentile), MB."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000}, accept_downloads=True)
    page.goto((HTML / "notebooks" / "lab.html").as_uri())
    page.wait_for_selector("[data-figure=lab][data-ready]")
    pressed = time.perf_counter()
    page.click(".lw-train")
    step(page, 1)
    began = time.perf_counter()
    page.evaluate(FRAMES)
    handle = page.locator(".lw-lab [role=slider]").first
    while int(page.evaluate("document.querySelector('[data-figure=lab]').dataset.step")) < 4 * EPOCH:
        handle.press("ArrowRight")
        handle.press("ArrowLeft")
    ended = time.perf_counter()
    page.click(".lw-train")
    frames = sorted(page.evaluate("(window.counting = false, times)"))
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
    found |= {"p95": frames[int(0.95 * len(frames))], "memory": memory(), "device": device}
    page.close()
    return found


def again_and_again(browser, runs: int) -> list[float]:
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
        visits = [train(browser) for _ in range(3)]
        middle = {
            name: statistics.median(visit[name] for visit in visits)
            for name in ("pressed", "seconds", "loss", "p95", "memory")
        }
        print(f"10,000 digits, 4 epochs, {visits[0]['device']}, medians of three:")
        print(
            f"  from the first step {middle['seconds']:.1f} s (bar {TIME}), from the press on Train {middle['pressed']:.1f} s"
        )
        print(f"  test loss {middle['loss']:.1f} nats (bar {LOSS})")
        print(f"  a frame of the page meanwhile, 95th percentile: {middle['p95']:.0f} ms (bar {SMOOTH})")
        print(f"  memory {middle['memory']:.0f} MB (bar {MEMORY})")
        grown = again_and_again(browser, runs)
        print(f"  {runs} runs in one page, memory on the way: {', '.join(f'{mb:.0f}' for mb in grown)} MB")
        browser.close()


if __name__ == "__main__":
    main()
