"""Formulas in the pages, which need no script for them. Asked without JavaScript."""

import re

from latentbook import HTML
from questions.pages import UNFOLD

# Those of the page, and of what it tells of terms at their links (book/_ext/notes.py).
COUNT = """[document, ...[...document.querySelectorAll("template")].map((one) => one.content)]
  .map((one) => one.querySelectorAll(".math").length).reduce((one, other) => one + other)"""
# What is wrong with the formulas of a page, in words. A picture is as large as it was made, or down to `least` of that.
WRONG = """(least) => {
const all = [...document.querySelectorAll(".math")];
const blocks = all.map((formula) => formula.matches("div") ? formula.querySelector(".lw-formula") : formula.parentElement);
const rulers = blocks.map((block) => block.appendChild(document.createElement("span")));  // all at once: each would lay the page out anew
for (const ruler of rulers) ruler.style.cssText = "position: absolute; width: 100ex";
const sizes = rulers.map((ruler) => ruler.getBoundingClientRect().width / 100);
for (const ruler of rulers) ruler.remove();
return all.flatMap((formula, at) => {
  const wrong = [], shown = [...formula.querySelectorAll("svg")].filter((svg) => svg.getClientRects().length);
  const block = blocks[at], ex = sizes[at];
  if (!formula.dataset.tex) wrong.push("without its TeX");
  if (formula.querySelectorAll("math").length !== 1 || !formula.querySelector("math").textContent) wrong.push("no MathML");
  if (!shown.length || (formula.matches("div") && shown.length > 1)) wrong.push(`${shown.length} pictures are shown`);
  for (const svg of shown) {
    const { left, right, width } = svg.getBoundingClientRect(), scale = width / ex / parseFloat(svg.getAttribute("width"));
    if (!(scale >= least && scale < 1.01)) wrong.push(`scale ${scale}`);
    const [x, y, w, h] = svg.getAttribute("viewBox").split(" ").map(Number), drawn = svg.getBBox();
    if (!drawn.width || drawn.x < x - 60 || drawn.x + drawn.width > x + w + 60 || drawn.y < y - 30 || drawn.y + drawn.height > y + h + 30)
      wrong.push("drawn beside its place");
    const forced = matchMedia("(forced-colors: active)").matches;
    for (const path of svg.children)
      if ((getComputedStyle(path).fill === getComputedStyle(formula.parentElement).color) === (path.matches("[class]") && !forced))
        wrong.push(`${path.getAttribute("class") ?? "text"} has the wrong colour`);
    const place = formula.matches("div") ? formula.parentElement.getBoundingClientRect() : { left: 0, right: innerWidth };
    if (!formula.closest("table") && (left < place.left - 1 || right > place.right + 1)) wrong.push(`from ${left} to ${right} in ${innerWidth}`);
  }
  for (const box of [formula, block])
    if (getComputedStyle(box).display !== "inline" && box.scrollWidth > box.clientWidth + 1) wrong.push(`${box.scrollWidth} in ${box.clientWidth}`);
  return wrong.map((what) => `${formula.dataset.tex}: ${what}`);
}); }"""
# Tables that scroll, and would not if their formulas had no width.
SCROLLING = """() => [...document.querySelectorAll(".pst-scrollable-table-container")].filter((table) => {
  const wide = table.scrollWidth > table.clientWidth + 1;
  for (const svg of table.querySelectorAll(".math svg")) svg.style.width = "0";
  return wide && table.scrollWidth <= table.clientWidth + 1;
}).map((table) => table.innerText)"""


def are_whole_and_none_scrolls(page, name):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate(UNFOLD)
    count = page.evaluate(COUNT)
    assert count == (HTML / name).read_text().count(" data-tex=") > 0
    assert page.evaluate(WRONG, 0.99) == []
    chapter = re.match(r"notebooks/0([1-9])_", name)
    numbers = page.locator(".eqno").evaluate_all("(all) => all.map((one) => one.firstChild.data)")
    assert numbers == [f"({chapter[1]}.{k})" if chapter else f"({k})" for k in range(1, len(numbers) + 1)]
    colours = set()
    for theme, width in (("dark", 1280), ("light", 768), ("light", 414), ("light", 360)):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(WRONG, 0.99 if width > 500 else 0.7) == [], (theme, width)
        colours.add(page.evaluate("getComputedStyle(document.querySelector('.math')).color"))
    assert len(colours) == 2, "one a theme"
    assert page.evaluate(SCROLLING) == []
