// What reconstruction and KL each cost over sigma, on a logarithmic scale, and their sum: a valley with a ball.

import { levels, numbersBelow } from "./axes.js";
import { backdrop, plotContext, sizeOf } from "./canvas.js";
import { sigmaPart } from "./gaussian.js";
import { drawGrip } from "./grips.js";
import { dashed, line, within, write } from "./marks.js";
import { clamp, scale, times } from "./numbers.js";
import { bottomOf } from "./settling.js";

const NATS = [-0.15, 6];
const HANDLES = { a: 1, beta: 0.1 }; // the sigma at which each curve is held

export function valleyFrame(canvas, sigmas) {
  const { width, height } = sizeOf(canvas);
  const [left, right, top, bottom] = [26, width - 22, 8, height - 34];
  const at = scale(sigmas.map(Math.log), [left, right]);
  const back = scale([left, right], sigmas.map(Math.log));
  const y = scale(NATS, [bottom, top]);
  const nats = scale([bottom, top], NATS);
  return { left, right, top, bottom, x: (sigma) => at(Math.log(sigma)), sigma: (x) => Math.exp(back(x)), y, nats };
}

const curves = ({ a, beta }) => ({
  a: (sigma) => 0.5 * a * sigma * sigma,
  beta: (sigma) => beta * sigmaPart(sigma),
});

// Where the ball and the two curves can be taken.
export function valleyHandles(canvas, sigmas, { sigma, pulls }) {
  const { x, y, top } = valleyFrame(canvas, sigmas);
  const { a, beta } = curves(pulls);
  const inside = (height) => Math.max(top + 12, height); // a handle is never cut off
  return {
    sigma: [x(sigma), inside(y(a(sigma) + beta(sigma)))],
    a: [x(HANDLES.a), inside(y(a(HANDLES.a)))],
    beta: [x(HANDLES.beta), inside(y(beta(HANDLES.beta)))],
  };
}

// The pull with which a curve passes through this height at its handle.
export function pullAt(name, nats) {
  const one = curves({ a: 1, beta: 1 })[name](HANDLES[name]);
  return Math.max(0, nats) / one;
}

export function drawValley(canvas, color, { text, sigma, pulls, sigmas, settles }) {
  const { context, width } = plotContext(canvas);
  const { left, right, top, bottom, x, y, sigma: sigmaAt } = valleyFrame(canvas, sigmas);
  const { a, beta } = curves(pulls);
  const sum = (s) => a(s) + beta(s);
  backdrop(context, [pulls.a, pulls.beta, color.text], (pen) => {
    levels(pen, color, [0, 2, 4, 6], y, [left, right]);
    numbersBelow(pen, [0.05, 0.1, 0.2, 0.5, 1, 2], (s) => clamp(x(s), [left + 10, right]), bottom + 12, color.muted);
    write(pen, "\u03c3", right - 4, bottom + 12, color.sigma, "right");
    const places = times((right - left) / 3 + 1, (i) => left + 3 * i);
    const [as, betas] = [a, beta].map((of) => places.map((at) => of(sigmaAt(at))));
    const points = (heights) => heights.map((nats, i) => [places[i], y(nats)]);
    within(pen, [left, right], [top - 4, bottom + 4], () => {
      line(pen, color.ae, 2.5, ...points(as));
      line(pen, color.vae, 2.5, ...points(betas));
      line(pen, color.text, 4, ...points(as.map((nats, i) => nats + betas[i])));
    });
  });
  const handles = valleyHandles(canvas, sigmas, { sigma, pulls });
  const low = bottomOf(pulls);
  if (low && pulls.beta) {
    const at = x(low[1]);
    dashed(context, [3, 4], () => line(context, color.sigma, 2, [at, y(sum(low[1]))], [at, bottom]));
    const room = context.measureText(settles).width / 2 + 4;
    write(context, settles, clamp(at, [room, width - room]), bottom + 27, color.text);
  }
  const label = (words, [at, height], tint, side) =>
    write(context, words, at + 14 * side, height - 12, tint, side > 0 ? "left" : "right");
  drawGrip(context, color, color.ae, handles.a, "ns");
  drawGrip(context, color, color.vae, handles.beta, "ns");
  label(text.curve_a, handles.a, color.ae, -1);
  label(text.curve_beta, handles.beta, color.vae, 1);
  drawGrip(context, color, color.text, [handles.sigma[0], handles.sigma[1] - 8], "ew");
}
