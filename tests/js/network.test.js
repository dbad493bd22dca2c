// The forward pass in the page, against sums done by hand and against the plain definition.

import assert from "node:assert/strict";
import test from "node:test";
import { halves, learn, readNetwork } from "../../src/latentwalk/widgets/network.js";

// What the 16 bits of a half float mean: sign, exponent, fraction.
function meaning(bits) {
  const sign = bits >> 15 ? -1 : 1,
    exponent = (bits >> 10) & 31,
    fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent ? sign * 2 ** (exponent - 15) * (1 + fraction / 1024) : sign * 2 ** -14 * (fraction / 1024);
}

// A safetensors file of layers, name -> [rows, cols, weights row by row and then biases]: numbers that a half float holds exactly.
function file(layers, before = 0) {
  const header = {};
  const numbers = [];
  const add = (name, shape, values) => {
    const start = 2 * numbers.length;
    numbers.push(...values);
    header[name] = { dtype: "F16", shape, data_offsets: [start, 2 * numbers.length] };
  };
  for (const [name, [rows, cols, values]] of Object.entries(layers)) {
    add(`${name}.weight`, [rows, cols], values.slice(0, rows * cols));
    add(`${name}.bias`, [rows], values.slice(rows * cols));
  }
  const bits = Uint16Array.from(numbers, (number) => {
    const found = halves.indexOf(number);
    assert.notEqual(found, -1, `${number} is no half float`);
    return found;
  });
  const text = new TextEncoder().encode(JSON.stringify(header).padEnd(512));
  const bytes = new Uint8Array(before + 8 + text.length + 2 * bits.length);
  new DataView(bytes.buffer).setBigUint64(before, BigInt(text.length), true);
  bytes.set(text, before + 8);
  bytes.set(new Uint8Array(bits.buffer), before + 8 + text.length);
  return new DataView(bytes.buffer, before);
}

// Operations of a description.
const input = (size) => ({ op: "input", from: [], shape: [size] });
const linear = (name, place, rows, activation) => ({
  op: "linear",
  from: [place],
  shape: [rows],
  weight: `${name}.weight`,
  bias: `${name}.bias`,
  activation,
});

test("every half float is what its bits mean", () => {
  for (let bits = 0; bits < 65536; bits++) assert.ok(Object.is(halves[bits], meaning(bits)), bits.toString(2));
});

test("a small chain gives what a hand computes", () => {
  const layers = {
    encode: [
      input(3),
      linear("a", 0, 2, "relu"),
      linear("mu", 1, 1),
      linear("logvar", 1, 1),
      { op: "concat", from: [2, 3], shape: [2] },
    ],
    decode: [input(1), linear("b", 0, 2, "relu"), linear("c", 1, 3, "sigmoid")],
  };
  const views = {
    encode: file({
      a: [2, 3, [1, 2, 0, 0, -1, 1, 0.5, 0]], // [[1, 2, 0], [0, -1, 1]], [0.5, 0]
      logvar: [1, 2, [1, 1, 0.25]],
      mu: [1, 2, [2, 0, -1]],
    }),
    decode: file({
      b: [2, 1, [1, -1, 0, 1]], // [[1], [-1]], [0, 1]
      c: [3, 2, [1, 0, 0, 2, 1, 1, 0, -1, 0.5]], // [[1, 0], [0, 2], [1, 1]], [0, -1, 0.5]
    }),
  };
  const network = readNetwork("small", layers, views);
  // relu(1 + 0.5, -0 + 0) and relu(4 + 0.5, -2 + 3): 1.5, 0 and 4.5, 1
  assert.deepEqual(network.encode([1, 0, 0]), { mu: Float32Array.of(2), logvar: Float32Array.of(1.75) });
  assert.deepEqual(network.encode([0, 2, 3]), { mu: Float32Array.of(8), logvar: Float32Array.of(5.75) });
  const stages = network.stages("encode", [1, 0, 0]);
  assert.deepEqual(stages, [[1, 0, 0], ...[[1.5, 0], [2], [1.75], [2, 1.75]].map((part) => Float32Array.from(part))]);
  // relu(3, -2) = 3, 0; relu(-1, 2) = 0, 2
  const sigmoid = (...values) => Float32Array.from(values, (value) => 1 / (1 + Math.exp(-value)));
  assert.deepEqual(network.decode([3]), sigmoid(3, -1, 3.5));
  assert.deepEqual(network.decode([-1]), sigmoid(0, 3, 2.5));
});

test("an encoder with one head has no logvar", () => {
  const layers = { encode: [input(1), linear("a", 0, 2)], decode: [input(2), linear("b", 0, 1)] };
  const views = { encode: file({ a: [2, 1, [1, 2, 0, 0]] }), decode: file({ b: [1, 2, [1, 1, 0]] }) };
  const network = readNetwork("plain", layers, views);
  assert.deepEqual(network.encode([3]), { mu: Float32Array.of(3, 6), logvar: null });
});

const decoder = (cols, rows) => ({ decode: [input(cols), linear("one", 0, rows)] });

test("any number of inputs, dark ones among them, gives the plain sum", () => {
  for (const cols of [1, 3, 8, 11, 12, 13, 25]) {
    const rows = 3,
      number = (i) => ((i * 37) % 17) / 4 - 2,
      numbers = Array.from({ length: rows * (cols + 1) }, (_, i) => number(i)),
      input = Array.from({ length: cols }, (_, i) => (i % 3 ? number(i + 5) : 0));
    const network = readNetwork("sum", decoder(cols, rows), { decode: file({ one: [rows, cols, numbers] }) });
    const expected = Float32Array.from({ length: rows }, (_, r) =>
      input.reduce((sum, x, c) => sum + x * numbers[r * cols + c], numbers[rows * cols + r]),
    );
    assert.deepEqual(network.decode(input), expected, `${cols} inputs`);
  }
});

test("weights may lie anywhere in their buffer", () => {
  const network = readNetwork("odd", decoder(1, 1), { decode: file({ one: [1, 1, [2, 1]] }, 3) });
  assert.deepEqual(network.decode([5]), Float32Array.of(11));
});

test("what does not fit is refused by the network's name", () => {
  const words = { message: "mine: its weights to decode cannot be read" };
  for (const view of [
    undefined,
    new DataView(new ArrayBuffer(4)),
    new DataView(new ArrayBuffer(999)),
    file({ two: [1, 1, [0, 0]] }),
  ])
    assert.throws(() => readNetwork("mine", decoder(2, 2), { decode: view }), words);
  const network = readNetwork("mine", decoder(2, 2), { decode: file({ one: [2, 2, Array(6).fill(0)] }) });
  assert.throws(() => network.decode([1, 2, 3]), { message: "mine: 3 numbers given to a network that takes 2" });
});

test("what a page does not know it learns, and then it runs", () => {
  const step = { op: "linear", from: [0], shape: [1], weight: "one.weight", activation: "halved", alpha: 2 };
  const layers = { decode: [input(1), step, { op: "twice", from: [1], shape: [1] }] };
  learn({ operations: { twice: (_, [x]) => x.map((value) => 2 * value) }, activations: { halved: (x, by) => x / by } });
  const network = readNetwork("learned", layers, { decode: file({ one: [1, 1, [3, 100]] }) });
  assert.deepEqual(network.decode([1]), Float32Array.of(3), "a layer without a bias has none, whatever the file holds");
});
