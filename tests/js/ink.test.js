// Ink, and a drawing in MNIST's format.

import assert from "node:assert/strict";
import test from "node:test";
import { asMnist, Ink, shares } from "../../src/latentwalk/widgets/ink.js";

const amount = ({ pixels }) => pixels.reduce((sum, value) => sum + value, 0);
const drawn = (...lines) => {
  const ink = new Ink(64, 10);
  for (const [from, to] of lines) ink.line(from, to);
  return ink;
};
const near = (found, expected, share = 0.005) =>
  assert.ok(Math.abs(found - expected) < share * expected, `${found} is not about ${expected}`);

test("a dot and a line cover what a round pen covers", () => {
  near(
    amount(
      drawn([
        [30, 30.5],
        [30, 30.5],
      ]),
    ),
    25 * Math.PI,
  );
  for (const [x, y] of [
    [50, 20],
    [20, 50],
    [44.3, 51.7],
  ])
    near(
      amount(
        drawn([
          [20, 20],
          [x, y],
        ]),
      ),
      25 * Math.PI + 10 * Math.hypot(x - 20, y - 20),
    );
});

test("where lines cross, ink is no more than black", () => {
  const cross = drawn(
    [
      [10, 32],
      [54, 32],
    ],
    [
      [32, 10],
      [32, 54],
    ],
  );
  assert.equal(Math.max(...cross.pixels), 1);
  near(amount(cross), 2 * (25 * Math.PI + 440) - 100, 0.01);
  const again = drawn(
    [
      [10, 32],
      [54, 32],
    ],
    [
      [54, 32],
      [10, 32],
    ],
  );
  assert.deepEqual(
    again.pixels,
    drawn([
      [10, 32],
      [54, 32],
    ]).pixels,
  );
});

test("what leaves the pad is cut off, and does not come back on the other side", () => {
  const ink = drawn([
    [32, 32],
    [200, 32],
  ]);
  for (let y = 0; y < 64; y++) assert.equal(ink.pixels[64 * y], 0);
  assert.equal(ink.pixels[64 * 32 + 63], 1);
  assert.equal(
    amount(
      drawn([
        [-90, -90],
        [-80, -80],
      ]),
    ),
    0,
  );
});

test("a cleared pad is empty", () => {
  const ink = drawn([
    [10, 10],
    [40, 40],
  ]);
  ink.clear();
  assert.equal(amount(ink), 0);
});

test("shares of pixels add up to one, and are taken in order", () => {
  for (const [n, m] of [
    [20, 20],
    [7, 20],
    [160, 20],
    [33, 19],
  ]) {
    const lists = shares(n, m),
      taken = new Float64Array(n);
    assert.equal(lists.length, m);
    for (const list of lists) {
      assert.ok(Math.abs(list.reduce((sum, [, share]) => sum + share, 0) - 1) < 1e-12);
      for (const [pixel, share] of list) taken[pixel] += (share * n) / m;
    }
    assert.ok(taken.every((value) => Math.abs(value - 1) < 1e-9));
  }
});

test("a drawing becomes 20 pixels high or wide, its mass in the middle, at pixel 14", () => {
  assert.equal(
    asMnist(() => 0, 64),
    null,
  );
  const bar = asMnist((x, y) => Number(x >= 50 && x < 56 && y >= 3 && y < 63), 64); // 6 x 60, in a corner
  assert.equal(bar.length, 784);
  for (let y = 0; y < 28; y++)
    for (let x = 0; x < 28; x++)
      assert.equal(bar[28 * y + x], Number(y >= 5 && y < 25 && x >= 14 && x < 16), `${x}, ${y}`);
  const dot = asMnist((x, y) => (x === 5 && y === 9 ? 0.5 : 0), 64);
  assert.equal(dot.filter((value) => value > 0).length, 400);
  assert.ok(dot.every((value) => value === 0 || Math.abs(value - 128 / 255) < 1e-6));
});

test("a drawing for pictures of another shape fills as much of them, in each of their colours", () => {
  const bar = asMnist((x, y) => Number(x >= 50 && x < 56 && y >= 3 && y < 63), 64, [3, 56, 84]); // 6 x 60 becomes 4 x 40
  assert.equal(bar.length, 3 * 56 * 84);
  for (let channel = 0; channel < 3; channel++)
    for (let y = 0; y < 56; y++)
      for (let x = 0; x < 84; x++)
        assert.equal(bar[(channel * 56 + y) * 84 + x], Number(y >= 9 && y < 49 && x >= 41 && x < 45), `${x}, ${y}`);
});
