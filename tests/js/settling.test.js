// Where sigma settles: the closed forms against slopes taken numerically and against small steps of gradient descent.

import assert from "node:assert/strict";
import test from "node:test";
import { contour } from "../../src/latentwalk/widgets/landscape.js";
import { bottomOf, rollTo, slopeOf, timeToSettle, totalOf } from "../../src/latentwalk/widgets/settling.js";

const PULLS = [
  { a: 4, beta: 1, home: 1.5 },
  { a: 0, beta: 2, home: 1 },
  { a: 9, beta: 0.3, home: -2 },
];
const POINTS = [
  [-1, 1.5],
  [2, 0.1],
  [0.3, 2.9],
];
const close = (found, expected, bound) => assert.ok(Math.abs(found - expected) < bound, `${found} is not ${expected}`);

test("the slope is that of the total", () => {
  const h = 1e-5;
  for (const pulls of PULLS)
    for (const [mu, sigma] of POINTS) {
      const [across, up] = slopeOf(pulls, mu, sigma);
      close(across, (totalOf(pulls, mu + h, sigma) - totalOf(pulls, mu - h, sigma)) / (2 * h), 1e-4);
      close(up, (totalOf(pulls, mu, sigma + h) - totalOf(pulls, mu, sigma - h)) / (2 * h), 1e-4);
    }
});

test("at the bottom nothing pulls, and every other place is higher", () => {
  for (const pulls of PULLS) {
    const [mu, sigma] = bottomOf(pulls);
    for (const slope of slopeOf(pulls, mu, sigma)) close(slope, 0, 1e-12);
    for (const place of POINTS) assert.ok(totalOf(pulls, ...place) > totalOf(pulls, mu, sigma));
    close(sigma ** 2, pulls.beta / (pulls.beta + pulls.a), 1e-12);
  }
  assert.equal(bottomOf({ a: 0, beta: 0, home: 1 }), null);
});

test("the roll is gradient descent on mu and ln sigma^2, in small steps", () => {
  for (const pulls of [...PULLS, { a: 3, beta: 0, home: 1 }])
    for (const [mu, sigma] of POINTS) {
      let [m, v] = [mu, 2 * Math.log(sigma)];
      const step = 1e-5;
      for (let i = 0; i < 60_000; i++) {
        const s = Math.exp(v / 2);
        const [across, up] = slopeOf(pulls, m, s);
        m -= step * across;
        v -= (step * up * s) / 2; // d sigma / dv = sigma / 2
      }
      const [rolledMu, rolledSigma] = rollTo(pulls, [mu, sigma], 0.6);
      close(rolledMu, m, 1e-3);
      close(rolledSigma, Math.exp(v / 2), 1e-3);
    }
});

test("it has arrived when it is said to have", () => {
  for (const pulls of PULLS)
    for (const place of POINTS) {
      const end = rollTo(pulls, place, timeToSettle(pulls, place, 0.05));
      for (const [k, value] of bottomOf(pulls).entries()) close(end[k], value, 0.004);
    }
  const [, sigma] = rollTo({ a: 4, beta: 0, home: 1 }, [0, 1], timeToSettle({ a: 4, beta: 0, home: 1 }, [0, 1], 0.05));
  close(sigma, 0.05, 1e-9); // with beta = 0 it falls, and ends where the figure does
  assert.deepEqual(rollTo({ a: 0, beta: 0, home: 1 }, [0.3, 2], 5), [0.3, 2]);
});

test("a level's line lies at that height above the bottom, as far as it is drawn", () => {
  for (const pulls of PULLS)
    for (const level of [0.5, 3])
      for (const [mu, sigma] of contour(pulls, level).filter(([, sigma]) => sigma > 0.003 && sigma < 3))
        close(totalOf(pulls, mu, sigma) - totalOf(pulls, ...bottomOf(pulls)), level, 1e-6);
});
