// What was stored of a training, read again.

import assert from "node:assert/strict";
import test from "node:test";
import { greys, placesAt } from "../../src/latentwalk/widgets/training_film.js";

test("between two looks a digit goes straight", () => {
  const places = Int16Array.of(0, 10, 20, 30, /* the second look */ 10, 10, 40, -30);
  assert.deepEqual([...placesAt(places, 2, 0, 0.5)], [0, 5, 10, 15]);
  assert.deepEqual([...placesAt(places, 2, 1, 0.5)], [5, 5, 20, -15]);
  assert.deepEqual([...placesAt(places, 2, 0.5, 0.5)], [2.5, 5, 15, 0]);
});

test("a byte holds two greys", () => {
  const maps = new Uint8Array(2 * 98);
  maps[98] = 0xf3; // of the second look
  assert.deepEqual([...greys(maps, 1, 1).subarray(0, 3)], [15, 3, 0]);
  assert.equal(greys(maps, 1, 1).length, 196);
});
