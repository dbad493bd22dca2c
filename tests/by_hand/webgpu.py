"""The Lab's worker on WebGPU, in software: that its path runs, and that it falls back to WebAssembly by itself.

A browser with Dawn's own adapter (SwiftShader) starts the built book's worker beside a page of a local server, which is a secure context,
and has it train some steps on noise: with WebGPU as it is; where asking for an adapter fails; where its numbers are wrong. How fast
a real GPU is, this does not say. In the Lab itself the worker lives in a sandbox of no origin, where only one from a data: URL is a secure
context: lab_host.js begins it so wherever there is WebGPU. There, with the defaults, software needs longer for a batch than the five
seconds that a program has, and the Lab says that WebGPU has failed and goes on with WebAssembly.

Usage: python tests/by_hand/webgpu.py (after `make book`; a minute)
"""

import json

from playwright.sync_api import sync_playwright

from latentbook import HTML
from latentbook.chromium import FLAGS, NOWHERE, find
from latentbook.server import serve
from latentwalk.page import lab

GPU = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan"]
STEPS = 12
# What runs before the worker's own text.
BEFORE = {
    "WebGPU as it is": "",
    "no adapter": "navigator.gpu.requestAdapter = async () => null;",
    "asking for one fails": "navigator.gpu.requestAdapter = () => Promise.reject(new Error('no adapter'));",
    "no device": "GPUAdapter.prototype.requestDevice = () => Promise.reject(new Error('no device'));",
    "wrong numbers": "GPUBuffer.prototype.getMappedRange = function () { return new ArrayBuffer(this.size); };",
}
TRAIN = """async ([before, program, steps]) => {
  await new Promise((done, fail) => {
    window.latentwalkLab = {};
    document.head.append(Object.assign(document.createElement("script"), { src: "_static/lab/worker.js", onload: done, onerror: fail }));
  });
  const worker = new Worker(URL.createObjectURL(new Blob([before, latentwalkLab.worker], { type: "text/javascript" })));
  const { port1, port2 } = new MessageChannel();
  worker.postMessage(0, [port2]);
  const train = 512, count = train + 64;
  const pictures = Uint8Array.from({ length: 784 * count }, (_, i) => (i % 784 < 300 ? 200 : 0));
  const settings = { dims: 8, hidden: 100, batch: 64, rate: 0.004, beta: 1, seed: 1 };
  const found = { device: "", losses: [], wrong: null };
  return new Promise((done) => {
    const end = () => { worker.terminate(); done(found); };
    worker.onerror = ({ message }) => { found.wrong = message; end(); };
    port1.onmessage = ({ data }) => {
      if (data.kind === "answer" && data.answer?.device) found.device = data.answer.device;
      if (data.kind === "step") found.losses.push(Math.round(data.loss));
      if (data.kind === "wrong") { found.wrong = data.key ?? data.message; end(); }
      if (found.losses.length === steps) end();
    };
    const send = (kind, values = {}) => port1.postMessage({ kind, id: 1, ...values });
    send("start", { wanted: "", every: 700 });
    send("own", { pictures, labels: new Uint8Array(count), train });
    send("network", { settings, program });
    send("run");
  });
}"""


def main() -> None:
    """Print what each comes to."""
    flags = [flag for flag in FLAGS if flag != "--disable-gpu"]
    with sync_playwright() as playwright, serve(HTML) as address:
        browser = playwright.chromium.launch(executable_path=find(), args=[*flags, NOWHERE, *GPU])
        print(f"Chromium {browser.version}")
        for name, before in BEFORE.items():
            page = browser.new_page()
            page.goto(f"{address}/genindex.html")
            print(f"{name:22} {json.dumps(page.evaluate(TRAIN, [before, lab.LOSS, STEPS]))}", flush=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
