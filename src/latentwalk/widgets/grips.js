// Handles on a drawing: what shows a value is where one changes it.

import { dot, line } from "./marks.js";

export const REACH = 40; // CSS pixels within which a press takes a handle

// The handle nearest to a place, as its name, and how far it is. handles: {name: [x, y]}
export function nearest(handles, [x, y]) {
  let found = { name: null, distance: Infinity };
  for (const [name, [left, top]] of Object.entries(handles)) {
    const distance = Math.hypot(left - x, top - y);
    if (distance < found.distance) found = { name, distance };
  }
  return found;
}

// places() gives {name: [x, y]}, in CSS pixels from the upper left corner; follow(name, x, y) is called while a handle is dragged.
// A press that takes none moves the handle `elsewhere(x, y)` names, if any: by mouse at once, by finger when it was a tap, so that a
// finger that swipes over the drawing scrolls the page. start() is called when a drag begins, and end() when it ends.
export function grips(canvas, { places, follow, elsewhere = () => null, start = () => {}, end = () => {} }) {
  canvas.classList.add("lw-grips");
  canvas.handles = () => Object.values(places()); // for tests
  let held = null; // [name, dx, dy]: where within the handle it was taken
  let tap = null;
  const at = ({ clientX, clientY }) => {
    const { left, top } = canvas.getBoundingClientRect();
    return [clientX - left - canvas.clientLeft, clientY - top - canvas.clientTop];
  };
  const taken = (place) => {
    const { name, distance } = nearest(places(), place);
    return distance <= REACH ? name : null;
  };
  const hold = (event, name, exactly) => {
    const [x, y] = at(event);
    const [left, top] = exactly ? [x, y] : places()[name];
    held = [name, left - x, top - y];
    canvas.setPointerCapture(event.pointerId);
    start(name);
    follow(name, left, top);
  };
  canvas.addEventListener("touchstart", (event) => {
    if (event.touches.length === 1 && taken(at(event.touches[0]))) event.preventDefault(); // it is no scrolling
  });
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    const place = at(event);
    const name = taken(place);
    tap = null;
    if (name) hold(event, name);
    else if (event.pointerType === "touch") tap = place;
    else if (elsewhere(...place)) hold(event, elsewhere(...place), true);
  });
  canvas.addEventListener("pointermove", (event) => {
    const [x, y] = at(event);
    if (held) follow(held[0], x + held[1], y + held[2]);
    else if (event.pointerType === "mouse") canvas.style.cursor = taken([x, y]) ? "grab" : "";
    if (tap && Math.hypot(x - tap[0], y - tap[1]) > 8) tap = null;
  });
  const release = (event) => {
    const name = tap && event.type === "pointerup" && elsewhere(...tap);
    if (name) follow(name, ...tap);
    if (held) end(held[0]);
    held = tap = null;
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
}

// A handle: a dot with an edge and four short lines, which say where it can be drawn.
export function drawGrip(pen, theme, color, [x, y], ways = "") {
  const arms = { e: [1, 0], w: [-1, 0], n: [0, -1], s: [0, 1] };
  for (const way of ways) {
    const [dx, dy] = arms[way];
    const tip = [x + 17 * dx, y + 17 * dy];
    const wing = (side) => [tip[0] - 4 * dx + 4 * side * dy, tip[1] - 4 * dy + 4 * side * dx];
    line(pen, theme.back, 4, wing(1), tip, wing(-1));
    line(pen, color, 2, wing(1), tip, wing(-1));
  }
  dot(pen, color, x, y, 9, theme.back, 2.5);
}
