// Pictures that are made a few at a time, so that the hand need not wait.

import { times } from "./numbers.js";

// count: of the pictures; budget: ms of a frame of the screen.
export function backlog(count, budget) {
  let waiting = [];
  return {
    // All are to be made anew; those that wait longest come first.
    add() {
      const all = times(count, (i) => i);
      waiting = [...waiting, ...all.filter((i) => !waiting.includes(i))];
    },
    // Makes those for which there is time; returns whether some are left for the next frame.
    work(make) {
      for (const began = performance.now(); waiting.length && performance.now() - began < budget; )
        make(waiting.shift());
      return waiting.length > 0;
    },
  };
}
