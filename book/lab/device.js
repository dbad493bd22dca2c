// What a worker reckons with: WebGPU where the browser has one that works, else WebAssembly.

import { grad, init, numpy as np } from "@jax-js/jax";
import { Told } from "./told.js";

const EMPTY = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]); // a WebAssembly module without anything in it

// "webgpu" or "wasm"; `wanted` goes first. Throws if there is neither: no browser is that old, but a page's policy may forbid it.
export async function chooseDevice(wanted) {
  for (const device of new Set([wanted || "webgpu", "webgpu", "wasm"])) if (await works(device)) return device;
  throw new Told("no_wasm");
}

// Whether a device does what a training needs: products of matrices, and a gradient through them.
async function works(device) {
  try {
    if (!(await init(device)).includes(device)) return false;
    if (device === "wasm") new WebAssembly.Module(EMPTY);
    const on = (values, shape) => np.array(values, { shape, device });
    const loss = (w) => np.square(np.matmul(on([1, 2], [1, 2]), w)).sum(); // (w0 + 2 w1)^2
    const slope = await grad(loss)(on([3, 4], [2, 1])).data();
    return slope[0] === 22 && slope[1] === 44;
  } catch {
    return false;
  }
}
