// KL, on a logarithmic scale, against reconstruction: one dot for each of several networks, and a handle that slides along them.

import { levels } from "./axes.js";
import { backdrop, FONT, plotContext, sizeOf } from "./canvas.js";
import { drawGrip } from "./grips.js";
import { dot, line, write } from "./marks.js";
import { between, clamp, scale, steps } from "./numbers.js";

const TICKS = [1, 3, 10, 30, 100, 300]; // nats

function frame(canvas, measures) {
  const { width, height } = sizeOf(canvas);
  const kls = measures.map(({ kl }) => Math.log(kl));
  const recons = measures.map(({ recon }) => recon);
  const [left, right, top, bottom] = [34, width - 12, 6, height - 22];
  const [low, high] = [Math.min(...recons) - 8, Math.max(...recons) + 22];
  const range = [Math.min(...kls) - 0.3, Math.max(...kls) + 0.3];
  const x = scale(range, [left, right]);
  const y = scale([low, high], [bottom, top]);
  const points = kls.map((kl, i) => [x(kl), y(recons[i])]);
  return { left, right, top, bottom, low, high, range, x, y, points };
}

export const curvePoints = (canvas, measures) => frame(canvas, measures).points;

// The point at a place on a line of points: 0 is the first of them, 1 the second, and so on.
export function pointAt(points, place) {
  const i = clamp(Math.floor(place), [0, Math.max(0, points.length - 2)]);
  return points.length < 2 ? points[0] : between(points[i], points[i + 1], place - i);
}

// The place on that line that lies nearest to a point: what a pointer drags stays under it, on steep parts of the line, too.
export function placeAlong(points, [x, y]) {
  let best = { away: Infinity, place: 0 };
  for (let i = 0; i + 1 < points.length; i++) {
    const [[fromX, fromY], [toX, toY]] = [points[i], points[i + 1]];
    const [dx, dy] = [toX - fromX, toY - fromY];
    const share = clamp(((x - fromX) * dx + (y - fromY) * dy) / (dx ** 2 + dy ** 2 || 1), [0, 1]);
    const away = Math.hypot(fromX + share * dx - x, fromY + share * dy - y);
    if (away < best.away) best = { away, place: i + share };
  }
  return best.place;
}

// `text` names the axes; the handle is at a place on the line, and the network nearest to it stands out.
export function drawRateDistortion(canvas, color, { text, betas, measures, place }) {
  const { context, height } = plotContext(canvas);
  const { left, right, top, bottom, low, high, range, x, y, points } = frame(canvas, measures);
  const chosen = Math.round(place);
  backdrop(context, [chosen, color.text], (pen) => {
    levels(pen, color, steps(40 * Math.ceil(low / 40), high, 40), y, [left, right]);
    line(pen, color.line, 1, [left, top], [left, bottom], [right, bottom]);
    write(pen, text.axis_kl, right, height - 8, color.muted, "right");
    write(pen, text.axis_recon, left + 8, top + 6, color.muted, "left");
    const end = right - pen.measureText(text.axis_kl).width - 22;
    for (const tick of TICKS) {
      const log = Math.log(tick);
      if (log > range[0] && x(log) < end) write(pen, `${tick}`, x(log), height - 8, color.muted);
    }
    line(pen, color.vae, 2.5, ...points);
    let last = [Infinity, 0]; // place of a word
    for (const [i, [atX, atY]] of points.entries()) {
      dot(pen, color.vae, atX, atY, 5, color.back);
      const lift = Math.hypot(atX - points[chosen][0], atY - points[chosen][1]) < 32 ? 24 : 15; // over the handle's arrow
      if (i === chosen) continue;
      const [x0, y0] = [clamp(atX + 6, [left, right - 6]), atY - lift];
      const crowded = Math.abs(last[0] - x0) < 20 && Math.abs(last[1] - y0) < 12;
      last = [crowded ? last[0] - 20 : x0, y0];
      write(pen, betas[i], ...last, color.muted);
    }
  });
  const here = pointAt(points, place);
  const [before, after] = [
    pointAt(points, Math.max(0, place - 0.1)),
    pointAt(points, Math.min(place + 0.1, points.length - 1)),
  ];
  const steep = Math.abs(after[1] - before[1]) > Math.abs(after[0] - before[0]);
  drawGrip(context, color, color.text, here, steep ? "ns" : "ew");
  const words = `\u03b2 = ${betas[chosen]}`;
  context.font = "bold 15px system-ui, sans-serif";
  const half = context.measureText(words).width / 2;
  const middle = clamp(here[0] - 24 - half, [left + half + 5, right - half]); // below the curve nothing else is written
  write(context, words, middle, Math.min(bottom - 10, here[1] + 24), color.text, "center", "middle", color.back);
  context.font = FONT;
}
