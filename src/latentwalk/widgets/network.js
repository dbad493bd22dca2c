// A trained network in the page: the forward pass of linear layers with ReLU or sigmoid, over typed arrays.
// Weights come as they are stored: safetensors in float16. 20-400-784 decodes in a fraction of a millisecond.

export const halves = new Float32Array(65536); // float16 bits -> number
const patterns = new Uint32Array(halves.buffer);
for (let bits = 0; bits < 65536; bits++) {
  const sign = bits >> 15;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) halves[bits] = (sign ? -1 : 1) * fraction * 2 ** -24;
  else patterns[bits] = (sign << 31) | ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13);
}

// A safetensors file: eight bytes that say how long the header is, the header, the numbers. Gives name -> {shape, bits}.
function readTensors(view) {
  const start = 8 + Number(view.getBigUint64(0, true));
  const bytes = (from, to) => view.buffer.slice(view.byteOffset + from, view.byteOffset + to);
  const header = JSON.parse(new TextDecoder().decode(bytes(8, start)));
  const tensors = {};
  for (const [name, { dtype, shape, data_offsets: at }] of Object.entries(header))
    if (dtype === "F16") tensors[name] = { shape, bits: new Uint16Array(bytes(start + at[0], start + at[1])) };
  return tensors;
}

// Layers side by side as one: the rows of the second below those of the first.
function joinLayers(names, tensors) {
  const [first] = tensors[`${names[0]}.weight`].shape.slice(1);
  const rows = names.reduce((sum, name) => sum + tensors[`${name}.weight`].shape[0], 0);
  const layer = { rows, cols: first, weights: new Float32Array(rows * first), biases: new Float32Array(rows) };
  let row = 0;
  for (const name of names) {
    const { shape, bits } = tensors[`${name}.weight`];
    const biases = tensors[`${name}.bias`].bits;
    let at = 0;
    for (let r = row; r < row + shape[0]; r++) {
      for (let c = 0; c < first; c++) layer.weights[c * rows + r] = halves[bits[at++]]; // turned: one input's lie together
      layer.biases[r] = halves[biases[r - row]];
    }
    row += shape[0];
  }
  return layer;
}

export class Network {
  // layers: part -> steps, [{names, activation}]; views: part -> DataView of a safetensors file with the layers of these names.
  constructor(name, layers, views) {
    this.name = name;
    this.parts = {};
    for (const [part, steps] of Object.entries(layers)) {
      try {
        const tensors = readTensors(views[part]);
        this.parts[part] = steps.map(({ names, activation }) => ({ activation, ...joinLayers(names, tensors) }));
      } catch (error) {
        throw new Error(`${name}: its weights to ${part} cannot be read`, { cause: error });
      }
    }
  }

  // Numbers in a code.
  get dims() {
    return this.parts.decode[0].cols;
  }

  // What each layer of a half answers, the first one first.
  stages(part, input) {
    let x = input;
    return this.parts[part].map(({ cols, activation, weights, biases }) => {
      if (x.length !== cols) throw new Error(`${this.name}: ${x.length} numbers given to a layer that takes ${cols}`);
      const out = biases.slice();
      addProducts(out, weights, x);
      ACTIVATIONS[activation](out);
      x = out;
      return out;
    });
  }

  run(part, input) {
    return this.stages(part, input).at(-1);
  }

  // code -> picture in [0, 1]
  decode(z) {
    return this.run("decode", z);
  }

  // picture -> {mu, logvar}; a plain autoencoder has no logvar
  encode(x) {
    const out = this.run("encode", x);
    return { mu: out.subarray(0, this.dims), logvar: out.length > this.dims ? out.subarray(this.dims) : null };
  }
}

// out[r] += the sum over c of x[c] weights[c][r]. Black pixels and units that ReLU has switched off cost nothing. The rest go eight at
// a time, which reads and writes `out` less often: more than twice as fast as one by one.
function addProducts(out, weights, x) {
  const rows = out.length;
  const on = [];
  for (let c = 0; c < x.length; c++) if (x[c] !== 0) on.push(c);
  let i = 0;
  for (; i + 7 < on.length; i += 8) {
    const [xa, xb, xc, xd] = [x[on[i]], x[on[i + 1]], x[on[i + 2]], x[on[i + 3]]];
    const [xe, xf, xg, xh] = [x[on[i + 4]], x[on[i + 5]], x[on[i + 6]], x[on[i + 7]]];
    const [a, b, c, d] = [on[i] * rows, on[i + 1] * rows, on[i + 2] * rows, on[i + 3] * rows];
    const [e, f, g, h] = [on[i + 4] * rows, on[i + 5] * rows, on[i + 6] * rows, on[i + 7] * rows];
    for (let r = 0; r < rows; r++) {
      const one = xa * weights[a + r] + xb * weights[b + r] + xc * weights[c + r] + xd * weights[d + r];
      const other = xe * weights[e + r] + xf * weights[f + r] + xg * weights[g + r] + xh * weights[h + r];
      out[r] += one + other;
    }
  }
  for (; i < on.length; i++) {
    const start = on[i] * rows;
    const value = x[on[i]];
    for (let r = 0; r < rows; r++) out[r] += value * weights[start + r];
  }
}

const ACTIVATIONS = {
  none() {},
  relu(out) {
    for (let r = 0; r < out.length; r++) if (out[r] < 0) out[r] = 0;
  },
  sigmoid(out) {
    for (let r = 0; r < out.length; r++) out[r] = 1 / (1 + Math.exp(-out[r]));
  },
};
