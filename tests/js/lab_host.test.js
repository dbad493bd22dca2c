// The worker of a Lab, seen from the page, without either: whether one that says nothing is noticed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { labHost } from "../../src/latentwalk/widgets/lab_host.js";

// A host, and the other end of its line. Timers are the test's own.
function open(t) {
  t.mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  const told = [];
  const lines = [];
  const frame = { setAttribute() {}, remove() {}, contentWindow: { postMessage: (_, __, [port]) => lines.push(port) } };
  Object.assign(globalThis, {
    document: { createElement: () => frame, body: { append() {} } },
    addEventListener() {},
    removeEventListener() {},
  });
  const host = labHost("", { hear() {}, died: (why) => told.push(why) });
  frame.onload();
  const say = (message) =>
    new Promise((done) => {
      lines[0].postMessage(message);
      setImmediate(() => setImmediate(done)); // it has been heard
    });
  const pass = (seconds) => {
    for (let k = 0; k < seconds && !told.length; k += 1) t.mock.timers.tick(1000);
  };
  t.after(() => {
    host.stop();
    lines[0].close();
  });
  return { host, told, say, pass };
}

test("a worker that rests before it has heard of a question still owes an answer", async (t) => {
  const { host, told, say, pass } = open(t);
  host.send("start");
  await say({ kind: "rest", heard: 0 });
  pass(39);
  assert.deepEqual(told, []);
  pass(3);
  assert.deepEqual(told, ["dead"]);
});

test("one that has heard all and rests may be silent", async (t) => {
  const { host, told, say, pass } = open(t);
  host.send("start");
  await say({ kind: "answer" });
  await say({ kind: "rest", heard: 1 });
  pass(100);
  assert.deepEqual(told, []);
});

test("after a program of the reader's it is given five seconds", async (t) => {
  const { host, told, say, pass } = open(t);
  host.send("program");
  await say({ kind: "tried" });
  pass(7);
  assert.deepEqual(told, ["endless"]);
});
