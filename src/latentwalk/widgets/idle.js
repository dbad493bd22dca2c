// Moments in which the page has nothing else to do.

// Calls act() in such a moment, or after so many ms: a page on which a finger lies may have none.
export const whenIdle = (act, latest) =>
  globalThis.requestIdleCallback ? requestIdleCallback(act, { timeout: latest }) : setTimeout(act);

export const idle = () => new Promise((done) => whenIdle(done, 500));
