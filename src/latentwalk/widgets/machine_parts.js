// How the machine's parts are drawn: hidden units as pixels; mu, sigma, eps and z of each dimension in columns.

import { levels } from "./axes.js";
import { backdrop, plotContext, sizeOf } from "./canvas.js";
import { paintDigit } from "./digits.js";
import { element } from "./dom.js";
import { klOf } from "./gaussian.js";
import { dot, line } from "./marks.js";
import { clamp, scale, volume } from "./numbers.js";

// Which stages each choice of `lit` leaves bright.
export const BRIGHT = {
  encoder: ["x", "encoder", "q"],
  heads: ["q"],
  dice: ["q", "eps", "z", "xhat"],
  loss: ["x", "q", "xhat"],
  decoder: ["z", "decoder", "xhat"],
};

export const LIMIT = 3.5; // of the plots of mu, eps and z
export const HEIGHT = 78; // CSS pixels
const LEFT = 22; // before the first column
const ACROSS = 16; // hidden units in a row
const y = scale([-LIMIT, LIMIT], [HEIGHT - 5, 5]);
const inside = (value) => clamp(value, [-LIMIT, LIMIT]);

export const valueAt = scale([HEIGHT - 5, 5], [-LIMIT, LIMIT]);

// Where the middle of a column lies, and the dimension whose column lies at x.
export const columnPlace = (canvas, i, dims, value) => [
  LEFT + ((i + 0.5) * (sizeOf(canvas).width - LEFT - 4)) / dims,
  y(inside(value)),
];
export function columnAt(canvas, x, dims) {
  const place = ((x - LEFT) / (sizeOf(canvas).width - LEFT - 4)) * dims;
  return clamp(Math.floor(place), [0, dims - 1]);
}

export const unitCanvas = (units) =>
  element("canvas", { class: "lw-digit lw-units", width: ACROSS, height: Math.ceil(units / ACROSS), role: "img" });

// Both halves with the hidden layer that is shown: its units, and run(input), which gives what it and the last layer answer. The
// encoder's is what mu is made of, the decoder's its first.
export function shownHalves(network) {
  const { encode, decode } = network.parts;
  const heads = encode.at(-1);
  const [before] = heads.op === "concat" ? encode[heads.from[0]].from : heads.from;
  const half = (part, steps, at) => ({
    units: volume(steps[at].shape),
    run(input) {
      const stages = network.stages(part, input);
      return [stages[at], stages.at(-1)];
    },
  });
  return { encoder: half("encode", encode, before), decoder: half("decode", decode, 1) };
}

// encode(digit, ink) gives what the encoder says of inputOf(digit, ink): the same until these are others.
export function answersOf(encoder, dims, inputOf) {
  let last = {};
  return (digit, ink) => {
    if (last.digit === digit && last.ink === ink) return last;
    const x = inputOf(digit, ink);
    const [hidden, heads] = encoder.run(x);
    const mu = heads.subarray(0, dims);
    const sigma = heads.subarray(dims).map((logvar) => Math.exp(0.5 * logvar));
    const kl = mu.reduce((sum, value, i) => sum + klOf(value, sigma[i]), 0);
    last = { digit, ink, x, hidden, mu, sigma, kl };
    return last;
  };
}

// The strongest unit is white.
export function paintUnits(canvas, units, label) {
  const most = Math.max(...units, 1e-9);
  paintDigit(
    canvas,
    Float32Array.from(units, (value) => Math.max(0, value) / most),
    label,
  );
}

// Its levels, then mark(pen, i, x, width of a column) for each dimension.
function drawColumns(canvas, color, dims, mark) {
  const { context, width } = plotContext(canvas);
  backdrop(context, color.text, (pen) => levels(pen, color, [-3, 0, 3], y, [LEFT, width], { zero: color.line }));
  const step = (width - LEFT - 4) / dims;
  for (let i = 0; i < dims; i++) mark(context, i, LEFT + (i + 0.5) * step, step);
}

// `held`: the dimension whose z is steered now, or -1; `given`: z is set by hand.
export function drawMiddle({ q, eps, z }, color, { mu, sigma, rolls, code, given, held }) {
  drawColumns(q, color, mu.length, (pen, i, x, step) => {
    pen.fillStyle = color.mu;
    pen.fillRect(x - 0.36 * step, y(0), 0.72 * step, y(inside(mu[i])) - y(0));
    line(pen, color.sigma, Math.min(4, 0.3 * step), [x, y(mu[i] - sigma[i])], [x, y(mu[i] + sigma[i])]);
  });
  drawColumns(eps, color, mu.length, (pen, i, x, step) => {
    const side = Math.min(11, 0.7 * step);
    line(pen, color.eps, 1, [x, y(0)], [x, y(rolls[i])]);
    pen.fillStyle = color.eps;
    pen.fillRect(x - side / 2, y(rolls[i]) - side / 2, side, side);
    dot(pen, color.back, x, y(rolls[i]), side / 5);
  });
  drawColumns(z, color, mu.length, (pen, i, x, step) => {
    const place = y(inside(code[i]));
    line(pen, color.mu, 2, [x - 0.36 * step, y(inside(mu[i]))], [x + 0.36 * step, y(inside(mu[i]))]);
    line(pen, given ? color.prior : color.eps, 2, [x, y(inside(mu[i]))], [x, place]);
    dot(pen, color.text, x, place, i === held ? 6 : Math.min(4.5, 0.36 * step), color.back, 1);
  });
}

// What a picture x costs under the answer xhat, in nats.
export function crossEntropy(x, xhat) {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const p = clamp(xhat[i], [1e-7, 1 - 1e-7]);
    sum -= x[i] * Math.log(p) + (1 - x[i]) * Math.log(1 - p);
  }
  return sum;
}
