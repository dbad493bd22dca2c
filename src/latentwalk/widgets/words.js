// Words of a figure, which come from Python so that they can be translated, and numbers among them.

import { round } from "./numbers.js";

const signed = (digits) => digits.replace("-", "\u2212");

// Fills "t = {t}" from an object.
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);

export function fixed(value, digits = 2) {
  if (!Number.isFinite(value)) throw new Error(`${value} is not a number that can be shown`);
  return signed(value.toFixed(digits));
}

// The number of an axis: no more digits than it needs, two at most.
export const short = (value) => signed(String(round(value)));

// Other words in the same place. A text that changes costs the browser less than a new one in its stead.
export function say(node, words) {
  if (!node.firstChild) node.append(words);
  else if (node.firstChild.data !== words) node.firstChild.data = words;
}
