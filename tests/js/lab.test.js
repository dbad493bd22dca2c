// The Lab without a page: its loss as a text, its network, its file. jax-js runs on WebAssembly here as it does in the worker.

import assert from "node:assert/strict";
import { test } from "node:test";
import vm from "node:vm";
import { Training } from "../../book/lab/training.js";
import { defaultDevice, init } from "../../book/node_modules/@jax-js/jax/dist/index.js";
import { labAnswers } from "../../src/latentwalk/widgets/lab_answers.js";
import { differences, likelyLine } from "../../src/latentwalk/widgets/lab_editor.js";
import { labPrograms } from "../../src/latentwalk/widgets/lab_programs.js";
import { labChoices } from "../../src/latentwalk/widgets/lab_state.js";
import { packLayers, unpackLayers } from "../../src/latentwalk/widgets/lab_weights.js";
import { normals, times } from "../../src/latentwalk/widgets/numbers.js";
import { asPictures, drawn, kindOf, readNpy, split } from "../../src/latentwalk/widgets/picture_files.js";
import { safetensorsFile } from "../../src/latentwalk/widgets/safetensors.js";

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

// Programs: what is told of each, its numbers, and its line.
const WRONG = [
  ["const lost = 1;", "no_loss", {}, null],
  ["function loss(p, x) {\n\n  return linear(x, p.fc3);\n}", "layer_takes", { size: 2, shape: "(20, 784)" }, 3],
  [
    "function loss(p, x, eps) {\n  return x.add(eps);\n}",
    "shapes",
    { name: "add", one: "(20, 784)", other: "(20, 2)" },
    2,
  ],
  ["function loss(p, x) {\n  return linear(x, p.fc1);\n}", "term_shape", { name: "loss", shape: "(20, 10)" }, null],
  ["function loss() { return 3; }", "no_params", {}, null],
  ["function loss(p, x) { return x.sum(); }", "no_slope", {}, null],
  ["return 3;", "no_loss", {}, null],
  ["function loss() {}", "no_terms", { kind: "Undefined" }, null],
  ["async function loss(p, x) { return x.sum(); }", "no_terms", { kind: "Promise" }, null],
  ["function* loss(p, x) { yield x.sum(); }", "no_terms", { kind: "Generator" }, null],
  ["function loss() { throw null; }", "threw", { what: "null" }, null],
  ["function loss() {\n  throw new Error();\n}", "threw", { what: "Error" }, 2],
  ["function loss() { throw { toString: 3, valueOf: 3 }; }", "threw", { what: "object" }, null],
  ["function loss(p, x) {\n  return loss(p, x);\n}", null, undefined, 2],
  ["function loss(p, x) {\n  return exp(x.shap);\n}", "operand", { name: "exp", kind: "undefined" }, 2],
  ["function loss(p, x) { return x + 1; }", "operators", undefined, 1],
  [
    "function loss(p, x) { return linear(x, p.fc1).sub(9).log().sum(); }",
    "not_finite",
    { name: "loss", value: Number.NaN },
    null,
  ],
];

test("what is wrong with a program is said, with its line, and the one before goes on", async () => {
  const training = untrained();
  await training.setProgram(LOSS, load);
  for (const [text, key, values, line] of WRONG) {
    await assert.rejects(training.setProgram(text, load), (error) => {
      assert.deepEqual([error.key ?? null, error.line ?? null], [key, line]);
      if (values) assert.deepEqual(error.values, values);
      return true;
    });
    assert.ok(await training.advance(), key);
  }
  const unknown = training.setProgram("function loss(p, x) {\n  return foo(x);\n}", load);
  await assert.rejects(unknown, { message: "foo is not defined", line: 2 });
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

test("a program that fails is left for the one before it, and at the last for the right one", () => {
  const programs = labPrograms("right");
  assert.deepEqual([programs.back(), programs.other(), programs.good], [false, false, "right"]);
  for (const program of ["one", "two", "two"]) programs.take(program);
  assert.deepEqual([programs.back(), programs.good], [true, "one"]);
  assert.deepEqual([programs.back(), programs.good], [false, "one"]);
  assert.deepEqual([programs.other(), programs.good], [true, "right"]);
  assert.equal(programs.other(), false);
  assert.equal(programs.right(), false);
  for (const program of ["one", "two"]) programs.take(program);
  assert.deepEqual([programs.right(), programs.good, programs.back()], [true, "right", false]);
});

test("a network goes on only where it has the size that is chosen", () => {
  const chosen = { dims: [2, 8], widths: [10, 20], latent_dim_index: 0, hidden_index: 0 };
  const { fitting } = labChoices({ get: (name) => chosen[name] });
  const weights = { fc21: { bias: new Float32Array(2) }, fc3: { bias: new Float32Array(10) } };
  assert.deepEqual(fitting(null, { weights, step: 5 }), { weights, step: 5 });
  assert.deepEqual(fitting({ weights }), { weights, step: 0 });
  chosen.latent_dim_index = 1;
  assert.deepEqual(fitting({ weights, step: 5 }, null), {});
});

test("each question has its own answer, and a newer one of its kind ends the older one", async () => {
  const answers = labAnswers();
  const [first, other, second] = ["program", "measure", "program"].map((kind) => answers.ask(kind));
  await assert.rejects(first.answer, { message: "" });
  assert.equal(answers.settle(first.id, "late"), false);
  assert.equal(answers.settle(second.id, "mine"), true);
  assert.equal(await second.answer, "mine");
  answers.fail("the worker has ended");
  await assert.rejects(other.answer, { message: "the worker has ended" });
  const third = answers.ask("program");
  assert.equal(answers.refuse(third.id, new Error("wrong")), true);
  await assert.rejects(third.answer, { message: "wrong" });
  assert.equal(answers.refuse(third.id, new Error("again")), false);
});

// As np.save writes it.
function npy(descr, shape, numbers) {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const head = new TextEncoder().encode(`\x93NUMPY\x01\x00..${text.padEnd(117)}\n`);
  const bytes = new Uint8Array(128 + numbers.byteLength);
  bytes.set(head.slice(1)); // \x93 is two bytes in UTF-8
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  bytes.set(new Uint8Array(numbers.buffer), 128);
  return bytes;
}

test("arrays as PyTorch has them, colours first; an array of no pictures is one", () => {
  const grey = Uint8Array.from({ length: 2 * 4 * 5 }, (_, i) => i);
  const one = asPictures(readNpy(npy("|u1", [2, 1, 4, 5], grey)));
  assert.deepEqual(one, { count: 2, height: 4, width: 5, grey });
  const colours = new Float64Array(2 * 3 * 4 * 5); // of the second picture, green
  colours.fill(1, 4 * 20, 5 * 20);
  const three = asPictures(readNpy(npy("<f8", [2, 3, 4, 5], colours)));
  assert.deepEqual([three.count, three.height, three.width], [2, 4, 5]);
  assert.deepEqual(
    [...three.grey],
    times(40, (i) => (i < 20 ? 0 : 150)),
  );
  assert.deepEqual([...readNpy(npy("<f8", [3], Float64Array.of(0, 1, 254.6))).values], [0, 1, 255]);
  assert.deepEqual([...readNpy(npy("<f4", [3], Float32Array.of(0, 0.5, 1))).values], [0, 128, 255]);
  assert.deepEqual([...readNpy(npy("<i8", [3], BigInt64Array.of(0n, 1n, 1n))).values], [0, 1, 1]);
  assert.deepEqual([...readNpy(npy("|b1", [2], Uint8Array.of(0, 1))).values], [0, 255]);
  for (const odd of [-1, 256, Number.NaN])
    assert.throws(() => readNpy(npy("<f8", [2], Float64Array.of(0, odd))), { trouble: "npy_range" });
  assert.equal(asPictures(readNpy(npy("|u1", [0, 28, 28], new Uint8Array(0)))).count, 0);
  assert.throws(() => asPictures(readNpy(npy("|u1", [], Uint8Array.of(7)))), { trouble: "shape" });
});

test("what a file is, by its first bytes, whatever its name says", () => {
  const kind = (head) => kindOf(Uint8Array.from(head.padEnd(16, "\0"), (letter) => letter.charCodeAt(0)));
  for (const [head, is] of Object.entries({
    GIF89a: "image",
    "RIFF....WEBPVP8 ": "image",
    "\0\0\0\x1cftypavif": "image",
    "\0\0\0\x18ftypheic": "heic",
    "\0\0\0\x18ftypmif1": "heic",
    "PK\x03\x04": "packed",
    "\0\0\x08\x03": "idx",
    "\x1f\x8b": "gzip",
    hello: "other",
  }))
    assert.equal(kind(head), is, head);
});

test("of more pictures than can be trained on, some are drawn at random; a sixth measures", () => {
  const chosen = drawn(60_000, 20_000);
  assert.equal(new Set(chosen).size, 20_000);
  assert.ok(chosen.every((place, i) => place < 60_000 && (!i || place > chosen[i - 1])));
  assert.ok(Math.abs(chosen.filter((place) => place < 30_000).length - 10_000) < 300, "from everywhere");
  assert.deepEqual(drawn(3, 20_000), [0, 1, 2]);
  const pictures = times(60, (i) => new Uint8Array(784).fill(i));
  const {
    pictures: all,
    labels,
    train,
  } = split(
    pictures,
    times(60, (i) => i),
  );
  assert.equal(train, 50);
  assert.ok(labels.every((label, i) => all[784 * i] === label));
});
