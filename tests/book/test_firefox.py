"""One pass through the built book in Firefox, from the disk: every figure lives, nothing goes wrong."""

import pytest
from conftest import LIVE, PAGES, views
from firefox import Firefox, find

ARROWS = {"ArrowLeft": "\ue012", "ArrowRight": "\ue014"}
READY = """new Promise((done) => {
  const look = () => {
    const figures = [...document.querySelectorAll(".lw-figure")], errors = document.querySelectorAll(".lw-error:not([hidden])");
    if (errors.length || (figures.length >= %d && figures.every((figure) => figure.dataset.ready)))
      done({ figures: figures.length, errors: [...errors].map((error) => error.textContent) });
    else setTimeout(look, 50);
  };
  look();
  setTimeout(() => done("not ready after 20 s"), 20000);
})"""
FORMULAS = """window.latentwalkFormulas.then(() => [document.querySelectorAll(".math").length,
  document.querySelectorAll(".math mjx-container").length, document.querySelectorAll("mjx-merror").length]) ?? [0, 0, 0]"""
# Focus a slider of the first figure; which arrow key leads away from its near end, and what the figure says now.
FOCUS = """(() => {
  const handle = document.querySelector(".lw-card [role=slider]");
  handle.focus();
  const [low, high, now] = ["Min", "Max", "Now"].map((end) => Number(handle[`ariaValue${end}`]));
  return high - now >= now - low ? "ArrowRight" : "ArrowLeft";
})()"""
SAYS = """new Promise((done) => setTimeout(() => done([...document.querySelectorAll(".lw-card")[0]
  .querySelectorAll(".lw-readout, .widget-readout")].map((node) => node.textContent).join()), 150))"""


@pytest.fixture(scope="module")
def firefox(tmp_path_factory):
    if not find():
        pytest.fail(
            "there is no Firefox: run `python tests/book/firefox.py` as root, or set LATENTWALK_FIREFOX to its path"
        )
    firefox = Firefox(tmp_path_factory.mktemp("firefox"))
    yield firefox
    firefox.close()


@pytest.mark.parametrize("name", [page for page in PAGES if page != "index.html"])  # which only points on
def test_every_page_in_firefox(firefox, disk, name):
    firefox.troubles.clear()
    firefox.open(f"{disk}/{name}")
    ready = firefox.evaluate(READY % views(name))
    assert ready == {"figures": views(name), "errors": []}, ready
    formulas, shown, wrong = firefox.evaluate(FORMULAS)
    assert shown >= formulas and wrong == 0
    if name in LIVE:
        before, key = firefox.evaluate(SAYS), firefox.evaluate(FOCUS)
        for _ in range(3):
            firefox.press(ARROWS[key])
        assert any(firefox.evaluate(SAYS) != before for _ in range(20)), "a slider under arrow keys"
        digits = "[...document.querySelectorAll('canvas.lw-digit[data-z]')].length"
        assert firefox.evaluate(digits) or not firefox.evaluate("document.querySelectorAll('[data-network]').length")
    # A font that is still on its way when the page is left counts as one that does not load, on the page after it.
    assert firefox.evaluate("document.fonts.ready.then((fonts) => fonts.status)") == "loaded"
    assert firefox.troubles == []
