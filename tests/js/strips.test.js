// Where ten strips lie, and which place of which strip lies under a pointer.

import assert from "node:assert/strict";
import test from "node:test";

globalThis.ResizeObserver ??= class {
  observe() {}
};
const { stripAt, stripPlace, stripPoint } = await import("../../src/latentwalk/widgets/strips.js");

for (const [clientWidth, clientHeight, columns] of [
  [300, 376, 1],
  [306, 128, 2],
])
  test(`places and points agree, in ${columns} column(s)`, () => {
    const canvas = { clientWidth, clientHeight };
    for (let k = 0; k < 10; k++) {
      const { left, top, side } = stripPlace(canvas, k);
      assert.ok(left >= 0 && top >= 0 && left + 7 * side < clientWidth && top + side <= clientHeight);
      for (const t of [0, 0.3, 1]) {
        const [digit, place] = stripAt(canvas, ...stripPoint(canvas, k, t));
        assert.equal(digit, k);
        assert.ok(Math.abs(place - t) < 1e-9);
      }
    }
    assert.deepEqual(stripAt(canvas, -50, -50), [0, 0]);
    assert.deepEqual(stripAt(canvas, clientWidth + 50, clientHeight + 50), [9, 1]);
  });
