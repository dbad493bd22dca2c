// A Gaussian q against the true posterior of a model with one latent dimension. See fit.py for the traits and the formulas.

import {
  backdrop,
  button,
  clamp,
  defineFigure,
  dot,
  element,
  fill,
  fixed,
  line,
  plotCanvas,
  plotContext,
  round,
  say,
  scale,
  sizeOf,
  steer,
  themeColors,
} from "./figure.js";

const Z = [-4, 4],
  NATS = [-6, 0],
  LOG_ROOT_2PI = 0.5 * Math.log(2 * Math.PI);
export const normal = (z, mu, sigma) => Math.exp(-0.5 * ((z - mu) / sigma) ** 2 - LOG_ROOT_2PI) / sigma;

const GRID = Float64Array.from({ length: 961 }, (_, i) => -6 + i / 80); // for integrals over z

export function world({ curve: [a, b, c], noise, mu: MU, sigma: SIGMA }) {
  const f = (z) => a + z * (b + c * z),
    constant = -Math.log(noise) - LOG_ROOT_2PI;
  const logLikelihood = (x, z) => constant - 0.5 * ((x - f(z)) / noise) ** 2;
  const kl = (mu, sigma) => 0.5 * (mu * mu + sigma * sigma - 1) - Math.log(sigma);
  // With z = mu + sigma eps, x - f(z) = p - q eps - r eps^2, and its mean square is p^2 - 2 p r + q^2 + 3 r^2.
  const expected = (x, mu, sigma) => {
    const p = x - f(mu),
      q = sigma * (b + 2 * c * mu),
      r = sigma * sigma * c;
    return constant - (0.5 * (p * p - 2 * p * r + q * q + 3 * r * r)) / (noise * noise);
  };
  const elbo = (x, mu, sigma) => expected(x, mu, sigma) - kl(mu, sigma);
  const logPx = (x) => {
    let sum = 0;
    for (const z of GRID) sum += Math.exp(logLikelihood(x, z) - 0.5 * z * z - LOG_ROOT_2PI);
    return Math.log(sum / 80);
  };
  const best = (x) => {
    // the best of a grid, then ever smaller steps
    let at = null,
      top = -Infinity;
    const consider = (mu, sigma) => {
      const value = elbo(x, mu, sigma);
      if (value <= top) return false;
      top = value;
      at = [mu, sigma];
      return true;
    };
    for (let i = 0; i <= 60; i++)
      for (let j = 0; j <= 38; j++)
        consider(MU[0] + (i / 60) * (MU[1] - MU[0]), SIGMA[0] + (j / 38) * (SIGMA[1] - SIGMA[0]));
    for (let step = 0.05; step > 1e-6; ) {
      const [mu, sigma] = at;
      let moved = false;
      for (const i of [-1, 0, 1])
        for (const j of [-1, 0, 1]) moved = consider(clamp(mu + step * i, MU), clamp(sigma + step * j, SIGMA)) || moved;
      if (!moved) step /= 2;
    }
    return at;
  };
  const roots = (x) => [-1, 1].map((sign) => (-b + sign * Math.sqrt(Math.max(0, b * b - 4 * c * (a - x)))) / (2 * c));
  return { f, roots, noise, logLikelihood, kl, elbo, logPx, best };
}

export default defineFigure("fit", ({ model, root, save }) => {
  const text = model.get("text"),
    ranges = model.get("world");
  const { f, roots, noise, logLikelihood, kl, elbo, logPx, best } = world(ranges);
  const start = { mu: model.get("mu"), sigma: model.get("sigma") };
  const plot = plotCanvas(340),
    bar = plotCanvas(58);
  const gapLine = element("p", { class: "lw-readout lw-strong" }),
    partsLine = element("p", { class: "lw-readout" });
  const panel = (canvas, caption) =>
    element("figure", { class: "lw-panel" }, canvas, element("figcaption", {}, caption));
  const move = (mu, sigma) => save({ mu: round(clamp(mu, ranges.mu)), sigma: round(clamp(sigma, ranges.sigma)) });
  root.append(
    panel(plot, text.legend),
    gapLine,
    panel(bar, text.bar),
    partsLine,
    button(text.best, () => move(...known.q)),
  );

  // What depends on x alone.
  let known = {};
  const study = (x) => {
    if (known.x === x) return;
    const logp = logPx(x),
      q = best(x);
    const posterior = (z) => Math.exp(logLikelihood(x, z) - 0.5 * z * z - LOG_ROOT_2PI - logp);
    const densities = GRID.map(posterior),
      peak = GRID[densities.indexOf(Math.max(...densities))];
    const high = 1.15 * Math.max(0.75, posterior(peak), normal(0, 0, q[1])); // of the density axis
    known = { x, logp, q, bestElbo: elbo(x, ...q), posterior, peak, high };
  };

  // The summit of q follows the finger: sideways it is mu, its height fixes sigma.
  const frame = () => {
    const { width, height } = sizeOf(plot);
    return { sides: [34, width - 6], top: [6, 142], bottom: [118, height - 24] };
  };
  steer(plot, {
    // the second number is -sigma, so that up is up for finger and keys alike
    at: (x, y) => {
      const { sides, top, bottom } = frame();
      return [
        scale(sides, Z)(x),
        -normal(0, 0, 1) / scale([bottom[1], top[1]], [0, known.high])(Math.min(bottom[1] - 1, y)),
      ];
    },
    get: () => [model.get("mu"), -model.get("sigma")],
    set: (mu, minusSigma) => move(mu, -minusSigma),
    reset: () => move(start.mu, start.sigma),
  });

  const area = (context, color, alpha, points) => {
    Object.assign(context, { fillStyle: color, globalAlpha: alpha });
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.fill();
    context.globalAlpha = 1;
  };
  const label = (context, words, x, y, color, align = "center") => {
    Object.assign(context, { fillStyle: color, textAlign: align, textBaseline: "middle" });
    context.fillText(words, x, y);
  };

  function drawPlot({ x, mu, sigma }, color) {
    const { context, height } = plotContext(plot),
      {
        sides: [left, right],
        top,
        bottom,
      } = frame();
    const at = scale(Z, [left, right]),
      n = Math.round((right - left) / 2),
      zs = Array.from({ length: n + 1 }, (_, i) => scale([0, n], Z)(i));
    const low = ranges.x[0] - 0.5,
      high = ranges.x[1] + 1; // of the axis of x
    const yx = scale([low, high], [bottom[0], top[0]]),
      yd = scale([0, known.high], [bottom[1], top[1]]);
    const clip = (pen, from, to) => {
      pen.save();
      pen.beginPath();
      pen.rect(left, from, right - left, to - from);
      pen.clip();
    };
    const curve = (density) => zs.map((z) => [at(z), yd(density(z))]);
    const under = (pen, density, tint, alpha) => {
      area(pen, tint, alpha, [[left, yd(0)], ...curve(density), [right, yd(0)]]);
      line(pen, tint, 2.5, ...curve(density));
    };
    backdrop(context, [x, color.text], (pen) => {
      // all but q
      // above: the decoder
      for (let tick = 0; tick <= high; tick += 2) {
        line(pen, color.soft, 1, [left, yx(tick)], [right, yx(tick)]);
        label(pen, String(tick), left - 6, yx(tick), color.muted, "right");
      }
      clip(pen, top[0], bottom[0]);
      area(pen, color.prior, 0.3, [
        ...zs.map((z) => [at(z), yx(f(z) + noise)]),
        ...[...zs].reverse().map((z) => [at(z), yx(f(z) - noise)]),
      ]);
      line(pen, color.prior, 2, ...zs.map((z) => [at(z), yx(f(z))]));
      line(pen, color.text, 2, [left, yx(x)], [right, yx(x)]);
      pen.restore();
      label(pen, `x = ${fixed(x, 1)}`, at(0), yx(x) + (x > 3 ? 10 : -9), color.text);
      label(pen, "x", 8, yx(low) - 4, color.muted, "left");
      pen.setLineDash([3, 4]); // where f(z) = x: the z that explain x best
      for (const z of roots(x)) line(pen, color.line, 1, [at(z), yx(x)], [at(z), bottom[1]]);
      pen.setLineDash([]);
      // below: the three densities
      for (let z = -4; z <= 4; z += 2)
        label(pen, String(z).replace("-", "\u2212"), clamp(at(z), [left + 6, right - 6]), height - 10, color.muted);
      label(pen, "z", at(3), height - 10, color.muted);
      const step = [0.2, 0.5, 1, 2].find((size) => known.high / size < 4.5);
      for (let tick = 0; tick < known.high; tick += step) {
        line(pen, tick ? color.soft : color.line, 1, [left, yd(tick)], [right, yd(tick)]);
        label(pen, String(round(tick)), left - 6, yd(tick), color.muted, "right");
      }
      clip(pen, top[1] - 8, bottom[1] + 1);
      line(pen, color.prior, 2, ...curve((z) => normal(z, 0, 1)));
      under(pen, known.posterior, color.text, 0.12);
      pen.restore();
      label(pen, text.prior, at(2.7), yd(normal(2.7, 0, 1)) - 12, color.muted);
    });
    const q = (z) => normal(z, mu, sigma);
    clip(context, top[1] - 8, bottom[1] + 1);
    under(context, q, color.vae, 0.2);
    context.restore();
    const level = q(mu + sigma),
      summit = Math.max(top[1], yd(q(mu)));
    if (yd(level) > top[1]) line(context, color.sigma, 3, [at(mu - sigma), yd(level)], [at(mu + sigma), yd(level)]);
    line(context, color.mu, 2, [at(mu), bottom[1]], [at(mu), summit]);
    dot(context, color.vae, at(mu), summit, 7, color.back, 2);
    const beside = (words, z, y, side, tint) =>
      label(context, words, at(z) + 10 * side, Math.max(top[1], y - 9), tint, side > 0 ? "left" : "right");
    const { peak } = known,
      side = mu < peak ? -1 : 1; // the two names stand on either side
    beside(text.q, mu, summit, side, color.vae);
    beside(text.posterior, peak, yd(known.posterior(peak)), -side, color.text);
  }

  function drawBar(value, color) {
    const { context, width } = plotContext(bar),
      left = 8,
      right = width - 14,
      top = 12,
      bottom = 34;
    const at = (nats) => scale(NATS, [left, right])(clamp(nats, NATS));
    const box = (from, to) => [
      [from, top],
      [to, top],
      [to, bottom],
      [from, bottom],
    ];
    area(context, color.prior, 0.5, box(at(value), at(known.logp)));
    area(context, color.vae, 1, box(left, at(value)));
    line(context, color.line, 1, ...box(left, right), [left, top]);
    line(context, color.text, 4, [at(known.logp), top - 5], [at(known.logp), bottom + 5]);
    area(context, color.text, 1, [
      [at(known.bestElbo), top + 1],
      [at(known.bestElbo) - 6, top - 9],
      [at(known.bestElbo) + 6, top - 9],
    ]);
    for (let tick = NATS[0]; tick <= NATS[1]; tick += 2)
      label(context, String(tick).replace("-", "\u2212"), at(tick), bottom + 14, color.muted);
  }

  return () => {
    const [x, mu, sigma] = ["x", "mu", "sigma"].map((name) => model.get(name)),
      color = themeColors(root);
    study(x);
    const value = elbo(x, mu, sigma),
      gap = known.logp - value,
      price = kl(mu, sigma);
    drawPlot({ x, mu, sigma }, color);
    drawBar(value, color);
    // Rounded so that what is shown adds up.
    const logp2 = round(known.logp),
      elbo2 = round(value),
      kl2 = round(price);
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
    Object.assign(root.dataset, {
      at: JSON.stringify([x, mu, sigma]),
      logpx: known.logp,
      elbo: value,
      gap,
      best: JSON.stringify(known.q),
    });
  };
});
