// Photographs that are made here, of digits on paper in every kind of light.

import assert from "node:assert/strict";
import test from "node:test";
import { Ink } from "../../src/latentwalk/widgets/ink.js";
import { normals } from "../../src/latentwalk/widgets/numbers.js";
import { digitOfPhoto } from "../../src/latentwalk/widgets/photo_ink.js";

const MNIST = [1, 28, 28];

// A 7 of strokes in a square of side 1, and what it is as MNIST would hold it: from a photograph with nothing but ink.
const SEVEN = [
  [
    [0.3, 0.25],
    [0.7, 0.25],
  ],
  [
    [0.7, 0.25],
    [0.45, 0.8],
  ],
]; // prettier-ignore

function written(lines, { width = 200, height = 200, pen = 14, at = [0, 0], side = 200 } = {}) {
  const size = Math.max(width, height);
  const ink = new Ink(size, pen);
  const place = ([x, y]) => [at[0] + side * x, at[1] + side * y];
  for (const [from, to] of lines) ink.line(place(from), place(to));
  return (x, y) => ink.pixels[size * y + x];
}

// paper(x, y) and ink in [0, 255]; noise in grey levels.
function photographed(ink, { width = 200, height = 200, paper = () => 220, pen = () => 40, noise = 3 } = {}) {
  const next = normals(1);
  const grey = Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const share = ink(x, y);
    return Math.max(0, Math.min(255, (1 - share) * paper(x, y) + share * pen(x, y) + noise * next()));
  });
  return { width, height, grey };
}

const plain = digitOfPhoto(photographed(written(SEVEN), { paper: () => 255, pen: () => 0, noise: 0 }), MNIST);
// The cosine of two pictures; the middle of a mass may fall into the next pixel.
const alike = (a, b) => {
  const dot = (u, v, shift = 0) => u.reduce((sum, value, i) => sum + value * (v[i + shift] ?? 0), 0);
  const shifts = [0, 1, -1, 28, -28];
  return Math.max(...shifts.map((shift) => dot(a, b, shift))) / Math.sqrt(dot(a, a) * dot(b, b));
};
const isSeven = (photo, least = 0.93) => {
  const digit = digitOfPhoto(photo, MNIST);
  assert.ok(digit, "nothing was found");
  assert.ok(alike(digit, plain) > least, `${alike(digit, plain)} is not like the plain one`);
};

test("what is written is 20 pixels high and its mass in the middle", () => {
  const rows = Array.from({ length: 28 }, (_, y) => plain.subarray(28 * y, 28 * y + 28).some((value) => value > 0));
  assert.equal(rows.filter(Boolean).length, 20);
  const mass = plain.reduce((sum, value) => sum + value, 0);
  const x = plain.reduce((sum, value, i) => sum + value * (i % 28), 0) / mass;
  const y = plain.reduce((sum, value, i) => sum + value * Math.floor(i / 28), 0) / mass;
  assert.ok(Math.abs(x - 14) <= 0.5 && Math.abs(y - 14) <= 0.5);
});

for (const [name, options] of Object.entries({
  "dark on light, with noise": {},
  "light on dark: a blackboard": { paper: () => 50, pen: () => 210 },
  "pencil: little contrast": { pen: () => 150 },
  "a shadow that runs across: paper from 230 to 70": { paper: (x) => 230 - 0.8 * x, pen: (x) => 60 - 0.15 * x },
  "the shadow of a hand, with an edge": {
    paper: (x, y) => (x + y > 260 ? 120 : 225),
    pen: (x, y) => (x + y > 260 ? 25 : 50),
  },
  "a lamp: a bright middle": { paper: (x, y) => 250 - 0.9 * Math.hypot(x - 100, y - 100) },
  "much noise": { noise: 14 },
})) // prettier-ignore
  test(`${name}: the digit is the same`, () => isSeven(photographed(written(SEVEN), options)));

test("a digit anywhere, of any size, by a fine pen too, in a wide or a high photograph", () => {
  isSeven(photographed(written(SEVEN, { at: [90, 10], side: 110, pen: 8 })));
  isSeven(photographed(written(SEVEN, { pen: 4 })), 0.8); // made thicker
  isSeven(
    photographed(written(SEVEN, { width: 280, height: 150, side: 140, pen: 10, at: [100, 0] }), {
      width: 280,
      height: 150,
    }),
  );
  isSeven(
    photographed(written(SEVEN, { width: 120, height: 260, side: 110, pen: 8, at: [0, 120] }), {
      width: 120,
      height: 260,
    }),
  );
}); // prettier-ignore

test("a picture of 28 x 28 pixels, as MNIST's own", () => {
  const grey = Uint8Array.from(plain, (value) => Math.round(255 * value));
  isSeven({ width: 28, height: 28, grey }, 0.9);
});

test("the table beyond the paper, and specks, are no ink", () => {
  const table = (x, y) => (x < 14 || y > 188 ? 60 : 220);
  isSeven(photographed(written(SEVEN), { paper: table }));
  const seven = written(SEVEN);
  isSeven(photographed((x, y) => Math.max(seven(x, y), Number(x > 20 && x < 23 && y > 30 && y < 33))));
});

test("of a line of writing it is one piece, and its pieces that lie apart by a hair are one", () => {
  const one = written(SEVEN, { side: 90, pen: 6, at: [10, 60] });
  const other = written(SEVEN, { side: 70, pen: 5, at: [110, 70] });
  isSeven(photographed((x, y) => Math.max(one(x, y), other(x, y))));
  const split = [
    [
      [0.3, 0.25],
      [0.62, 0.25],
    ],
    [
      [0.7, 0.27],
      [0.45, 0.8],
    ],
  ]; // prettier-ignore
  isSeven(photographed(written(split, { pen: 10 })), 0.8);
});

test("an empty page, a black one, a speck and noise alone hold nothing", () => {
  const nothing = () => 0;
  for (const options of [{}, { noise: 0 }, { paper: () => 0, noise: 0 }, { paper: (x) => 230 - 0.8 * x }, { noise: 8 }])
    assert.equal(digitOfPhoto(photographed(nothing, options), MNIST), null);
  assert.equal(
    digitOfPhoto(
      photographed((x, y) => Number(x === 50 && y === 50)),
      MNIST,
    ),
    null,
  );
  assert.equal(digitOfPhoto({ width: 2, height: 2, grey: Uint8Array.of(0, 255, 0, 255) }, MNIST), null);
});

test("for pictures of another shape it is as large in them, in each of their colours", () => {
  const wide = digitOfPhoto(photographed(written(SEVEN)), [3, 48, 64]);
  assert.equal(wide.length, 3 * 48 * 64);
  assert.deepEqual(wide.subarray(0, 48 * 64), wide.subarray(2 * 48 * 64));
  const rows = Array.from({ length: 48 }, (_, y) => wide.subarray(64 * y, 64 * y + 64).some((value) => value > 0));
  assert.equal(rows.filter(Boolean).length, 34); // five sevenths
});
