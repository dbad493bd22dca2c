// Pictures that travel as bytes.

import assert from "node:assert/strict";
import test from "node:test";
import { pictures } from "../../src/latentwalk/widgets/digits.js";

test("pictures are read from bytes, wherever they begin", () => {
  const grey = new DataView(Uint8Array.of(9, 0, 255, 51, 102).buffer, 1);
  assert.deepEqual(pictures(grey, 2)(0), Float32Array.of(0, 1));
  assert.deepEqual(pictures(grey, 2)(1), Float32Array.of(0.2, 0.4));
});
