// log p(x), the ELBO and the gap between them on one bar, in nats.

import { backdrop, plotContext } from "./canvas.js";
import { area, corners, line, write } from "./marks.js";
import { clamp, scale, steps } from "./numbers.js";
import { short } from "./words.js";

const NATS = [-6, 0];

// `best` is the highest ELBO that any q reaches; words: {logp, elbo, gap, best} as they are written on the bar.
export function drawBoundBar(canvas, color, { logp, elbo, best, words }) {
  const { context, width } = plotContext(canvas);
  const [left, right] = [8, width - 14];
  const heights = [24, 52];
  const [top, bottom] = heights;
  const at = (nats) => scale(NATS, [left, right])(clamp(nats, NATS));
  backdrop(context, color.text, (pen) => {
    for (const tick of steps(...NATS, 2)) line(pen, color.line, 1, [at(tick), bottom], [at(tick), bottom + 5]);
  });
  area(context, color.prior, 0.4, corners([at(elbo), at(logp)], heights));
  area(context, color.vae, 1, corners([left, at(elbo)], heights));
  line(context, color.line, 1, ...corners([left, right], heights), [left, top]);
  line(context, color.text, 4, [at(logp), top - 5], [at(logp), bottom + 5]);
  const tip = [at(best), bottom + 1];
  const base = [-6, 6].map((side) => [at(best) + side, bottom + 10]);
  area(context, color.text, 1, [tip, ...base]);

  const wide = (text) => context.measureText(text).width;
  const inside = (text, x) => clamp(x, [left + wide(text) / 2, right - wide(text) / 2]);
  const middle = (top + bottom) / 2;
  write(context, words.logp, inside(words.logp, at(logp)), top - 14, color.text);
  write(context, words.best, inside(words.best, at(best)), bottom + 20, color.text);
  const roomy = at(elbo) - left > wide(words.elbo) + 14;
  if (roomy) write(context, words.elbo, at(elbo) - 7, middle, color.back, "right");
  const [from, to] = [at(elbo), at(logp)];
  if (to - from > wide(words.gap) + 10) write(context, words.gap, (from + to) / 2, middle, color.text);
  for (const tick of steps(...NATS, 2))
    if (Math.abs(at(tick) - inside(words.best, at(best))) > wide(words.best) / 2 + 14)
      write(context, short(tick), clamp(at(tick), [left + 6, right - 4]), bottom + 14, color.muted);
}
