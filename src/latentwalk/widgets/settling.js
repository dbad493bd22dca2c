// Where sigma settles: reconstruction pulls a cloud to a point, the KL keeps it wide. See kl.py for the formulas.

import { klOf } from "./gaussian.js";

export const reconstructionOf = ({ a, home }, mu, sigma) => 0.5 * a * ((mu - home) ** 2 + sigma ** 2);
export const totalOf = (pulls, mu, sigma) => reconstructionOf(pulls, mu, sigma) + pulls.beta * klOf(mu, sigma);

// How the total changes with mu and sigma.
export const slopeOf = ({ a, beta, home }, mu, sigma) => [
  a * (mu - home) + beta * mu,
  a * sigma + beta * (sigma - 1 / sigma),
];

// The bottom of the valley, or null where nothing pulls.
export function bottomOf({ a, beta, home }) {
  if (a + beta === 0) return null;
  return [(a * home) / (a + beta), Math.sqrt(beta / (a + beta))];
}

// Where gradient descent is after the time t that started at mu and sigma: dmu/dt and d(ln sigma^2)/dt are minus the slopes of the
// total. In u = 1/sigma^2 the second one is straight: du/dt = (a + beta)/2 - beta u/2.
export function rollTo({ a, beta, home }, [mu, sigma], t) {
  if (a + beta === 0) return [mu, sigma];
  const end = (a * home) / (a + beta);
  const u = 1 / sigma ** 2;
  const rest = beta ? (a + beta) / beta : Infinity;
  const then = beta ? rest + (u - rest) * Math.exp((-beta * t) / 2) : u + (a * t) / 2;
  return [end + (mu - end) * Math.exp(-(a + beta) * t), 1 / Math.sqrt(then)];
}

// The time after which it has practically arrived: within 0.003, or at the lowest sigma that is shown.
export function timeToSettle({ a, beta, home }, [mu, sigma], lowest) {
  if (a + beta === 0) return 0;
  const end = (a * home) / (a + beta);
  const across = Math.log(Math.max(1, Math.abs(mu - end) / 0.003)) / (a + beta);
  if (!beta) return Math.max(across, (2 * (1 / lowest ** 2 - 1 / sigma ** 2)) / a);
  const [bottom, u] = [(a + beta) / beta, 1 / sigma ** 2];
  const near = 0.006 * bottom ** 1.5; // a change of sigma by 0.003 is one of u by 2 sigma^-3 times as much
  return Math.max(across, (2 * Math.log(Math.max(1, Math.abs(u - bottom) / near))) / beta);
}
