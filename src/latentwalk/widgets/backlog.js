// Pictures that are made a few at a time when the page has nothing else to do, so that the hand need not wait.

import { whenIdle } from "./idle.js";

const SLICE = 4; // ms of work at a time
const LATEST = 100; // ms after which it goes on in a page that always has something to do

// make(i) makes the i-th picture; moved() is called when some have been made.
export function backlog(make, moved) {
  let waiting = [];
  let asked = false;
  const ask = () => {
    if (asked || !waiting.length) return;
    asked = true;
    whenIdle(work, LATEST);
  };
  function work(deadline) {
    asked = false;
    const end = performance.now() + Math.min(SLICE, deadline?.timeRemaining() || SLICE);
    do make(waiting.shift());
    while (waiting.length && performance.now() < end);
    ask();
    moved();
  }
  return {
    // These are to be made anew; those that wait longest come first.
    add(which) {
      waiting = [...waiting, ...which.filter((i) => !waiting.includes(i))];
      ask();
    },
    busy: () => waiting.length > 0,
  };
}
