// What reconstruction and KL cost together, over mu and sigma: its levels, and which way is down.

import { numbersBelow } from "./axes.js";
import { backdrop, plotContext, sizeOf } from "./canvas.js";
import { drawGrip } from "./grips.js";
import { area, dashed, dot, line, within, write } from "./marks.js";
import { clamp, scale, steps, times } from "./numbers.js";
import { bottomOf, slopeOf } from "./settling.js";
import { short } from "./words.js";

const SPAN = [0.002, 3.02]; // how far the lines of the levels go
const ALONG = 48; // of each half of such a line
const LEVELS = [0.1, 0.5, 1, 2, 3, 4, 8, 16]; // nats above the bottom

// Its sides in CSS pixels, and where the numbers of the two axes lie within.
export function landscapeFrame(canvas, mus, sigmas) {
  const { width, height } = sizeOf(canvas);
  const sides = [34, width - 8];
  const heights = [height - 34, 8];
  return { sides, heights, x: scale(mus, sides), y: scale([0, sigmas[1]], heights) };
}

// Of the total the part of sigma, above its lowest.
function valleyOf({ a, beta }) {
  const value = (s) => 0.5 * (a + beta) * s * s - (beta && beta * Math.log(s));
  const rest = Math.sqrt(beta / (a + beta));
  const lowest = beta && value(rest);
  return { rest, above: (s) => value(s) - lowest };
}

// Where a level is reached between a place that lies below it and one that may lie above.
function reached(above, level, low, high) {
  if (above(high) <= level) return high;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (above(middle) <= level) low = middle;
    else high = middle;
  }
  return low;
}

// The closed line of all mu and sigma at the same height: on its right half half of (a + beta)(mu - middle)^2 is what sigma leaves. Its
// points lie closer at both ends, where it turns.
export function contour({ a, beta, home }, level) {
  const middle = (a * home) / (a + beta);
  const { rest, above } = valleyOf({ a, beta });
  const ends = [SPAN[0], SPAN[1]].map((end) => reached(above, level, clamp(rest, SPAN), end));
  const inside = times(ALONG, (i) => scale([1, -1], ends)(Math.cos((i * Math.PI) / (ALONG - 1))));
  const reach = inside.map((sigma) => Math.sqrt(Math.max(0, (2 * (level - above(sigma))) / (a + beta))));
  const right = inside.map((sigma, i) => [middle + reach[i], sigma]);
  const left = inside.map((sigma, i) => [middle - reach[i], sigma]).reverse();
  return [...right, ...left];
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
