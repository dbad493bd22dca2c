// Numbers, and random draws.

import assert from "node:assert/strict";
import test from "node:test";
import { between, bytes, clamp, floats, normals, round, scale, steps } from "../../src/latentwalk/widgets/numbers.js";

test("scales hit both ends, and changed over they are the way back", () => {
  const there = scale([-4, 4], [30, 10]),
    back = scale([30, 10], [-4, 4]);
  assert.deepEqual([-4, 0, 4, 8].map(there), [30, 20, 10, 0]);
  for (const value of [-4, -1.25, 0, 3, 6]) assert.ok(Math.abs(back(there(value)) - value) < 1e-12);
});

test("clamp keeps between two ends, round keeps two digits", () => {
  assert.deepEqual(
    [-7, 0.25, 7].map((value) => clamp(value, [-1, 1])),
    [-1, 0.25, 1],
  );
  assert.deepEqual([1.234, -0.126, 2].map(round), [1.23, -0.13, 2]);
});

test("steps go from one end to the other, whatever rounding does to them", () => {
  assert.deepEqual(steps(-2, 2), [-2, -1, 0, 1, 2]);
  assert.deepEqual(steps(0, 5, 2), [0, 2, 4]);
  assert.equal(steps(0, 0.6, 0.2).length, 4);
});

test("between is a at 0 and b at 1", () => {
  const [a, b] = [Float32Array.of(1, -2), Float32Array.of(3, 2)];
  assert.deepEqual(
    [0, 0.25, 1].map((t) => between(a, b, t)),
    [a, Float32Array.of(1.5, -1), b],
  );
});

test("numbers are read from bytes, wherever they begin", () => {
  const packed = new Uint8Array(11);
  packed.set(new Uint8Array(Float32Array.of(1.5, -2).buffer), 3);
  assert.deepEqual(floats(new DataView(packed.buffer, 3)), Float32Array.of(1.5, -2));
  assert.deepEqual(bytes(new DataView(Uint8Array.of(9, 0, 255).buffer, 1)), Uint8Array.of(0, 255));
});

test("a seed fixes its draws, and another has others", () => {
  const draws = (seed) => Array.from({ length: 50 }, normals(seed));
  assert.deepEqual(draws(7), draws(7));
  const all = [0, 1, 2, 7, -1, 4294967295 + 8].map(draws);
  assert.equal(new Set(all.map(([first]) => first)).size, 5, "seeds count modulo 2 ** 32: 4294967303 is 7");
});

test("draws are normal: five standard errors for mean, variance, tails and neighbours", () => {
  const n = 100_000;
  for (const seed of [0, 1, 123]) {
    const x = Float64Array.from({ length: n }, normals(seed)),
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
