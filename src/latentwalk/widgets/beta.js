// Networks trained with several betas. See beta.py for the traits.

import { backdrop, keep, plotCanvas, plotContext, sizeOf, squareCanvas } from "./canvas.js";
import { chipRow } from "./chips.js";
import { digitCanvases, paintDecoded, paintDigit, pictures } from "./digits.js";
import { box, button, captioned } from "./dom.js";
import { defineFigure } from "./figure.js";
import { grips } from "./grips.js";
import { drawHistogram } from "./histogram.js";
import { lazyNetworks } from "./loading.js";
import { circles } from "./marks.js";
import { clamp, floats, normals, scale, times } from "./numbers.js";
import { curvePoints, drawRateDistortion, placeAlong, pointAt } from "./rate_distortion.js";
import { arrows } from "./steer.js";
import { themeColors } from "./theme.js";
import { fill, fixed } from "./words.js";

const ROW = 6; // pictures that are reconstructed
const SAMPLES = 18;
const HALF = 4; // the same for every network, so that the prior's circles stay

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
  const histogram = plotCanvas(104);
  const curve = plotCanvas(280);
  const originals = digitCanvases(ROW);
  const reconstructions = digitCanvases(ROW);
  const samples = digitCanvases(SAMPLES);
  const chips = chipRow({
    recon: "ae",
    kl: "vae",
    sum: "prior",
    active: "mu",
    sigma: "sigma",
    spread: "mu",
  });
  const more = button(text.draw, () => save({ seed: model.get("seed") + 1 }));
  const pictured = box(
    null,
    captioned(box("lw-grid", ...samples), [text.samples, more]),
    captioned(box("lw-grid", ...originals, ...reconstructions), text.recon),
  );
  root.append(
    box("lw-columns lw-vae", captioned(curve, text.curve), pictured),
    chips.row,
    box("lw-more", captioned(plane, text.plane), captioned(histogram, text.histogram)),
  );

  // The handle slides along the curve, and the network nearest to it is chosen.
  let held = null; // where the handle is, while a hand has it
  const choose = (k) => save({ index: clamp(k, [0, betas.length - 1]) });
  grips(curve, {
    places: () => ({ beta: pointAt(curvePoints(curve, measures), held ?? model.get("index")) }),
    elsewhere: () => "beta",
    follow(_, x) {
      held = placeAlong(curvePoints(curve, measures), x);
      choose(Math.round(held));
      schedule();
    },
    end() {
      held = null;
      schedule();
    },
  });
  arrows(curve, { get: () => [0, 0], set: (across, up) => choose(model.get("index") - Math.sign(across - up)) });
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
    const unit = width / (2 * HALF);
    const x = scale([-HALF, HALF], [0, width]);
    const y = scale([-HALF, HALF], [width, 0]);
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
    backdrop(plotContext(plane).context, planeKey(k), (pen) => paintPlane(pen, k));
    const [i, j] = model.get("dims")[k];
    plane.setAttribute("aria-label", fill(text.plane_label, { beta: betas[k], i: i + 1, j: j + 1 }));
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
    drawRateDistortion(curve, color, { text, betas, measures, place: held ?? k });
    const values = { beta: betas[k], active, dims, sigma: Number(sigma.toPrecision(2)), spread: fixed(spread) };
    Object.assign(values, { recon: fixed(recon, 1), kl: fixed(kl, 1), sum: fixed(recon + kl, 1) });
    const names = ["beta", "recon", "kl", "sum", "active", "sigma", "spread"];
    const words = Object.fromEntries(names.map((name) => [name, fill(text[`chip_${name}`], values)]));
    drawPlane(k);
    drawHistogram(histogram, color, { bins, shares: histograms[k] });
    histogram.setAttribute("aria-label", `${text.histogram}. ${words.sigma}`);
    chips.show(words);
    curve.setAttribute("aria-label", `${text.curve}. ${words.beta}, ${words.recon}, ${words.kl}`);
    root.setAttribute("aria-busy", !network);
    drawPictures(k, network);
  };
});
