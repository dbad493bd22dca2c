import assert from "node:assert/strict";
import { test } from "node:test";
import { ringPlaces, scaleAt, squareFor } from "../../src/latentwalk/widgets/cloud_marks.js";
import { viewOf } from "../../src/latentwalk/widgets/plane_view.js";

test("the square around mu holds three sigmas, and is the smallest that does", () => {
  for (const [sigma, half] of [
    [[0, 0], 0.5],
    [[0.1, 0.16], 0.5],
    [[0.1, 0.17], 1],
    [[0.6, 0.2], 2],
    [[1.3, 0.2], 4],
    [[1.4, 0.2], 8],
    [[3, 3], 8], // the largest there is
  ])
    assert.equal(squareFor(sigma).half, half);
});

test("pictures stand around mu, each on the side of its draw", () => {
  const mu = [1, 2];
  const draws = [
    [2, 2.1],
    [1, 3],
    [0, 2.1],
    [1, 1],
  ];
  const places = ringPlaces(mu, draws);
  for (const [i, [across, down]] of places.entries()) {
    assert.ok(Math.abs(Math.hypot(across - 0.5, down - 0.5) - 0.4) < 1e-9);
    const towards = (across - 0.5) * (draws[i][0] - mu[0]) - (down - 0.5) * (draws[i][1] - mu[1]);
    assert.ok(towards > 0, `picture ${i} is across from its draw`);
  }
  assert.equal(new Set(places.map(String)).size, draws.length);
});

test("a place on the rim tells by how much sigma is multiplied", () => {
  const view = viewOf({ half: 0.5, step: 0.1, digits: 1 }, 300, [1, 2]);
  const found = scaleAt(view, [1, 2], [0.1, 0.2], view.x(1 + 2 * 0.15));
  assert.ok(Math.abs(found - 1.5) < 1e-9);
});
