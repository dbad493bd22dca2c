// Where ten strips lie, and which place of which strip lies under a pointer.

import assert from "node:assert/strict";
import test from "node:test";

globalThis.ResizeObserver ??= class {
  observe() {}
};
const { stripAt, stripPlace, stripPoint } = await import("../../src/latentwalk/widgets/strips.js");
const TEN = { count: 10, aspect: 1, name: 18 };

for (const [clientWidth, clientHeight, columns] of [
  [300, 376, 1],
  [306, 128, 2],
])
  test(`places and points agree, in ${columns} column(s)`, () => {
    const canvas = { clientWidth, clientHeight };
    for (let k = 0; k < 10; k++) {
      const { left, top, side } = stripPlace(canvas, k, TEN);
      assert.ok(left >= 0 && top >= 0 && left + 7 * side < clientWidth && top + side <= clientHeight);
      for (const t of [0, 0.3, 1]) {
        const [digit, place] = stripAt(canvas, ...stripPoint(canvas, k, t, TEN), TEN);
        assert.equal(digit, k);
        assert.ok(Math.abs(place - t) < 1e-9);
      }
    }
    assert.deepEqual(stripAt(canvas, -50, -50, TEN), [0, 0]);
    assert.deepEqual(stripAt(canvas, clientWidth + 50, clientHeight + 50, TEN), [9, 1]);
  });

test("strips of another count, of wide pictures and with long names lie inside and do not overlap", () => {
  const layout = { count: 3, aspect: 64 / 48, name: 90 };
  const canvas = { clientWidth: 330, clientHeight: 376 };
  let last = 0;
  for (let k = 0; k < 3; k++) {
    const { left, top, side, wide } = stripPlace(canvas, k, layout);
    assert.ok(Math.abs(wide / side - 64 / 48) < 1e-9 && left + 7 * wide + layout.name <= 330);
    assert.ok(top >= last && top + side <= 376);
    last = top + side;
    assert.equal(stripAt(canvas, ...stripPoint(canvas, k, 0.5, layout), layout)[0], k);
  }
});
