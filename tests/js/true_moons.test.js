// The moons that the page renders, and its search for the nearest one.

import assert from "node:assert/strict";
import test from "node:test";
import { moon, TrueMoons } from "../../src/latentwalk/widgets/true_moons.js";

const light = (picture) => picture.reduce((sum, value) => sum + value, 0);

test("a full moon is a disc, and half of one is half of it", () => {
  const disc = Math.PI * (0.4 * 32) ** 2;
  for (const tilt of [0, 37, 200]) {
    assert.ok(Math.abs(light(moon(1, tilt)) - disc) < 0.01 * disc);
    assert.ok(Math.abs(light(moon(0.5, tilt)) - disc / 2) < 0.01 * disc);
  }
});

test("a quarter of a turn moves pixels and changes none", () => {
  for (const tilt of [0, 30, 211]) {
    const one = moon(0.2, tilt),
      turned = moon(0.2, tilt + 90);
    const expected = one.map((_, i) => one[32 * (31 - (i % 32)) + Math.floor(i / 32)]);
    const different = expected.filter((value, i) => Math.abs(value - turned[i]) > 1 / 16 + 1e-6);
    assert.equal(different.length, 0);
  }
});

test("every true moon is found, at distance zero", () => {
  for (const [range, phases] of [
    [[0.06, 0.06], [0]],
    [
      [0.1, 1],
      [0, 13, 40, 77],
    ],
  ]) {
    const truth = new TrueMoons(range);
    for (const phase of phases)
      for (const tilt of [0, 45, 89, 90, 181, 275, 359]) {
        const found = truth.nearest(truth.picture([phase, tilt]));
        assert.ok(found.distance < 0.5, `${range}, ${phase}, ${tilt}: ${found.distance} at ${found.at}`);
      }
  }
});

test("from a neighbour's result the search goes on to the same moon", () => {
  const truth = new TrueMoons([0.1, 1]);
  let similar = null;
  for (let step = 0; step < 20; step++) {
    const picture = truth.picture([30 + step, 100 + 2 * step]);
    similar = truth.nearest(picture, similar);
    assert.ok(similar.distance < 0.5);
  }
});

test("a picture without light is as far as can be, not an error", () => {
  assert.equal(new TrueMoons([0.06, 0.06]).nearest(new Float32Array(1024)).distance, 1000);
});
