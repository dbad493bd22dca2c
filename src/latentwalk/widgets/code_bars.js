// The numbers of a code side by side: bars for mu, strokes for mu - sigma to mu + sigma, dots for z.

import { levels } from "./axes.js";
import { backdrop, plotContext } from "./canvas.js";
import { dot, line } from "./marks.js";
import { scale } from "./numbers.js";

const TICKS = [-4, -2, 0, 2, 4];

export function drawCodeBars(canvas, color, { mu, logvar, z }) {
  const { context, width, height } = plotContext(canvas);
  const left = 26;
  const step = (width - left - 4) / mu.length;
  const y = scale([-4, 4], [height - 8, 8]);
  backdrop(context, color.text, (pen) => levels(pen, color, TICKS, y, [left, width], { zero: color.line }));
  for (let i = 0; i < mu.length; i++) {
    const x = left + (i + 0.5) * step;
    const sigma = Math.exp(0.5 * logvar[i]);
    context.fillStyle = color.mu;
    context.fillRect(x - 0.36 * step, y(0), 0.72 * step, y(mu[i]) - y(0));
    line(context, color.sigma, 3, [x, y(mu[i] - sigma)], [x, y(mu[i] + sigma)]);
    dot(context, color.text, x, y(z[i]), 2.5);
  }
}
