// The test pictures of a Lab: a row with what the network makes of them, and two of them to walk between.

import { digitCanvases, paintDigit, pictures, shelf } from "./digits.js";
import { box } from "./dom.js";

const ROW = 10;
const EMPTY = new Float32Array(784);

// chosen() is called when the reader has chosen another picture to walk from or to.
export function labRow(text, chosen) {
  const canvases = digitCanvases(2 * ROW);
  const choice = box("lw-strip-row");
  const ends = [0, 1];
  let turn = 0; // which end the next press sets

  function show(buttons) {
    for (const [k, one] of [...buttons.children].entries()) one.setAttribute("aria-pressed", ends.includes(k));
  }

  // Other test pictures: {labels, pictures: bytes of the first ROW}.
  function take({ pictures: bytes, labels }) {
    const count = Math.min(ROW, labels.length);
    [ends[0], ends[1]] = [0, Math.min(1, count - 1)];
    const own = { pictures: new DataView(bytes.buffer, 0, 784 * count), labels: [...labels.subarray(0, count)], text };
    const press = (i) => {
      ends[turn] = i;
      turn = 1 - turn;
      show(buttons);
      chosen();
    };
    const buttons = shelf({ get: (name) => own[name] }, press, { label: text.walk });
    show(buttons);
    choice.replaceChildren(buttons);
    const picture = pictures(own.pictures);
    for (let i = 0; i < ROW; i++) {
      const label = i < count ? text.digit.replace("{label}", labels[i]).replace("{index}", i) : "";
      paintDigit(canvases[i], i < count ? picture(i) : EMPTY, label);
    }
  }

  // copies: what the network makes of each, (n, 784).
  function paint(copies, count) {
    for (let i = 0; i < ROW; i++)
      paintDigit(canvases[ROW + i], i < count ? copies.subarray(784 * i, 784 * (i + 1)) : EMPTY, text.copy);
  }

  return { canvases, choice, ends, take, paint };
}
