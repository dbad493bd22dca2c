// What a printed loss is in nats per image. tests/unit compares all of it with Python; here are the ends.

import assert from "node:assert/strict";
import test from "node:test";
import { expectedLoss, judgeLoss, linearLoss, lossScales } from "../../src/latentwalk/widgets/loss_units.js";
import { figures, rulerEnds } from "../../src/latentwalk/widgets/ruler.js";

const FACTS = {
  pixels: 784,
  dims: 20,
  perfect: 45,
  mean: 206,
  even: 543,
  variance: 10,
  variances: [4, 2],
  half_grey: 180,
  betas: [
    [0, 66],
    [1, 105],
    [10, 184],
  ],
  usual: [128, 110, 106],
  longest: 102,
};
const PLAIN = { error: "bce", pixels: "sum", images: "mean", batch: 128, kl: "sum", weight: 1 };

test("both terms are divided alike, or one is not", () => {
  assert.deepEqual(lossScales(FACTS, PLAIN), [1, 1]);
  assert.deepEqual(lossScales(FACTS, { ...PLAIN, images: "sum" }), [128, 128]);
  assert.deepEqual(lossScales(FACTS, { ...PLAIN, pixels: "mean", kl: "pixels" }), [1 / 784, 1 / 784]);
  assert.deepEqual(lossScales(FACTS, { ...PLAIN, images: "sum", kl: "mean" }), [128, 1 / 20]);
});

test("what to expect grows with beta, up to the mean picture", () => {
  const middles = [0, 0.01, 0.5, 1, 3, 10, 784].map((beta) => expectedLoss(FACTS, beta)[1]);
  assert.deepEqual(middles, [...middles].sort((a, b) => a - b).slice(0, 7));
  assert.deepEqual(expectedLoss(FACTS, 784), [184, 206]);
});

test("PCA keeps what varies more than its pixels are unsure", () => {
  assert.equal(linearLoss(FACTS, 0.5, 0), 0.5 * (10 - 6)); // no price: both kept
  assert.ok(Math.abs(linearLoss(FACTS, 0.5, 3) - (0.5 * 6 + 3 * 0.5 * (1 + Math.log(4 / 3)))) < 1e-12);
  assert.equal(linearLoss(FACTS, 0.5, 100), 5); // none kept: the mean picture
});

test("a sum over a batch is found out, and impossible numbers are told", () => {
  const { verdict, accident } = judgeLoss(FACTS, { ...PLAIN, loss: 128 * 105 });
  assert.equal(verdict, "above");
  assert.deepEqual(accident, { name: "batch", count: 128, nats: 105 });
  assert.equal(judgeLoss(FACTS, { ...PLAIN, loss: -1 }).verdict, "negative");
  assert.equal(judgeLoss(FACTS, { ...PLAIN, loss: 105, weight: -1 }).verdict, "weight");
  assert.equal(judgeLoss(FACTS, { ...PLAIN, loss: 40 }).verdict, "below");
});

test("numbers have the digits that count, and the ruler room for all landmarks", () => {
  assert.deepEqual([104.914, 0.1338, 13429, -3, 1e9, 0].map(figures), [
    "104.9",
    "0.134",
    "13,429",
    "\u22123",
    "1.0e+9",
    "0",
  ]);
  assert.throws(() => figures(Number.NaN), /not a number/);
  const [low, high] = rulerEnds({ marks: [["mean", 200]], band: [100, 110] });
  assert.ok(low < 100 && high > 200);
  assert.deepEqual(rulerEnds({ marks: [], band: null }), [10, 1000]);
});
