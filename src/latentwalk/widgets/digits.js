// Pictures of digits: white on black, pixel by pixel.

import { element } from "./dom.js";
import { bytes, times } from "./numbers.js";
import { fill } from "./words.js";

// One picture at native resolution; CSS scales it up without smoothing.
export function digitCanvas(size = 28) {
  return element("canvas", { class: "lw-digit", width: size, height: size, role: "img" });
}

// pixels: numbers in [0, 1].
export function paintDigit(canvas, pixels, label) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  const colors = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) colors[i] = 0xff000000 | (Math.round(255 * pixels[i]) * 0x010101);
  context.putImageData(image, 0, 0);
  canvas.setAttribute("aria-label", label);
}

// What a network decodes z to. The canvas says which network and which code, so that a test can decode the same.
export function paintDecoded(canvas, network, z, label, pixels = network.decode(z)) {
  paintDigit(canvas, pixels, label);
  if (canvas.dataset.network !== network.name) canvas.dataset.network = network.name;
  canvas.z = z;
}

// Pictures that travel as one byte a pixel: pictures(view)(i) is the i-th, in [0, 1].
export const pictures =
  (view, count = 784) =>
  (i) =>
    new Float32Array(bytes(view).subarray(i * count, (i + 1) * count)).map((value) => value / 255);

// A digit with words below.
export function screen(words, kind, size = 28) {
  const canvas = digitCanvas(size);
  const caption = element("figcaption", {}, words);
  return { canvas, caption, figure: element("figure", { class: `lw-screen ${kind}` }, canvas, caption) };
}

export const digitCanvases = (count) => times(count, () => digitCanvas());

// Test digits as a row of buttons: choose(i) is called when one is pressed, press(row, i) shows which one it was.
export function shelf(model, choose, label = null, kind = "lw-shelf") {
  const row = element("div", { class: kind, role: label && "group", "aria-label": label });
  const picture = pictures(model.get("pictures"));
  const labels = model.get("labels");
  const count = model.get("pictures").byteLength / 784;
  if (labels.length !== count) throw new Error(`there are ${count} pictures and ${labels.length} labels`);
  for (const [index, digit] of labels.entries()) {
    const canvas = digitCanvas();
    paintDigit(canvas, picture(index), "");
    canvas.setAttribute("aria-hidden", "true");
    const attributes = {
      type: "button",
      "aria-label": fill(model.get("text").digit, { label: digit, index }),
      "data-index": index,
      onclick: () => choose(index),
    };
    row.append(element("button", attributes, canvas));
  }
  return row;
}
