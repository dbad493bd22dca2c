// Mouse, finger and keys on a drawing.

const REACH = 40; // CSS pixels around a handle within which a finger takes it
const MOUSE_REACH = 14; // and a mouse, where it may press anywhere
const SLOP = 6; // of a finger, before it is known where it goes

const placeOn = (node, { clientX, clientY }) => {
  const { left, top } = node.getBoundingClientRect();
  return [clientX - left, clientY - top];
};
const isFinger = ({ pointerType }) => pointerType === "touch";

// From a press on the canvas to its release: start() once, then follow(event) for each place of the pointer.
export function onDrag(canvas, { start = () => {}, follow }) {
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    start(event);
    follow(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) follow(event);
  });
}

// Sideways only: a finger that goes up or down scrolls the page. follow(x) gets the place from the left side.
export function onSlide(node, follow) {
  let from = null; // where a finger went down, until it is known that it slides
  node.style.touchAction = "pan-y";
  onDrag(node, {
    start: (event) => {
      from = isFinger(event) ? placeOn(node, event) : null;
    },
    follow: (event) => {
      const [x, y] = placeOn(node, event);
      if (from && Math.abs(x - from[0]) < Math.max(SLOP, Math.abs(y - from[1]))) return;
      from = null;
      follow(x);
    },
  });
  node.addEventListener("click", (event) => {
    if (isFinger(event)) follow(placeOn(node, event)[0]); // a tap
  });
}

// Handles on a drawing. places() gives [x, y] of each, in CSS pixels from the upper left corner, and move(i, x, y) wants it elsewhere.
// A press takes the nearest one; far from all of them a mouse takes number `free`, if there is one, and a finger scrolls the page.
// cursors: how a mouse looks over each.
export function grips(node, { places, move, cursors = [], free = null, release = () => {} }) {
  let held = null; // number of a handle, and how far from its middle it was taken
  node.style.touchAction = "pan-x pan-y pinch-zoom";
  node.grips = places; // for tests
  const nearest = ([x, y], reach) => {
    const distances = places().map(([a, b]) => Math.hypot(a - x, b - y));
    const least = Math.min(...distances);
    return least <= reach ? distances.indexOf(least) : null;
  };
  const take = (event) => {
    const finger = isFinger(event);
    const [x, y] = placeOn(node, event);
    const i = nearest([x, y], finger || free === null ? REACH : MOUSE_REACH);
    if (i === null) return finger || free === null ? null : { i: free, dx: 0, dy: 0 };
    const [a, b] = places()[i];
    return { i, dx: a - x, dy: b - y };
  };
  const follow = (event) => {
    const [x, y] = placeOn(node, event);
    move(held.i, x + held.dx, y + held.dy);
  };
  const look = (event) => {
    const i = (held ?? take(event))?.i;
    node.style.cursor = cursors[i] ?? (i === undefined ? "" : held ? "grabbing" : "grab");
  };
  const listen = (name, act, options) => node.addEventListener(name, act, options);
  listen(
    "touchstart",
    (event) => {
      if (event.touches.length === 1 && nearest(placeOn(node, event.touches[0]), REACH) !== null)
        event.preventDefault();
    },
    { passive: false },
  );
  listen("pointerdown", (event) => {
    if (event.button) return;
    held = take(event);
    if (!held) return;
    node.focus?.({ preventScroll: true });
    node.setPointerCapture(event.pointerId);
    look(event);
    follow(event);
  });
  listen("pointermove", (event) => {
    if (held) follow(event);
    else look(event);
  });
  for (const name of ["pointerup", "pointercancel"])
    listen(name, (event) => {
      if (held) release(held.i);
      held = null;
      look(event);
    });
  listen("click", (event) => {
    if (isFinger(event) && free !== null) move(free, ...placeOn(node, event)); // a tap
  });
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

// Arrow keys on a drawing: act(across, up, fine), fine with the shift key.
export function onArrows(canvas, act) {
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.addEventListener("keydown", (event) => {
    const move = ARROWS[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab moves between cells with the same keys
    act(...move, event.shiftKey);
  });
}

// A drawing on which two numbers are chosen: by mouse or finger, by arrow keys (shift: fine).
// at(x, y) gives the numbers under a point, in CSS pixels from the upper left corner; get() gives the present ones.
export function steer(canvas, { at, get, set }) {
  onDrag(canvas, { follow: (event) => set(...at(...placeOn(canvas, event))) });
  onArrows(canvas, (across, up, fine) => {
    const step = fine ? 0.01 : 0.1;
    const [a, b] = get();
    set(a + step * across, b + step * up);
  });
}
