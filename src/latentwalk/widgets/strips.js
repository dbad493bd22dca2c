// Ten walks side by side: from one code to each of ten others, frame by frame on one canvas.

import { backlog } from "./backlog.js";
import { FONT, plotContext, sizeOf } from "./canvas.js";
import { digitCanvas, paintDigit } from "./digits.js";
import { element } from "./dom.js";
import { line, write } from "./marks.js";
import { between, clamp, times } from "./numbers.js";

const FRAMES = 7; // of a walk, both ends included
const NAME = 18; // CSS pixels for the digit at the end of a strip
const GAP = 3;

// Where strip k lies, in columns of five on a narrow canvas: its left and upper corner, and the side of one frame.
export function stripPlace(canvas, k) {
  const { width, height } = sizeOf(canvas);
  const columns = width > 2 * height ? 2 : 1;
  const rows = 10 / columns;
  const high = height / rows;
  const across = width / columns;
  const side = Math.min(high - GAP, (across - NAME - 6) / FRAMES);
  const column = Math.floor(k / rows);
  return { left: column * across + 3, top: (k % rows) * high + (high - side) / 2, side, high };
}

// Where the place t of strip k is on the canvas, and the way back.
export function stripPoint(canvas, k, t) {
  const { left, top, side } = stripPlace(canvas, k);
  return [left + (0.5 + t * (FRAMES - 1)) * side, top + side / 2];
}

export function stripAt(canvas, x, y) {
  const away = (k) => {
    const { left, top, side, high } = stripPlace(canvas, k);
    const across = Math.max(left - x, x - left - (FRAMES + 1) * side, 0);
    return across + Math.abs(y - top - side / 2) / high;
  };
  const k = times(10, (i) => i).reduce((best, i) => (away(i) < away(best) ? i : best));
  const { left, side } = stripPlace(canvas, k);
  return [k, clamp(((x - left) / side - 0.5) / (FRAMES - 1), [0, 1])];
}

// target(k) is the code at the end of strip k. draw(canvas, theme, from, k, t) returns whether strips are still to be made; moved() is
// called when some have been.
export function tenStrips(network, target, moved) {
  const sheet = element("canvas", { width: 28 * FRAMES, height: 280 });
  const pen = sheet.getContext("2d");
  const one = digitCanvas();
  const ends = times(10, (k) => network.decode(target(k)));
  let code = null; // from which the strips start
  let first = null;
  const put = (pixels, k, i) => {
    paintDigit(one, pixels, "");
    pen.drawImage(one, 28 * i, 28 * k);
  };
  const queue = backlog((k) => {
    put(first, k, 0);
    for (let i = 1; i < FRAMES - 1; i++) put(network.decode(between(code, target(k), i / (FRAMES - 1))), k, i);
    put(ends[k], k, FRAMES - 1);
  }, moved);
  return (canvas, theme, from, chosen, t) => {
    if (!code || from.some((value, i) => value !== code[i])) {
      code = Float32Array.from(from);
      first = network.decode(code);
      queue.add(times(10, (k) => k));
    }
    const { context } = plotContext(canvas);
    context.imageSmoothingEnabled = false;
    for (let k = 0; k < 10; k++) {
      const { left, top, side } = stripPlace(canvas, k);
      context.drawImage(sheet, 0, 28 * k, 28 * FRAMES, 28, left, top, FRAMES * side, side);
      context.font = k === chosen ? `bold ${FONT}` : FONT;
      write(context, k, left + FRAMES * side + NAME / 2 + 1, top + side / 2, k === chosen ? theme.text : theme.muted);
    }
    const { left, top, side } = stripPlace(canvas, chosen);
    context.strokeStyle = theme.vae;
    context.lineWidth = 2;
    context.strokeRect(left - 1, top - 1, FRAMES * side + 2, side + 2);
    const [x] = stripPoint(canvas, chosen, t);
    line(context, "#000", 6, [x, top - 3], [x, top + side + 3]);
    line(context, theme.eps, 3, [x, top - 3], [x, top + side + 3]);
    return queue.busy();
  };
}
