// Traits that move together, and traits that the page works out.

import assert from "node:assert/strict";
import test from "node:test";
import { joinSliders, overridable, publish } from "../../src/latentwalk/widgets/model.js";

// As much of Jupyter's model as is needed here.
function fakeModel(values) {
  const handlers = {};
  return {
    saved: 0,
    save_changes() {
      this.saved++;
    },
    get: (name) => values[name],
    set(name, value) {
      if (JSON.stringify(values[name]) === JSON.stringify(value)) return;
      values[name] = value;
      for (const handler of handlers[`change:${name}`] ?? []) handler();
    },
    on(event, handler) {
      handlers[event] ??= [];
      handlers[event].push(handler);
    },
  };
}

test("a code and its sliders move together", () => {
  const model = fakeModel({ z: [1, 2, 3], a: 0, b: 0 });
  let order = [2, 0];
  const spread = joinSliders(model, ["a", "b"], () => order);
  const now = () => [model.get("z"), model.get("a"), model.get("b")];
  assert.deepEqual(now(), [[1, 2, 3], 3, 1]);
  model.set("a", -1);
  assert.deepEqual(now(), [[1, 2, -1], -1, 1]);
  model.set("z", [4, 5, 6]);
  assert.deepEqual(now(), [[4, 5, 6], 6, 4]);
  order = [1, 0];
  spread();
  assert.deepEqual(now(), [[4, 5, 6], 5, 4]);
});

test("what the page works out is told once", () => {
  const model = fakeModel({ z: [[1, 2]] });
  publish(model, "z", [[1, 2]]);
  assert.equal(model.saved, 0);
  for (let i = 0; i < 2; i++) publish(model, "z", [[1, 3]]);
  assert.deepEqual([model.get("z"), model.saved], [[[1, 3]], 1]);
});

test("what Python sets stays until the page forgets it", () => {
  const model = fakeModel({ z: [0] });
  const trait = overridable(model, "z");
  trait.publish([1]);
  assert.deepEqual([model.get("z"), trait.given], [[1], null]);
  model.set("z", [5]);
  assert.deepEqual(trait.given, [5]);
  trait.publish([5]); // what is drawn now
  model.set("z", [6]);
  assert.deepEqual([trait.given, model.get("z")], [[6], [6]]);
  trait.forget();
  trait.publish([2]);
  assert.deepEqual([trait.given, model.get("z"), model.saved], [null, [2], 2]);
});
