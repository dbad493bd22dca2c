// What the figures share and needs no page: numbers, words, random draws, models that move together.

import assert from "node:assert/strict";
import test from "node:test";
import * as shared from "../../src/latentwalk/widgets/figure.js";

test("words are filled in, and what has no value stays", () => {
  assert.equal(shared.fill("t = {t}, {t} of {all}", { t: 0, all: "" }), "t = 0, 0 of ");
  assert.equal(shared.fill("{unknown} and {t}", { t: null }), "{unknown} and {t}");
});

test("numbers are shown with a true minus, and only if they are numbers", () => {
  assert.equal(shared.fixed(-1.005, 1), "\u22121.0");
  assert.equal(shared.fixed(2), "2.00");
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined])
    assert.throws(() => shared.fixed(value), { message: `${value} is not a number that can be shown` });
});

test("scales hit both ends, and changed over they are the way back", () => {
  const there = shared.scale([-4, 4], [30, 10]),
    back = shared.scale([30, 10], [-4, 4]);
  assert.deepEqual([-4, 0, 4, 8].map(there), [30, 20, 10, 0]);
  for (const value of [-4, -1.25, 0, 3, 6]) assert.ok(Math.abs(back(there(value)) - value) < 1e-12);
});

test("clamp keeps between two ends, round keeps two digits", () => {
  assert.deepEqual(
    [-7, 0.25, 7].map((value) => shared.clamp(value, [-1, 1])),
    [-1, 0.25, 1],
  );
  assert.deepEqual([1.234, -0.126, 2].map(shared.round), [1.23, -0.13, 2]);
});

test("numbers and pictures are read from bytes, wherever they begin", () => {
  const bytes = new Uint8Array(11);
  bytes.set(new Uint8Array(Float32Array.of(1.5, -2).buffer), 3);
  assert.deepEqual(shared.floats(new DataView(bytes.buffer, 3)), Float32Array.of(1.5, -2));
  const grey = new DataView(Uint8Array.of(9, 0, 255, 51, 102).buffer, 1);
  assert.deepEqual(shared.bytes(grey), Uint8Array.of(0, 255, 51, 102));
  assert.deepEqual(shared.pictures(grey, 2)(0), Float32Array.of(0, 1));
  assert.deepEqual(shared.pictures(grey, 2)(1), Float32Array.of(0.2, 0.4));
});

test("a seed fixes its draws, and another has others", () => {
  const draws = (seed) => Array.from({ length: 50 }, shared.normals(seed));
  assert.deepEqual(draws(7), draws(7));
  const all = [0, 1, 2, 7, -1, 4294967295 + 8].map(draws);
  assert.equal(new Set(all.map(([first]) => first)).size, 5, "seeds count modulo 2 ** 32: 4294967303 is 7");
});

test("draws are normal: five standard errors for mean, variance, tails and neighbours", () => {
  const n = 100_000;
  for (const seed of [0, 1, 123]) {
    const x = Float64Array.from({ length: n }, shared.normals(seed)),
      mean = (of) => x.reduce((sum, value, i) => sum + of(value, i), 0) / n;
    assert.ok(Math.abs(mean((value) => value)) < 5 / Math.sqrt(n));
    assert.ok(Math.abs(mean((value) => value * value) - 1) < 5 * Math.sqrt(2 / n));
    for (const [bound, share] of [
      [1, 0.3173],
      [2, 0.0455],
      [3, 0.0027],
    ]) {
      const found = mean((value) => Math.abs(value) > bound);
      assert.ok(Math.abs(found - share) < 5 * Math.sqrt((share * (1 - share)) / n), `${found} beyond ${bound}`);
    }
    assert.ok(Math.abs(mean((value, i) => value * x[(i + 1) % n])) < 5 / Math.sqrt(n));
    assert.ok(x.every(Number.isFinite));
  }
});

// As much of Jupyter's model as is needed here.
function fakeModel(values) {
  const handlers = {};
  return {
    get: (name) => values[name],
    set(name, value) {
      if (JSON.stringify(values[name]) === JSON.stringify(value)) return;
      values[name] = value;
      for (const handler of handlers[`change:${name}`] ?? []) handler();
    },
    on(event, handler) {
      handlers[event] ??= [];
      handlers[event].push(handler);
    },
  };
}

test("a code and its sliders move together", () => {
  const model = fakeModel({ z: [1, 2, 3], a: 0, b: 0 });
  let order = [2, 0];
  const spread = shared.joinSliders(model, ["a", "b"], () => order);
  const now = () => [model.get("z"), model.get("a"), model.get("b")];
  assert.deepEqual(now(), [[1, 2, 3], 3, 1]);
  model.set("a", -1);
  assert.deepEqual(now(), [[1, 2, -1], -1, 1]);
  model.set("z", [4, 5, 6]);
  assert.deepEqual(now(), [[4, 5, 6], 6, 4]);
  order = [1, 0];
  spread();
  assert.deepEqual(now(), [[4, 5, 6], 5, 4]);
});

test("words change in their place, and only if they are others", () => {
  const said = [];
  const node = {
    firstChild: null,
    append(words) {
      this.firstChild = {
        get data() {
          return words;
        },
        set data(others) {
          said.push(others);
          words = others;
        },
      };
    },
  };
  for (const words of ["one", "one", "two"]) shared.say(node, words);
  assert.equal(node.firstChild.data, "two");
  assert.deepEqual(said, ["two"]);
});
