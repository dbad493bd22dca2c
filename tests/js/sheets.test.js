// What several networks decode from the same codes: once for a draw of the codes.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { sampleSheets } from "../../src/latentwalk/widgets/sheets.js";

let moments;
beforeEach(() => {
  moments = [];
  globalThis.requestIdleCallback = (act) => moments.push(act);
});
const rest = () => {
  while (moments.length) moments.shift()({ timeRemaining: () => 50 });
};

// Two networks with codes of two numbers: one own code each, and three random ones.
function figure() {
  const decoded = [];
  const shown = [];
  const sheets = sampleSheets({
    root: { setAttribute() {} },
    codes: [Float32Array.of(1, 2), Float32Array.of(3, 4)],
    dims: 2,
    count: 3,
    decode: (k, z) => decoded.push([k, ...z]),
    show: (i, k, z) => {
      shown[i] = [k, ...z];
    },
  });
  return { sheets, decoded, shown };
}

test("random codes come first and are the same for all networks, each network's own last", () => {
  const { sheets, shown } = figure();
  assert.equal(sheets.draw(0, 1), true, "pictures are on their way");
  assert.deepEqual(shown, []);
  rest();
  const first = [...shown];
  assert.deepEqual(first[3], [0, 1, 2]);
  sheets.draw(1, 1);
  rest();
  assert.deepEqual(shown[3], [1, 3, 4]);
  for (let i = 0; i < 3; i++) assert.deepEqual(shown[i].slice(1), first[i].slice(1));
});

test("nothing is decoded twice until codes are drawn anew, and what was made ahead is shown at once", () => {
  const { sheets, decoded, shown } = figure();
  for (const make of sheets.parts(1, 7)) make();
  assert.equal(sheets.draw(1, 7), false, "nothing is to come");
  assert.equal(shown.length, 4);
  sheets.draw(1, 7);
  sheets.draw(0, 7);
  rest();
  sheets.draw(1, 7);
  assert.equal(decoded.length, 8);
  const before = shown[0];
  sheets.draw(1, 8);
  rest();
  assert.equal(decoded.length, 12);
  assert.notDeepEqual(shown[0], before);
});

test("parts that come late decode the codes of now", () => {
  const { sheets, decoded } = figure();
  const late = sheets.parts(0, 1);
  sheets.draw(0, 2);
  rest();
  for (const make of late) make();
  assert.equal(decoded.length, 4);
});
