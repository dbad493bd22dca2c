// A Lab's layers as they lie in a file, float32: its weights are (in, out), PyTorch's (out, in).

import { readTensors } from "./safetensors.js";

const turned = (weight, rows, cols) => {
  const other = new Float32Array(weight.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) other[c * rows + r] = weight[r * cols + c];
  return other;
};

// layers: {fc1: {weight, bias}, ...} -> the numbers, and where each tensor lies among them.
export function packLayers(layers) {
  const header = {};
  const parts = [];
  let at = 0;
  const add = (name, shape, values) => {
    header[name] = { dtype: "F32", shape, data_offsets: [at, at + 4 * values.length] };
    parts.push(values);
    at += 4 * values.length;
  };
  for (const [name, { weight, bias }] of Object.entries(layers)) {
    const [out, into] = [bias.length, weight.length / bias.length];
    add(`${name}.weight`, [out, into], turned(weight, into, out));
    add(`${name}.bias`, [out], bias);
  }
  const numbers = new Uint8Array(at);
  let from = 0;
  for (const values of parts) {
    numbers.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), from);
    from += values.byteLength;
  }
  return { header, numbers };
}

// A file (a DataView) -> layers.
export function unpackLayers(view) {
  const layers = {};
  for (const [whole, { dtype, shape, bytes }] of Object.entries(readTensors(view))) {
    if (dtype !== "F32") throw new Error(`${whole}: expected float32, got ${dtype}`);
    const [name, part] = whole.split(".");
    const values = new Float32Array(bytes);
    layers[name] ??= {};
    layers[name][part] = part === "weight" ? turned(values, ...shape) : values;
  }
  return layers;
}
