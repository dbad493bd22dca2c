// The KL divergence of q = N(mu, sigma^2) from p = N(0, 1). See kl.py for the traits.

import {
  backdrop,
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

const LEVELS = [0.1, 0.5, 1, 2, 3, 4]; // nats
const MU = [-3, 3],
  SIGMA = [0.05, 3],
  Z = [-5, 5];

export const muPart = (mu) => 0.5 * mu * mu;
export const sigmaPart = (sigma) => Math.max(0, 0.5 * (sigma * sigma - 1) - Math.log(sigma));

export default defineFigure("kl", ({ model, root, save }) => {
  const text = model.get("text"),
    start = { mu: model.get("mu"), sigma: model.get("sigma") };
  const curves = plotCanvas(300),
    land = plotCanvas(300);
  const readout = element("p", { class: "lw-readout lw-strong" }),
    pull = element("p", { class: "lw-readout" });
  const bars = ["mu", "sigma"].map((name) => element("span", { style: `background: var(--lw-${name})` }));
  root.append(
    element(
      "div",
      { class: "lw-columns" },
      element("figure", {}, curves, element("figcaption", {}, text.bells, element("br"), text.integrand)),
      element("figure", {}, land, element("figcaption", {}, text.landscape)),
    ),
    element("div", { class: "lw-bar", "aria-hidden": "true" }, ...bars),
    readout,
    pull,
  );

  // The landscape's sides in CSS pixels: left and right, bottom and top.
  const frame = () => {
    const { width, height } = sizeOf(land);
    return [
      [40, width - 8],
      [height - 34, 8],
    ];
  };
  const move = (mu, sigma) => save({ mu: clamp(round(mu), MU), sigma: clamp(round(sigma), SIGMA) });
  steer(land, {
    at: (x, y) => {
      const [across, up] = frame();
      return [scale(across, MU)(x), scale(up, [0, SIGMA[1]])(y)];
    },
    get: () => [model.get("mu"), model.get("sigma")],
    set: move,
    reset: () => move(start.mu, start.sigma),
  });

  function drawCurves(mu, sigma, color) {
    const { context, width, height } = plotContext(curves),
      left = 34,
      right = width - 6;
    const top = [6, 0.53 * height],
      bottom = [0.49 * height, height - 24]; // of the two bells, of the integrand
    // Points at every other pixel, and closer together where q is.
    const every = Array.from({ length: (right - left) / 2 }, (_, i) => Z[0] + (2 * i * (Z[1] - Z[0])) / (right - left));
    const close = Array.from({ length: 81 }, (_, i) => mu + (sigma * (i - 40)) / 10).filter(
      (z) => z > Z[0] && z < Z[1],
    );
    const zs = [...every, ...close, Z[1]].sort((one, other) => one - other),
      x = scale(Z, [left, right]),
      xs = zs.map(x);
    const root2pi = Math.sqrt(2 * Math.PI),
      p = zs.map((z) => Math.exp(-0.5 * z * z) / root2pi);
    const q = zs.map((z) => Math.exp(-0.5 * ((z - mu) / sigma) ** 2) / (sigma * root2pi));
    const part = zs.map((z, i) => q[i] * (0.5 * z * z - 0.5 * ((z - mu) / sigma) ** 2 - Math.log(sigma)));
    const ranges = [
      [0, Math.max(0.5, 1.1 * Math.max(...q))],
      [Math.min(-0.2, 1.15 * Math.min(...part)), Math.max(0.4, 1.1 * Math.max(...part))],
    ];
    const y = ranges.map((range, k) => scale(range, [bottom[k], top[k]]));
    Object.assign(context, { fillStyle: color.muted, textAlign: "right", textBaseline: "middle" });
    ranges.forEach(([, high], k) => {
      const step = [0.2, 0.5, 1, 2, 5, 10].find((size) => high / size < 3.5) ?? 20;
      for (let tick = 0; tick < high; tick += step) {
        line(context, tick ? color.soft : color.line, 1, [left, y[k](tick)], [right, y[k](tick)]);
        context.fillText(String(round(tick)), left - 5, y[k](tick));
      }
    });
    context.textAlign = "center";
    for (let z = -4; z <= 4; z += 2) context.fillText(String(z).replace("-", "\u2212"), x(z), height - 10);
    context.textAlign = "right";
    context.fillText("z", right, height - 10);
    for (const [sign, tint] of [
      [1, color.vae],
      [-1, color.prior],
    ]) {
      // where q is above p, and where it is below
      context.globalAlpha = 0.5;
      context.fillStyle = tint;
      context.beginPath();
      context.moveTo(left, y[1](0));
      for (const [i, value] of part.entries()) context.lineTo(xs[i], y[1](sign * Math.max(0, sign * value)));
      context.lineTo(right, y[1](0));
      context.fill();
      context.globalAlpha = 1;
    }
    line(context, color.vae, 1.5, ...part.map((value, i) => [xs[i], y[1](value)]));
    line(context, color.prior, 2, ...p.map((value, i) => [xs[i], y[0](value)]));
    line(context, color.vae, 2, ...q.map((value, i) => [xs[i], y[0](value)]));
    const peak = 1 / (sigma * root2pi),
      level = peak * Math.exp(-0.5); // one sigma from mu, q is at 0.61 of its peak
    line(context, color.mu, 2, [x(mu), y[0](0)], [x(mu), y[0](peak)]);
    line(context, color.sigma, 3, [x(mu - sigma), y[0](level)], [x(mu + sigma), y[0](level)]);
  }

  function drawLand(mu, sigma, color) {
    const { context } = plotContext(land),
      [[left, right], [bottom, top]] = frame();
    const x = scale(MU, [left, right]),
      y = scale([0, SIGMA[1]], [bottom, top]);
    backdrop(context, color.text, (pen) => {
      pen.save();
      pen.beginPath();
      pen.rect(left, top, right - left, bottom - top);
      pen.clip();
      for (const level of [...LEVELS].reverse()) {
        // KL = level is where mu^2 = 2 (level - the part of sigma)
        const half = [];
        for (let s = 0.002; s <= 3.02; s += 0.006)
          if (sigmaPart(s) <= level) half.push([Math.sqrt(2 * (level - sigmaPart(s))), s]);
        const points = [...half.map(([m, s]) => [x(m), y(s)]), ...half.reverse().map(([m, s]) => [x(-m), y(s)])];
        points.push(points[0]);
        line(pen, color.line, 1, ...points);
        pen.globalAlpha = 0.13;
        pen.fillStyle = color.vae;
        pen.fill();
        pen.globalAlpha = 1;
      }
      pen.restore();
      line(pen, color.line, 1, [left, top], [left, bottom], [right, bottom]);
      Object.assign(pen, { fillStyle: color.text, textAlign: "center", textBaseline: "middle" });
      for (const [i, level] of LEVELS.entries())
        pen.fillText(String(level), x((i % 2 ? -1 : 1) * Math.sqrt(2 * level)) + (i % 2 ? 10 : -10), y(1));
      for (let tick = -2; tick <= 2; tick++) pen.fillText(String(tick).replace("-", "\u2212"), x(tick), bottom + 12);
      pen.fillText("\u03bc", x(0.5), bottom + 26);
      pen.textAlign = "right";
      for (let tick = 0; tick <= 2; tick++) pen.fillText(String(tick), left - 6, y(tick));
      pen.textAlign = "left";
      pen.fillText("\u03c3", 8, y(2.5));
    });
    const slope = [-mu, 1 / sigma - sigma],
      steep = Math.hypot(...slope),
      length = 46 * Math.tanh(steep / 1.5);
    const to = [x(mu) + (length * slope[0]) / (steep || 1), y(sigma) - (length * slope[1]) / (steep || 1)];
    if (length > 4) {
      const angle = Math.atan2(to[1] - y(sigma), to[0] - x(mu)),
        wing = (turn) => [to[0] - 8 * Math.cos(angle + turn), to[1] - 8 * Math.sin(angle + turn)];
      line(context, color.text, 2, [x(mu), y(sigma)], to);
      line(context, color.text, 2, wing(0.5), to, wing(-0.5));
    }
    dot(context, color.text, x(mu), y(sigma), 8, color.back, 2);
  }

  return () => {
    const mu = model.get("mu"),
      sigma = model.get("sigma"),
      parts = [muPart(mu), sigmaPart(sigma)],
      color = themeColors(root);
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
    bars.forEach((bar, k) => {
      bar.style.width = `${(100 * parts[k]) / 8}%`;
    }); // 8 nats wide
    say(readout, fill(text.readout, shown));
    say(pull, fill(text.pull, { dmu: fixed(mu), dsigma: fixed(sigma - 1 / sigma) }));
  };
});
