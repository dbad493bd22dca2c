// What a Lab draws of its training: the loss in its terms over the steps, and the sigmas.

import { levels } from "./axes.js";
import { plotContext } from "./canvas.js";
import { drawHistogram } from "./histogram.js";
import { dashed, line, write } from "./marks.js";
import { scale, steps, times } from "./numbers.js";

const POINTS = 300; // of a curve, at most
const LOWEST = -4.3; // log10 sigma
const BINS = 46;
const ACTIVE = 0.05; // nats, as in latentwalk.losses

// Of a history, about so many looks, the last one among them.
function thinned(history, most = POINTS) {
  const every = Math.ceil(history.length / most);
  return history.filter((_, i) => (history.length - 1 - i) % every === 0);
}

// history: {step, recon, kl, loss} of each look, in nats.
export function drawCurve(canvas, color, history) {
  const { context: pen, width, height } = plotContext(canvas);
  const looks = thinned(history);
  const top = Math.min(600, 1.08 * Math.max(60, ...looks.map(({ recon, kl }) => recon + kl)));
  const sides = [38, width - 8];
  const x = scale([0, Math.max(1, looks.at(-1)?.step ?? 1)], sides);
  const y = scale([0, top], [height - 18, 6]);
  const apart = Math.max(20, top > 100 ? 50 : 0, top > 300 ? 100 : 0);
  levels(pen, color, steps(0, top, apart), y, sides);
  const inside = (value) => Math.min(height, Math.max(0, y(value)));
  const curve = (hue, thick, of) =>
    line(
      pen,
      hue,
      thick,
      ...looks.filter((one) => Number.isFinite(of(one))).map((one) => [x(one.step), inside(of(one))]),
    );
  dashed(pen, [4, 4], () => curve(color.text, 1, ({ loss }) => loss ?? Number.NaN));
  curve(color.ae, 2, ({ recon }) => recon);
  curve(color.vae, 2, ({ kl }) => kl);
  curve(color.text, 3, ({ recon, kl }) => recon + kl);
  for (const share of [0, 0.5, 1]) {
    const step = Math.round(share * (looks.at(-1)?.step ?? 0));
    if (step || !share) write(pen, String(step), x(step), height - 7, color.muted, share === 1 ? "right" : "center");
  }
}

// Shares of the sigmas in bins of log10 sigma.
export function drawSigmas(canvas, color, logvar) {
  const bins = times(BINS + 1, (i) => LOWEST + (i * (0.3 - LOWEST)) / BINS);
  const shares = new Array(BINS).fill(0);
  for (const value of logvar) {
    const place = Math.floor(((value / (2 * Math.LN10) - LOWEST) / (0.3 - LOWEST)) * BINS);
    shares[Math.min(BINS - 1, Math.max(0, place))] += 1 / logvar.length;
  }
  drawHistogram(canvas, color, { bins, shares });
}

// How many dimensions have a mean KL above ACTIVE, and the two with the largest.
export function dimensions({ mu, logvar, settings: { dims } }) {
  const each = new Array(dims).fill(0);
  const count = mu.length / dims;
  for (const [i, m] of mu.entries()) each[i % dims] += (0.5 * (m * m + Math.exp(logvar[i]) - logvar[i] - 1)) / count;
  const order = [...each.keys()].sort((a, b) => each[b] - each[a]);
  return { active: each.filter((kl) => kl > ACTIVE).length, pair: order.slice(0, 2).sort((a, b) => a - b) };
}
