// KL, on a logarithmic scale, against reconstruction: one dot for each of several networks.

import { levels } from "./axes.js";
import { plotContext } from "./canvas.js";
import { dot, line, write } from "./marks.js";
import { clamp, scale, steps } from "./numbers.js";

const TICKS = [1, 3, 10, 30, 100, 300]; // nats

// `text` names the axes; the network `chosen` stands out.
export function drawRateDistortion(canvas, color, { text, betas, measures, chosen }) {
  const { context, width, height } = plotContext(canvas);
  const kls = measures.map(({ kl }) => Math.log(kl));
  const recons = measures.map(({ recon }) => recon);
  const [left, right, bottom] = [34, width - 12, height - 22];
  const [low, high] = [Math.min(...recons) - 8, Math.max(...recons) + 22];
  const range = [Math.min(...kls) - 0.3, Math.max(...kls) + 0.3];
  const x = scale(range, [left, right]);
  const y = scale([low, high], [bottom, 6]);
  levels(context, color, steps(40 * Math.ceil(low / 40), high, 40), y, [left, right]);
  line(context, color.line, 1, [left, 6], [left, bottom], [right, bottom]);
  write(context, text.axis_kl, right, height - 8, color.muted, "right");
  write(context, text.axis_recon, right, 12, color.muted, "right");
  for (const tick of TICKS) {
    const log = Math.log(tick);
    const hasRoom = log > range[0] && log < range[1] - 1; // on the axis, left of its name
    if (hasRoom) write(context, `${tick}`, x(log), height - 8, color.muted);
  }
  line(context, color.vae, 2, ...kls.map((kl, i) => [x(kl), y(recons[i])]));
  for (const [i, kl] of kls.entries()) {
    const [atX, atY] = [x(kl), y(recons[i])];
    if (i === chosen) {
      dot(context, color.text, atX, atY, 7, color.back);
      const words = `\u03b2 = ${betas[i]}`;
      write(context, words, clamp(atX - 16, [left + 34, right - 16]), atY + (i ? 16 : -16), color.text);
    } else {
      dot(context, color.vae, atX, atY, 4, color.back);
      write(context, betas[i], atX + 5, atY - 13, color.muted);
    }
  }
}
