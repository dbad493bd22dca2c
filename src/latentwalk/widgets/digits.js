// Pictures of digits, white on black, or of other things, also in colour: pixel by pixel.

import { element } from "./dom.js";
import { bytes, times } from "./numbers.js";
import { oneTabStop } from "./picker.js";
import { fill } from "./words.js";

export const MNIST = [1, 28, 28]; // the shape of a picture: channels, height, width

// One picture at native resolution; CSS scales it up without smoothing.
export function digitCanvas([, height, width] = MNIST) {
  return element("canvas", { class: "lw-digit", width, height, role: "img" });
}

// pixels: numbers in [0, 1]; in colour all red ones, then the green, then the blue.
export function paintDigit(canvas, pixels, label) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  const colors = new Uint32Array(image.data.buffer);
  const count = colors.length;
  const byte = (i) => Math.round(255 * pixels[i]);
  if (pixels.length < 3 * count) for (let i = 0; i < count; i++) colors[i] = 0xff000000 | (byte(i) * 0x010101);
  else
    for (let i = 0; i < count; i++)
      colors[i] = 0xff000000 | (byte(2 * count + i) << 16) | (byte(count + i) << 8) | byte(i);
  context.putImageData(image, 0, 0);
  canvas.setAttribute("aria-label", label);
}

// What a network decodes z to. The canvas says which network and which code, so that a test can decode the same.
export function paintDecoded(canvas, network, z, label, pixels = network.decode(z)) {
  paintDigit(canvas, pixels, label);
  if (canvas.dataset.network !== network.name) canvas.dataset.network = network.name;
  canvas.z = z;
}

export const countOf = (shape) => shape.reduce((product, size) => product * size, 1);

// Pictures that travel as one byte a pixel: pictures(view)(i) is the i-th, in [0, 1].
export const pictures = (view, shape = MNIST) => {
  const count = countOf(shape);
  return (i) => new Float32Array(bytes(view).subarray(i * count, (i + 1) * count)).map((value) => value / 255);
};

// For each picture of a figure what it shows, in a word.
export function labelsOf(model) {
  const names = model.get("class_names");
  return model.get("labels").map((label) => names?.[label] ?? label);
}

// A digit with words below.
export function screen(words, kind, shape = MNIST) {
  const canvas = digitCanvas(shape);
  const caption = element("figcaption", {}, words);
  return { canvas, caption, figure: element("figure", { class: `lw-screen ${kind}` }, canvas, caption) };
}

export const digitCanvases = (count, shape = MNIST) => times(count, () => digitCanvas(shape));

// A figure's pictures as a row of buttons: choose(i) is called when one is pressed, or, with
// `arrows`, by an arrow key; press(row, i) shows which one it was.
export function shelf(model, choose, { label = null, kind = "lw-shelf", shape = MNIST, arrows = true } = {}) {
  const row = element("div", { class: kind, role: label && "group", "aria-label": label });
  const picture = pictures(model.get("pictures"), shape);
  const labels = labelsOf(model);
  const count = model.get("pictures").byteLength / countOf(shape);
  if (labels.length !== count) throw new Error(`there are ${count} pictures and ${labels.length} labels`);
  for (const [index, digit] of labels.entries()) {
    const canvas = digitCanvas(shape);
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
  oneTabStop(row, arrows);
  return row;
}
