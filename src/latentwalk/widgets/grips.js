// Handles on a drawing: what shows a value is where one changes it.

import { FONT } from "./canvas.js";
import { dot, line, write } from "./marks.js";
import { isFinger, placeOn, SLOP } from "./steer.js";

const REACH = 40; // CSS pixels within which a press takes a handle
const MOUSE_REACH = 14; // the same for a mouse that may press elsewhere, too

// The handle nearest to a place, by its name, and how far it is. handles: {name: [x, y]}
export function nearest(handles, [x, y]) {
  let found = { name: null, distance: Infinity };
  for (const [name, [left, top]] of Object.entries(handles)) {
    const distance = Math.hypot(left - x, top - y);
    if (distance < found.distance) found = { name, distance };
  }
  return found;
}

// places(press) gives {name: [x, y]}, in CSS pixels from the upper left corner, of all handles or of those that the press may take; follow(name, x, y) is called while a handle is dragged.
// A press that takes none moves the handle `elsewhere(x, y)` names, if any: by mouse at once, by finger when it was a tap, so that a
// finger that swipes over the drawing scrolls the page. start(name) is called when a drag begins, and end(name) when it ends.
// cursors: how a mouse looks over a handle, by its name.
export function grips(
  canvas,
  { places, follow, elsewhere = () => null, start = () => {}, end = () => {}, cursors = {} },
) {
  canvas.classList.add("lw-grips");
  canvas.handles = () => Object.values(places()); // for tests
  let held = null; // {name, dx, dy}: where within the handle it was taken
  let hand = null; // the pointer that came last: another finger ends a drag
  let tap = null;
  const within = (place, reach) => {
    const { name, distance } = nearest(places(place), place);
    return distance <= reach ? name : null;
  };
  const take = (event) => {
    const [x, y] = placeOn(canvas, event);
    const other = isFinger(event) ? null : elsewhere(x, y);
    const name = within([x, y], other ? MOUSE_REACH : REACH);
    if (!name) return other && { name: other, dx: 0, dy: 0 };
    const [left, top] = places([x, y])[name];
    return { name, dx: left - x, dy: top - y };
  };
  const drag = (event) => {
    const [x, y] = placeOn(canvas, event);
    follow(held.name, x + held.dx, y + held.dy);
  };
  const look = (event) => {
    const name = (held ?? take(event))?.name;
    const grip = held ? "grabbing" : "grab";
    canvas.style.cursor = cursors[name] ?? (name ? grip : "");
  };
  canvas.addEventListener(
    "touchstart",
    (event) => {
      if (event.touches.length === 1 && within(placeOn(canvas, event.touches[0]), REACH)) event.preventDefault(); // no scrolling
    },
    { passive: false },
  );
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    if (held) end(held.name);
    hand = event.pointerId;
    held = take(event);
    tap = !held && isFinger(event) ? placeOn(canvas, event) : null;
    if (!held) return;
    canvas.setPointerCapture(event.pointerId);
    start(held.name);
    look(event);
    drag(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if ((held || tap) && event.pointerId !== hand) return;
    const [x, y] = placeOn(canvas, event);
    if (tap && Math.hypot(x - tap[0], y - tap[1]) > SLOP) tap = null;
    if (held) drag(event);
    else if (!isFinger(event)) look(event);
  });
  const release = (event) => {
    if (event.pointerId !== hand) return;
    const tapped = tap && event.type === "pointerup" && elsewhere(...tap);
    if (tapped) {
      start(tapped);
      follow(tapped, ...tap);
      end(tapped);
    }
    if (held) end(held.name);
    held = tap = null;
    look(event);
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
}

// A handle: a dot with an edge, its symbol if it has one, and short lines, which say where it can be drawn.
export function drawGrip(pen, theme, color, [x, y], ways = "", symbol = "") {
  const arms = { e: [1, 0], w: [-1, 0], n: [0, -1], s: [0, 1] };
  for (const way of ways) {
    const [dx, dy] = arms[way];
    const reach = symbol ? 19 : 17;
    const tip = [x + reach * dx, y + reach * dy];
    const wing = (side) => [tip[0] - 4 * dx + 4 * side * dy, tip[1] - 4 * dy + 4 * side * dx];
    line(pen, theme.back, 4, wing(1), tip, wing(-1));
    line(pen, color, 2, wing(1), tip, wing(-1));
  }
  dot(pen, color, x, y, symbol ? 11 : 9, theme.back, 2.5);
  if (!symbol) return;
  pen.font = "bold 15px system-ui, sans-serif";
  write(pen, symbol, x, y, theme.back);
  pen.font = FONT;
}
