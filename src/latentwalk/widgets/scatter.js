// Codes of test digits on a plane: a dot for each, names where the digits lie, the prior's circles.

import { circles, dot, write } from "./marks.js";

export function paintScatter(pen, theme, { dots, labels, middles, colors }, x, y) {
  for (const [i, label] of labels.entries()) dot(pen, colors[label], x(dots[2 * i]), y(dots[2 * i + 1]), 2);
  circles(pen, theme.prior, x(0), y(0), x(1) - x(0));
  pen.font = "bold 15px system-ui, sans-serif";
  pen.lineWidth = 4;
  pen.lineJoin = "round";
  for (const [digit, z1, z2] of middles) {
    [pen.textAlign, pen.textBaseline, pen.strokeStyle] = ["center", "middle", theme.back];
    pen.strokeText(digit, x(z1), y(z2)); // so that it stands out from the dots
    write(pen, digit, x(z1), y(z2), theme.text);
  }
}

// The label of the dot nearest to z.
export function nearestLabel({ dots, labels }, z) {
  let nearest = 0;
  let best = Infinity;
  for (let i = 0; i < labels.length; i++) {
    const distance = (dots[2 * i] - z[0]) ** 2 + (dots[2 * i + 1] - z[1]) ** 2;
    if (distance >= best) continue;
    best = distance;
    nearest = i;
  }
  return labels[nearest];
}
