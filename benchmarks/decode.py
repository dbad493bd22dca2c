"""One code to one picture, and one picture to its code: the page's JavaScript against PyTorch, in one run.

Opens every chapter of the built book in Chromium and times each network that its figures have loaded, as they would use it: one
code at a time (random numbers; as pictures, with four of five pixels black). PyTorch does the same with the same network, with one
thread. Medians of `ROUNDS` rounds of `CALLS` calls.

Usage: python benchmarks/decode.py (after `make book`)
"""

import statistics
import time

import torch
from _machine import describe
from playwright.sync_api import sync_playwright

from latentbook import HTML
from latentbook.chromium import launch
from latentbook.server import serve
from latentwalk import checkpoints

ROUNDS, CALLS = 9, 100

# For each network of the page: its name, and ms per call of each part that it has, a number for each round.
TIME = """async ([rounds, calls]) => {
  const found = [];
  for (const promise of globalThis.latentwalkNetworks?.values() ?? []) {
    const network = await promise, ms = {};
    for (const [part, layers] of Object.entries(network.parts)) {
      if (!layers.length) continue;
      const number = () => part === "encode" && Math.random() < 0.8 ? 0 : Math.random(); // the page skips black pixels
      const inputs = Array.from({ length: calls }, () => Float32Array.from({ length: layers[0].shape.reduce((m, n) => m * n, 1) }, number));
      ms[part] = [];
      for (let round = -2; round < rounds; round++) { // two rounds to warm up
        const start = performance.now();
        for (const input of inputs) network.run(part, input);
        if (round >= 0) ms[part].push((performance.now() - start) / calls);
      }
    }
    found.push([network.name, ms]);
  }
  return found;
}"""


@torch.no_grad()
def pytorch(name: str, part: str) -> float:
    """The same in PyTorch: ms per call, a median."""
    model = checkpoints.load(name)
    width = model.latent_dim if part == "decode" else model.pixels
    inputs, times = torch.rand(CALLS, 1, width), []
    for _ in range(ROUNDS + 2):
        start = time.perf_counter()
        for x in inputs:
            getattr(model, part)(x)
        times.append(1000 * (time.perf_counter() - start) / CALLS)
    return statistics.median(times[2:])


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)
    stored = {path.stem for path in checkpoints.FOLDER.glob("*.safetensors")}
    print(describe() + "\n")
    print(f"{'network':22} {'part':8} {'JavaScript ms':>14} {'PyTorch ms':>11} {'ratio':>6}")
    seen = set()
    with sync_playwright() as playwright, serve(HTML) as base:
        browser = launch(playwright)
        for chapter in sorted(HTML.glob("notebooks/0*.html")):
            page = browser.new_page()
            page.goto(f"{base}/notebooks/{chapter.name}")
            page.evaluate("globalThis.latentwalk?.all()")
            page.wait_for_timeout(2000)  # networks that are fetched in advance
            for name, parts in page.evaluate(TIME, [ROUNDS, CALLS]):
                for part, times in parts.items():
                    if name not in stored or (name, part) in seen:  # chapter 05 trains its own
                        continue
                    seen.add((name, part))
                    ours, theirs = statistics.median(times), pytorch(name, part)
                    print(f"{name:22} {part:8} {ours:14.3f} {theirs:11.3f} {ours / theirs:6.2f}", flush=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
