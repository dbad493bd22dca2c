// The handle that a press takes.

import assert from "node:assert/strict";
import test from "node:test";
import { nearest } from "../../src/latentwalk/widgets/grips.js";

test("the nearest handle, and how far it is", () => {
  const handles = { one: [10, 10], other: [110, 10] };
  assert.deepEqual(nearest(handles, [50, 10]), { name: "one", distance: 40 });
  assert.deepEqual(nearest(handles, [113, 14]), { name: "other", distance: 5 });
  assert.equal(nearest({}, [0, 0]).name, null);
});
