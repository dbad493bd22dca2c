"""Every figure by keyboard alone and by finger alone; what its arrow button sets back, and what leaving does not."""

import time

import pytest
from cards import (
    cards,
    frames,
    handles,
    settle,
    signature,
    title,
    towards_the_far_end,
    wait_for_change,
    wait_for_signature,
    wait_until,
)

# All that the Tab key has to reach in a card, each marked with its number.
REACHABLE = """(card) => {
  const all = [...card.querySelectorAll("[role=slider], button:not([tabindex='-1']), input, select, summary, canvas[tabindex], [contenteditable=true]")]
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
# Where a canvas can be taken, if it says so, and a place in it that is far from all these.
HANDLES = """(canvas) => {
  const handles = canvas.handles?.() ?? [], { clientWidth: w, clientHeight: h } = canvas;
  const places = [0.08, 0.3, 0.5, 0.7, 0.92].flatMap((x) => [0.15, 0.5, 0.85].map((y) => [x * w, y * h]));
  const away = ([x, y]) => Math.min(...handles.map(([a, b]) => Math.hypot(a - x, b - y)));
  const far = handles.length ? places.sort((one, other) => away(other) - away(one))[0] : null;
  return [handles, far && away(far) > 60 ? far : null];
}"""
# Where the parts of a card stand in it: what moves only while a handle is dragged would move away from under a hand.
PARTS = """(card) => [...card.querySelectorAll("canvas, button, .widget-slider, figcaption")].filter((e) => e.checkVisibility()
  && !e.closest(".lw-ring, .lw-lens, .lw-track, .lw-head, .lw-sticky")).map((e) => Math.round(e.getBoundingClientRect().top - card.getBoundingClientRect().top))"""
ONE_STOP = "(rows) => rows.every((row) => row.querySelectorAll('button:not([tabindex=\"-1\"])').length === 1)"
LABELS = "(all) => all.filter((c) => c.checkVisibility() && !c.ariaHidden).map((c) => c.ariaLabel)"


def can_be_used_by_keyboard(page, name) -> bool:
    """Says whether all is as it was."""
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
        rows = card.locator(".lw-shelf:has(button), .lw-samples:has(button), .lw-thumbs, .widget-toggle-buttons > div")
        assert rows.evaluate_all(ONE_STOP), f"{what}: a row of buttons is more than one stop of the Tab key"
        chosen = card.locator(".widget-toggle-buttons .mod-active").evaluate_all(
            "(all) => all.map((one) => one.ariaPressed)"
        )
        assert set(chosen) <= {"true"}, f"{what}: which button is chosen is not said"
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
        # The arrow button sets it back.
        card.get_by_role("button", name="Back to the start").press("Enter")
        wait_for_signature(card, opening, f"{what}: its button does not set it back")
    return True


def can_be_used_by_finger(page, name):
    touch = page.context.new_cdp_session(page)

    def drag(locator, dx, dy, inside=0.5, at=None):
        """
        A finger goes down on an element, on the place ``at`` in it or in its middle, moves in 0.1 s, rests for a second, so that nothing goes on by itself, and is
        lifted; all by the times that the events carry. Returns where the page stood before.
        """
        locator.evaluate("(e) => e.scrollIntoView({ block: 'center' })")
        box, now, start = locator.bounding_box(), time.time() - 2, page.evaluate("scrollY")
        place = at or (inside * box["width"], 0.5 * box["height"])
        x, y = box["x"] + place[0], box["y"] + place[1]
        for step in range(7):
            point, kind = {"x": x + dx * step / 6, "y": y + dy * step / 6}, "touchMove" if step else "touchStart"
            event = {"type": kind, "touchPoints": [point], "timestamp": now + 0.016 * step}
            touch.send("Input.dispatchTouchEvent", event)
            frames(page, 1)
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": [], "timestamp": now + 1})
        return start

    def scroll(locator, what, at=None):
        start = drag(locator, 0, -200, at=at)
        wait_until(
            page, "(start) => Math.abs(scrollY - start) >= 50", f"the page cannot be scrolled from {what}", start
        )

    for card in cards(page):
        what, handle = title(card), handles(card)[0]
        before = signature(card)
        drag(handle, -60 if towards_the_far_end(handle) == "ArrowLeft" else 60, 0)
        before = wait_for_change(card, before, f"{what}: a slider under a finger")
        for canvas in card.locator("canvas[tabindex], canvas.lw-pad, canvas.lw-grips").all():
            if not canvas.is_visible():
                continue
            how = canvas.evaluate("(canvas) => getComputedStyle(canvas).touchAction")
            if how == "auto":  # it is tapped, not dragged
                canvas.tap()
                before = wait_for_change(card, before, f"{what}: a canvas that is tapped")
                scroll(canvas, f"{what}, a canvas that is tapped")
                continue
            handles_at, far = canvas.evaluate(HANDLES)
            for number in range(max(1, len(handles_at))):
                at = canvas.evaluate(HANDLES)[0][number] if handles_at else None  # now: some move with others
                middle = 0.5 * canvas.bounding_box()["height"]
                across = 60 if at and at[1] < middle else -60  # towards the middle: along a steep curve it has to
                parts = card.evaluate(PARTS)
                start = drag(canvas, 40, 0 if how == "pan-y" else across, inside=0.4, at=at)
                before = wait_for_change(card, before, f"{what}: a canvas under a finger")
                assert card.evaluate(PARTS) == pytest.approx(parts, abs=1), f"{what}: its parts move under the finger"
                assert abs(page.evaluate("scrollY") - start) < 2, f"{what}: the page scrolls while a finger draws"
            if far:  # from all its handles: there a swipe is the page's
                scroll(canvas, f"{what}, a plot beside its handles", far)
        scroll(card.locator(".lw-title"), f"{what}, its title")
        for canvas in card.locator("canvas.lw-digit:visible, canvas.lw-plot:not([tabindex]):visible").all()[-1:]:
            scroll(canvas, f"{what}, a picture")
        assert page.evaluate("[scrollX, document.documentElement.scrollWidth]") == [0, 360], what
