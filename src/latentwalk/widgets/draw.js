// A digit drawn by hand, encoded and decoded with every stroke. See draw.py for the traits.

import { plotCanvas } from "./canvas.js";
import { chipRow } from "./chips.js";
import { drawCodeBars } from "./code_bars.js";
import { countOf, labelsOf, paintDecoded, paintDigit, pictures, screen, shelf } from "./digits.js";
import { box, button, captioned, press } from "./dom.js";
import { defineFigure } from "./figure.js";
import { klOf } from "./gaussian.js";
import { grips } from "./grips.js";
import { getNetwork } from "./loading.js";
import { overridable } from "./model.js";
import { between, clamp, floats, normals, round } from "./numbers.js";
import { inkPad } from "./pad.js";
import { photoInput } from "./photo.js";
import { arrows } from "./steer.js";
import { classStrips, stripAt, stripLayout, stripPoint } from "./strips.js";
import { themeColors } from "./theme.js";
import { fill, fixed } from "./words.js";

export default defineFigure("draw", async ({ model, root, schedule, save }) => {
  const text = model.get("text");
  const network = await getNetwork(model, model.get("network"));
  const targets = floats(model.get("targets")); // the mean code of a picture of each class
  const { dims, shape } = network;
  const picture = pictures(model.get("pictures"), shape);
  const labels = labelsOf(model);
  const names = model.get("classes").map((label) => model.get("class_names")[label]); // of those with a strip
  const target = (k) => targets.subarray(k * dims, (k + 1) * dims);

  const seen = screen(text.input, "lw-small", shape);
  const pad = inkPad(seen.canvas, schedule, shape);
  const decoded = screen(text.decoded, "lw-vae", shape);
  const bars = plotCanvas(72);
  const barsName = fill(text.bars, { dims });
  const strips = plotCanvas(376, "lw-plot lw-ten");
  const layout = stripLayout(names, shape);
  const drawStrips = classStrips(network, target, names, layout, schedule);
  const photo = photoInput({ root, text, shape, put: (pixels) => put(pixels) });
  const chips = chipRow({ where: "eps", kl: "vae" });
  const digits = shelf(model, (i) => put(picture(i)), { label: text.shelf, shape });
  root.append(
    box(
      "lw-draw",
      box(
        "lw-hand",
        captioned(pad.canvas, text.pad, "lw-panel"),
        digits,
        box(
          "lw-buttons",
          button(text.clear, () => put(new Float32Array(countOf(shape)))),
          button(text.sample, () => save({ seed: model.get("seed") + 1, t: 0 })),
          button(text.mean, () => save({ seed: 0, t: 0 })),
          ...photo.buttons,
        ),
        photo.told,
      ),
      box("lw-answers", decoded.figure, seen.figure, photo.shown),
      captioned(strips, text.strips, "lw-panel lw-wide"),
    ),
    chips.row,
    captioned(bars, barsName, "lw-panel"),
  );

  // The place on a strip is how far one has walked, and to which digit.
  const walkTo = (digit, t) => save({ target_index: digit, t: round(clamp(t, [0, 1])) });
  grips(strips, {
    places: () => ({ t: stripPoint(strips, model.get("target_index"), model.get("t"), layout) }),
    elsewhere: () => "t",
    follow: (_, x, y) => walkTo(...stripAt(strips, x, y, layout)),
  });
  arrows(strips, {
    get: () => [model.get("t"), 0],
    set: (t, up) => walkTo(clamp(model.get("target_index") - Math.sign(up), [0, names.length - 1]), t),
  });

  const put = (pixels) => {
    photo.hide();
    save({ pixels: Array.from(pixels), seed: 0, t: 0 });
  };

  let mu;
  let logvar;
  const encode = () => {
    ({ mu, logvar } = network.encode(Float32Array.from(model.get("pixels"))));
    model.set({ mu: Array.from(mu), logvar: Array.from(logvar) });
  };
  const showPicture = () => {
    pad.clear();
    paintDigit(seen.canvas, model.get("pixels"), text.input);
    encode();
  };
  let reading = false;
  const readPad = () => {
    const pixels = pad.take();
    if (!pixels) return;
    photo.hide();
    reading = true;
    model.set({ pixels: Array.from(pixels), seed: 0, t: 0 });
    reading = false;
    encode();
    model.save_changes();
  };

  const z = overridable(model, "z");
  root.addEventListener("lw-reset", z.forget);
  model.on("change:pixels", () => {
    z.forget();
    if (!reading) showPicture();
  });
  for (const name of ["t", "seed", "target_index"]) model.on(`change:${name}`, z.forget);

  // The encoder's mu, or a draw around it.
  function origin(seed) {
    const next = normals(seed);
    return seed ? mu.map((value, i) => value + next() * Math.exp(0.5 * logvar[i])) : mu;
  }

  function whereabouts(t, seed, digit) {
    if (z.given) return text.given;
    if (t) return fill(text.walk, { t: fixed(t), target: names[digit] });
    return seed ? text.from_q : text.from_mu;
  }

  // Which of the examples the pad shows, if any.
  let looked = null;
  let example = -1;
  function findExample(pixels) {
    if (looked === pixels) return;
    looked = pixels;
    const same = (_, i) => picture(i).every((value, k) => Math.abs(value - pixels[k]) < 1e-3);
    example = pad.isDrawn() ? -1 : labels.findIndex(same);
  }

  showPicture();
  return () => {
    readPad();
    const [t, seed, digit] = ["t", "seed", "target_index"].map((name) => model.get(name));
    const pixels = model.get("pixels");
    const from = origin(seed);
    const code = z.given ? Float32Array.from(z.given) : between(from, target(digit), t);
    const empty = !pixels.some((value) => value > 0);
    const kl = mu.reduce((sum, value, i) => sum + klOf(value, Math.exp(0.5 * logvar[i])), 0);
    const where = whereabouts(t, seed, digit);
    const words = empty ? { where: text.empty } : { where, kl: fill(text.kl, { kl: fixed(kl, 1) }) };
    const said = Object.values(words).join(", ");
    if (pad.isDrawn() || empty) paintDigit(seen.canvas, pixels, text.input);
    pad.draw();
    const color = themeColors(root);
    root.setAttribute("aria-busy", drawStrips(strips, color, from, digit, t));
    paintDecoded(decoded.canvas, network, code, `${text.decoded}: ${said}`);
    drawCodeBars(bars, color, { mu, logvar, z: code });
    chips.show(words);
    strips.setAttribute("aria-label", `${text.strips}. ${said}`);
    bars.setAttribute("aria-label", `${barsName}. ${said}`);
    findExample(pixels);
    press(digits, example);
    const name = example < 0 ? "" : `: ${fill(text.digit, { label: labels[example], index: example })}`;
    pad.canvas.setAttribute("aria-label", text.pad + name);
    z.publish(Array.from(code));
  };
});
