// The world of "Fit q by hand", small enough for exact answers: z ~ N(0, 1), x = f(z) + noise, and q = N(mu, sigma^2).
// fit.py has the formulas.

import { muPart, sigmaPart } from "./gaussian.js";
import { clamp, scale, times } from "./numbers.js";

const LOG_ROOT_TAU = 0.5 * Math.log(2 * Math.PI);
const GRID = Float64Array.from({ length: 961 }, (_, i) => -6 + i / 80); // for integrals over z

export function world({ curve: [a, b, c], noise, mu: MU, sigma: SIGMA }) {
  const f = (z) => a + z * (b + c * z);
  const constant = -Math.log(noise) - LOG_ROOT_TAU;
  const logLikelihood = (x, z) => constant - 0.5 * ((x - f(z)) / noise) ** 2;
  const logJoint = (x, z) => logLikelihood(x, z) - 0.5 * z * z - LOG_ROOT_TAU;
  const kl = (mu, sigma) => muPart(mu) + sigmaPart(sigma);
  // With z = mu + sigma eps, x - f(z) = p - q eps - r eps^2, and its mean square is p^2 - 2 p r + q^2 + 3 r^2.
  const expected = (x, mu, sigma) => {
    const p = x - f(mu);
    const q = sigma * (b + 2 * c * mu);
    const r = sigma * sigma * c;
    return constant - (0.5 * (p * p - 2 * p * r + q * q + 3 * r * r)) / (noise * noise);
  };
  const elbo = (x, mu, sigma) => expected(x, mu, sigma) - kl(mu, sigma);
  const logPx = (x) => {
    let sum = 0;
    for (const z of GRID) sum += Math.exp(logJoint(x, z));
    return Math.log(sum / 80);
  };

  // The mu and sigma of the best q: the best of a grid, then ever smaller steps.
  const mus = times(61, scale([0, 60], MU));
  const sigmas = times(39, scale([0, 38], SIGMA));
  const best = (x) => {
    let at = null;
    let top = -Infinity;
    const consider = (mu, sigma) => {
      const value = elbo(x, mu, sigma);
      if (value <= top) return;
      top = value;
      at = [mu, sigma];
    };
    for (const mu of mus) for (const sigma of sigmas) consider(mu, sigma);
    for (let step = 0.05; step > 1e-6; ) {
      const [mu, sigma] = at;
      const before = top;
      for (const i of [-1, 0, 1])
        for (const j of [-1, 0, 1]) consider(clamp(mu + step * i, MU), clamp(sigma + step * j, SIGMA));
      if (top === before) step /= 2;
    }
    return at;
  };

  // All that x alone decides: log p(x), p(z|x) and its summit, the best q and its ELBO.
  const study = (x) => {
    const logp = logPx(x);
    const q = best(x);
    const posterior = (z) => Math.exp(logJoint(x, z) - logp);
    const densities = GRID.map(posterior);
    const summit = GRID[densities.indexOf(Math.max(...densities))];
    return { x, logp, posterior, summit, q, elbo: elbo(x, ...q) };
  };
  // The z that explain x best: where f(z) = x or, where it never is, comes closest.
  const roots = (x) => {
    const root = Math.sqrt(Math.max(0, b * b - 4 * c * (a - x)));
    return [(-b - root) / (2 * c), (-b + root) / (2 * c)];
  };
  return { f, roots, noise, logLikelihood, kl, elbo, logPx, best, study };
}
