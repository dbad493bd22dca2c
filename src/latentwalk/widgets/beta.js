// Networks trained with several betas. See beta.py for the traits.

import {
  backdrop,
  button,
  circles,
  defineFigure,
  digitCanvas,
  dot,
  element,
  fill,
  fixed,
  floats,
  line,
  normals,
  paintDigit,
  painted,
  pictures,
  plotCanvas,
  plotContext,
  say,
  scale,
  sizeOf,
  themeColors,
} from "./figure.js";
import { lazyNetworks } from "./network.js";

const ROW = 6,
  SAMPLES = 18;

export default defineFigure("beta", async ({ model, root, schedule, save }) => {
  const text = model.get("text"),
    betas = model.get("betas"),
    references = model.get("networks"),
    measures = model.get("measures");
  const labels = model.get("labels"),
    colors = model.get("colors"),
    bins = model.get("bins"),
    histograms = model.get("histograms");
  const planes = model.get("planes").map(floats),
    codes = model.get("codes").map(floats),
    dims = codes[0].length / ROW;
  const picture = pictures(model.get("pictures"));

  // A network is loaded when its beta is chosen; the others when the figure is touched, and what they show is made ready.
  const nets = lazyNetworks(model, references, schedule);
  nets.rest(root, (k) => {
    decoded(k);
    painted(plane.getContext("2d"), planeKey(k), paintPlane(k));
  });

  const plane = plotCanvas(300),
    histogram = plotCanvas(110),
    curve = plotCanvas(150);
  plane.classList.add("lw-square");
  plane.style.height = "";
  const planeCaption = element("figcaption");
  const grid = (size) => {
    const all = Array.from({ length: size }, () => digitCanvas());
    return [all, element("div", { class: "lw-grid" }, ...all)];
  };
  const [pairs, pairGrid] = grid(2 * ROW),
    [samples, sampleGrid] = grid(SAMPLES);
  const again = button(text.draw, () => save({ seed: model.get("seed") + 1 }));
  const readout = element("p", { class: "lw-readout lw-strong" }),
    more = element("p", { class: "lw-readout" });
  const figure = (caption, ...content) =>
    element("figure", {}, ...content, typeof caption === "string" ? element("figcaption", {}, caption) : caption);
  root.append(
    element(
      "div",
      { class: "lw-columns lw-vae" },
      element("div", {}, figure(planeCaption, plane), figure(text.histogram, histogram)),
      element(
        "div",
        {},
        figure(text.recon, pairGrid),
        figure(text.samples, sampleGrid),
        again,
        figure(text.curve, curve),
      ),
    ),
    readout,
    more,
  );
  const first = Array.from({ length: ROW }, (_, i) => labels.indexOf(i));
  for (const [i, at] of first.entries()) paintDigit(pairs[i], picture(i), fill(text.original, { label: labels[at] }));
  await nets.load(model.get("index"));

  const planeKey = (k) => [k, themeColors(root).text];
  const paintPlane = (k) => (context) => {
    const { width } = sizeOf(plane),
      data = planes[k],
      n = data.length / 4,
      color = themeColors(root);
    const reach = Float32Array.from({ length: n }, (_, i) =>
      Math.max(Math.abs(data[4 * i]), Math.abs(data[4 * i + 1])),
    ).sort();
    const limit = Math.max(3.3, 1.1 * reach[Math.floor(0.97 * n)]),
      unit = width / (2 * limit),
      at = (value) => width / 2 + value * unit;
    for (let i = 0; i < n; i++) {
      const [a, b, sa, sb] = data.subarray(4 * i, 4 * i + 4),
        point = Math.max(sa, sb) * unit < 1.5;
      context.beginPath();
      context.ellipse(at(a), at(-b), Math.max(1.5, sa * unit), Math.max(1.5, sb * unit), 0, 0, 7);
      context.fillStyle = colors[labels[i]];
      context.globalAlpha = point ? 1 : 0.12;
      context.fill();
      context.globalAlpha = 1;
      Object.assign(context, { strokeStyle: colors[labels[i]], lineWidth: 1 });
      if (!point) context.stroke();
    }
    circles(context, color.prior, width / 2, width / 2, unit);
  };

  function drawPlane(k) {
    const [i, j] = model.get("dims")[k];
    backdrop(plotContext(plane).context, planeKey(k), paintPlane(k));
    say(planeCaption, fill(text.plane, { i: i + 1, j: j + 1 }));
    plane.setAttribute("aria-label", planeCaption.textContent);
  }

  function drawHistogram(k, color) {
    const { context, width, height } = plotContext(histogram),
      bottom = height - 20,
      shares = histograms[k],
      top = Math.max(...shares);
    const x = scale([bins[0], bins.at(-1)], [8, width - 8]);
    context.fillStyle = color.sigma;
    for (const [i, share] of shares.entries())
      context.fillRect(x(bins[i]), bottom, x(bins[i + 1]) - x(bins[i]) - 0.5, (-share / top) * (bottom - 6));
    line(context, color.line, 1, [8, bottom], [width - 8, bottom]);
    context.setLineDash([5, 4]);
    line(context, color.prior, 1.5, [x(0), 4], [x(0), bottom]);
    context.setLineDash([]);
    Object.assign(context, { fillStyle: color.text, textAlign: "center", textBaseline: "middle" });
    for (const [tick, exponent] of [
      ["10\u207b\u2076", -6],
      ["10\u207b\u2074", -4],
      ["0.01", -2],
      ["0.1", -1],
      ["1", 0],
    ])
      context.fillText(tick, x(exponent), height - 9);
    histogram.setAttribute("aria-label", text.histogram);
  }

  function drawCurve(k, color) {
    const { context, width, height } = plotContext(curve),
      left = 34,
      right = width - 12,
      bottom = height - 22;
    const kls = measures.map(({ kl }) => Math.log(kl)),
      recons = measures.map(({ recon }) => recon),
      low = Math.min(...recons) - 8,
      high = Math.max(...recons) + 22;
    const range = [Math.min(...kls) - 0.3, Math.max(...kls) + 0.3];
    const x = scale(range, [left, right]),
      y = scale([low, high], [bottom, 6]);
    Object.assign(context, { fillStyle: color.muted, textAlign: "right", textBaseline: "middle" });
    for (let tick = Math.ceil(low / 40) * 40; tick < high; tick += 40) {
      line(context, color.soft, 1, [left, y(tick)], [right, y(tick)]);
      context.fillText(String(tick), left - 5, y(tick));
    }
    line(context, color.line, 1, [left, 6], [left, bottom], [right, bottom]);
    context.fillText(text.axis_kl, right, height - 8);
    context.fillText(text.axis_recon, right, 12);
    context.textAlign = "center";
    for (const tick of [1, 3, 10, 30, 100, 300])
      if (Math.log(tick) > range[0] && Math.log(tick) < range[1] - 1)
        context.fillText(String(tick), x(Math.log(tick)), height - 8);
    line(context, color.vae, 2, ...kls.map((log, i) => [x(log), y(recons[i])]));
    kls.forEach((log, i) => {
      dot(context, i === k ? color.text : color.vae, x(log), y(recons[i]), i === k ? 7 : 4, color.back);
      context.fillStyle = i === k ? color.text : color.muted;
      if (i === k)
        context.fillText(
          `\u03b2 = ${betas[i]}`,
          Math.min(right - 16, Math.max(left + 34, x(log) - 16)),
          y(recons[i]) + (i ? 16 : -16),
        );
      else context.fillText(betas[i], x(log) + 5, y(recons[i]) - 13);
    });
    curve.setAttribute("aria-label", text.curve);
  }

  // The pictures of each network, decoded once for each draw of samples: reconstructions, then samples.
  let sheets = [],
    seeded = null,
    drawn = "";
  const decoded = (k) => {
    const seed = model.get("seed"),
      next = normals(seed);
    if (seeded !== seed) [sheets, seeded] = [[], seed];
    sheets[k] ??= Array.from({ length: ROW + SAMPLES }, (_, i) => {
      const z = i < ROW ? codes[k].slice(i * dims, (i + 1) * dims) : Float32Array.from({ length: dims }, next);
      return [nets.get(k).decode(z), z];
    });
    return sheets[k];
  };
  return () => {
    const k = model.get("index"),
      color = themeColors(root),
      one = measures[k],
      beta = betas[k],
      network = nets.get(k);
    drawPlane(k);
    drawHistogram(k, color);
    drawCurve(k, color);
    say(
      readout,
      fill(text.readout, {
        beta,
        recon: fixed(one.recon, 1),
        kl: fixed(one.kl, 1),
        sum: fixed(one.recon + one.kl, 1),
      }),
    );
    say(
      more,
      fill(text.more, {
        active: one.active,
        dims,
        sigma: Number(one.sigma.toPrecision(2)),
        spread: fixed(one.spread),
      }),
    );
    root.setAttribute("aria-busy", !network);
    const wanted = `${k} ${model.get("seed")}`;
    if (!network || drawn === wanted) return;
    drawn = wanted;
    [...pairs.slice(ROW), ...samples].forEach((canvas, i) => {
      const [picture, z] = decoded(k)[i],
        label =
          i < ROW ? fill(text.picture, { label: labels[first[i]], beta }) : fill(text.sample, { i: i - ROW + 1, beta });
      paintDigit(canvas, picture, label, network, z);
    });
  };
});
