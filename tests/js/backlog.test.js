// Pictures that are made a few at a time.

import assert from "node:assert/strict";
import { test } from "node:test";

import { backlog } from "../../src/latentwalk/widgets/backlog.js";

// A page with nothing else to do, for so many ms at a time; next() is its next such moment.
function page(left) {
  const moments = [];
  globalThis.requestIdleCallback = (act) => moments.push(act);
  return { moments, next: () => moments.shift()({ timeRemaining: () => left }) };
}
const waste = (ms) => {
  for (const end = performance.now() + ms; performance.now() < end; );
};

test("each is made once, in its turn, and a moment has room for several", () => {
  const { moments, next } = page(50);
  const made = [];
  const queue = backlog(
    (i) => made.push(i),
    () => made.push("shown"),
  );
  queue.add([3, 1]);
  queue.add([1, 2]);
  assert.deepEqual([made, moments.length, queue.busy()], [[], 1, true], "nothing is made while the hand is served");
  next();
  assert.deepEqual([made, moments.length, queue.busy()], [[3, 1, 2, "shown"], 0, false]);
  queue.add([]);
  assert.equal(moments.length, 0, "nothing is asked for without work");
});

test("one that takes long ends its moment, and what is added meanwhile waits behind", () => {
  const { moments, next } = page(1);
  const made = [];
  const queue = backlog(
    (i) => {
      waste(2);
      made.push(i);
    },
    () => {},
  );
  queue.add([0, 1]);
  next();
  assert.deepEqual([made, queue.busy(), moments.length], [[0], true, 1]);
  queue.add([0]);
  next();
  next();
  assert.deepEqual([made, queue.busy()], [[0, 1, 0], false]);
});

test("it goes on in a page that is never idle", () => {
  const { next } = page(0);
  let made = 0;
  backlog(
    () => made++,
    () => {},
  ).add([0, 1, 2]);
  next();
  assert.equal(made, 3, "a few ms of work");
});
