// The numbers of an axis.

import assert from "node:assert/strict";
import test from "node:test";
import { ticksFromZero } from "../../src/latentwalk/widgets/axes.js";
import { short } from "../../src/latentwalk/widgets/words.js";

test("an axis has few numbers, however high it is", () => {
  assert.deepEqual(ticksFromZero(0.5, 3.5).map(short), ["0", "0.2", "0.4"]);
  assert.deepEqual(ticksFromZero(1.7, 3.5).map(short), ["0", "0.5", "1", "1.5"]);
  assert.deepEqual(ticksFromZero(0.4, 3.5).map(short), ["0", "0.2"]);
  for (let high = 0.21; high < 60; high *= 1.3) {
    const ticks = ticksFromZero(high, 3.5);
    assert.ok(ticks.length >= 2 && ticks.length <= 4 && ticks.at(-1) <= high, `${high}: ${ticks}`);
  }
});
