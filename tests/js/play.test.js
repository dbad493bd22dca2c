import assert from "node:assert/strict";
import { test } from "node:test";
import { playAlong } from "../../src/latentwalk/widgets/play.js";

// A model as the page has it: set() calls back for what has changed.
function modelOf(values) {
  const heard = {};
  return {
    get: (name) => values[name],
    on: (event, act) => {
      heard[event] = [...(heard[event] ?? []), act];
    },
    set(changes) {
      const changed = Object.keys(changes).filter((name) => values[name] !== changes[name]);
      Object.assign(values, changes);
      for (const name of changed) for (const act of heard[`change:${name}`] ?? []) act();
    },
    save_changes() {},
  };
}

function figure(t) {
  const model = modelOf({ t, frame: 100 * t, playing: false });
  playAlong(
    model,
    { closest: () => null },
    {
      names: ["t"],
      place: () => Math.round(100 * model.get("t")),
      show: (frame) => model.set({ t: 1 - Math.abs(1 - frame / 100) }),
    },
  );
  return model;
}

test("Play moves t and goes on", () => {
  const model = figure(0.4);
  model.set({ playing: true });
  model.set({ frame: 41 });
  assert.equal(model.get("t").toFixed(2), "0.41");
  model.set({ frame: 130 });
  assert.equal(model.get("t").toFixed(2), "0.70");
  assert.equal(model.get("playing"), true);
});

test("a hand that moves t pauses Play, which goes on from there", () => {
  const model = figure(0.4);
  model.set({ playing: true });
  model.set({ frame: 50 });
  model.set({ t: 0.8 });
  assert.equal(model.get("playing"), false);
  assert.equal(model.get("frame"), 80);
  assert.equal(model.get("t"), 0.8);
});
