// Questions to a worker, each with a number that its answer carries. A newer question of a kind gives the older one up: that one fails,
// with no words.

export function labAnswers() {
  const waiting = new Map(); // number -> {kind, resolve, reject}
  let last = 0;
  const end = (id, how, value) => {
    const one = waiting.get(id);
    waiting.delete(id);
    one?.[how](value);
    return Boolean(one);
  };
  const refuse = (id, error) => end(id, "reject", error);
  return {
    ask(kind) {
      for (const [id, one] of waiting) if (one.kind === kind) refuse(id, new Error(""));
      last += 1;
      const id = last;
      return { id, answer: new Promise((resolve, reject) => waiting.set(id, { kind, resolve, reject })) };
    },
    settle: (id, values) => end(id, "resolve", values),
    // Gives whether anybody has waited.
    refuse,
    // Nothing of it will be answered.
    fail(message) {
      for (const id of [...waiting.keys()]) refuse(id, new Error(message));
    },
  };
}
