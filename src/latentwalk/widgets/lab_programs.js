// Which program a Lab trains on: the last one that has trained, and what is gone back to where that one fails later.

export function labPrograms(right) {
  let good = right;
  let earlier = null; // the one before it
  return {
    get good() {
      return good;
    },
    take(program) {
      if (program !== good) earlier = good;
      good = program;
    },
    // To the one before it, once. Gives whether there is one.
    back() {
      const found = earlier !== null;
      good = earlier ?? good;
      earlier = null;
      return found;
    },
    // To the right one. Gives whether it was another.
    right() {
      const found = good !== right;
      [good, earlier] = [right, null];
      return found;
    },
    // To any other that there is: the right one at the last.
    other() {
      const before = good;
      if (earlier === null) earlier = right;
      this.back();
      return good !== before;
    },
  };
}
