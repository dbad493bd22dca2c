// The whole network, stage by stage. See machine.py for the traits.

import { plotCanvas } from "./canvas.js";
import { digitCanvas, labelsOf, paintDecoded, paintDigit, pictures, shelf } from "./digits.js";
import { box, button, captioned, element, paragraph, press } from "./dom.js";
import { defineFigure } from "./figure.js";
import { grips } from "./grips.js";
import { getNetwork } from "./loading.js";
import {
  answersOf,
  BRIGHT,
  columnAt,
  columnPlace,
  crossEntropy,
  drawMiddle,
  HEIGHT,
  LIMIT,
  paintUnits,
  shownHalves,
  unitCanvas,
  valueAt,
} from "./machine_parts.js";
import { overridable } from "./model.js";
import { clamp, normals, round, times } from "./numbers.js";
import { inkPad } from "./pad.js";
import { onArrows } from "./steer.js";
import { themeColors } from "./theme.js";
import { fill, fixed, say } from "./words.js";

export default defineFigure("machine", async ({ model, root, schedule, save }) => {
  const text = model.get("text");
  const network = await getNetwork(model, model.get("network"));
  const { dims, shape } = network;
  const picture = pictures(model.get("pictures"), shape);
  const labels = labelsOf(model);
  const { encoder, decoder } = shownHalves(network);

  const digits = shelf(model, (digit) => save({ digit, drawn: [] }), { label: text.shelf, shape });
  const canvases = {
    x: digitCanvas(shape),
    encoder: unitCanvas(encoder.units),
    decoder: unitCanvas(decoder.units),
    xhat: digitCanvas(shape),
  };
  for (const name of ["q", "eps", "z"]) canvases[name] = plotCanvas(HEIGHT);
  const stages = {};
  for (const [name, canvas] of Object.entries(canvases)) stages[name] = captioned(canvas, "", "lw-part");
  const said = paragraph();
  const arrow = () => element("span", { class: "lw-arrow", "aria-hidden": "true" }, "→");
  const middle = box("lw-middle", stages.q, stages.eps, stages.z);
  const into = box("lw-half", stages.x, arrow(), stages.encoder);
  const out = box("lw-half", stages.decoder, arrow(), stages.xhat);
  const letGo = () => {
    z.forget();
    schedule();
  };
  const release = button(text.release, letGo); // after z was set by hand
  const pad = inkPad(canvases.x, schedule, shape);
  const hand = box("lw-hand", captioned(pad.canvas, text.pad, "lw-panel"));
  hand.hidden = true;
  const pen = button(text.draw, () => {
    hand.hidden = !hand.hidden;
    schedule();
  });
  root.append(
    digits,
    hand,
    box("lw-machine", into, arrow(), middle, arrow(), out),
    box(
      "lw-buttons",
      pen,
      button(text.roll, () => roll()),
      release,
    ),
    said,
  );

  const z = overridable(model, "z");
  for (const name of ["digit", "drawn", "seed", "noise"]) model.on(`change:${name}`, z.forget);
  model.on("change:digit", () => model.set("drawn", []));
  model.on("change:drawn", () => {
    if (!model.get("drawn").length) pad.clear();
  });
  function roll() {
    z.forget();
    save({ seed: model.get("seed") + 1, noise: model.get("noise") || 1 });
  }

  let chosen = 0; // the dimension whose z is steered
  let here = new Float32Array(dims); // the code that is shown
  const now = () => z.given ?? here; // what is set by hand is drawn a frame later
  const setZ = (i, value) => {
    chosen = i;
    const code = Array.from(now());
    code[i] = clamp(round(value), [-LIMIT, LIMIT]);
    z.given = code;
    save({ z: code });
  };
  grips(canvases.z, {
    places(press) {
      const under = press ? [columnAt(canvases.z, press[0], dims)] : times(dims, (i) => i); // only its own column takes a press
      return Object.fromEntries(under.map((i) => [i, columnPlace(canvases.z, i, dims, here[i])]));
    },
    elsewhere: (x) => String(columnAt(canvases.z, x, dims)),
    follow: (i, _, y) => setZ(Number(i), valueAt(y)),
  });
  onArrows(canvases.z, (across, up, fine) => {
    chosen = clamp(chosen + across, [0, dims - 1]);
    if (up) setZ(chosen, now()[chosen] + (fine ? 0.01 : 0.1) * up);
    else schedule();
  });
  root.addEventListener("lw-reset", letGo);

  const encode = answersOf(encoder, dims, (digit, ink) => (ink.length ? Float32Array.from(ink) : picture(digit)));
  function light(name) {
    for (const [stage, node] of Object.entries(stages))
      node.classList.toggle("lw-dim", name !== "all" && !BRIGHT[name].includes(stage));
  }

  return () => {
    const strokes = pad.take();
    if (strokes) save({ drawn: Array.from(strokes) });
    const [digit, ink, seed, noise] = ["digit", "drawn", "seed", "noise"].map((name) => model.get(name));
    const { x, hidden, mu, sigma, kl } = encode(digit, ink);
    const next = normals(seed);
    const rolls = Float32Array.from(mu, () => noise * next());
    const code = z.given ? Float32Array.from(z.given) : mu.map((value, i) => value + sigma[i] * rolls[i]);
    here = code;
    const [drawnHidden, xhat] = decoder.run(code);
    const recon = crossEntropy(x, xhat);
    const shown = {
      pixels: x.length,
      dims,
      kl: fixed(kl, 1),
      recon: fixed(recon, 1),
      loss: fixed(kl + recon, 1),
    };
    const captions = { q: `${text.q} · ${text.kl}`, xhat: `${text.xhat} · ${text.recon}` };
    const halves = { encoder: hidden, decoder: drawnHidden };
    for (const [name, node] of Object.entries(stages)) {
      const on = halves[name]?.filter((value) => value > 0).length;
      say(node.lastChild, fill(captions[name] ?? text[name], { ...shown, units: halves[name]?.length, on }));
      if (name in halves) paintUnits(canvases[name], halves[name], node.lastChild.textContent);
    }
    paintDigit(canvases.x, x, ink.length ? text.drawing : fill(text.digit, { label: labels[digit], index: digit }));
    if (!hand.hidden) pad.draw();
    pad.canvas.setAttribute("aria-label", text.pad);
    pen.setAttribute("aria-pressed", !hand.hidden);
    paintDecoded(canvases.xhat, network, code, stages.xhat.lastChild.textContent, xhat);
    const held = canvases.z.matches(":focus") ? chosen : -1;
    drawMiddle(canvases, themeColors(root), { mu, sigma, rolls, code, given: z.given, held });
    for (const name of ["q", "eps"]) canvases[name].setAttribute("aria-label", stages[name].lastChild.textContent);
    canvases.z.setAttribute("aria-label", fill(text.drag, { dim: chosen + 1, z: fixed(code[chosen]) }));
    const lit = model.get("parts")[model.get("lit_index")];
    light(lit);
    say(said, fill(text[`said_${lit}`], shown));
    press(digits, ink.length ? -1 : digit);
    release.disabled = !z.given;
    z.publish(Array.from(code));
  };
});
