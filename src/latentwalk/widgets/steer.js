// Mouse, finger and keys on a drawing.

export const SLOP = 7; // CSS pixels of a finger, before it is known where it goes

// Where an event is, from the upper left corner of what a drawing's border surrounds.
export function placeOn(node, { clientX, clientY }) {
  const { left, top } = node.getBoundingClientRect();
  return [clientX - left - node.clientLeft, clientY - top - node.clientTop];
}

export const isFinger = ({ pointerType }) => pointerType === "touch";

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
  node.addEventListener("pointerup", () => {
    if (from) follow(from[0]); // a tap
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

// Arrow keys change two numbers, with shift in small steps.
export function arrows(canvas, { get, set }) {
  onArrows(canvas, (across, up, fine) => {
    const step = fine ? 0.01 : 0.1;
    const [a, b] = get();
    set(a + step * across, b + step * up);
  });
}
