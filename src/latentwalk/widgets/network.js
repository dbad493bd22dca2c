// A trained network in the page: its forward pass over typed arrays, as its description says (latentwalk/page/graph.py). Weights come as they
// are stored: safetensors in float16. 20-400-784 decodes in a fraction of a millisecond.

import { volume } from "./numbers.js";
import { readTensors } from "./safetensors.js";

export const halves = new Float32Array(65536); // float16 bits -> number
const patterns = new Uint32Array(halves.buffer);
for (let bits = 0; bits < 65536; bits++) {
  const sign = bits >> 15;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) halves[bits] = (sign ? -1 : 1) * fraction * 2 ** -24;
  else patterns[bits] = (sign << 31) | ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13);
}

// An operation with its numbers: the shape of its weights is its `kernel`. Those of a linear layer are turned: one input's lie together.
function withWeights(step, tensors) {
  if (!step.weight) return step;
  const bitsOf = (name) => new Uint16Array(tensors[name].bytes);
  const numbers = (bits) => new Float32Array(bits.length).map((_, i) => halves[bits[i]]);
  const { shape } = tensors[step.weight];
  const bits = bitsOf(step.weight);
  const [rows, cols] = shape;
  const biases = step.bias ? numbers(bitsOf(step.bias)) : new Float32Array(rows);
  if (step.op !== "linear") return { ...step, kernel: shape, weights: numbers(bits), biases };
  const weights = new Float32Array(bits.length);
  let at = 0;
  for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) weights[c * rows + r] = halves[bits[at++]];
  return { ...step, weights, biases };
}

// layers: part -> description; views: part -> DataView of a safetensors file with the tensors that it names.
export function readNetwork(name, layers, views) {
  const parts = {};
  for (const [part, steps] of Object.entries(layers)) {
    try {
      const tensors = readTensors(views[part]);
      parts[part] = steps.map((step) => withWeights(step, tensors));
    } catch (error) {
      throw new Error(`${name}: its weights to ${part} cannot be read`, { cause: error });
    }
  }
  return new Network(name, parts);
}

export class Network {
  // parts: "encode", "decode" -> operations with their numbers, the input first.
  constructor(name, parts) {
    this.name = name;
    this.parts = parts;
  }

  // Numbers in a code.
  get dims() {
    return volume(this.parts.decode[0].shape);
  }

  // What each operation of a half gives, the input first.
  stages(part, input) {
    const steps = this.parts[part];
    const size = volume(steps[0].shape);
    if (input.length !== size)
      throw new Error(`${this.name}: ${input.length} numbers given to a network that takes ${size}`);
    const values = [input];
    for (const step of steps.slice(1)) {
      const { op, from, activation, alpha } = step;
      const inputs = from.map((place) => values[place]);
      const out = OPERATIONS[op](
        step,
        inputs,
        from.map((place) => steps[place].shape),
      );
      if (activation) activate(out, ACTIVATIONS[activation], alpha);
      values.push(out);
    }
    return values;
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

function activate(out, activation, alpha) {
  for (let i = 0; i < out.length; i++) out[i] = activation(out[i], alpha);
}

// operation(step, inputs, their shapes) gives an array of its own, which the step's activation may change.
const OPERATIONS = {
  linear({ weights, biases }, [x]) {
    const out = biases.slice();
    addProducts(out, weights, x);
    return out;
  },
  reshape: ({ activation }, [x]) => (activation ? Float32Array.from(x) : x),
  // Rows one after the other, or maps.
  concat({ shape }, inputs) {
    const out = new Float32Array(volume(shape));
    let start = 0;
    for (const x of inputs) {
      out.set(x, start);
      start += x.length;
    }
    return out;
  },
};

const ACTIVATIONS = {
  relu: (x) => Math.max(0, x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  clip: (x) => Math.min(1, Math.max(0, x)),
};

// What only some networks need (layers.js).
export function learn({ operations, activations }) {
  Object.assign(OPERATIONS, operations);
  Object.assign(ACTIVATIONS, activations);
}
