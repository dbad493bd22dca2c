// What reconstruction and KL cost together, over mu and sigma: its levels, and which way is down.

import { numbersBelow } from "./axes.js";
import { backdrop, plotContext, sizeOf } from "./canvas.js";
import { drawGrip } from "./grips.js";
import { area, dashed, dot, line, within, write } from "./marks.js";
import { scale, steps } from "./numbers.js";
import { bottomOf, slopeOf } from "./settling.js";
import { short } from "./words.js";

const LEVELS = [0.1, 0.5, 1, 2, 3, 4, 8, 16]; // nats above the bottom

// Its sides in CSS pixels, and where the numbers of the two axes lie within.
export function landscapeFrame(canvas, mus, sigmas) {
  const { width, height } = sizeOf(canvas);
  const sides = [34, width - 8];
  const heights = [height - 34, 8];
  return { sides, heights, x: scale(mus, sides), y: scale([0, sigmas[1]], heights) };
}

// The part of sigma, above its lowest.
function above({ a, beta }, sigma) {
  const value = (s) => 0.5 * (a + beta) * s * s - beta * Math.log(s);
  return value(sigma) - (beta ? value(Math.sqrt(beta / (a + beta))) : 0);
}

// The closed line of all mu and sigma at the same height: on its right half half of (a + beta)(mu - middle)^2 is what sigma leaves.
export function contour(pulls, level) {
  const { a, beta, home } = pulls;
  const middle = (a * home) / (a + beta);
  const inside = steps(0.002, 3.02, 0.006).filter((sigma) => above(pulls, sigma) <= level);
  const reach = (sigma) => Math.sqrt((2 * (level - above(pulls, sigma))) / (a + beta));
  const right = inside.map((sigma) => [middle + reach(sigma), sigma]);
  const left = inside.map((sigma) => [middle - reach(sigma), sigma]).reverse();
  return [...right, ...left, right[0]];
}

function paintLevels(pen, color, pulls, { sides, heights: [bottom, top], x, y }, mus) {
  const [left, right] = sides;
  const { a, beta, home } = pulls;
  if (a + beta > 0) {
    within(pen, sides, [top, bottom], () => {
      for (const level of [...LEVELS].reverse()) {
        const points = contour(pulls, level).map(([mu, sigma]) => [x(mu), y(sigma)]);
        line(pen, color.line, 1, ...points);
        area(pen, color.vae, 0.1, points);
      }
    });
    const [middle, rest] = bottomOf(pulls);
    for (const [i, level] of LEVELS.entries()) {
      const side = i % 2 ? -1 : 1;
      const at = x(middle + side * Math.sqrt((2 * level) / (a + beta))) - 10 * side;
      if (at > left + 8 && at < right - 8 && Math.abs(at - x(middle)) > 16)
        write(pen, short(level), at, y(rest), color.text);
    }
  }
  if (a > 0) dashed(pen, [2, 4], () => line(pen, color.ae, 2, [x(home), top], [x(home), bottom]));
  line(pen, color.line, 1, [left, top], [left, bottom], [right, bottom]);
  numbersBelow(pen, steps(mus[0] + 1, mus[1] - 1), x, bottom + 12, color.text);
  write(pen, "\u03bc", x(0.5), bottom + 26, color.mu);
  for (const tick of [0, 1, 2]) write(pen, short(tick), left - 6, y(tick), color.text, "right");
  write(pen, "\u03c3", 8, y(2.5), color.sigma, "left");
}

function arrow(pen, color, from, to) {
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const wing = (turn) => [to[0] - 8 * Math.cos(angle + turn), to[1] - 8 * Math.sin(angle + turn)];
  line(pen, color, 2, from, to);
  line(pen, color, 2, wing(0.5), to, wing(-0.5));
}

export function drawLandscape(canvas, color, { mu, sigma, pulls, mus, sigmas }) {
  const { context } = plotContext(canvas);
  const frame = landscapeFrame(canvas, mus, sigmas);
  const { x, y } = frame;
  const { a, beta, home } = pulls;
  backdrop(context, [a, beta, home, color.text], (pen) => paintLevels(pen, color, pulls, frame, mus));
  const bottom = bottomOf(pulls);
  if (bottom) dot(context, color.back, x(bottom[0]), y(bottom[1]), 4, color.text, 2);
  const here = [x(mu), y(sigma)];
  const slope = slopeOf(pulls, mu, sigma).map((part) => -part);
  const steepness = Math.hypot(...slope);
  const length = 46 * Math.tanh(steepness / 1.5);
  const [along, up] = slope.map((part) => (length * part) / (steepness || 1));
  if (length > 12) arrow(context, color.text, here, [here[0] + along, here[1] - up]);
  drawGrip(context, color, color.text, here);
}
