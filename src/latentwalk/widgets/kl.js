// The KL divergence of q = N(mu, sigma^2) from p = N(0, 1). See kl.py for the traits.

import { levels, numbersBelow, ticksFromZero } from "./axes.js";
import { backdrop, plotCanvas, plotContext, sizeOf } from "./canvas.js";
import { box, captioned, element, paragraph } from "./dom.js";
import { defineFigure } from "./figure.js";
import { logNormal, muPart, normal, sigmaPart } from "./gaussian.js";
import { area, dot, line, within, write } from "./marks.js";
import { clamp, round, scale, steps, times } from "./numbers.js";
import { steer } from "./steer.js";
import { themeColors } from "./theme.js";
import { fill, fixed, say, short } from "./words.js";

const LEVELS = [0.1, 0.5, 1, 2, 3, 4]; // nats
const MU = [-3, 3];
const SIGMA = [0.05, 3];
const Z = [-5, 5];
const WIDEST = 8; // nats, of the bar

// The closed line of all mu and sigma with the same KL: on its right half mu^2 = 2 (level - the part of sigma).
function contour(level) {
  const inside = steps(0.002, 3.02, 0.006).filter((sigma) => sigmaPart(sigma) <= level);
  const right = inside.map((sigma) => [Math.sqrt(2 * (level - sigmaPart(sigma))), sigma]);
  const left = right.map(([mu, sigma]) => [-mu, sigma]).reverse();
  return [...right, ...left, right[0]];
}

function arrow(pen, color, from, to) {
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const wing = (turn) => [to[0] - 8 * Math.cos(angle + turn), to[1] - 8 * Math.sin(angle + turn)];
  line(pen, color, 2, from, to);
  line(pen, color, 2, wing(0.5), to, wing(-0.5));
}

export default defineFigure("kl", ({ model, root, save }) => {
  const text = model.get("text");
  const curves = plotCanvas(300);
  const land = plotCanvas(300);
  const readout = paragraph("lw-readout lw-strong");
  const pull = paragraph();
  const bars = ["mu", "sigma"].map((name) => element("span", { style: `background: var(--lw-${name})` }));
  root.append(
    box("lw-columns", captioned(curves, [text.bells, element("br"), text.integrand]), captioned(land, text.landscape)),
    element("div", { class: "lw-bar", "aria-hidden": "true" }, ...bars),
    readout,
    pull,
  );

  // The landscape's sides in CSS pixels: left and right, bottom and top.
  const frame = () => {
    const { width, height } = sizeOf(land);
    return { sides: [40, width - 8], heights: [height - 34, 8] };
  };
  const move = (mu, sigma) => save({ mu: clamp(round(mu), MU), sigma: clamp(round(sigma), SIGMA) });
  steer(land, {
    at: (x, y) => {
      const { sides, heights } = frame();
      return [scale(sides, MU)(x), scale(heights, [0, SIGMA[1]])(y)];
    },
    get: () => [model.get("mu"), model.get("sigma")],
    set: move,
  });

  // Above the two bells, below what one integrates for the KL: q (log q - log p).
  function drawCurves(mu, sigma, color) {
    const { context, width, height } = plotContext(curves);
    const sides = [34, width - 6];
    const [left, right] = sides;
    const pixel = (Z[1] - Z[0]) / (right - left);
    const even = times((right - left) / 2, (i) => Z[0] + 2 * i * pixel);
    const dense = times(81, (i) => mu + (sigma * (i - 40)) / 10).filter((z) => z > Z[0] && z < Z[1]); // where q is
    const zs = [...even, ...dense, Z[1]].sort((one, other) => one - other);
    const p = zs.map((z) => normal(z, 0, 1));
    const q = zs.map((z) => normal(z, mu, sigma));
    const part = zs.map((z, i) => q[i] * (logNormal(z, mu, sigma) - logNormal(z, 0, 1)));

    const bells = [0, Math.max(0.5, 1.1 * Math.max(...q))];
    const integrand = [Math.min(-0.2, 1.15 * Math.min(...part)), Math.max(0.4, 1.1 * Math.max(...part))];
    const x = scale(Z, sides);
    const y = scale(bells, [0.49 * height, 6]);
    const yPart = scale(integrand, [height - 24, 0.53 * height]);
    const xs = zs.map(x);
    backdrop(context, color.text, (pen) => {
      numbersBelow(pen, steps(-4, 4, 2), x, height - 10, color.muted);
      write(pen, "z", right, height - 10, color.muted, "right");
    });
    const style = { zero: color.line };
    levels(context, color, ticksFromZero(bells[1], 3.5), y, sides, style);
    levels(context, color, ticksFromZero(integrand[1], 3.5), yPart, sides, style);

    const under = (values) => [[left, yPart(0)], ...values.map((value, i) => [xs[i], yPart(value)]), [right, yPart(0)]];
    area(context, color.vae, 0.5, under(part.map((value) => Math.max(0, value)))); // where q is above p
    area(context, color.prior, 0.5, under(part.map((value) => Math.min(0, value)))); // where it is below
    line(context, color.vae, 1.5, ...part.map((value, i) => [xs[i], yPart(value)]));
    line(context, color.prior, 2, ...p.map((value, i) => [xs[i], y(value)]));
    line(context, color.vae, 2, ...q.map((value, i) => [xs[i], y(value)]));
    const level = y(normal(mu + sigma, mu, sigma));
    line(context, color.mu, 2, [x(mu), y(0)], [x(mu), y(normal(mu, mu, sigma))]);
    line(context, color.sigma, 3, [x(mu - sigma), level], [x(mu + sigma), level]);
  }

  function paintLand(pen, color, x, y, { sides, heights: [bottom, top] }) {
    const [left, right] = sides;
    within(pen, sides, [top, bottom], () => {
      for (const level of [...LEVELS].reverse()) {
        const points = contour(level).map(([mu, sigma]) => [x(mu), y(sigma)]);
        line(pen, color.line, 1, ...points);
        area(pen, color.vae, 0.13, points);
      }
    });
    line(pen, color.line, 1, [left, top], [left, bottom], [right, bottom]);
    for (const [i, level] of LEVELS.entries()) {
      const side = i % 2 ? -1 : 1;
      write(pen, short(level), x(side * Math.sqrt(2 * level)) - 10 * side, y(1), color.text);
    }
    numbersBelow(pen, steps(-2, 2), x, bottom + 12, color.text);
    write(pen, "\u03bc", x(0.5), bottom + 26, color.text);
    for (const tick of [0, 1, 2]) write(pen, short(tick), left - 6, y(tick), color.text, "right");
    write(pen, "\u03c3", 8, y(2.5), color.text, "left");
  }

  // Where mu and sigma stand, and how the KL pulls them.
  function drawLand(mu, sigma, color) {
    const { context } = plotContext(land);
    const around = frame();
    const x = scale(MU, around.sides);
    const y = scale([0, SIGMA[1]], around.heights);
    backdrop(context, color.text, (pen) => paintLand(pen, color, x, y, around));
    const here = [x(mu), y(sigma)];
    const slope = [-mu, 1 / sigma - sigma];
    const steepness = Math.hypot(...slope);
    const length = 46 * Math.tanh(steepness / 1.5);
    const [along, up] = slope.map((part) => (length * part) / (steepness || 1));
    if (length > 4) arrow(context, color.text, here, [here[0] + along, here[1] - up]);
    dot(context, color.text, ...here, 8, color.back, 2);
  }

  return () => {
    const mu = model.get("mu");
    const sigma = model.get("sigma");
    const parts = [muPart(mu), sigmaPart(sigma)];
    const color = themeColors(root);
    drawCurves(mu, sigma, color);
    drawLand(mu, sigma, color);
    const shown = {
      mu: fixed(mu),
      sigma: fixed(sigma),
      kl: fixed(parts[0] + parts[1]),
      first: fixed(parts[0]),
      second: fixed(parts[1]),
    };
    land.setAttribute("aria-label", `${text.landscape}. ${fill(text.drag, shown)} ${fill(text.readout, shown)}`);
    curves.setAttribute("aria-label", fill(text.curves, shown));
    for (const [k, bar] of bars.entries()) bar.style.width = `${(100 * parts[k]) / WIDEST}%`;
    say(readout, fill(text.readout, shown));
    say(pull, fill(text.pull, { dmu: fixed(mu), dsigma: fixed(sigma - 1 / sigma) }));
  };
});
