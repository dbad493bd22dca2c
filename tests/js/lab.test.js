// The Lab without a page: its loss as a text, its network, its file. jax-js runs on WebAssembly here as it does in the worker.

import assert from "node:assert/strict";
import { test } from "node:test";
import vm from "node:vm";
import { Training } from "../../book/lab/training.js";
import { defaultDevice, init } from "../../book/node_modules/@jax-js/jax/dist/index.js";
import { differences, likelyLine } from "../../src/latentwalk/widgets/lab_editor.js";
import { normals, times } from "../../src/latentwalk/widgets/numbers.js";
import { packLayers, safetensorsFile, unpackLayers } from "../../src/latentwalk/widgets/safetensors.js";

const load = (text) => vm.runInThisContext(text);
await init("wasm");
defaultDevice("wasm");

const SETTINGS = { dims: 2, hidden: 10, batch: 20, rate: 0.01, beta: 1, seed: 3 };
const LOSS = `function loss(params, x, eps, beta) {
  const h1 = relu(linear(x, params.fc1));
  const mu = linear(h1, params.fc21), logvar = linear(h1, params.fc22);
  const z = mu.add(eps.mul(exp(logvar.mul(0.5))));
  const logits = linear(relu(linear(z, params.fc3)), params.fc4);
  const BCE = softplus(logits).sub(x.mul(logits)).sum();
  const KLD = exp(logvar).add(mu.pow(2)).sub(logvar).sub(1).sum().mul(0.5);
  return { BCE, KLD: KLD.mul(beta) };
}`;
const pictures = Uint8Array.from({ length: 60 * 784 }, (_, i) => ((i * 7919) % 784 < 200 ? (i * 31) % 256 : 0));

function untrained() {
  const training = new Training(SETTINGS);
  training.setData(
    pictures,
    times(40, (i) => i),
  );
  return training;
}

test("an untrained network pays about 784 ln 2, and less after some steps; two runs are the same", async () => {
  const losses = [];
  for (let run = 0; run < 2; run++) {
    const training = untrained();
    await training.setProgram(LOSS, load);
    const before = await training.measure([40, 41, 42]);
    assert.ok(Math.abs(before.recon / (784 * Math.LN2) - 1) < 0.05, before.recon);
    for (let step = 0; step < 60; step++) await training.advance();
    const after = await training.measure([40, 41, 42]);
    assert.ok(after.recon < 0.8 * before.recon, after.recon);
    losses.push(after.recon);
    assert.equal(training.step, 60);
    training.free();
  }
  assert.equal(losses[0], losses[1]);
});

const WRONG = {
  "the program has no function named loss": ["const lost = 1;", null],
  "foo is not defined": ["function loss(p, x) {\n  return foo(x);\n}", 2],
  "linear: the layer takes (batch, 2), and was given (20, 784)": [
    "function loss(p, x) {\n\n  return linear(x, p.fc3);\n}",
    3,
  ],
  "add: the shapes (20, 784) and (20, 2) do not go together": [
    "function loss(p, x, eps) {\n  return x.add(eps);\n}",
    2,
  ],
  "loss has the shape (20, 10): expected one number, such as its sum()": [
    "function loss(p, x) {\n  return linear(x, p.fc1);\n}",
    null,
  ],
  "what loss() returned does not depend on params: there is nothing to learn": ["function loss() { return 3; }", null],
  "no gradient reaches any layer: what loss() returned does not depend on params": [
    "function loss(p, x) { return x.sum(); }",
    null,
  ],
  "loss() returned no numbers: expected return { BCE, KLD }, or one sum": ["function loss() {}", null],
  "exp: expected an array or a number, got nothing": ["function loss(p, x) {\n  return exp(x.shap);\n}", 2],
  "loss is NaN, not a number to make small": [
    "function loss(p, x) { return linear(x, p.fc1).sub(9).log().sum(); }",
    null,
  ],
};

test("what is wrong with a program is said, with its line, and the one before goes on", async () => {
  const training = untrained();
  await training.setProgram(LOSS, load);
  for (const [message, [text, line]] of Object.entries(WRONG)) {
    await assert.rejects(training.setProgram(text, load), (error) => {
      assert.deepEqual([error.message, error.line], [message, line]);
      return true;
    });
    assert.ok(await training.advance(), message);
  }
  await assert.rejects(training.setProgram("function loss(p, x) { return x + 1; }", load), /do not know arrays/);
  await assert.rejects(training.setProgram("function loss( {", load), /Unexpected/);
  training.free();
});

test("losses of a reader's own: free bits, a squared error, several samples of z", async () => {
  const training = untrained();
  const head = LOSS.slice(0, LOSS.indexOf("  const BCE"));
  for (const end of [
    "return { a: softplus(logits).sub(x.mul(logits)).sum(), b: maximum(exp(logvar).add(mu.pow(2)).sub(logvar).sub(1).mul(0.5).mean(0), 0.1).sum().mul(20) }; }",
    "return sigmoid(logits).sub(x).square().sum().div(0.02).add(mu.square().sum()); }",
    "const w = concat([mu, logvar]); return w.slice(0, 1).abs().sum().add(logsumexp(logits, 1).sum()).add(max(z)).sub(min(z)); }",
  ]) {
    await training.setProgram(head + end, load);
    assert.ok(Number.isFinite((await training.advance()).loss), end);
  }
  training.free();
});

test("a loss that is no number any more leaves the network as it was", async () => {
  const training = untrained();
  await training.setProgram(LOSS, load);
  const before = await training.weights();
  training.settings.beta = Number.POSITIVE_INFINITY;
  assert.equal(await training.advance(), null);
  assert.deepEqual(await training.weights(), before);
  assert.equal(training.step, 0);
  training.free();
});

test("a network goes into a file and comes back", async () => {
  const training = untrained();
  const weights = await training.weights();
  const file = safetensorsFile(packLayers(weights), { manifest: "{}" });
  assert.equal((8 + Number(new DataView(file.buffer).getBigUint64(0, true))) % 8, 0);
  assert.deepEqual(unpackLayers(new DataView(file.buffer)), weights);
  const draw = normals(1);
  const codes = Float32Array.from({ length: 6 }, draw);
  const again = new Training(SETTINGS, weights);
  assert.deepEqual(await again.draw(codes), await training.draw(codes));
  training.free();
  again.free();
});

test("the lines that differ, and the line that is to blame", () => {
  assert.deepEqual(differences("a\nb\nc", "a\nx\nc\nd"), [
    ["-", "b"],
    ["+", "x"],
    ["+", "d"],
  ]);
  assert.deepEqual(differences("a\nb", "a\nb"), []);
  assert.equal(likelyLine("function loss() {\n  for (;;) {}\n  return 1;\n}", true), 2);
  assert.equal(likelyLine("function loss() {\n  for (;;) {}\n  return 1;\n}", false), 3);
});
