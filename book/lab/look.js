// A look at a network in training: what the page shows of it.

import { finite } from "./arrays.js";
import { CHUNK } from "./training.js";
import { PIXELS } from "./vae.js";

const ROW = 10; // test pictures that are decoded again
const MEASURED = 4; // draws of the noise, and their opposites, over which a test loss is averaged

// The labels of the test pictures that are looked at, and the bytes of those that are decoded again.
export function shown({ pictures, labels }, test) {
  const some = test.slice(0, CHUNK);
  const row = some.slice(0, ROW);
  const bytes = new Uint8Array(row.length * PIXELS);
  for (const [k, i] of row.entries()) bytes.set(pictures.subarray(PIXELS * i, PIXELS * (i + 1)), PIXELS * k);
  return { pictures: bytes, labels: Uint8Array.from(some, (i) => labels[i]) };
}

// {look, buffers: those of its arrays}; codes: of the samples. null if a weight is no number any more.
export async function see(training, test, codes) {
  const { step, epoch, settings } = training;
  const { recon, kl, mu, logvar } = await training.measure(test.slice(0, CHUNK));
  const row = new Float32Array(codes.length); // one shape of codes, so that one kernel draws them
  row.set(mu.subarray(0, Math.min(ROW * settings.dims, codes.length)));
  const [samples, copies, weights] = [await training.draw(codes), await training.draw(row), await training.weights()];
  const numbers = Object.values(weights).flatMap(({ weight, bias }) => [weight, bias]);
  if (!numbers.every(finite)) return null;
  const look = { step, epoch, recon, kl, mu, logvar, samples, copies, weights, settings };
  return { look, buffers: [mu, logvar, samples, copies, ...numbers].map((array) => array.buffer) };
}

// The two terms over all test pictures and several draws of the noise.
export async function testLoss(training, test) {
  let [recon, kl] = [0, 0];
  for (let seed = 1; seed <= MEASURED; seed++)
    for (const sign of [1, -1]) {
      const found = await training.measure(test, seed, sign);
      recon += found.recon / (2 * MEASURED);
      kl = found.kl;
    }
  return { recon, kl };
}
