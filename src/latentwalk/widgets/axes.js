// Axes: lines across a plot, and numbers beside and below it.

import { line, write } from "./marks.js";
import { steps } from "./numbers.js";
import { short } from "./words.js";

// From zero in steps of which at most so many fit.
export function ticksFromZero(high, most) {
  const sizes = [0.2, 0.5, 1, 2, 5, 10, 20];
  const step = sizes.find((size) => high / size < most) ?? sizes.at(-1);
  return steps(0, high, step).filter((tick) => tick < high - step / 100); // the upper end has no room for a number
}

// A line across the plot for each number, which stands to the left of it. `zero` is the colour of the line at zero.
export function levels(pen, theme, ticks, y, [left, right], { gap = 5, zero = theme.soft } = {}) {
  for (const tick of ticks) {
    line(pen, tick === 0 ? zero : theme.soft, 1, [left, y(tick)], [right, y(tick)]);
    write(pen, short(tick), left - gap, y(tick), theme.muted, "right");
  }
}

export function numbersBelow(pen, ticks, x, y, color, baseline = "middle") {
  for (const tick of ticks) write(pen, short(tick), x(tick), y, color, "center", baseline);
}

// Lines across and up, within these sides.
export function gridLines(pen, color, xs, ys, [left, right], [top, bottom]) {
  pen.strokeStyle = color;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const x of xs) {
    pen.moveTo(x, top);
    pen.lineTo(x, bottom);
  }
  for (const y of ys) {
    pen.moveTo(left, y);
    pen.lineTo(right, y);
  }
  pen.stroke();
}
