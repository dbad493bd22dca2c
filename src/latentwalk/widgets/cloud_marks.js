// One picture's cloud on two squares of the plane: the whole of it, and the one around mu, magnified.

import { backdrop, plotContext } from "./canvas.js";
import { drawGrip } from "./grips.js";
import { dot, line } from "./marks.js";
import { times } from "./numbers.js";
import { ellipse, paintCrowd, viewOf, writeNumbers } from "./plane_view.js";
import { slidingPicture } from "./sliding.js";

export const LIMIT = 4; // of the whole plane
const WHOLE = { step: 1, digits: 0 };
const SQUARES = [
  { half: 0.5, step: 0.1, digits: 1 },
  { half: 1, step: 0.2, digits: 1 },
  { half: 2, step: 0.5, digits: 1 },
  { half: 4, step: 1, digits: 0 },
  { half: 8, step: 2, digits: 0 }, // ten times the widest of the plane
];
const RIM = 2; // sigmas from mu to the ellipse that is dragged
const SMALL = { draw: 2.5, edge: 1, mu: 3 }; // dots
const LARGE = { draw: 5, edge: 2.5, mu: 4 };
const WIDE = 240; // a square that is narrower has smaller dots
const RING = 0.4; // of a side: how far from mu the pictures of the draws stand
const RING_HALF = { large: 0.075, small: 0.1 }; // of a side: half of such a picture (latentwalk.css)

// With room beyond the limit for a handle that stands there.
export function wholeView(width) {
  const room = width < WIDE ? 8 : 13;
  return viewOf({ ...WHOLE, half: (LIMIT * width) / (width - 2 * room) }, width, [0, 0]);
}

// The smallest square that holds three sigmas.
export const squareFor = (sigma) => SQUARES.find(({ half }) => 3 * Math.max(...sigma) <= half) ?? SQUARES.at(-1);

// Where sigma is held: the right end of the ellipse.
export const rimPlace = ({ x, y }, mu, sigma) => [x(mu[0] + RIM * sigma[0]), y(mu[1])];
export const scaleAt = ({ x, unit }, mu, sigma, place) => (place - x(mu[0])) / (unit * RIM * sigma[0]);

// Around mu, in the order in which the draws lie around it: where the picture of each stands, as parts of the square's sides.
export function ringPlaces(mu, draws) {
  const angle = ([a, b]) => Math.atan2(mu[1] - b, a - mu[0]);
  const order = times(draws.length, (i) => i).sort((i, j) => angle(draws[i]) - angle(draws[j]));
  return draws.map((_, i) => {
    const at = ((order.indexOf(i) + 0.5) / draws.length) * 2 * Math.PI - Math.PI;
    return [0.5 + RING * Math.cos(at), 0.5 + RING * Math.sin(at)];
  });
}

function paintRegion(pen, view, { mu, sigma, color }) {
  pen.strokeStyle = color;
  pen.lineWidth = 2.5;
  for (const k of [1, RIM]) {
    ellipse(pen, view, mu, [k * sigma[0], k * sigma[1]]);
    pen.stroke();
  }
}

function paintDraws(pen, { x, y }, size, theme, { mu, draws }) {
  for (let age = draws.length - 1; age >= 0; age--)
    for (const [a, b] of draws[age]) {
      pen.globalAlpha = 1 - age / draws.length;
      dot(pen, theme.eps, x(a), y(b), size.draw, age ? null : theme.text, size.edge);
    }
  pen.globalAlpha = 1;
  dot(pen, theme.mu, x(mu[0]), y(mu[1]), size.mu);
}

export function paintWhole(canvas, theme, state) {
  const { context, width } = plotContext(canvas);
  const view = wholeView(width);
  backdrop(context, [state.index, theme.text], (pen) => {
    paintCrowd(pen, view, theme, state, [0, 0, width, width]);
    writeNumbers(pen, view, theme);
  });
  paintRegion(context, view, state);
  paintDraws(context, view, SMALL, theme, state);
  const { half } = state.square;
  context.strokeStyle = theme.text;
  context.lineWidth = 1;
  context.strokeRect(
    view.x(state.mu[0] - half),
    view.y(state.mu[1] + half),
    2 * half * view.unit,
    2 * half * view.unit,
  );
  drawGrip(context, theme, theme.mu, [view.x(state.mu[0]), view.y(state.mu[1])], width < WIDE ? "" : "nsew", "\u03bc");
}

export function nearPainter() {
  const slide = slidingPicture();
  return (canvas, theme, state) => {
    const { context, width } = plotContext(canvas);
    const { mu, sigma, square, index } = state;
    const pixels = (width / (2 * square.half)) * context.getTransform().a; // of the screen, for a unit of the plane
    const origin = mu.map((value) => Math.round(value * pixels));
    const middle = origin.map((value) => value / pixels);
    const view = viewOf(square, width, middle);
    const key = [index, square.half, theme.text];
    slide(context, key, origin, (pen, ...sides) => paintCrowd(pen, view, theme, state, sides));
    const room = width * RING_HALF[width < WIDE ? "small" : "large"] + 10;
    const near = (part, at) => Math.abs(part * width - at) < room;
    writeNumbers(context, view, theme, (x, y) => state.ring.some(([a, b]) => near(a, x) && near(b, y)));
    paintRegion(context, view, state);
    for (const [i, [a, b]] of state.draws[0].entries()) {
      const [across, down] = state.ring[i].map((part) => part * width);
      line(context, theme.eps, 1.5, [view.x(a), view.y(b)], [across, down]);
    }
    paintDraws(context, view, width < WIDE ? SMALL : LARGE, theme, state);
    if (sigma[0] || state.movable) drawGrip(context, theme, theme.sigma, rimPlace(view, mu, sigma), "ew", "\u03c3");
  };
}
