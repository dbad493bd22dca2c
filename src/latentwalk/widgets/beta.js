// Networks trained with several betas. See beta.py for the traits.

import { backdrop, keep, plotCanvas, plotContext, sizeOf, squareCanvas } from "./canvas.js";
import { digitCanvases, paintDecoded, paintDigit, pictures } from "./digits.js";
import { box, button, captioned, paragraph } from "./dom.js";
import { defineFigure } from "./figure.js";
import { lazyNetworks } from "./loading.js";
import { circles, dashed, line, write } from "./marks.js";
import { floats, normals, scale, times } from "./numbers.js";
import { drawRateDistortion } from "./rate_distortion.js";
import { themeColors } from "./theme.js";
import { fill, fixed, say } from "./words.js";

const ROW = 6; // pictures that are reconstructed
const SAMPLES = 18;
const SIGMA_TICKS = [
  ["10\u207b\u2076", -6],
  ["10\u207b\u2074", -4],
  ["0.01", -2],
  ["0.1", -1],
  ["1", 0],
];

export default defineFigure("beta", async ({ model, root, schedule, save }) => {
  const text = model.get("text");
  const betas = model.get("betas");
  const measures = model.get("measures"); // for each beta what was measured
  const labels = model.get("labels");
  const colors = model.get("colors");
  const bins = model.get("bins"); // of log10 sigma
  const histograms = model.get("histograms");
  const planes = model.get("planes").map(floats); // for each beta two mu and two sigma of many pictures
  const codes = model.get("codes").map(floats); // for each beta those of the pictures to reconstruct
  const dims = codes[0].length / ROW;
  const picture = pictures(model.get("pictures"));

  const plane = squareCanvas();
  const histogram = plotCanvas(110);
  const curve = plotCanvas(150);
  const originals = digitCanvases(ROW);
  const reconstructions = digitCanvases(ROW);
  const samples = digitCanvases(SAMPLES);
  const planeFigure = captioned(plane, "");
  const planeCaption = planeFigure.lastChild;
  const readout = paragraph("lw-readout lw-strong");
  const more = paragraph();
  const left = box(null, planeFigure, captioned(histogram, text.histogram));
  const right = box(
    null,
    captioned(box("lw-grid", ...originals, ...reconstructions), text.recon),
    captioned(box("lw-grid", ...samples), text.samples),
    button(text.draw, () => save({ seed: model.get("seed") + 1 })),
    captioned(curve, text.curve),
  );
  root.append(box("lw-columns lw-vae", left, right), readout, more);
  for (const [label, canvas] of originals.entries()) paintDigit(canvas, picture(label), fill(text.original, { label }));

  const nets = lazyNetworks(model, schedule);

  // Reconstructions and samples of each network, as [code, picture]: decoded once for each draw of samples.
  let sheets = [];
  let seeded = null;
  function decoded(k) {
    const seed = model.get("seed");
    if (seeded !== seed) sheets = [];
    seeded = seed;
    if (!sheets[k]) {
      const next = normals(seed);
      const own = times(ROW, (i) => codes[k].slice(i * dims, (i + 1) * dims));
      const random = times(SAMPLES, () => Float32Array.from({ length: dims }, next));
      sheets[k] = [...own, ...random].map((z) => [z, nets.get(k).decode(z)]);
    }
    return sheets[k];
  }

  const planeKey = (k) => [k, themeColors(root).text];
  function paintPlane(pen, k) {
    const { width } = sizeOf(plane);
    const data = planes[k]; // mu and mu, sigma and sigma
    const n = data.length / 4;
    const reach = Float32Array.from({ length: n }, (_, i) =>
      Math.max(Math.abs(data[4 * i]), Math.abs(data[4 * i + 1])),
    );
    const limit = Math.max(3.3, 1.1 * reach.sort()[Math.floor(0.97 * n)]);
    const unit = width / (2 * limit);
    const x = scale([-limit, limit], [0, width]);
    const y = scale([-limit, limit], [width, 0]);
    for (let i = 0; i < n; i++) {
      const [a, b, ra, rb] = data.subarray(4 * i, 4 * i + 4);
      const isPoint = Math.max(ra, rb) * unit < 1.5;
      pen.beginPath();
      pen.ellipse(x(a), y(b), Math.max(1.5, ra * unit), Math.max(1.5, rb * unit), 0, 0, 2 * Math.PI);
      pen.fillStyle = colors[labels[i]];
      pen.globalAlpha = isPoint ? 1 : 0.12;
      pen.fill();
      pen.globalAlpha = 1;
      pen.strokeStyle = colors[labels[i]];
      pen.lineWidth = 1;
      if (!isPoint) pen.stroke();
    }
    circles(pen, themeColors(root).prior, x(0), y(0), unit);
  }

  function drawPlane(k) {
    const [i, j] = model.get("dims")[k];
    backdrop(plotContext(plane).context, planeKey(k), (pen) => paintPlane(pen, k));
    say(planeCaption, fill(text.plane, { i: i + 1, j: j + 1 }));
    plane.setAttribute("aria-label", planeCaption.textContent);
  }

  function drawHistogram(k, color) {
    const { context, width, height } = plotContext(histogram);
    const bottom = height - 20;
    const top = Math.max(...histograms[k]);
    const x = scale([bins[0], bins.at(-1)], [8, width - 8]);
    context.fillStyle = color.sigma;
    for (const [i, share] of histograms[k].entries())
      context.fillRect(x(bins[i]), bottom, x(bins[i + 1]) - x(bins[i]) - 0.5, (-share / top) * (bottom - 6));
    line(context, color.line, 1, [8, bottom], [width - 8, bottom]);
    dashed(context, [5, 4], () => line(context, color.prior, 1.5, [x(0), 4], [x(0), bottom]));
    for (const [words, exponent] of SIGMA_TICKS) write(context, words, x(exponent), height - 9, color.text);
    histogram.setAttribute("aria-label", text.histogram);
  }

  let drawn = "";
  function drawPictures(k, network) {
    const wanted = [k, model.get("seed")].join();
    if (!network || drawn === wanted) return;
    drawn = wanted;
    for (const [i, canvas] of [...reconstructions, ...samples].entries()) {
      const [z, pixels] = decoded(k)[i];
      const values = { label: i, i: i - ROW + 1, beta: betas[k] };
      paintDecoded(canvas, network, z, fill(i < ROW ? text.picture : text.sample, values), pixels);
    }
  }

  // A network is loaded when its beta is chosen; the others when the figure is touched, and what they show is made ready.
  nets.rest(root, (k) => {
    decoded(k);
    keep(plane.getContext("2d"), planeKey(k), (pen) => paintPlane(pen, k));
  });
  await nets.load(model.get("index"));
  return () => {
    const k = model.get("index");
    const color = themeColors(root);
    const network = nets.get(k);
    const { recon, kl, active, sigma, spread } = measures[k];
    drawPlane(k);
    drawHistogram(k, color);
    drawRateDistortion(curve, color, { text, betas, measures, chosen: k });
    curve.setAttribute("aria-label", text.curve);
    const losses = { recon: fixed(recon, 1), kl: fixed(kl, 1), sum: fixed(recon + kl, 1) };
    say(readout, fill(text.readout, { beta: betas[k], ...losses }));
    say(more, fill(text.more, { active, dims, sigma: Number(sigma.toPrecision(2)), spread: fixed(spread) }));
    root.setAttribute("aria-busy", !network);
    drawPictures(k, network);
  };
});
