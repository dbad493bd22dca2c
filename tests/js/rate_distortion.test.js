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
    assert.ok(Math.abs(placeAlong(POINTS, pointAt(POINTS, place)[0]) - place) < 1e-9);
  }
  assert.equal(placeAlong(POINTS, 500), 0);
  assert.equal(placeAlong(POINTS, 0), 2);
  assert.deepEqual(pointAt(POINTS, 2), [20, 100]);
});

test("one network alone has a curve of one point", () => {
  assert.deepEqual(pointAt([[5, 6]], 0), [5, 6]);
  assert.equal(placeAlong([[5, 6]], 50), 0);
});
