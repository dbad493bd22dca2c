// The world of "Fit q": its bound against sums over a fine grid.

import assert from "node:assert/strict";
import test from "node:test";
import { normal } from "../../src/latentwalk/widgets/gaussian.js";
import { world } from "../../src/latentwalk/widgets/world.js";

const CURVE = [0.3, -0.6, 0.5];
const here = world({ curve: CURVE, noise: 0.7, mu: [-2.5, 2.5], sigma: [0.1, 2] });
const STEP = 0.002,
  GRID = Float64Array.from({ length: 8001 }, (_, i) => -8 + STEP * i);
const logNormal = (z, mu, sigma) => -0.5 * ((z - mu) / sigma) ** 2 - Math.log(sigma) - 0.5 * Math.log(2 * Math.PI);
const integral = (of) => GRID.reduce((sum, z) => sum + of(z), 0) * STEP;
const close = (found, expected, bound = 1e-6) =>
  assert.ok(Math.abs(found - expected) < bound, `${found} is not ${expected}`);

test("roots are where the curve meets x", () => {
  for (const x of [0.5, 2, 5]) for (const z of here.roots(x)) close(here.f(z), x, 1e-12);
});

test("log p(x), the ELBO and their gap are what the integrals say", () => {
  for (const x of [0, 1, 4]) {
    const logJoint = (z) => here.logLikelihood(x, z) + logNormal(z, 0, 1),
      evidence = integral((z) => Math.exp(logJoint(z)));
    close(here.logPx(x), Math.log(evidence), 1e-4);
    for (const [mu, sigma] of [
      [0, 1],
      [-1.2, 0.4],
      [2, 0.15],
    ]) {
      const q = (z) => normal(z, mu, sigma),
        mean = (of) => integral((z) => q(z) * of(z));
      const kl = mean((z) => logNormal(z, mu, sigma) - logNormal(z, 0, 1));
      const gap = mean((z) => logNormal(z, mu, sigma) + Math.log(evidence) - logJoint(z));
      close(here.kl(mu, sigma), kl);
      close(here.elbo(x, mu, sigma), mean((z) => here.logLikelihood(x, z)) - kl);
      close(Math.log(evidence) - here.elbo(x, mu, sigma), gap);
    }
  }
});

test("no other q of the ranges is better than the best", () => {
  for (const x of [0, 1, 4]) {
    const [mu, sigma] = here.best(x),
      top = here.elbo(x, mu, sigma);
    assert.ok(mu >= -2.5 && mu <= 2.5 && sigma >= 0.1 && sigma <= 2);
    for (let m = -2.5; m <= 2.5; m += 0.02)
      for (let s = 0.1; s <= 2; s += 0.02) assert.ok(here.elbo(x, m, s) <= top + 1e-12);
  }
});
