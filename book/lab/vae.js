// A VAE on jax-js: its layers, with weights (in, out); what it draws, what it costs by the right loss, and a step of Adam.

import { jit, nn, numpy as np, tree } from "@jax-js/jax";
import { filled } from "./arrays.js";

export const PIXELS = 784;
// The book's recipe averages squared slopes over 20 steps, PyTorch's default over 1,000 (chapter 05).
const ADAM = { mean: 0.9, square: 0.95, tiny: 1e-8 };
const WARM_UP = 60; // steps in which the learning rate rises

export const layerSizes = ({ hidden, dims }) => ({
  fc1: [PIXELS, hidden],
  fc21: [hidden, dims], // mu
  fc22: [hidden, dims], // logvar
  fc3: [dims, hidden],
  fc4: [hidden, PIXELS],
});

// As PyTorch starts its linear layers: uniform within 1 / sqrt(inputs).
export function firstWeights(sizes, seed) {
  const random = uniforms(seed);
  const fill = (count, bound) => filled(count, () => bound * (2 * random() - 1));
  const make = ([m, n]) => ({ weight: fill(m * n, 1 / Math.sqrt(m)), bias: fill(n, 1 / Math.sqrt(m)) });
  return Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, make(size)]));
}

// Numbers in [0, 1) that a seed fixes (xorshift).
export function uniforms(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
}

const dense = (x, { weight, bias }) => np.matmul(x, weight).add(bias);
const decode = ({ fc3, fc4 }, z) => dense(nn.relu(dense(z, fc3)), fc4); // log-odds

// The right loss of each picture, whatever the program says: mu, logvar (n, dims), reconstruction (n,) with one sample of z.
const losses = (layers, x, eps) => {
  const { fc1, fc21, fc22, fc3, fc4 } = layers;
  const h = nn.relu(dense(x.ref, fc1));
  const mu = dense(h.ref, fc21);
  const logvar = dense(h, fc22);
  const z = mu.ref.add(eps.mul(np.exp(logvar.ref.mul(0.5))));
  const logits = decode({ fc3, fc4 }, z);
  return [mu, logvar, nn.softplus(logits.ref).sub(x.mul(logits)).sum(1)];
};
const pictures = ({ fc1, fc21, fc22, fc3, fc4 }, z) => {
  tree.dispose([fc1, fc21, fc22]);
  return nn.sigmoid(decode({ fc3, fc4 }, z));
};
// Of one layer.
const step = (params, slopes, means, squares, size) => {
  const next = { params: {}, means: {}, squares: {} };
  for (const [part, value] of Object.entries(params)) {
    const slope = slopes[part];
    const mean = means[part].mul(ADAM.mean).add(slope.ref.mul(1 - ADAM.mean));
    const square = squares[part].mul(ADAM.square).add(np.square(slope).mul(1 - ADAM.square));
    const change = mean.ref.div(np.sqrt(square.ref).add(ADAM.tiny)).mul(size.ref);
    next.params[part] = value.sub(change);
    next.means[part] = mean;
    next.squares[part] = square;
  }
  size.dispose();
  return next;
};

// Of Adam at a learning rate, after so many steps: their means begin at 0, which is made up for.
export function stepSize(rate, steps) {
  const bias = Math.sqrt(1 - ADAM.square ** steps) / (1 - ADAM.mean ** steps);
  return rate * Math.min(1, steps / WARM_UP) * bias;
}

// Compiled once for each size of network.
export const measure = jit(losses);
export const draw = jit(pictures);
export const adam = jit(step);

// Of one dimension of a code, in nats.
export const klOf = (mu, logvar) => 0.5 * (mu * mu + Math.exp(logvar) - logvar - 1);
