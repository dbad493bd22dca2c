// The handle that a press takes.

import assert from "node:assert/strict";
import test from "node:test";
import { grips, nearest } from "../../src/latentwalk/widgets/grips.js";
import { Fake } from "./elements.js";

test("the nearest handle, and how far it is", () => {
  const handles = { one: [10, 10], other: [110, 10] };
  assert.deepEqual(nearest(handles, [50, 10]), { name: "one", distance: 40 });
  assert.deepEqual(nearest(handles, [113, 14]), { name: "other", distance: 5 });
  assert.equal(nearest({}, [0, 0]).name, null);
});

test("another finger ends a drag, and lifting the first one does nothing more", () => {
  const canvas = new Fake("canvas");
  const said = [];
  grips(canvas, {
    places: () => ({ handle: [100, 100] }),
    elsewhere: () => "handle",
    start: () => said.push("start"),
    follow: (_, x) => said.push(x),
    end: () => said.push("end"),
  });
  const finger = (type, pointerId, at) =>
    canvas.fire(type, { pointerId, clientX: at, clientY: at, pointerType: "touch", button: 0 });
  finger("pointerdown", 1, 100);
  finger("pointerdown", 2, 250);
  finger("pointermove", 1, 120);
  finger("pointerup", 1, 120);
  assert.deepEqual(said, ["start", 100, "end"]);
  finger("pointerup", 2, 250); // a tap
  assert.deepEqual(said.slice(3), ["start", 250, "end"]);
});
