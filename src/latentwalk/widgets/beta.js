// Networks trained with several betas. See beta.py for the traits.

import { backdrop, isStale, keep, plotCanvas, plotContext, sizeOf, squareCanvas } from "./canvas.js";
import { chipRow } from "./chips.js";
import { countOf, digitCanvases, paintDecoded, paintDigit, pictures } from "./digits.js";
import { box, button, captioned } from "./dom.js";
import { defineFigure } from "./figure.js";
import { grips } from "./grips.js";
import { drawHistogram } from "./histogram.js";
import { idle } from "./idle.js";
import { lazyNetworks, shapeOf } from "./loading.js";
import { clamp, floats, scale } from "./numbers.js";
import { curvePoints, drawRateDistortion, placeAlong, pointAt } from "./rate_distortion.js";
import { paintClouds } from "./scatter.js";
import { sampleSheets } from "./sheets.js";
import { arrows } from "./steer.js";
import { themeColors } from "./theme.js";
import { fill, fixed } from "./words.js";

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
  const shape = await shapeOf(model);
  const row = model.get("pictures").byteLength / countOf(shape); // pictures that are reconstructed
  const dims = codes[0].length / row;
  const picture = pictures(model.get("pictures"), shape);

  const plane = squareCanvas();
  const histogram = plotCanvas(104);
  const curve = plotCanvas(280);
  const originals = digitCanvases(row, shape);
  const reconstructions = digitCanvases(row, shape);
  const samples = digitCanvases(SAMPLES, shape);
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
    follow(_, x, y) {
      held = placeAlong(curvePoints(curve, measures), [x, y]);
      choose(Math.round(held));
      schedule();
    },
    end() {
      held = null;
      schedule();
    },
  });
  arrows(curve, { get: () => [0, 0], set: (across, up) => choose(model.get("index") - Math.sign(across - up)) });
  const shown = [...new Set(labels)].sort((a, b) => a - b).map((label) => model.get("class_names")[label]);
  for (const [i, canvas] of originals.entries())
    paintDigit(canvas, picture(i), fill(text.original, { label: shown[i] }));

  const paintPlane = (pen, k) => {
    const { width } = sizeOf(plane);
    const places = [scale([-HALF, HALF], [0, width]), scale([-HALF, HALF], [width, 0])];
    paintClouds(pen, themeColors(root), { ellipses: planes[k], tints: labels.map((label) => colors[label]) }, places);
  };
  const planeKey = (k) => [k, themeColors(root).text];
  function drawPlane(k) {
    backdrop(plotContext(plane).context, planeKey(k), (pen) => paintPlane(pen, k));
    const [i, j] = model.get("dims")[k];
    plane.setAttribute("aria-label", fill(text.plane_label, { beta: betas[k], i: i + 1, j: j + 1 }));
  }

  const nets = lazyNetworks(model, schedule);
  const sheets = sampleSheets({ root, codes, dims, count: SAMPLES, decode: (k, z) => nets.get(k).decode(z), show });
  function show(i, k, z, pixels) {
    const values = { label: shown[i - SAMPLES], i: i + 1, beta: betas[k] };
    const label = fill(i < SAMPLES ? text.sample : text.picture, values);
    paintDecoded([...samples, ...reconstructions][i], nets.get(k), z, label, pixels);
  }

  // A network is loaded when its beta is chosen; the others when the figure is touched, and what they show is made ready.
  nets.rest(root, async (k) => {
    for (const make of sheets.parts(k, model.get("seed"))) {
      await idle();
      make();
    }
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
    if (isStale(plane, color, k)) drawPlane(k);
    if (isStale(histogram, color, k)) drawHistogram(histogram, color, { bins, shares: histograms[k] });
    histogram.setAttribute("aria-label", `${text.histogram}. ${words.sigma}`);
    chips.show(words);
    curve.setAttribute("aria-label", `${text.curve}. ${words.beta}, ${words.recon}, ${words.kl}`);
    const busy = network && sheets.draw(k, model.get("seed"));
    root.setAttribute("aria-busy", !network || busy);
  };
});
