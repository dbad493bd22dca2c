// Words, and numbers among them.

import assert from "node:assert/strict";
import test from "node:test";
import { fill, fixed, say, short } from "../../src/latentwalk/widgets/words.js";

test("words are filled in, and what has no value stays", () => {
  assert.equal(fill("t = {t}, {t} of {all}", { t: 0, all: "" }), "t = 0, 0 of ");
  assert.equal(fill("{unknown} and {t}", { t: null }), "{unknown} and {t}");
});

test("numbers are shown with a true minus, and only if they are numbers", () => {
  assert.equal(fixed(-1.005, 1), "\u22121.0");
  assert.equal(fixed(2), "2.00");
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined])
    assert.throws(() => fixed(value), { message: `${value} is not a number that can be shown` });
});

test("an axis has numbers with no more digits than they need", () => {
  assert.deepEqual([-3, 0, 3 * 0.2, 1.5, 40].map(short), ["\u22123", "0", "0.6", "1.5", "40"]);
});

test("words change in their place, and only if they are others", () => {
  const said = [];
  const node = {
    firstChild: null,
    append(words) {
      this.firstChild = {
        get data() {
          return words;
        },
        set data(others) {
          said.push(others);
          words = others;
        },
      };
    },
  };
  for (const words of ["one", "one", "two"]) say(node, words);
  assert.equal(node.firstChild.data, "two");
  assert.deepEqual(said, ["two"]);
});
