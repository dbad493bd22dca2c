// A place on a line of points, from a pointer and back.

import assert from "node:assert/strict";
import test from "node:test";
import { placeAlong, pointAt } from "../../src/latentwalk/widgets/rate_distortion.js";

const POINTS = [
  [100, 10],
  [60, 20],
  [20, 100],
];

test("a point of the line has its place, and a pointer beside it the nearest", () => {
  for (const place of [0, 0.3, 1, 1.5, 2]) {
    assert.ok(Math.abs(placeAlong(POINTS, pointAt(POINTS, place)) - place) < 1e-9);
  }
  assert.equal(placeAlong(POINTS, [500, 0]), 0);
  assert.equal(placeAlong(POINTS, [0, 200]), 2);
  assert.deepEqual(pointAt(POINTS, 2), [20, 100]);
});

test("on a steep part of the line, what is dragged keeps the pointer's height", () => {
  for (const y of [30, 50, 90]) {
    const [x] = pointAt(POINTS, 1 + (y - 20) / 80); // on the line
    const [, height] = pointAt(POINTS, placeAlong(POINTS, [x + 4, y]));
    assert.ok(Math.abs(height - y) < 4, `${height} for ${y}`);
  }
});

test("one network alone has a curve of one point", () => {
  assert.deepEqual(pointAt([[5, 6]], 0), [5, 6]);
  assert.equal(placeAlong([[5, 6]], [50, 60]), 0);
});
