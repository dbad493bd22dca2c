// A picture that slides: what is still in sight of its last state is moved, and only the strips that come into sight are painted.

import { paste } from "./canvas.js";
import { element } from "./dom.js";
import { times } from "./numbers.js";

// Returns slide(context, key, [ox, oy], paint). [ox, oy]: whole pixels of the screen by which the scene has moved to the left and
// down; paint(pen, x0, y0, x1, y1) paints what lies between these sides, in CSS pixels.
export function slidingPicture() {
  let last = {};
  return (context, key, [ox, oy], paint) => {
    const { width, height } = context.canvas;
    const whole = [width, height, key].join();
    const same = last.whole === whole;
    // From one canvas to another and back: one that is drawn onto itself has to be copied first.
    const [from, to] = same ? [last.to, last.from] : times(2, () => element("canvas", { width, height }));
    const [dx, dy] = same ? [last.ox - ox, oy - last.oy] : [width, 0];
    last = { whole, ox, oy, from, to };

    const pen = to.getContext("2d");
    pen.resetTransform();
    pen.globalCompositeOperation = "copy";
    pen.drawImage(from, dx, dy);
    pen.globalCompositeOperation = "source-over";
    pen.setTransform(context.getTransform());
    const ratio = pen.getTransform().a;
    const strips = [
      dx > 0 ? [0, 0, dx, height] : [width + dx, 0, width, height],
      dy > 0 ? [0, 0, width, dy] : [0, height + dy, width, height],
    ];
    for (const sides of strips) {
      const [x0, y0, x1, y1] = sides.map((side) => side / ratio);
      if (x0 < x1 && y0 < y1) paint(pen, x0, y0, x1, y1);
    }
    paste(context, to);
  };
}
