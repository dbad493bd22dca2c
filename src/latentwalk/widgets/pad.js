// A pad to draw on with a round pen: white on black, as digits are in any theme.

import { plotCanvas, plotContext } from "./canvas.js";
import { asMnist, Ink } from "./ink.js";
import { line } from "./marks.js";
import { onDrag } from "./steer.js";

const PAD = 224; // pixels along a side
const PEN = 18;

// It shows strokes or, where there are none, what lies under them, a picture of this shape. take() gives what was drawn since it was last called, as MNIST would
// hold it, or null; changed() is called with every stroke.
export function inkPad(under, changed, shape) {
  const canvas = plotCanvas(PAD, "lw-pad");
  const ink = new Ink(PAD, PEN);
  let strokes = [];
  let unread = false; // ink that nobody has taken
  onDrag(canvas, {
    start(event) {
      event.preventDefault();
      strokes.push([]);
    },
    follow(event) {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      const stroke = strokes.at(-1);
      const events = event.getCoalescedEvents?.() ?? [];
      for (const { clientX, clientY } of events.length ? events : [event]) {
        const point = [((clientX - left) * PAD) / width, ((clientY - top) * PAD) / height];
        ink.line(stroke.at(-1) ?? point, point);
        stroke.push(point);
      }
      unread = true;
      changed();
    },
  });
  return {
    canvas,
    isDrawn: () => strokes.length > 0,
    clear() {
      strokes = [];
      ink.clear();
    },
    take() {
      if (!unread) return null;
      unread = false;
      return asMnist((x, y) => ink.pixels[PAD * y + x], PAD, shape);
    },
    draw() {
      const { context, width } = plotContext(canvas);
      context.fillStyle = "#000";
      context.fillRect(0, 0, width, width);
      context.scale(width / PAD, width / PAD);
      context.imageSmoothingEnabled = false;
      const [across, down] = [under.width, under.height].map(
        (side) => (PAD * side) / Math.max(under.width, under.height),
      );
      if (!strokes.length) context.drawImage(under, (PAD - across) / 2, (PAD - down) / 2, across, down);
      context.lineCap = "round";
      context.lineJoin = "round";
      for (const stroke of strokes) line(context, "#fff", PEN, stroke[0], ...stroke); // the first twice: a tap is a dot
    },
  };
}
