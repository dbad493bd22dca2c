// A digit drawn by hand, encoded and decoded with every stroke. See draw.py for the traits.

import { plotCanvas, plotContext } from "./canvas.js";
import { drawCodeBars } from "./code_bars.js";
import { paintDecoded, paintDigit, pictures, screen, shelf } from "./digits.js";
import { box, button, captioned, paragraph, press } from "./dom.js";
import { defineFigure } from "./figure.js";
import { asMnist, Ink } from "./ink.js";
import { getNetwork } from "./loading.js";
import { line } from "./marks.js";
import { overridable } from "./model.js";
import { between, floats, normals } from "./numbers.js";
import { onDrag } from "./steer.js";
import { themeColors } from "./theme.js";
import { fill, fixed, say } from "./words.js";

const PAD = 224; // pixels along a side
const PEN = 18;

export default defineFigure("draw", async ({ model, root, schedule, save }) => {
  const text = model.get("text");
  const network = await getNetwork(model, model.get("network"));
  const targets = floats(model.get("targets")); // the mean code of each digit
  const picture = pictures(model.get("pictures"));
  const labels = model.get("labels");
  const dims = targets.length / 10;
  const target = (digit) => targets.subarray(digit * dims, (digit + 1) * dims);

  const pad = plotCanvas(PAD, "lw-pad");
  const seen = screen(text.seen, "lw-small");
  const decoded = screen(text.decoded, "lw-vae");
  const bars = plotCanvas(224);
  const barsName = fill(text.bars, { dims });
  const readout = paragraph();
  const digits = shelf(model, (i) => put(picture(i)), text.shelf);
  root.append(
    digits,
    box(
      "lw-draw",
      captioned(pad, text.pad, "lw-panel"),
      captioned(bars, barsName, "lw-panel lw-wide"),
      box("lw-answers", seen.figure, decoded.figure),
    ),
    readout,
    box(
      "lw-buttons",
      button(text.clear, () => put(new Float32Array(784))),
      button(text.sample, () => save({ seed: model.get("seed") + 1, t: 0 })),
      button(text.mean, () => save({ seed: 0, t: 0 })),
    ),
  );

  // The pad shows a picture as it was put, or strokes. New strokes begin on an empty pad.
  const ink = new Ink(PAD, PEN);
  let strokes = [];
  let unread = false; // ink that the encoder has not seen
  onDrag(pad, {
    start(event) {
      event.preventDefault();
      strokes.push([]);
    },
    follow(event) {
      const { left, top, width, height } = pad.getBoundingClientRect();
      const stroke = strokes.at(-1);
      const events = event.getCoalescedEvents?.() ?? [];
      for (const { clientX, clientY } of events.length ? events : [event]) {
        const point = [((clientX - left) * PAD) / width, ((clientY - top) * PAD) / height];
        ink.line(stroke.at(-1) ?? point, point);
        stroke.push(point);
      }
      unread = true;
      schedule();
    },
  });
  const put = (pixels) => save({ pixels: Array.from(pixels), seed: 0, t: 0 });

  let mu;
  let logvar;
  const encode = () => {
    ({ mu, logvar } = network.encode(Float32Array.from(model.get("pixels"))));
    model.set({ mu: Array.from(mu), logvar: Array.from(logvar) });
  };
  const showPicture = () => {
    strokes = [];
    ink.clear();
    paintDigit(seen.canvas, model.get("pixels"), text.seen);
    encode();
  };
  let reading = false;
  const readPad = () => {
    unread = false;
    const pixels = asMnist((x, y) => ink.pixels[PAD * y + x], PAD);
    if (!pixels) return;
    reading = true;
    model.set({ pixels: Array.from(pixels), seed: 0, t: 0 });
    reading = false;
    encode();
    model.save_changes();
  };

  const z = overridable(model, "z");
  model.on("change:pixels", () => {
    z.forget();
    if (!reading) showPicture();
  });
  for (const name of ["t", "seed", "target_index"]) model.on(`change:${name}`, z.forget);

  function drawPad() {
    const { context, width } = plotContext(pad);
    context.fillStyle = "#000"; // as digits are in any theme
    context.fillRect(0, 0, width, width);
    context.scale(width / PAD, width / PAD);
    context.imageSmoothingEnabled = false;
    if (!strokes.length) context.drawImage(seen.canvas, 0, 0, PAD, PAD);
    context.lineCap = "round";
    context.lineJoin = "round";
    for (const stroke of strokes) line(context, "#fff", PEN, stroke[0], ...stroke); // the first twice: a tap is a dot
  }

  // From the encoder's mu, or a draw around it, towards the chosen digit.
  function walk(t, seed, digit) {
    const next = normals(seed);
    const from = seed ? mu.map((value, i) => value + next() * Math.exp(0.5 * logvar[i])) : mu;
    return between(from, target(digit), t);
  }

  function whereabouts(t, seed, digit) {
    if (z.given) return text.given;
    if (t) return fill(text.walk, { t: fixed(t), target: digit });
    return seed ? text.from_q : text.from_mu;
  }

  // Which of the examples the pad shows, if any.
  let looked = null;
  let example = -1;
  function findExample(pixels) {
    if (looked === pixels) return;
    looked = pixels;
    const same = (_, i) => picture(i).every((value, k) => Math.abs(value - pixels[k]) < 1e-3);
    example = strokes.length ? -1 : labels.findIndex(same);
  }

  showPicture();
  return () => {
    if (unread) readPad();
    const [t, seed, digit] = ["t", "seed", "target_index"].map((name) => model.get(name));
    const pixels = model.get("pixels");
    const code = z.given ? Float32Array.from(z.given) : walk(t, seed, digit);
    const empty = !pixels.some((value) => value > 0);
    const kl = mu.reduce((sum, value, i) => sum + 0.5 * (value * value + Math.exp(logvar[i]) - 1 - logvar[i]), 0);
    const said = empty ? text.empty : fill(text.readout, { where: whereabouts(t, seed, digit), kl: fixed(kl, 1) });
    if (strokes.length || empty) paintDigit(seen.canvas, pixels, text.seen);
    drawPad();
    paintDecoded(decoded.canvas, network, code, `${text.decoded}: ${said}`);
    drawCodeBars(bars, themeColors(root), { mu, logvar, z: code });
    say(readout, said);
    bars.setAttribute("aria-label", `${barsName}. ${said}`);
    findExample(pixels);
    press(digits, example);
    const name = example < 0 ? "" : `: ${fill(text.digit, { label: labels[example], index: example })}`;
    pad.setAttribute("aria-label", text.pad + name);
    z.publish(Array.from(code));
  };
});
