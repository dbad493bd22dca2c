"""The figure of CONTRIBUTING.md draws, and follows its trait."""

import json
import re

from latentbook import ROOT
from latentwalk.page import script

MODEL = """
const values = JSON.parse(document.getElementById("state").textContent), heard = [];
const model = {
  get: (name) => values[name], on: (name, call) => heard.push(call), off() {}, save_changes() {},
  set: (name, value) => { values[name] = value; heard.forEach((call) => call()); },
};
const module = URL.createObjectURL(new Blob([document.getElementById("module").textContent], { type: "text/javascript" }));
const figure = (await import(module)).default;
await figure.render({ model, el: document.getElementById("here") });
window.model = model;
"""
SHARE = """() => {
  const canvas = document.querySelector("canvas"), { data, width } = canvas.getContext("2d").getImageData(0, 5, canvas.width, 1);
  let painted = 0;
  for (let i = 0; i < width; i++) painted += data[4 * i + 3] > 0;
  return [painted / width, canvas.ariaLabel];
}"""


def test_the_figure_in_a_page(browser, monkeypatch, tmp_path):
    text = (ROOT / "CONTRIBUTING.md").read_text()
    (code,) = re.findall(r"^```js\n(.*?)^```$", text, re.M | re.S)
    state = {
        "share": 0.25,
        "title": "A bar",
        "rules": {"share": ["number", 0, 1]},
        "text": {"picture": "A bar, {share} of the whole", "error": "This figure has a problem: {message}"},
    }
    for path in script.FOLDER.glob("*.js"):
        (tmp_path / path.name).write_text(path.read_text())
    (tmp_path / "bar.js").write_text(code)
    monkeypatch.setattr(script, "FOLDER", tmp_path)
    page = browser.new_page()
    page.set_content(
        f"""<!doctype html><style>#here {{ width: 400px; --lw-vae: #0072b2 }} canvas {{ width: 100% }}</style>
        <div id="here"></div><script type="application/json" id="state">{json.dumps(state)}</script>
        <script type="text/plain" id="module">{script.esm("bar")}</script><script type="module">{MODEL}</script>"""
    )
    page.wait_for_selector(".lw-figure[data-ready]")
    painted, label = page.evaluate(SHARE)
    assert abs(painted - 0.25) < 0.01 and label == "A bar, 0.25 of the whole"
    page.evaluate("model.set('share', 0.75)")
    page.wait_for_function("() => document.querySelector('canvas').ariaLabel.includes('0.75')")
    assert abs(page.evaluate(SHARE)[0] - 0.75) < 0.01
    page.evaluate("model.set('share', NaN)")
    page.wait_for_selector(".lw-error:not([hidden])")
    assert page.inner_text(".lw-error").startswith("This figure has a problem: NaN")
    page.close()
