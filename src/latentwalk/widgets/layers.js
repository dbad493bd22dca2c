// What only some networks need: convolutions, pooling, norms, and activations beyond ReLU and sigmoid. It comes with the widget of such a
// network (latentwalk/page/network.py), not with the figures. Descriptions: latentwalk/page/graph.py; shapes of maps: channels, height, width.

import { mapOperations } from "./maps.js";
import { volume } from "./numbers.js";

function slice({ axis, start, length }, [x], [from]) {
  const inner = volume(from.slice(axis + 1));
  const outer = volume(from.slice(0, axis));
  const out = new Float32Array(outer * length * inner);
  for (let i = 0; i < outer; i++) {
    const first = (i * from[axis] + start) * inner;
    out.set(x.slice(first, first + length * inner), i * length * inner);
  }
  return out;
}

function normalize({ block, eps }, [x]) {
  const out = new Float32Array(x.length);
  for (let start = 0; start < x.length; start += block) {
    let [sum, squares] = [0, 0];
    for (let i = start; i < start + block; i++) sum += x[i];
    const mean = sum / block;
    for (let i = start; i < start + block; i++) squares += (x[i] - mean) ** 2;
    const factor = 1 / Math.sqrt(squares / block + eps);
    for (let i = start; i < start + block; i++) out[i] = (x[i] - mean) * factor;
  }
  return out;
}

const operations = {
  ...mapOperations,
  slice,
  normalize,
  scale: ({ weights, biases, every }, [x]) =>
    Float32Array.from(x, (value, i) => {
      const c = Math.floor(i / every) % weights.length;
      return weights[c] * value + biases[c];
    }),
  add: ({ factor }, [x, y]) => Float32Array.from(x, (value, i) => value + factor * y[i]),
  multiply: (_, [x, y]) => Float32Array.from(x, (value, i) => value * y[i]),
  affine: ({ scale, shift }, [x]) => Float32Array.from(x, (value) => scale * value + shift),
};

const logistic = (x) => 1 / (1 + Math.exp(-x));

// The error function, to 1.5e-7 (Abramowitz and Stegun, 7.1.26).
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const sum = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return Math.sign(x) * (1 - sum * Math.exp(-x * x));
}

const activations = {
  tanh: Math.tanh,
  silu: (x) => x * logistic(x),
  gelu: (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
  gelu_tanh: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  leaky_relu: (x, alpha) => (x < 0 ? alpha * x : x),
  elu: (x, alpha) => (x < 0 ? alpha * Math.expm1(x) : x),
  softplus: (x, alpha) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(alpha * x))) / alpha,
};

export const layers = { operations, activations };

globalThis.latentwalkLayers = layers;
globalThis.dispatchEvent?.(new Event("latentwalk-layers")); // loading.js waits for it

export default {};
