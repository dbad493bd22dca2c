// A Gaussian q against the true posterior of a model with one latent dimension. See fit.py for the traits and the formulas.

import { levels, numbersBelow, ticksFromZero } from "./axes.js";
import { drawBoundBar } from "./bound_bar.js";
import { backdrop, keep, paste, plotCanvas, plotContext, sizeOf } from "./canvas.js";
import { button, captioned, paragraph } from "./dom.js";
import { defineFigure } from "./figure.js";
import { normal } from "./gaussian.js";
import { area, dashed, dot, line, within, write } from "./marks.js";
import { clamp, round, scale, steps, times } from "./numbers.js";
import { steer } from "./steer.js";
import { themeColors } from "./theme.js";
import { fill, fixed, say } from "./words.js";
import { world } from "./world.js";

const Z = [-4, 4];

export default defineFigure("fit", ({ model, root, save }) => {
  const text = model.get("text");
  const ranges = model.get("world");
  const { f, roots, noise, kl, elbo, study } = world(ranges);
  const axis = [ranges.x[0] - 0.5, ranges.x[1] + 1]; // of x

  const plot = plotCanvas(340);
  const bar = plotCanvas(58);
  const gapLine = paragraph("lw-readout lw-strong");
  const partsLine = paragraph();
  const move = (mu, sigma) => save({ mu: round(clamp(mu, ranges.mu)), sigma: round(clamp(sigma, ranges.sigma)) });
  root.append(
    captioned(plot, text.legend, "lw-panel"),
    gapLine,
    captioned(bar, text.bar, "lw-panel"),
    partsLine,
    button(text.best, () => move(...known.q)),
  );

  // What depends on x alone, and how high the axis of the densities has to be for it.
  let known = {};
  const look = (x) => {
    if (known.x === x) return;
    known = study(x);
    known.high = 1.15 * Math.max(0.75, known.posterior(known.summit), normal(0, 0, known.q[1]));
  };

  // The plot's two parts over one axis of z, from top to bottom in CSS pixels: x that the decoder gives, and densities of z.
  const frame = () => {
    const { width, height } = sizeOf(plot);
    return { sides: [34, width - 6], above: [6, 118], below: [142, height - 24] };
  };
  const densityScale = ([top, bottom]) => scale([0, known.high], [bottom, top]);

  // The summit of q follows the finger: sideways it is mu, its height fixes sigma.
  steer(plot, {
    // the second number is -sigma, so that up is up for finger and keys alike
    at: (x, y) => {
      const { sides, below } = frame();
      const [top, bottom] = below;
      const height = scale([bottom, top], [0, known.high])(Math.min(bottom - 1, y));
      return [scale(sides, Z)(x), -normal(0, 0, 1) / height];
    },
    get: () => [model.get("mu"), -model.get("sigma")],
    set: (mu, minusSigma) => move(mu, -minusSigma),
  });

  // The points of a curve over z, one at every other pixel.
  function curve(of, { sides: [left, right] }, y) {
    const last = Math.round((right - left) / 2);
    return times(last + 1, (i) => [left + (i * (right - left)) / last, y(of(scale([0, last], Z)(i)))]);
  }

  function under(pen, color, alpha, density, parts) {
    const [left, right] = parts.sides;
    const [top, bottom] = parts.below;
    const y = densityScale(parts.below);
    const points = curve(density, parts, y);
    within(pen, parts.sides, [top - 8, bottom + 1], () => {
      area(pen, color, alpha, [[left, bottom], ...points, [right, bottom]]);
      line(pen, color, 2.5, ...points);
    });
  }

  // What stays whatever one moves: the decoder, and the axes of x and z.
  function paintDecoder(pen, color, parts) {
    const { sides, above, below } = parts;
    const [top, bottom] = above;
    const y = scale(axis, [bottom, top]);
    const z = scale(Z, sides);
    levels(pen, color, steps(0, axis[1], 2), y, sides, { gap: 6 });
    within(pen, sides, [top, bottom], () => {
      const upper = curve((z) => f(z) + noise, parts, y);
      const lower = curve((z) => f(z) - noise, parts, y);
      area(pen, color.prior, 0.3, [...upper, ...lower.reverse()]);
      line(pen, color.prior, 2, ...curve(f, parts, y));
    });
    write(pen, "x", 8, bottom - 4, color.muted, "left");
    const inside = (tick) => clamp(z(tick), [sides[0] + 6, sides[1] - 6]);
    numbersBelow(pen, steps(-4, 4, 2), inside, below[1] + 14, color.muted);
    write(pen, "z", z(3), below[1] + 14, color.muted);
  }

  // The x that was seen, the prior and the true posterior.
  function paintWorld(pen, x, color, parts) {
    const { sides, above, below } = parts;
    const [top, bottom] = above;
    const z = scale(Z, sides);
    const height = scale(axis, [bottom, top])(x);
    const y = densityScale(below);
    line(pen, color.text, 2, [sides[0], height], [sides[1], height]);
    write(pen, `x = ${fixed(x, 1)}`, z(0), height + (x > 3 ? 10 : -9), color.text);
    dashed(pen, [3, 4], () => {
      for (const root of roots(x)) line(pen, color.line, 1, [z(root), height], [z(root), below[1]]);
    });
    levels(pen, color, ticksFromZero(known.high, 4.5), y, sides, { gap: 6, zero: color.line });
    line(pen, color.prior, 2, ...curve((z) => normal(z, 0, 1), parts, y));
    under(pen, color.text, 0.12, known.posterior, parts);
    write(pen, text.prior, z(2.7), y(normal(2.7, 0, 1)) - 12, color.muted);
  }

  function drawPlot({ x, mu, sigma }, color) {
    const { context } = plotContext(plot);
    const parts = frame();
    const z = scale(Z, parts.sides);
    const [top, bottom] = parts.below;
    const y = densityScale(parts.below);
    backdrop(context, [x, color.text], (pen) => {
      const decoder = keep(context, color.text, (layer) => paintDecoder(layer, color, parts));
      paste(pen, decoder);
      paintWorld(pen, x, color, parts);
    });
    under(context, color.vae, 0.2, (at) => normal(at, mu, sigma), parts);
    const level = y(normal(mu + sigma, mu, sigma));
    const summit = Math.max(top, y(normal(mu, mu, sigma)));
    if (level > top) line(context, color.sigma, 3, [z(mu - sigma), level], [z(mu + sigma), level]);
    line(context, color.mu, 2, [z(mu), bottom], [z(mu), summit]);
    dot(context, color.vae, z(mu), summit, 7, color.back, 2);
    const side = mu < known.summit ? -1 : 1; // the two names stand on either side
    const beside = (words, at, height, side, tint) =>
      write(context, words, z(at) + 10 * side, Math.max(top, height - 9), tint, side > 0 ? "left" : "right");
    beside(text.q, mu, summit, side, color.vae);
    beside(text.posterior, known.summit, y(known.posterior(known.summit)), -side, color.text);
  }

  return () => {
    const [x, mu, sigma] = ["x", "mu", "sigma"].map((name) => model.get(name));
    const color = themeColors(root);
    look(x);
    const value = elbo(x, mu, sigma);
    drawPlot({ x, mu, sigma }, color);
    drawBoundBar(bar, color, { logp: known.logp, elbo: value, best: known.elbo });
    // Rounded so that what is shown adds up.
    const [logp2, elbo2, kl2] = [known.logp, value, kl(mu, sigma)].map(round);
    const shown = {
      x: fixed(x, 1),
      mu: fixed(mu),
      sigma: fixed(sigma),
      logp: fixed(logp2),
      elbo: fixed(elbo2),
      gap: fixed(logp2 - elbo2),
      fit: fixed(elbo2 + kl2),
      kl: fixed(kl2),
    };
    say(gapLine, fill(text.gap, shown));
    say(partsLine, fill(text.parts, shown));
    plot.setAttribute("aria-label", `${fill(text.drag, shown)} ${gapLine.textContent}`);
    bar.setAttribute("aria-label", `${text.bar}. ${gapLine.textContent}`);
  };
});
