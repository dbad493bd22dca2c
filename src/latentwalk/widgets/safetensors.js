// Safetensors in float32: eight bytes that say how long the header is, the header (JSON), the numbers. A Lab's layers have weights
// (in, out); files have PyTorch's (out, in).

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

// The whole file; metadata: {name: text}.
export function safetensorsFile({ header, numbers }, metadata = {}) {
  const text = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata, ...header }));
  const length = text.length + (8 - (text.length % 8 || 8)); // numbers begin at a multiple of 8
  const file = new Uint8Array(8 + length + numbers.length).fill(32, 0, 8 + length);
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
  file.set(text, 8);
  file.set(numbers, 8 + length);
  return file;
}

// A file -> layers.
export function unpackLayers(view) {
  const bytes = new Uint8Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
  const start = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
  const layers = {};
  for (const [whole, { dtype, shape, data_offsets: at }] of Object.entries(header)) {
    if (whole === "__metadata__") continue;
    if (dtype !== "F32") throw new Error(`${whole}: expected float32, got ${dtype}`);
    const [name, part] = whole.split(".");
    const values = new Float32Array(bytes.slice(start + at[0], start + at[1]).buffer);
    layers[name] ??= {};
    layers[name][part] = part === "weight" ? turned(values, ...shape) : values;
  }
  return layers;
}
