"""One pass through the built book in Firefox, from the disk: every figure lives, nothing goes wrong."""

import pytest
from built import LIVE, READ, places

from latentbook.firefox import Firefox, find

ARROWS = {"ArrowLeft": "\ue012", "ArrowRight": "\ue014"}
READY = """(async () => {
  await window.latentwalk?.all();
  const errors = [...document.querySelectorAll(".lw-error:not([hidden])")].map((error) => error.textContent);
  return { figures: document.querySelectorAll(".lw-figure[data-ready]").length, errors };
})()"""
FORMULAS = """document.querySelectorAll(".math:not(:has(svg))").length"""
# Focus a slider of the first figure, note what the figure says; which arrow key leads away from its near end.
FOCUS = """(() => {
  const card = document.querySelector(".lw-card"), handle = card.querySelector("[role=slider]");
  handle.focus();
  window.says = () => [...card.querySelectorAll(".lw-readout, .widget-readout")].map((node) => node.textContent).join();
  window.said = says();
  const [low, high, now] = ["Min", "Max", "Now"].map((end) => Number(handle[`ariaValue${end}`]));
  return high - now >= now - low ? "ArrowRight" : "ArrowLeft";
})()"""
MOVED = """(async () => {
  while (says() === said) await new Promise(requestAnimationFrame);
  return true;
})()"""


@pytest.fixture(scope="module")
def firefox(tmp_path_factory):
    if not find():
        pytest.fail(
            "there is no Firefox: run `python -m latentbook.firefox` as root, or set LATENTWALK_FIREFOX to its path"
        )
    firefox = Firefox(tmp_path_factory.mktemp("firefox"))
    yield firefox
    firefox.close()


@pytest.mark.parametrize("name", READ)
def test_every_page_in_firefox(firefox, disk, name):
    firefox.troubles.clear()
    firefox.open(f"{disk}/{name}")
    assert firefox.evaluate(READY) == {"figures": len(places(name)), "errors": []}
    assert firefox.evaluate(FORMULAS) == 0, "formulas that are not set"
    if name in LIVE:
        key = firefox.evaluate(FOCUS)
        for _ in range(3):
            firefox.press(ARROWS[key])
        assert firefox.evaluate(MOVED), "a slider under arrow keys"
        digits = "[...document.querySelectorAll('canvas.lw-digit')].filter((canvas) => canvas.z).length"
        assert firefox.evaluate(digits) or not firefox.evaluate("document.querySelectorAll('[data-network]').length")
    # A font that is still on its way when the page is left counts as one that does not load, on the page after it.
    assert firefox.evaluate("document.fonts.ready.then((fonts) => fonts.status)") == "loaded"
    assert firefox.troubles == []
