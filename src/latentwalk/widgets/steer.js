// Mouse, finger and keys on a drawing.

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

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

// Arrow keys change two numbers, with shift in small steps.
export function arrows(canvas, { get, set }) {
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.addEventListener("keydown", (event) => {
    const move = ARROWS[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab moves between cells with the same keys
    const step = event.shiftKey ? 0.01 : 0.1;
    const [a, b] = get();
    set(a + step * move[0], b + step * move[1]);
  });
}

// A drawing on which two numbers are chosen: by mouse or finger, by arrow keys (shift: fine); double click goes back.
// at(x, y) gives the numbers under a point, in CSS pixels from the upper left corner; get() gives the present ones.
export function steer(canvas, { at, get, set, reset }) {
  const follow = ({ clientX, clientY }) => {
    const { left, top } = canvas.getBoundingClientRect();
    set(...at(clientX - left, clientY - top));
  };
  onDrag(canvas, { follow });
  canvas.addEventListener("dblclick", reset);
  arrows(canvas, { get, set });
}
