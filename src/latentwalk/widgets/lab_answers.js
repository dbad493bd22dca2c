// Questions to a worker, of which each kind of answer settles the one that waits for it.

export function labAnswers() {
  const waiting = new Map();
  return {
    wait: (kind) => new Promise((resolve, reject) => waiting.set(kind, { resolve, reject })),
    settle(kind, values) {
      waiting.get(kind)?.resolve(values);
      waiting.delete(kind);
    },
    // Nothing of it will be answered.
    fail(message) {
      for (const { reject } of waiting.values()) reject(new Error(message));
      waiting.clear();
    },
  };
}
