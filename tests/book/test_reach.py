"""Every figure by keyboard alone and by finger alone; what a double click sets back, and what leaving does not."""

import pytest
from cards import cards, handles, settle, signature, title, towards_the_far_end, wait_for_change, wait_for_signature
from conftest import LIVE

# All that the Tab key has to reach in a card, each marked with its number.
REACHABLE = """(card) => {
  const all = [...card.querySelectorAll("[role=slider], button, input, select, summary, canvas[tabindex], [contenteditable=true]")]
    .filter((e) => e.checkVisibility() && !e.disabled);
  all.forEach((e, i) => { e.dataset.reach = i; });
  const before = document.createElement("button");
  card.before(before);
  before.focus();
  window.looks = all.map((e) => look(e));
  function look(e) { const s = getComputedStyle(e); return [s.outlineStyle, s.outlineWidth, s.boxShadow, s.borderColor].join(); }
  window.reached = () => {
    const e = document.activeElement, i = e.dataset.reach;
    if (!card.contains(e)) return null;
    return { i, focus: i === undefined || look(e) !== looks[i], html: e.outerHTML.slice(0, 200),
      name: e.ariaLabel || e.innerText?.trim() || e.title || e.labels?.[0]?.innerText || "" };
  };
  return all.map((e) => e.outerHTML.slice(0, 200));
}"""
LABELS = "(all) => all.filter((c) => c.checkVisibility() && !c.ariaHidden).map((c) => c.ariaLabel)"


@pytest.mark.parametrize("name", LIVE)
def test_by_keyboard(visit, server, name):
    with visit(server, name) as page:
        for card in cards(page):
            what, opening = title(card), signature(card)
            # The Tab key comes to every control, in order; each has a name, and shows that it is focused.
            controls, seen = card.evaluate(REACHABLE), []
            page.keyboard.press("Tab")
            while (now := page.evaluate("reached()")) and len(seen) <= len(controls):
                assert now["name"], f"{what}: no name: {now['html']}"
                assert now["focus"], f"{what}: the focus cannot be seen: {now['html']}"
                seen.append(now["i"])
                page.keyboard.press("Tab")
            missed = [html for i, html in enumerate(controls) if str(i) not in seen]
            assert not missed and len(seen) == len(controls), f"{what}: Tab does not come to {missed}"
            # Arrow keys move it, and what a canvas is for those who do not see it follows.
            images, moved = card.locator("canvas"), {}
            labels = images.evaluate_all(LABELS)
            assert labels and all(labels), f"{what}: a canvas without a text alternative"
            for control in [*card.locator("canvas[tabindex]").all(), handles(card)[0]]:
                before = images.evaluate_all(LABELS)
                key = "ArrowRight"
                if control.get_attribute("role") == "slider":
                    key = {"ArrowRight": "End", "ArrowLeft": "Home"}[towards_the_far_end(control)]
                control.press(key)
                moved = wait_for_change(card, opening, f"{what}, {key}")
                assert images.evaluate_all(LABELS) != before, f"{what}: the text alternatives do not follow"
            # Away and back: the same state, the same pictures.
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
            page.set_viewport_size({"width": 800, "height": 900})
            page.evaluate("document.documentElement.dataset.theme = 'dark'")
            settle(card)
            page.evaluate("document.documentElement.dataset.theme = 'light'")
            page.set_viewport_size({"width": 1280, "height": 900})
            page.evaluate("scrollTo(0, 0)")
            wait_for_signature(card, moved, f"{what}: its state does not survive being out of sight")
            # A double click on a slider sets it back.
            handles(card)[0].locator("xpath=ancestor::*[contains(@class, 'noUi-target')]").dblclick()
            wait_for_signature(card, opening, f"{what}: a double click does not set it back")


@pytest.mark.parametrize("name", LIVE)
def test_by_finger(visit, server, name):
    with visit(server, name, width=360, has_touch=True, is_mobile=True) as page:
        touch = page.context.new_cdp_session(page)

        def drag(locator, dx, dy, inside=0.5, least=0):
            """A finger goes down on an element, moves, and is lifted; returns how far the page has scrolled, once it is `least`."""
            locator.evaluate("(e) => e.scrollIntoView({ block: 'center' })")
            box, start = locator.bounding_box(), page.evaluate("scrollY")
            x, y = box["x"] + inside * box["width"], box["y"] + 0.5 * box["height"]
            for step in range(7):
                point = {"x": x + dx * step / 6, "y": y + dy * step / 6}
                kind = "touchMove" if step else "touchStart"
                touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
                page.wait_for_timeout(16)
            page.wait_for_timeout(120)  # resting, so that the page does not go on scrolling by itself
            touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
            for _ in range(40):
                page.wait_for_timeout(50)
                if (scrolled := abs(page.evaluate("scrollY") - start)) >= least:
                    break
            return scrolled

        for card in cards(page):
            what, handle = title(card), handles(card)[0]
            before = signature(card)
            drag(handle, -60 if towards_the_far_end(handle) == "ArrowLeft" else 60, 0)
            before = wait_for_change(card, before, f"{what}: a slider under a finger")
            for canvas in card.locator("canvas[tabindex], canvas.lw-pad").all():
                assert drag(canvas, 40, -60, inside=0.4) < 2, f"{what}: the page scrolls while a finger draws"
                before = wait_for_change(card, before, f"{what}: a canvas under a finger")
            assert drag(card.locator(".lw-title"), 0, -200, least=50) >= 50, (
                f"{what}: the page cannot be scrolled from its title"
            )
            for canvas in card.locator("canvas.lw-digit:visible, canvas.lw-plot:not([tabindex]):visible").all()[-1:]:
                assert drag(canvas, 0, -200, least=50) >= 50, f"{what}: the page cannot be scrolled from a picture"
            assert page.evaluate("[scrollX, document.documentElement.scrollWidth]") == [0, 360], what
