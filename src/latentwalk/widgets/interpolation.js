// The walk between two digits. See interpolation.py for the traits.

import { digitCanvas, paintDecoded, paintDigit, pictures, screen, shelf } from "./digits.js";
import { box, button, element, paragraph, press } from "./dom.js";
import { defineFigure } from "./figure.js";
import { getNetworks } from "./loading.js";
import { overridable } from "./model.js";
import { between, floats, normals } from "./numbers.js";
import { mix } from "./paths.js";
import { fill, fixed, say } from "./words.js";

const STEPS = 11; // pictures of a strip
const PIXELS = 28;
const HALF_WAY = 100; // frames of Play, which counts to twice as many: there and back

export default defineFigure("interpolation", async ({ model, root, save }) => {
  const text = model.get("text");
  const labels = model.get("labels");
  const picture = pictures(model.get("pictures"));
  const nets = await getNetworks(model);
  const codes = model.get("codes").map(floats); // for each network those of all pictures
  const clouds = model.get("clouds").map(floats); // for each network mean and Cholesky factor of its codes, or none
  const code = (k, i) => codes[k].subarray(i * nets[k].dims, (i + 1) * nets[k].dims);

  // A and B: a summary with the chosen picture, and behind it all that can be chosen, one row a digit.
  const pickers = ["a", "b"].map((end) => {
    const chosen = digitCanvas();
    const caption = element("span");
    const summary = element("summary", {}, chosen, caption);
    const choose = (i) => {
      save({ [end]: i, draws: 0 });
      details.open = false;
      summary.focus();
    };
    const choices = shelf(model, choose, null, "lw-thumbs");
    const details = element("details", { class: "lw-pick" }, summary, choices);
    return { end, details, chosen, caption, choices, shown: -1 };
  });

  const blend = model.get("blend") ? screen(text.blend, "lw-blend") : null;
  const screens = nets.map((network) => screen(network.label, `lw-${network.kind}`));

  // The whole walk of the blend and of each network, one picture a step.
  const strip = (label, kind, at) => {
    const name = fill(text.strip, { network: label });
    const size = { width: STEPS * PIXELS, height: PIXELS };
    const canvas = element("canvas", { class: "lw-strip", ...size, role: "img", "aria-label": name });
    return { canvas, row: box(`lw-walk lw-${kind}`, canvas), at };
  };
  const strips = nets.map(({ label, kind }, k) =>
    strip(label, kind, (a, b, t, spherical) => nets[k].decode(mix(code(k, a), code(k, b), t, spherical))),
  );
  const blended = (a, b, t) => between(picture(a), picture(b), t);
  if (blend) strips.unshift(strip(text.blend, "blend", blended));
  const marker = element("span", { class: "lw-marker" });

  const readout = paragraph();
  const draw = button(text.draw, () => save({ draws: model.get("draws") + 1 }));
  root.append(
    box("lw-ends", ...pickers.map(({ details }) => details)),
    box("lw-screens", ...(blend ? [blend] : []).concat(screens).map(({ figure }) => figure)),
    readout,
    box("lw-walks", ...strips.map(({ row }) => row), marker),
    ...(clouds.length ? [draw] : []),
  );

  // Moving t by any means ends the showing of random codes, and of codes that Python has set.
  const shown = overridable(model, "z");
  model.on("change:frame", () => {
    save({ t: 1 - Math.abs(1 - model.get("frame") / HALF_WAY), draws: 0 });
  });
  for (const name of ["t", "a", "b", "path_index"])
    model.on(`change:${name}`, () => {
      shown.forget();
      if (model.get("draws")) model.set("draws", 0);
    });

  // A draw from the prior, or from a Gaussian around the network's own codes.
  function randomCode(k, draws, prior) {
    const d = nets[k].dims;
    const eps = Float32Array.from({ length: d }, normals(1000 * draws + k));
    if (prior) return eps;
    const mean = clouds[k].subarray(0, d);
    const factor = (i) => clouds[k].subarray(d + i * d, d + i * d + i + 1); // row i of a lower triangle
    return mean.map((value, i) => factor(i).reduce((sum, weight, j) => sum + weight * eps[j], value));
  }

  function drawPickers() {
    for (const picker of pickers) {
      const index = model.get(picker.end);
      if (picker.shown === index) continue;
      picker.shown = index;
      paintDigit(picker.chosen, picture(index), fill(text.digit, { label: labels[index], index }));
      say(picker.caption, fill(text[`pick_${picker.end}`], { label: labels[index] }));
      press(picker.choices, index);
    }
  }

  let drawn = "";
  const one = digitCanvas();
  function drawStrips(a, b, spherical) {
    const wanted = [a, b, spherical].join();
    if (wanted === drawn) return;
    drawn = wanted;
    for (const { canvas, at } of strips)
      for (let step = 0; step < STEPS; step++) {
        paintDigit(one, at(a, b, step / (STEPS - 1), spherical), "");
        canvas.getContext("2d").drawImage(one, step * PIXELS, 0);
      }
  }

  function whereabouts(t, a, b, draws, prior) {
    if (!draws) return fill(text.walk, { t: fixed(t), a: labels[a], b: labels[b] });
    return prior ? text.random_prior : text.random_own;
  }

  return () => {
    const [t, a, b, draws] = ["t", "a", "b", "draws"].map((name) => model.get(name));
    const spherical = model.get("path_index") === 1;
    const prior = model.get("source_index") === 1;
    drawPickers();
    const where = whereabouts(t, a, b, draws, prior);
    const z = nets.map((_, k) => {
      if (shown.given) return Float32Array.from(shown.given[k]);
      return draws ? randomCode(k, draws, prior) : mix(code(k, a), code(k, b), t, spherical);
    });
    for (const [k, network] of nets.entries())
      paintDecoded(screens[k].canvas, network, z[k], fill(text.picture, { network: network.label, where }));
    if (blend) paintDigit(blend.canvas, blended(a, b, t), fill(text.picture, { network: text.blend, where }));
    const lengths = z.map((code) => fixed(Math.hypot(...code), 1));
    const named = nets.length > 1 ? lengths.map((length, k) => `${nets[k].label}: ${length}`) : lengths;
    say(readout, `${where} \u00b7 ${fill(text.lengths, { lengths: named.join("; ") })}`);
    marker.style.left = `${((0.5 + t * (STEPS - 1)) / STEPS) * 100}%`;
    marker.hidden = Boolean(draws || shown.given);
    drawStrips(a, b, spherical);
    shown.publish(z.map((numbers) => Array.from(numbers)));
  };
});
