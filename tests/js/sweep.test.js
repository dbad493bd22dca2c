// The opening sweep.

import assert from "node:assert/strict";
import test from "node:test";
import { sweepAt } from "../../src/latentwalk/widgets/sweep.js";

test("from the start to all ends and back, slow at both", () => {
  assert.equal(sweepAt(0.5, [0.9, 0.1], 0), 0.5);
  assert.equal(sweepAt(0.5, [0.9, 0.1], 1), 0.5);
  assert.ok(Math.abs(sweepAt(0.5, [0.9, 0.1], 0.5) - 0.5) < 1e-9, "halfway it passes the middle");
  const values = Array.from({ length: 101 }, (_, i) => sweepAt(0.5, [0.9, 0.1], i / 100));
  assert.ok(Math.max(...values) > 0.89 && Math.min(...values) < 0.11);
  const steps = values.slice(1).map((value, i) => Math.abs(value - values[i]));
  assert.ok(steps[0] < 0.002 && steps.at(-1) < 0.002 && Math.max(...steps) < 0.03);
});

test("whole numbers stay whole", () => {
  for (let share = 0; share <= 1; share += 0.01) assert.ok(Number.isInteger(sweepAt(68, [0, 250], share)));
  assert.ok(!Number.isInteger(sweepAt(1, [3.9], 0.2)));
});
