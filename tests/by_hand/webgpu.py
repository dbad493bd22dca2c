"""The Lab on WebGPU, in software: that its path runs, and that it falls back to WebAssembly by itself.

A browser with Dawn's own adapter (SwiftShader) opens the built book's Lab from the disk and trains some steps: with WebGPU as it is; where
asking for an adapter fails; where there is no device; where its numbers are wrong; and where it fails while it trains. The worker lives in
a sandbox of no origin, where only a worker from a data: URL is the secure context that WebGPU asks for (lab_host.js). How fast a real GPU
is, this does not say.

Usage: python tests/by_hand/webgpu.py (after `make book`; a minute)
"""

from playwright.sync_api import sync_playwright

from latentbook import HTML
from latentbook.chromium import FLAGS, NOWHERE, find

GPU = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan"]
STEPS = 20
STATE = "({...document.querySelector('[data-figure=lab]').dataset})"
# What is put before the worker's own text.
BROKEN = {
    "WebGPU as it is": "",
    "no adapter": "navigator.gpu.requestAdapter = async () => null;",
    "asking for one fails": "navigator.gpu.requestAdapter = () => Promise.reject(new Error('no adapter'));",
    "no device": "GPUAdapter.prototype.requestDevice = () => Promise.reject(new Error('no device'));",
    "wrong numbers": "GPUBuffer.prototype.getMappedRange = function () { return new ArrayBuffer(this.size); };",
    "fails after 300 submissions": """{ let left = 300; const { submit } = GPUQueue.prototype;
      GPUQueue.prototype.submit = function (list) { if (!left--) throw new Error('lost'); return submit.call(this, list); }; }""",
}


def train(browser, before: str) -> dict[str, str]:
    """What the figure says after some steps: device, step, loss, and what has gone wrong."""
    page = browser.new_page()
    page.goto((HTML / "notebooks" / "lab.html").as_uri())
    page.wait_for_selector("[data-figure=lab][data-ready]")
    page.evaluate(
        """(before) => new Promise((done) => {
          let text = "";
          Object.defineProperty(latentwalkLab, "worker", { get: () => text && before + text, set: (value) => { text = value; } });
          done();
        })""",
        before,
    )
    page.click(".lw-train")
    page.wait_for_function(f"+{STATE}.step >= {STEPS} || document.querySelector('.lw-lab .lw-error:not([hidden])')")
    told = page.locator(".lw-lab .lw-error:visible").all_inner_texts()
    page.wait_for_function(f"+{STATE}.step >= {STEPS}", timeout=120_000)
    page.click(".lw-train")
    page.wait_for_function("document.querySelector('.lw-train').textContent.trim() === 'Train'")
    found = page.evaluate(STATE)
    page.close()
    return {name: found[name] for name in ("device", "step", "loss")} | {"told": told}


def main() -> None:
    """Print what each comes to."""
    flags = [flag for flag in FLAGS if flag != "--disable-gpu"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=[*flags, NOWHERE, *GPU])
        print(f"Chromium {browser.version}")
        for name, before in BROKEN.items():
            print(f"{name:28} {train(browser, before)}", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
