// A digit drawn by hand, encoded and decoded with every stroke. See draw.py for the traits.

import {
  button,
  clamp,
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
  pictures,
  plotCanvas,
  plotContext,
  press,
  say,
  shelf,
  themeColors,
} from "./figure.js";
import { getNetwork } from "./network.js";

const PAD = 224,
  PEN = 18;

// How much of each of n pixels falls into each of m: for each of the m a list of [pixel, share], the shares adding up to 1.
export const shares = (n, m) =>
  Array.from({ length: m }, (_, i) => {
    const list = [],
      low = (i * n) / m,
      high = ((i + 1) * n) / m;
    for (let k = Math.floor(low); k < Math.min(n, Math.ceil(high)); k++)
      list.push([k, (Math.min(high, k + 1) - Math.max(low, k)) / (high - low)]);
    return list;
  });

// What a round pen leaves on the pad: one number in [0, 1] a pixel. Worked out from the strokes and not read back from the canvas, as
// some browsers add noise to what is read back, for privacy, and a trace of ink anywhere would change the digit's size and place.
export class Ink {
  constructor(size, pen) {
    this.size = size;
    this.radius = pen / 2;
    this.pixels = new Float32Array(size * size);
  }

  clear() {
    this.pixels.fill(0);
  }

  // A straight line between two points. At its edge a pixel is covered as far as the pen reaches beyond the pixel's middle.
  line([x0, y0], [x1, y1]) {
    const { size, radius, pixels } = this,
      dx = x1 - x0,
      dy = y1 - y0,
      square = dx * dx + dy * dy;
    const first = (a, b) => Math.max(0, Math.floor(Math.min(a, b) - radius - 1)),
      last = (a, b) => Math.min(size - 1, Math.ceil(Math.max(a, b) + radius));
    for (let row = first(y0, y1); row <= last(y0, y1); row++)
      for (let column = first(x0, x1); column <= last(x0, x1); column++) {
        const x = column + 0.5 - x0,
          y = row + 0.5 - y0,
          t = square && clamp((x * dx + y * dy) / square, [0, 1]); // how far along the line the nearest point lies
        const cover = radius + 0.5 - Math.sqrt((x - t * dx) ** 2 + (y - t * dy) ** 2),
          at = size * row + column;
        if (cover > pixels[at]) pixels[at] = Math.min(1, cover);
      }
  }
}

// Ink on the pad, given as ink(x, y) in [0, 1], as MNIST would hold it: 28 x 28 in steps of 1/255, or null without ink.
export function asMnist(ink, size) {
  let left = size,
    right = 0,
    top = size,
    bottom = 0;
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      if (ink(x, y) > 0) {
        left = Math.min(left, x);
        right = Math.max(right, x + 1);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y + 1);
      }
  if (right <= left) return null;
  const scale = 20 / Math.max(right - left, bottom - top);
  const width = Math.max(1, Math.round((right - left) * scale)),
    height = Math.max(1, Math.round((bottom - top) * scale));
  const across = shares(right - left, width),
    down = shares(bottom - top, height);
  const rows = Array.from({ length: bottom - top }, (_, y) =>
    across.map((list) => list.reduce((sum, [x, share]) => sum + share * ink(left + x, top + y), 0)),
  );
  const small = down.map((list) => across.map((_, i) => list.reduce((sum, [y, share]) => sum + share * rows[y][i], 0)));
  let mass = 0,
    mx = 0,
    my = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      mass += small[y][x];
      mx += x * small[y][x];
      my += y * small[y][x];
    }
  const dx = Math.round(14 - mx / mass),
    dy = Math.round(14 - my / mass),
    out = new Float32Array(784);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = x + dx,
        j = y + dy;
      if (i >= 0 && i < 28 && j >= 0 && j < 28) out[28 * j + i] = Math.round(255 * small[y][x]) / 255;
    }
  return out;
}

export default defineFigure("draw", async ({ model, root, schedule, save }) => {
  const text = model.get("text"),
    network = await getNetwork(model, model.get("network")),
    targets = floats(model.get("targets"));
  const picture = pictures(model.get("pictures")),
    labels = model.get("labels"),
    dims = targets.length / 10;

  const pad = plotCanvas(PAD, "lw-pad"),
    seen = digitCanvas(),
    decoded = digitCanvas(),
    bars = plotCanvas(224);
  const readout = element("p", { class: "lw-readout" });
  const screen = (canvas, caption, kind) =>
    element("figure", { class: `lw-screen ${kind}` }, canvas, element("figcaption", {}, caption));
  const digits = shelf(model, (i) => put(picture(i)), text.shelf);
  root.append(
    digits,
    element(
      "div",
      { class: "lw-draw" },
      element("figure", { class: "lw-panel" }, pad, element("figcaption", {}, text.pad)),
      element("figure", { class: "lw-panel lw-wide" }, bars, element("figcaption", {}, fill(text.bars, { dims }))),
      element(
        "div",
        { class: "lw-answers" },
        screen(seen, text.seen, "lw-small"),
        screen(decoded, text.decoded, "lw-vae"),
      ),
    ),
    readout,
    element(
      "div",
      { class: "lw-buttons" },
      button(text.clear, () => put(new Float32Array(784))),
      button(text.sample, () => save({ seed: model.get("seed") + 1, t: 0 })),
      button(text.mean, () => save({ seed: 0, t: 0 })),
    ),
  );

  // The pad shows a picture as it was put, or strokes. New strokes begin on an empty pad.
  const ink = new Ink(PAD, PEN);
  let strokes = [],
    moved = false,
    mine = false,
    given = null,
    own = "";
  const show = () => {
    strokes = [];
    ink.clear();
    paintDigit(seen, model.get("pixels"), text.seen);
  };
  const put = (pixels) => save({ pixels: Array.from(pixels), seed: 0, t: 0 });
  model.on("change:pixels", () => {
    given = null;
    if (!mine) {
      show();
      encode();
    }
  });
  for (const name of ["t", "seed", "target_index"])
    model.on(`change:${name}`, () => {
      given = null;
    });
  model.on("change:z", () => {
    if (JSON.stringify(model.get("z")) !== own) given = model.get("z");
  });

  const trace = (event) => {
    const box = pad.getBoundingClientRect(),
      stroke = strokes.at(-1);
    for (const one of event.getCoalescedEvents?.().length ? event.getCoalescedEvents() : [event]) {
      const point = [((one.clientX - box.left) * PAD) / box.width, ((one.clientY - box.top) * PAD) / box.height];
      ink.line(stroke.at(-1) ?? point, point);
      stroke.push(point);
    }
    moved = true;
    schedule();
  };
  pad.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    strokes.push([]);
    trace(event);
  });
  pad.addEventListener("pointermove", (event) => {
    if (pad.hasPointerCapture(event.pointerId)) trace(event);
  });

  let mu,
    logvar,
    looked = null,
    same = -1;
  const encode = () => {
    ({ mu, logvar } = network.encode(Float32Array.from(model.get("pixels"))));
    model.set({ mu: Array.from(mu), logvar: Array.from(logvar) });
    root.dataset.mu = JSON.stringify(Array.from(mu));
    root.dataset.logvar = JSON.stringify(Array.from(logvar));
  };
  const read = () => {
    // the pad, as MNIST would hold it
    const pixels = asMnist((x, y) => ink.pixels[PAD * y + x], PAD);
    moved = false;
    if (!pixels) return;
    mine = true;
    model.set({ pixels: Array.from(pixels), seed: 0, t: 0 });
    mine = false;
    encode();
    model.save_changes();
  };

  function drawPad() {
    const { context, width } = plotContext(pad);
    context.fillStyle = "#000"; // as digits are in any theme
    context.fillRect(0, 0, width, width);
    context.scale(width / PAD, width / PAD);
    context.imageSmoothingEnabled = false;
    if (!strokes.length) context.drawImage(seen, 0, 0, PAD, PAD);
    Object.assign(context, { strokeStyle: "#fff", lineWidth: PEN, lineCap: "round", lineJoin: "round" });
    for (const stroke of strokes) {
      context.beginPath();
      context.moveTo(...stroke[0]);
      for (const point of stroke) context.lineTo(...point);
      context.stroke();
    }
  }

  function drawBars(z, color) {
    const { context, width, height } = plotContext(bars),
      left = 26,
      step = (width - left - 4) / dims,
      y = (value) => height / 2 - (value * (height / 2 - 8)) / 4;
    Object.assign(context, { fillStyle: color.muted, textAlign: "right", textBaseline: "middle" });
    for (const tick of [-4, -2, 0, 2, 4]) {
      line(context, tick ? color.soft : color.line, 1, [left, y(tick)], [width, y(tick)]);
      context.fillText(fixed(tick, 0), left - 5, y(tick));
    }
    for (let i = 0; i < dims; i++) {
      const x = left + (i + 0.5) * step,
        sigma = Math.exp(0.5 * logvar[i]);
      context.fillStyle = color.mu;
      context.fillRect(x - 0.36 * step, y(0), 0.72 * step, y(mu[i]) - y(0));
      line(context, color.sigma, 3, [x, y(mu[i] - sigma)], [x, y(mu[i] + sigma)]);
      dot(context, color.text, x, y(z[i]), 2.5);
    }
  }

  show();
  encode();
  return () => {
    if (moved) read();
    const t = model.get("t"),
      seed = model.get("seed"),
      target = model.get("target_index"),
      next = normals(seed);
    const z = given
      ? Float32Array.from(given)
      : mu.map((value, i) => {
          const from = seed ? value + next() * Math.exp(0.5 * logvar[i]) : value;
          return from + t * (targets[target * dims + i] - from);
        });
    const pixels = model.get("pixels"),
      empty = !pixels.some((value) => value > 0);
    const kl = mu.reduce((sum, value, i) => sum + 0.5 * (value * value + Math.exp(logvar[i]) - 1 - logvar[i]), 0);
    const where = given ? text.given : t ? fill(text.walk, { t: fixed(t), target }) : seed ? text.from_q : text.from_mu;
    const said = empty ? text.empty : fill(text.readout, { where, kl: fixed(kl, 1) });
    if (strokes.length || empty) paintDigit(seen, pixels, text.seen);
    drawPad();
    paintDigit(decoded, network.decode(z), `${text.decoded}: ${said}`, network, z);
    drawBars(z, themeColors(root));
    say(readout, said);
    bars.setAttribute("aria-label", `${fill(text.bars, { dims })}. ${said}`);
    if (looked !== pixels) {
      // which of the examples it is, if any
      looked = pixels;
      same = labels.findIndex(
        (_, i) => !strokes.length && picture(i).every((value, k) => Math.abs(value - pixels[k]) < 1e-3),
      );
    }
    press(digits, same);
    pad.setAttribute(
      "aria-label",
      same < 0 ? text.pad : `${text.pad}: ${fill(text.digit, { label: labels[same], index: same })}`,
    );
    const code = Array.from(z);
    own = JSON.stringify(code);
    if (!given && own !== JSON.stringify(model.get("z"))) save({ z: code });
  };
});
