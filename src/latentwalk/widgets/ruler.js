// A ruler of nats per image, logarithmic: landmarks, the band to expect, and a number as its handle.

import { plotContext } from "./canvas.js";
import { drawGrip } from "./grips.js";
import { area, corners, dashed, line, write } from "./marks.js";
import { clamp, scale, steps } from "./numbers.js";

export const SIDE = 14; // CSS pixels left and right of the ruler
const TOP = 58; // of its band
const BOTTOM = 86;
const MIDDLE = (TOP + BOTTOM) / 2;

// Three digits that count, with commas for thousands: 104.9, 0.134, 13,400.
export function figures(value) {
  if (!Number.isFinite(value)) throw new Error(`${value} is not a number that can be shown`);
  const size = Math.abs(value);
  if (size >= 1e7 || (size > 0 && size < 1e-3)) return value.toExponential(1).replace("-", "\u2212");
  const digits = [1000, 10, 1].filter((one) => size < one).length;
  return value.toLocaleString("en", { maximumFractionDigits: digits }).replace("-", "\u2212");
}

// What a number lies between on the ruler, and where: all landmarks, and some room.
export function rulerEnds({ marks, band }) {
  const values = [...marks.map(([, value]) => value), ...(band ?? [])].filter((value) => value > 0);
  return values.length ? [Math.min(...values) / 2, Math.max(...values) * 2.2] : [10, 1000];
}

function drawScale(pen, color, at, [low, high]) {
  for (const power of steps(0, 4))
    for (const digit of [1, 2, 5]) {
      const tick = digit * 10 ** power;
      if (tick < low * 1.1 || tick > high / 1.1) continue;
      line(pen, color.line, 1, [at(tick), BOTTOM], [at(tick), BOTTOM + 5]);
      write(pen, figures(tick), at(tick), BOTTOM + 14, color.muted);
    }
}

// A handle with a grip, or an arrow where the number lies beyond an end.
function drawHandle(pen, color, here, beyond, words, width) {
  dashed(pen, [2, 3], () => line(pen, color.text, 1, [here, 20], [here, TOP]));
  line(pen, color.back, 7, [here, TOP - 3], [here, BOTTOM + 3]);
  line(pen, color.text, 3, [here, TOP - 3], [here, BOTTOM + 3]);
  const arrow = [-10, 0, 10].map((dy) => [here + (dy ? 0 : 13 * beyond), MIDDLE + dy]);
  if (beyond) area(pen, color.text, 1, arrow);
  else drawGrip(pen, color, color.text, [here, MIDDLE], "ew");
  const half = pen.measureText(words).width / 2;
  write(pen, words, clamp(here, [half, width - half]), 10, color.text);
}

export function drawRuler(canvas, color, found, ends, text) {
  const { context: pen, width } = plotContext(canvas);
  const sides = [SIDE, width - SIDE];
  const x = scale(ends.map(Math.log), sides);
  const at = (value) => clamp(x(Math.log(Math.max(value, 1e-9))), sides);
  area(pen, color.soft, 0.45, corners(sides, [TOP, BOTTOM]));
  drawScale(pen, color, at, ends);
  write(pen, text.ruler, width / 2, 122, color.muted);
  const middle = found.band && at(Math.sqrt(found.band[0] * found.band[1]));
  if (found.band) {
    const [from, to] = found.band.map(at);
    area(pen, color.vae, 0.85, corners([Math.min(from, to - 3), to], [TOP, BOTTOM]));
    write(pen, text.expect, clamp(middle, [SIDE + 32, width - SIDE - 32]), TOP - 10, color.vae);
  }
  for (const [name, value] of found.marks) {
    if (value <= 0 || name === "linear") continue; // which is the end of the band
    line(pen, color.text, 1.5, [at(value), TOP - 4], [at(value), BOTTOM]);
    const low = middle !== null && Math.abs(at(value) - middle) > 80;
    write(pen, text[name], clamp(at(value), [SIDE + 28, width - SIDE - 34]), low ? TOP - 10 : TOP - 26, color.muted);
  }
  const beyond = Math.sign(found.nats - clamp(found.nats, ends));
  drawHandle(pen, color, at(found.nats), beyond, `${text.yours}: ${figures(found.nats)}`, width);
}
