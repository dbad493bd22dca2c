// Plots of one training run: what it reports over its steps, and the sigma of each dimension.

import { levels, numbersBelow } from "./axes.js";
import { plotContext } from "./canvas.js";
import { dashed, dot, line, within, write } from "./marks.js";
import { clamp, scale, steps } from "./numbers.js";

const RANGE = [-140, 840]; // nats
const TOP = 8;
const FOOT = 24; // below a plot

export const curveSides = (width) => [34, width - 10];

// A run that was stopped has the first points of the others only: they stand at the same steps.
export function drawCurve(canvas, color, { run, steps: at, k, right, stopped, terms }) {
  const { context: pen, width, height } = plotContext(canvas);
  const sides = curveSides(width);
  const bottom = height - FOOT;
  const x = scale([0, at.length - 1], sides);
  const y = scale(RANGE, [bottom, TOP]);
  const place = (value) => y(value ?? 1e9);
  levels(pen, color, [0, 200, 400, 600, 800], y, sides, { zero: color.line });
  const shown = [0, 4, 8];
  numbersBelow(
    pen,
    shown.map((i) => at[i]),
    (step) => x(at.indexOf(step)),
    bottom + 12,
    color.muted,
  );
  const column = (i) => run.curve.map((point, j) => [x(j), clamp(place(point[i]), [-1e4, 1e4])]);
  within(pen, sides, [0, bottom], () => {
    line(pen, color.vae, 2.5, ...column(0));
    line(pen, color.sigma, 2.5, ...column(1));
    if (right)
      dashed(pen, [4, 4], () => {
        line(pen, color.vae, 1.5, ...column(2));
        line(pen, color.sigma, 1.5, ...column(3));
      });
  });
  if (run.stopped !== undefined)
    for (const [i, words] of stopped.split("|").entries())
      write(pen, words, (sides[0] + sides[1]) / 2, y(560) + 18 * i, color.text);
  line(pen, color.line, 1, [x(k), TOP], [x(k), bottom]);
  for (const [i, paint] of [color.vae, color.sigma].entries()) {
    const level = (j) => clamp(y(run.curve[j][i]), [TOP, bottom]);
    if (run.curve[k][i] != null) dot(pen, paint, x(k), level(k), 6, color.back, 2);
    const named = Math.min(i ? 4 : 2, run.curve.length - 1); // the point that bears the name, above the line or below
    if (run.curve[named][i] == null) continue;
    write(pen, terms[i], x(named) + 16, clamp(level(named) + (i ? 11 : -11), [TOP + 6, bottom - 6]), color.text);
  }
}

const TALLEST = [1.5, 4]; // bars at least and at most

// For each dimension its sigma, and beside it the spread of its mu. What is not finite or too large fills the plot.
export function drawBars(canvas, color, { sigma, spread }) {
  const { context: pen, width, height } = plotContext(canvas);
  const sides = curveSides(width);
  const bottom = height - FOOT;
  const tallest = clamp(1.05 * Math.max(...sigma, ...spread), TALLEST); // null counts as 0
  const y = scale([0, tallest], [bottom, TOP]);
  levels(pen, color, steps(0, Math.floor(tallest)), y, sides, { zero: color.line });
  const step = (sides[1] - sides[0]) / sigma.length;
  const bar = (value, paint, left) => {
    pen.fillStyle = paint;
    const top = y(clamp(value ?? tallest, [0, tallest]));
    pen.fillRect(left, top, 0.36 * step, bottom - top);
  };
  for (let i = 0; i < sigma.length; i++) {
    const left = sides[0] + i * step;
    bar(sigma[i], color.sigma, left + 0.12 * step);
    bar(spread[i], color.mu, left + 0.52 * step);
  }
}
