// Marks on a drawing. `pen` is a canvas's 2-D context; places are in CSS pixels.

import { FONT } from "./canvas.js";

const stroke = (pen, color, width) => {
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.stroke();
};

export function line(pen, color, width, ...points) {
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  stroke(pen, color, width);
}

export function dashed(pen, pattern, paint) {
  pen.setLineDash(pattern);
  paint();
  pen.setLineDash([]);
}

export const corners = ([left, right], [top, bottom]) => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];

// What lies within these points.
export function area(pen, color, alpha, points) {
  pen.fillStyle = color;
  pen.globalAlpha = alpha;
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.fill();
  pen.globalAlpha = 1;
}

export function dot(pen, color, x, y, radius, edge = null, width = 1.5) {
  pen.fillStyle = color;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
  if (edge) stroke(pen, edge, width);
}

// The circles around a prior: one, two and three of its standard deviations.
export function circles(pen, color, x, y, unit, width = 1.5, radii = [1, 2, 3]) {
  dashed(pen, [5, 4], () => {
    for (const radius of radii) {
      pen.beginPath();
      pen.arc(x, y, radius * unit, 0, 2 * Math.PI);
      stroke(pen, color, width);
    }
  });
}

export function write(pen, words, x, y, color, align = "center", baseline = "middle") {
  pen.fillStyle = color;
  pen.textAlign = align;
  pen.textBaseline = baseline;
  pen.fillText(words, x, y);
}

// What can be dragged, with its symbol.
export function handle(pen, theme, symbol, x, y, color) {
  dot(pen, color, x, y, 11, theme.back, 2);
  pen.font = "bold 15px system-ui, sans-serif";
  write(pen, symbol, x, y, theme.back);
  pen.font = FONT;
}

// Paints no further than these sides.
export function within(pen, [left, right], [top, bottom], paint) {
  pen.save();
  pen.beginPath();
  pen.rect(left, top, right - left, bottom - top);
  pen.clip();
  paint();
  pen.restore();
}
