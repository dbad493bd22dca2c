// One training of the Lab without a page, for missions.py: the settings as JSON and the digits' file; prints the result as JSON.

import { readFileSync } from "node:fs";
import vm from "node:vm";
import { defaultDevice, init } from "../../book/node_modules/@jax-js/jax/dist/index.js";
import { choose } from "../../book/lab/data.js";
import { Training } from "../../book/lab/training.js";
import { klOf } from "../../book/lab/vae.js";

const EPOCHS = 4;
const { program, classes = null, ...settings } = JSON.parse(process.argv[2]);
const bytes = new Uint8Array(readFileSync(process.argv[3]));
const { training: train, test } = choose({ labels: bytes.subarray(0, 12_000), train: 10_000 }, classes);
await init("wasm");
defaultDevice("wasm");
const training = new Training(settings);
training.setData(bytes.subarray(12_000), train);
await training.setProgram(program, (text) => vm.runInThisContext(text));
const first = await training.measure(test);
let reported = null;
let lost = null;
for (let step = 0; step < EPOCHS * Math.floor(train.length / settings.batch) && lost === null; step++) {
  const done = await training.advance();
  if (done) reported = done.loss;
  else lost = training.step;
}
const { mu, logvar, recon, kl } = await training.measure(test);
const each = new Array(settings.dims).fill(0);
for (const [i, m] of mu.entries()) each[i % settings.dims] += klOf(m, logvar[i]) / test.length;
const sigma = logvar.reduce((sum, value) => sum + Math.exp(value / 2), 0) / logvar.length;
const active = each.filter((value) => value > 0.05).length;
console.log(JSON.stringify({ untrained: first.recon + first.kl, recon, kl, active, sigma, reported, lost }));
