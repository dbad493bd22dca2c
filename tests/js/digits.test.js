// Pictures that travel as bytes.

import assert from "node:assert/strict";
import test from "node:test";
import { labelsOf, paintDigit, pictures } from "../../src/latentwalk/widgets/digits.js";

test("pictures are read from bytes, wherever they begin", () => {
  const grey = new DataView(Uint8Array.of(9, 0, 255, 51, 102).buffer, 1);
  assert.deepEqual(pictures(grey, [1, 1, 2])(0), Float32Array.of(0, 1));
  assert.deepEqual(pictures(grey, [1, 1, 2])(1), Float32Array.of(0.2, 0.4));
});

test("a picture in colour is painted from its three parts, a grey one from one", () => {
  const painted = (pixels) => {
    let image;
    const context = {
      createImageData: (width, height) => ({ data: new Uint8ClampedArray(4 * width * height) }),
      putImageData: (made) => {
        image = made;
      },
    };
    paintDigit({ width: 2, height: 1, getContext: () => context, setAttribute() {} }, pixels, "");
    return [...image.data];
  };
  assert.deepEqual(painted([1, 0.2]), [255, 255, 255, 255, 51, 51, 51, 255]);
  assert.deepEqual(painted([1, 0.2, 0, 0.4, 0.6, 1]), [255, 0, 153, 255, 51, 102, 255, 255]);
});

test("a picture's label is the name of its class", () => {
  const model = (values) => ({ get: (name) => values[name] });
  assert.deepEqual(labelsOf(model({ labels: [1, 0, 1], class_names: ["shoe", "boot"] })), ["boot", "shoe", "boot"]);
  assert.deepEqual(labelsOf(model({ labels: [7, 2] })), [7, 2]);
});
