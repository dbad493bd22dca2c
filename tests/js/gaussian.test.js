// The two parts of the KL divergence from N(0, 1).

import assert from "node:assert/strict";
import test from "node:test";
import { muPart, sigmaPart } from "../../src/latentwalk/widgets/gaussian.js";

test("the parts are zero at N(0, 1), and never below", () => {
  assert.deepEqual([muPart(0), sigmaPart(1)], [0, 0]);
  for (let k = 1; k < 300; k++) assert.ok(sigmaPart(k / 100) >= 0 && muPart(k / 100) > 0);
});

test("together they are the integral", () => {
  const log = (z, mu, sigma) => -0.5 * ((z - mu) / sigma) ** 2 - Math.log(sigma);
  for (const [mu, sigma] of [
    [0, 2],
    [1.5, 1],
    [-2, 0.3],
  ]) {
    let sum = 0;
    for (let z = -20; z < 20; z += 0.001)
      sum += (Math.exp(log(z, mu, sigma)) / Math.sqrt(2 * Math.PI)) * (log(z, mu, sigma) - log(z, 0, 1)) * 0.001;
    assert.ok(Math.abs(muPart(mu) + sigmaPart(sigma) - sum) < 1e-6);
  }
});
