// The pictures that are trained on, a batch at a time.

import { numpy as np } from "@jax-js/jax";
import { PIXELS } from "./vae.js";

export class Batches {
  #order = new Uint32Array(0); // those of this epoch that are left
  #space = new Float32Array(0); // for rows(): jax-js copies what it is given

  // pictures: Uint8Array (n, 784); which of them are trained on; random() shuffles these before each epoch.
  constructor(pictures, which, random) {
    Object.assign(this, { pictures, which: Uint32Array.from(which), random });
  }

  get count() {
    return this.which.length;
  }

  // The places of the next ones. What is left of an epoch and too few for a batch is left out.
  take(size) {
    if (this.#order.length < size) {
      const order = Uint32Array.from(this.which);
      for (let i = this.count - 1; i > 0; i--) {
        const j = Math.floor(this.random() * (i + 1));
        [order[i], order[j]] = [order[j], order[i]];
      }
      this.#order = order;
    }
    const taken = this.#order.subarray(0, size);
    this.#order = this.#order.subarray(size);
    return taken;
  }

  // The pictures at these places, numbers in [0, 1], (size, 784): as many as these, or more, of which the last are black.
  rows(which, size = which.length) {
    if (this.#space.length < size * PIXELS) this.#space = new Float32Array(size * PIXELS);
    const rows = this.#space.subarray(0, size * PIXELS).fill(0);
    for (const [k, i] of which.entries())
      for (let j = 0; j < PIXELS; j++) rows[k * PIXELS + j] = this.pictures[i * PIXELS + j] / 255;
    return np.array(rows, { shape: [size, PIXELS] });
  }
}
