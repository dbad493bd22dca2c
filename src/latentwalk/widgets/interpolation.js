// The walk between two digits. See interpolation.py for the traits.

import { digitCanvas, labelsOf, paintDecoded, paintDigit, pictures, shelf } from "./digits.js";
import { box, button, element, paragraph, press } from "./dom.js";
import { defineFigure } from "./figure.js";
import { getNetworks } from "./loading.js";
import { overridable } from "./model.js";
import { between, clamp, floats, normals, round, scale } from "./numbers.js";
import { mix } from "./paths.js";
import { playAlong } from "./play.js";
import { onSlide } from "./steer.js";
import { fill, fixed, say } from "./words.js";

const PER_STRIP = 11; // pictures of a strip
const HALF_WAY = 100; // frames of Play, which counts to twice as many: there and back
const MIDDLES = [0.5 / PER_STRIP, 1 - 0.5 / PER_STRIP]; // of a strip's first and last picture, as parts of its width

export default defineFigure("interpolation", async ({ model, root, save }) => {
  const text = model.get("text");
  const labels = labelsOf(model);
  const nets = await getNetworks(model);
  const { shape } = nets[0];
  const [, height, width] = shape;
  const side = Math.max(height, width); // across a picture of a strip, so that a tall one is no higher than wide
  const picture = pictures(model.get("pictures"), shape);
  const codes = model.get("codes").map(floats); // for each network those of all pictures
  const clouds = model.get("clouds").map(floats); // for each network mean and Cholesky factor of its codes, or none
  const code = (k, i) => codes[k].subarray(i * nets[k].dims, (i + 1) * nets[k].dims);

  // A and B: a summary with the chosen picture, and behind it all that can be chosen, one row a digit.
  const pickers = ["a", "b"].map((end) => {
    const chosen = digitCanvas(shape);
    const caption = element("span");
    const summary = element("summary", {}, chosen, caption);
    const choose = (i) => {
      save({ [end]: i, draws: 0 });
      details.open = false;
      summary.focus();
    };
    const choices = shelf(model, choose, { kind: "lw-thumbs", shape, arrows: false });
    const details = element("details", { class: "lw-pick" }, summary, choices);
    return { end, details, chosen, caption, choices, shown: -1 };
  });

  // A row for the blend and for each network: its name, its whole walk, one picture a step, and over it the lens at t.
  const row = (label, kind, at) => {
    const name = fill(text.strip, { network: label });
    const size = { width: PER_STRIP * side, height };
    const strip = element("canvas", { class: "lw-strip", ...size, role: "img", "aria-label": name });
    const lens = digitCanvas(shape);
    const length = element("span", { class: "lw-chip" });
    const head = box("lw-name", element("span", {}, label), ...(kind === "blend" ? [] : [length]));
    const track = box("lw-track", strip, lens);
    return { strip, lens, length, track, at, node: box(`lw-walk lw-${kind}`, head, track) };
  };
  const rows = nets.map(({ label, kind }, k) =>
    row(label, kind, (a, b, t, spherical) => nets[k].decode(mix(code(k, a), code(k, b), t, spherical))),
  );
  const blended = (a, b, t) => between(picture(a), picture(b), t);
  const blend = model.get("blend") ? row(text.blend, "blend", blended) : null;
  const all = (blend ? [blend] : []).concat(rows);

  const where = element("span", { class: "lw-chip lw-grip" });
  const walks = box("lw-walks", ...all.map(({ node }) => node), paragraph("lw-readout lw-rail", where));
  const draw = button(text.draw, () => save({ draws: model.get("draws") + 1 }));
  const [from, to] = pickers.map(({ details }) => details);
  root.classList.toggle("lw-many", all.length > 3);
  root.append(box("lw-ends", from, ...(clouds.length ? [draw] : []), to), walks);

  // Moving t by any means ends the showing of random codes, and of codes that Python has set.
  const shown = overridable(model, "z");
  for (const name of ["t", "a", "b", "path_index"])
    model.on(`change:${name}`, () => {
      shown.forget();
      if (model.get("draws")) model.set("draws", 0);
    });
  playAlong(model, root, {
    names: ["t"],
    place: () => Math.round(HALF_WAY * model.get("t")),
    show: (frame) => save({ t: 1 - Math.abs(1 - frame / HALF_WAY), draws: 0 }),
  });
  onSlide(walks, (x) => {
    const { offsetLeft, offsetWidth } = all[0].track; // within walks
    save({ t: round(clamp(scale(MIDDLES, [0, 1])((x - offsetLeft) / offsetWidth), [0, 1])), draws: 0 });
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
  const one = digitCanvas(shape);
  function drawStrips(a, b, spherical) {
    const wanted = [a, b, spherical].join();
    if (wanted === drawn) return;
    drawn = wanted;
    for (const { strip, at } of all)
      for (let step = 0; step < PER_STRIP; step++) {
        paintDigit(one, at(a, b, step / (PER_STRIP - 1), spherical), "");
        strip.getContext("2d").drawImage(one, step * side + (side - width) / 2, 0);
      }
  }

  const film = () => {
    const [a, b] = ["a", "b"].map((name) => model.get(name));
    return { shape, at: (t) => all.map(({ at }) => at(a, b, t, model.get("path_index") === 1)) };
  };

  const drawAll = () => {
    const [t, a, b, draws] = ["t", "a", "b", "draws"].map((name) => model.get(name));
    const spherical = model.get("path_index") === 1;
    const prior = model.get("source_index") === 1 || !clouds.length; // which Python or a link may ask for without clouds
    const random = prior ? text.random_prior : text.random_own;
    const told = draws ? random : fill(text.walk, { t: fixed(t), a: labels[a], b: labels[b] });
    const label = (network) => fill(text.picture, { network, where: told });
    drawPickers();
    const z = nets.map((_, k) => {
      if (shown.given) return Float32Array.from(shown.given[k]);
      return draws ? randomCode(k, draws, prior) : mix(code(k, a), code(k, b), t, spherical);
    });
    for (const [k, network] of nets.entries()) {
      paintDecoded(rows[k].lens, network, z[k], label(network.label));
      say(rows[k].length, fill(text.length, { length: fixed(Math.hypot(...z[k]), 1) }));
    }
    if (blend) paintDigit(blend.lens, blended(a, b, t), label(text.blend));
    const off = Boolean(draws || shown.given); // what is decoded lies nowhere on the walk
    walks.classList.toggle("lw-off", off);
    walks.style.setProperty("--lw-at", off ? 0.5 : scale([0, 1], MIDDLES)(t));
    say(where, draws ? random : fill(text.t, { t: fixed(t) }));
    drawStrips(a, b, spherical);
    shown.publish(z.map((numbers) => Array.from(numbers)));
  };
  return Object.assign(drawAll, { film });
});
