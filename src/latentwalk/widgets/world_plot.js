// The plot of "Fit q by hand": the decoder above, densities of z below. parts: the sides and heights of both, in CSS pixels.

import { levels, numbersBelow, ticksFromZero } from "./axes.js";
import { normal } from "./gaussian.js";
import { area, dashed, line, within, write } from "./marks.js";
import { clamp, scale, steps, times } from "./numbers.js";
import { fixed } from "./words.js";

export const Z = [-4, 4];

export const densityScale = ([top, bottom], high) => scale([0, high], [bottom, top]);

// The points of a curve over z, one at every other pixel.
function curve(of, { sides: [left, right] }, y) {
  const last = Math.round((right - left) / 2);
  return times(last + 1, (i) => [left + (i * (right - left)) / last, y(of(scale([0, last], Z)(i)))]);
}

// A density of z, and the area under it.
export function hill(pen, color, alpha, density, parts, high) {
  const [left, right] = parts.sides;
  const [top, bottom] = parts.below;
  const points = curve(density, parts, densityScale(parts.below, high));
  within(pen, parts.sides, [top - 8, bottom + 1], () => {
    area(pen, color, alpha, [[left, bottom], ...points, [right, bottom]]);
    line(pen, color, 2.5, ...points);
  });
}

// What stays whatever one moves: the decoder, and the axes of x and z.
export function paintDecoder(pen, color, parts, { f, noise, axis }) {
  const { sides, above, below } = parts;
  const [top, bottom] = above;
  const y = scale(axis, [bottom, top]);
  const z = scale(Z, sides);
  levels(pen, color, steps(0, axis[1], 2), y, sides, { gap: 6 });
  within(pen, sides, [top, bottom], () => {
    const upper = curve((z) => f(z) + noise, parts, y);
    const lower = curve((z) => f(z) - noise, parts, y);
    area(pen, color.prior, 0.3, [...upper, ...lower.reverse()]);
    line(pen, color.prior, 2, ...curve(f, parts, y));
  });
  write(pen, "x", 8, bottom - 4, color.muted, "left");
  const inside = (tick) => clamp(z(tick), [sides[0] + 6, sides[1] - 6]);
  numbersBelow(pen, steps(-4, 4, 2), inside, below[1] + 14, color.muted);
  write(pen, "z", z(3), below[1] + 14, color.muted);
}

// The x that was seen, the prior and the true posterior.
export function paintWorld(pen, color, parts, { x, axis, text, roots, known }) {
  const { sides, above, below } = parts;
  const z = scale(Z, sides);
  const height = scale(axis, [above[1], above[0]])(x);
  const y = densityScale(below, known.high);
  line(pen, color.text, 2, [sides[0], height], [sides[1], height]);
  write(pen, `x = ${fixed(x)}`, sides[1] - 42, height + (x > 3 ? 11 : -10), color.text, "right");
  dashed(pen, [3, 4], () => {
    for (const root of roots) line(pen, color.line, 1, [z(root), height], [z(root), below[1]]);
  });
  levels(pen, color, ticksFromZero(known.high, 4.5), y, sides, { gap: 6, zero: color.line });
  line(pen, color.prior, 2, ...curve((z) => normal(z, 0, 1), parts, y));
  hill(pen, color.text, 0.12, known.posterior, parts, known.high);
  write(pen, text.prior, z(2.7), y(normal(2.7, 0, 1)) - 12, color.muted);
}
