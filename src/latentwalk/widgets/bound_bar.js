// log p(x), the ELBO and the gap between them on one bar, in nats.

import { numbersBelow } from "./axes.js";
import { backdrop, plotContext } from "./canvas.js";
import { area, corners, line } from "./marks.js";
import { clamp, scale, steps } from "./numbers.js";

const NATS = [-6, 0];

// `best` is the highest ELBO that any q reaches.
export function drawBoundBar(canvas, color, { logp, elbo, best }) {
  const { context, width } = plotContext(canvas);
  const [left, right] = [8, width - 14];
  const heights = [12, 34];
  const [top, bottom] = heights;
  const at = (nats) => scale(NATS, [left, right])(clamp(nats, NATS));
  backdrop(context, color.text, (pen) => numbersBelow(pen, steps(...NATS, 2), at, bottom + 14, color.muted));
  area(context, color.prior, 0.5, corners([at(elbo), at(logp)], heights));
  area(context, color.vae, 1, corners([left, at(elbo)], heights));
  line(context, color.line, 1, ...corners([left, right], heights), [left, top]);
  line(context, color.text, 4, [at(logp), top - 5], [at(logp), bottom + 5]);
  const tip = [at(best), top + 1];
  const base = [-6, 6].map((side) => [at(best) + side, top - 9]);
  area(context, color.text, 1, [tip, ...base]);
}
