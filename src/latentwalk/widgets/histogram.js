// The shares of sigma in bins of log10 sigma.

import { plotContext } from "./canvas.js";
import { dashed, line, write } from "./marks.js";
import { scale } from "./numbers.js";

const SIGMAS = [
  ["1", 0],
  ["0.1", -1],
  ["0.01", -2],
  ["10\u207b\u2074", -4],
  ["10\u207b\u2076", -6],
];

export function drawHistogram(canvas, color, { bins, shares }) {
  const { context, width, height } = plotContext(canvas);
  const bottom = height - 20;
  const top = Math.max(...shares);
  const x = scale([bins[0], bins.at(-1)], [8, width - 8]);
  context.fillStyle = color.sigma;
  for (const [i, share] of shares.entries())
    context.fillRect(x(bins[i]), bottom, x(bins[i + 1]) - x(bins[i]) - 0.5, (-share / top) * (bottom - 6));
  line(context, color.line, 1, [8, bottom], [width - 8, bottom]);
  dashed(context, [5, 4], () => line(context, color.prior, 1.5, [x(0), 4], [x(0), bottom]));
  let last = Infinity;
  for (const [words, exponent] of SIGMAS) {
    if (last - x(exponent) < 26) continue;
    last = x(exponent);
    write(context, words, last, height - 9, color.text);
  }
}
