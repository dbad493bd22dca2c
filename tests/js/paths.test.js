// The mathematics of the walk between two codes.

import assert from "node:assert/strict";
import test from "node:test";
import { along, mix } from "../../src/latentwalk/widgets/paths.js";

const close = (found, expected) => {
  assert.equal(found.length, expected.length);
  expected.forEach((value, i) => {
    assert.ok(Math.abs(found[i] - value) < 1e-6, `${found} is not ${expected}`);
  });
};
const A = Float32Array.of(3, 0),
  B = Float32Array.of(0, 1);

test("both paths begin at A and end at B", () => {
  for (const spherical of [false, true]) {
    close(mix(A, B, 0, spherical), A);
    close(mix(A, B, 1, spherical), B);
  }
});

test("the straight path", () => {
  close(mix(A, B, 0.25, false), [2.25, 0.25]);
});

test("the spherical path turns evenly, and its length changes evenly", () => {
  for (const t of [0.25, 0.5, 0.9]) {
    const angle = (t * Math.PI) / 2,
      length = 3 - 2 * t;
    close(mix(A, B, t, true), [length * Math.cos(angle), length * Math.sin(angle)]);
  }
});

test("where there is no arc of its own, the spherical path is straight", () => {
  for (const other of [Float32Array.of(6, 0), Float32Array.of(-3, 0), Float32Array.of(0, 0)])
    close(mix(A, other, 0.25, true), mix(A, other, 0.25, false));
});

test("along a way of several points one goes evenly", () => {
  const way = along([
    [0, 0],
    [3, 0],
    [3, 0],
    [3, 1],
  ]);
  assert.equal(way.length, 4);
  close(way.at(0), [0, 0]);
  close(way.at(0.5), [2, 0]);
  close(way.at(0.75), [3, 0]);
  close(way.at(1), [3, 1]);
  close(along([[1, 2]]).at(0.3), [1, 2]);
});
