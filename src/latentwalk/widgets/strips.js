// Walks side by side: from one code to that of each class, ten for digits, frame by frame on one canvas.

import { backlog } from "./backlog.js";
import { FONT, plotContext, sizeOf } from "./canvas.js";
import { digitCanvas, paintDigit } from "./digits.js";
import { element } from "./dom.js";
import { line, write } from "./marks.js";
import { between, clamp, times } from "./numbers.js";

const FRAMES = 7; // of a walk, both ends included
const GAP = 3;

// What lies at the ends of strips: how many there are, how wide a frame is for its height, and CSS pixels for a name.
export function stripLayout(names, [, height, width]) {
  const pen = element("canvas").getContext("2d");
  pen.font = `bold ${FONT}`;
  const name = Math.max(18, ...names.map((word) => Math.ceil(pen.measureText(word).width) + 8));
  return { count: names.length, aspect: width / height, name };
}

// Where strip k lies, in one column or two, whichever makes frames larger: its left and upper corner, and the height and width of a frame.
export function stripPlace(canvas, k, { count, aspect, name }) {
  const { width, height } = sizeOf(canvas);
  const inColumns = (columns) => {
    const rows = Math.ceil(count / columns);
    const [high, across] = [height / rows, width / columns];
    return { rows, high, across, side: Math.min(high - GAP, (across - name - 6) / FRAMES / aspect) };
  };
  const [one, two] = [inColumns(1), inColumns(2)];
  const { rows, high, across, side } = two.side > one.side ? two : one;
  const column = Math.floor(k / rows);
  return { left: column * across + 3, top: (k % rows) * high + (high - side) / 2, side, wide: side * aspect, high };
}

// Where the place t of strip k is on the canvas, and the way back.
export function stripPoint(canvas, k, t, layout) {
  const { left, top, side, wide } = stripPlace(canvas, k, layout);
  return [left + (0.5 + t * (FRAMES - 1)) * wide, top + side / 2];
}

export function stripAt(canvas, x, y, layout) {
  const away = (k) => {
    const { left, top, side, wide, high } = stripPlace(canvas, k, layout);
    const across = Math.max(left - x, x - left - (FRAMES + 1) * wide, 0);
    return across + Math.abs(y - top - side / 2) / high;
  };
  const k = times(layout.count, (i) => i).reduce((best, i) => (away(i) < away(best) ? i : best));
  const { left, wide } = stripPlace(canvas, k, layout);
  return [k, clamp(((x - left) / wide - 0.5) / (FRAMES - 1), [0, 1])];
}

// target(k) is the code at the end of strip k, names[k] what stands there. draw(canvas, theme, from, k, t) returns whether strips are
// still to be made; moved() is called when some have been.
export function classStrips(network, target, names, layout, moved) {
  const [, high, wide] = network.shape;
  const { count } = layout;
  const sheet = element("canvas", { width: wide * FRAMES, height: high * count });
  const pen = sheet.getContext("2d");
  const one = digitCanvas(network.shape);
  const ends = times(count, (k) => network.decode(target(k)));
  let code = null; // from which the strips start
  let first = null;
  const put = (pixels, k, i) => {
    paintDigit(one, pixels, "");
    pen.drawImage(one, wide * i, high * k);
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
      queue.add(times(count, (k) => k));
    }
    const { context } = plotContext(canvas);
    context.imageSmoothingEnabled = false;
    for (const [k, name] of names.entries()) {
      const { left, top, side, wide: across } = stripPlace(canvas, k, layout);
      context.drawImage(sheet, 0, high * k, wide * FRAMES, high, left, top, FRAMES * across, side);
      context.font = k === chosen ? `bold ${FONT}` : FONT;
      const middle = left + FRAMES * across + layout.name / 2 + 1;
      write(context, name, middle, top + side / 2, k === chosen ? theme.text : theme.muted);
    }
    const { left, top, side, wide: across } = stripPlace(canvas, chosen, layout);
    context.strokeStyle = theme.vae;
    context.lineWidth = 2;
    context.strokeRect(left - 1, top - 1, FRAMES * across + 2, side + 2);
    const [x] = stripPoint(canvas, chosen, t, layout);
    line(context, "#000", 6, [x, top - 3], [x, top + side + 3]);
    line(context, theme.eps, 3, [x, top - 3], [x, top + side + 3]);
    return queue.busy();
  };
}
