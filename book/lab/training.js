// The training of a VAE: steps of Adam on the loss of a program, and measurements with the right loss.

import { blockUntilReady, numpy as np, tree } from "@jax-js/jax";
import { normals } from "../../src/latentwalk/widgets/numbers.js";
import { filled, finite } from "./arrays.js";
import { Batches } from "./batches.js";
import { discard, gradientOf, keep } from "./program.js";
import { Told } from "./told.js";
import { adam, draw, firstWeights, klOf, layerSizes, measure, PIXELS, stepSize, uniforms } from "./vae.js";

export const CHUNK = 500; // pictures that are measured at a time

export class Training {
  #slopes = null; // the program with its gradient, compiled for one size of batch

  // settings: {dims, hidden, batch, rate, beta, seed}; weights: {fc1: {weight, bias}, ...} as Float32Arrays, or none for new ones.
  constructor(settings, weights = null, step = 0) {
    this.settings = { ...settings };
    this.sizes = layerSizes(settings);
    this.step = step; // all steps of this network
    this.warm = 0; // steps since its optimizer was new
    this.told = () => {}; // is called now and then in what takes long
    this.noise = normals(settings.seed + step);
    this.random = uniforms(settings.seed + step + 1);
    this.set(weights ?? firstWeights(this.sizes, settings.seed));
  }

  set(weights) {
    this.free();
    const array = (values, shape) => np.array(values, { shape });
    this.params = {};
    for (const [name, [m, n]] of Object.entries(this.sizes)) {
      const { weight, bias } = weights[name];
      if (weight.length !== m * n || bias.length !== n) throw new Error(`${name}: expected ${m} x ${n} weights`);
      this.params[name] = { weight: array(weight, [m, n]), bias: array(bias, [n]) };
    }
    const zeros = () => tree.map((a) => np.zeros(a.shape), this.params);
    [this.means, this.squares, this.warm] = [zeros(), zeros(), 0];
  }

  // pictures: Uint8Array (n, 784); which of them are trained on
  setData(pictures, which) {
    this.data = new Batches(pictures, which, this.random);
  }

  get batch() {
    return Math.min(this.settings.batch, this.data.count);
  }

  get epoch() {
    return (this.step * this.batch) / this.data.count;
  }

  // Takes a program that works on a batch as the network is now; otherwise throws what is wrong with it, and all stays as it was.
  async setProgram(text, load) {
    const slopes = gradientOf(text, load);
    try {
      await this.#try(slopes);
    } catch (error) {
      if (slopes !== this.#slopes) discard(text, slopes);
      throw error;
    }
    keep(text, slopes);
    this.#slopes = slopes;
    this.program = text;
  }

  async #try(slopes) {
    const { loss, terms, grads } = await this.#run(slopes, this.data.take(this.batch));
    const flat = tree.leaves(grads);
    const values = await Promise.all(flat.map((slope) => slope.data()));
    const named = Object.entries(terms).find(([, value]) => !Number.isFinite(value));
    if (named) throw new Told("not_finite", { name: named[0], value: named[1] });
    if (!Number.isFinite(loss)) throw new Told("not_finite", { name: "loss()", value: loss });
    if (!values.every(finite)) throw new Told("bad_slope");
    if (values.every((slope) => slope.every((value) => value === 0))) throw new Told("no_slope");
  }

  #normals(rows, noise = this.noise) {
    const { dims } = this.settings;
    return np.array(filled(rows * dims, noise), { shape: [rows, dims] });
  }

  async #run(slopes, which) {
    const [x, eps, beta] = [this.data.rows(which), this.#normals(which.length), np.array(this.settings.beta)];
    const [[loss, aux], grads] = slopes(tree.ref(this.params), x, eps, beta);
    const terms = {};
    for (const [name, term] of Object.entries(aux)) terms[name] = (await term.data())[0];
    return { loss: (await loss.data())[0], terms, grads };
  }

  // One step. Gives the loss and its terms per picture of the batch, before it; null if the loss is no number, and nothing is done then.
  async advance() {
    const { loss, terms, grads } = await this.#run(this.#slopes, this.data.take(this.batch));
    if (!Number.isFinite(loss)) {
      tree.dispose(grads);
      return null;
    }
    this.step += 1;
    this.warm += 1;
    const size = np.array(stepSize(this.settings.rate, this.warm));
    // One layer after the other, each worked out before the next one, which takes its memory.
    for (const layer of Object.keys(this.params)) {
      const next = adam(this.params[layer], grads[layer], this.means[layer], this.squares[layer], size.ref);
      for (const [kind, values] of Object.entries(next)) this[kind][layer] = values;
      await blockUntilReady(next);
    }
    size.dispose();
    return { loss, terms };
  }

  // mu, logvar (n, dims) and the right two terms, means over these pictures; eps from a seed, so that two looks compare, times `sign`.
  async measure(which, seed = 1, sign = 1) {
    const { dims } = this.settings;
    const found = { mu: new Float32Array(which.length * dims), logvar: new Float32Array(which.length * dims) };
    const draw = normals(seed);
    const noise = () => sign * draw();
    let [recon, kl] = [0, 0];
    for (let from = 0; from < which.length; from += CHUNK) {
      const part = which.slice(from, from + CHUNK);
      this.told();
      const answers = measure(tree.ref(this.params), this.data.rows(part, CHUNK), this.#normals(CHUNK, noise));
      const [mu, logvar, costs] = await Promise.all(answers.map((answer) => answer.data()));
      found.mu.set(mu.subarray(0, part.length * dims), from * dims);
      found.logvar.set(logvar.subarray(0, part.length * dims), from * dims);
      for (let i = 0; i < part.length; i++) recon += costs[i];
    }
    for (let i = 0; i < found.mu.length; i++) kl += klOf(found.mu[i], found.logvar[i]);
    return { ...found, recon: recon / which.length, kl: kl / which.length };
  }

  // codes (n, dims) -> pictures (n, 784)
  draw(codes) {
    const rows = codes.length / this.settings.dims;
    return draw(tree.ref(this.params), np.array(codes, { shape: [rows, this.settings.dims] })).data();
  }

  // All weights as they are now, {fc1: {weight, bias}, ...}.
  async weights() {
    const found = {};
    for (const [name, { weight, bias }] of Object.entries(this.params))
      found[name] = { weight: await weight.ref.data(), bias: await bias.ref.data() };
    return found;
  }

  // The gradient of a program's loss for these pictures and this eps, for tests.
  async slopesOf(text, x, eps, load) {
    const { dims, beta } = this.settings;
    const rows = eps.length / dims;
    const slopes = gradientOf(text, load);
    const given = [np.array(x, { shape: [rows, PIXELS] }), np.array(eps, { shape: [rows, dims] }), np.array(beta)];
    const [[loss, aux], grads] = slopes(tree.ref(this.params), ...given);
    tree.dispose(aux);
    const found = {};
    for (const [name, { weight, bias }] of Object.entries(grads))
      found[name] = { weight: await weight.data(), bias: await bias.data() };
    return { loss: (await loss.data())[0], grads: found };
  }

  // Frees all that it holds.
  free() {
    for (const held of [this.params, this.means, this.squares]) if (held) tree.dispose(held);
    this.params = this.means = this.squares = null;
  }
}
