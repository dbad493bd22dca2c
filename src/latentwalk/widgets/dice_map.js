// The map from eps to z, with the handles for mu and sigma. Places are in CSS pixels.

import { numbersBelow } from "./axes.js";
import { backdrop, FONT } from "./canvas.js";
import { drawGrip } from "./grips.js";
import { dot, line, write } from "./marks.js";
import { scale, steps } from "./numbers.js";

const WIDE = 420; // CSS pixels from which there is room for words beside the handles
const EPS = [-3, 3];
export const Z = [-5, 5];
const [EPS_LEVEL, Z_LEVEL, MU_LEVEL, SIGMA_LEVEL] = [36, 106, 138, 164]; // heights
export const MAP_HEIGHT = 184;
const MARGIN = 14;

// One line and two dots for each draw; those of the chosen one stand out.
export const lineOf = (theme, chosen) => (chosen ? [theme.text, 2.5] : [theme.line, 1]);
export const edgeOf = (theme, chosen) => (chosen ? theme.text : theme.back);

// A level line with its numbers on the side away from the other one.
function axis(pen, theme, [low, high], x, level, numbers) {
  line(pen, theme.line, 1.5, [x(low), level], [x(high), level]);
  const ticks = steps(low, high);
  for (const tick of ticks) line(pen, theme.line, 1, [x(tick), level - 4], [x(tick), level + 4]);
  numbersBelow(pen, ticks, x, numbers, theme.muted, "alphabetic");
}

function name(pen, words, y, color) {
  pen.font = "bold 16px system-ui, sans-serif";
  write(pen, words, 12, y, color, "center", "alphabetic");
  pen.font = FONT;
}

// What gradients pass through: with the dice in it, or below them.
function machine(pen, theme, width, top, words) {
  pen.beginPath();
  pen.roundRect(2, top, width - 4, SIGMA_LEVEL + 18 - top, 10);
  pen.strokeStyle = theme.line;
  pen.lineWidth = 1.5;
  pen.stroke();
  if (width > WIDE) write(pen, words, width - 12, SIGMA_LEVEL, theme.muted, "right");
}

export const zToX = (width) => scale(Z, [MARGIN, width - MARGIN]);
export const xToZ = (width) => scale([MARGIN, width - MARGIN], Z);
export const handlePlaces = (x, mu, sigma) => ({
  mu: [x(mu), MU_LEVEL],
  sigma: [x(mu + sigma), SIGMA_LEVEL],
});

// Above the axis of eps, below the axis of z on the same scale; one line from each eps to its z. Lowest, the handles.
export function paintMap(pen, width, { mu, sigma, eps, chosen, inside, theme }, words) {
  const x = zToX(width);
  const z = (value) => x(mu + sigma * value);
  backdrop(pen, [inside, theme.text], (back) => {
    machine(back, theme, width, inside ? 2 : EPS_LEVEL + 14, words);
    axis(back, theme, EPS, x, EPS_LEVEL, EPS_LEVEL - 12);
    name(back, "\u03b5", EPS_LEVEL + 5, theme.eps);
    axis(back, theme, Z, x, Z_LEVEL, Z_LEVEL + 20);
    name(back, "z", Z_LEVEL - 10, theme.vae);
  });
  for (const [i, value] of eps.entries())
    line(pen, ...lineOf(theme, i === chosen), [x(value), EPS_LEVEL], [z(value), Z_LEVEL]);
  for (const [i, value] of eps.entries()) {
    const radius = i === chosen ? 7 : 5;
    dot(pen, theme.eps, x(value), EPS_LEVEL, radius, edgeOf(theme, i === chosen));
    dot(pen, theme.vae, z(value), Z_LEVEL, radius, edgeOf(theme, i === chosen));
  }
  line(pen, theme.mu, 2, [x(mu), Z_LEVEL + 5], [x(mu), SIGMA_LEVEL]);
  line(pen, theme.sigma, 5, [x(mu - sigma), SIGMA_LEVEL], [x(mu + sigma), SIGMA_LEVEL]);
  const at = handlePlaces(x, mu, sigma);
  drawGrip(pen, theme, theme.sigma, at.sigma, "ew", "\u03c3");
  drawGrip(pen, theme, theme.mu, at.mu, "ew", "\u03bc");
}
