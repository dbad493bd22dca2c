// Codes of test digits on a plane, with the prior's circles: a dot for each and names where the digits lie, or their clouds.

import { circles, dot, write } from "./marks.js";

export function paintScatter(pen, theme, { dots, labels, middles, colors }, x, y) {
  for (const [i, label] of labels.entries()) dot(pen, colors[label], x(dots[2 * i]), y(dots[2 * i + 1]), 2);
  circles(pen, theme.prior, x(0), y(0), x(1) - x(0));
  pen.font = "bold 15px system-ui, sans-serif";
  for (const [name, z1, z2] of middles) write(pen, name, x(z1), y(z2), theme.text, "center", "middle", theme.back);
}

// Clouds of pictures, each an ellipse mu +- sigma in its tint, or a dot where it is smaller than one. ellipses: mu, mu, sigma and sigma of
// each.
export function paintClouds(pen, theme, { ellipses, tints }, [x, y]) {
  const unit = x(1) - x(0);
  for (const [i, tint] of tints.entries()) {
    const [a, b, ra, rb] = ellipses.subarray(4 * i, 4 * i + 4);
    const isPoint = Math.max(ra, rb) * unit < 1.5;
    pen.beginPath();
    pen.ellipse(x(a), y(b), Math.max(1.5, ra * unit), Math.max(1.5, rb * unit), 0, 0, 2 * Math.PI);
    pen.fillStyle = tint;
    pen.globalAlpha = isPoint ? 1 : 0.12;
    pen.fill();
    pen.globalAlpha = 1;
    pen.strokeStyle = tint;
    pen.lineWidth = 1;
    if (!isPoint) pen.stroke();
  }
  circles(pen, theme.prior, x(0), y(0), unit);
}

// What the dot nearest to z shows.
export function nearestLabel({ dots, labels, names }, z) {
  let nearest = 0;
  let best = Infinity;
  for (let i = 0; i < labels.length; i++) {
    const distance = (dots[2 * i] - z[0]) ** 2 + (dots[2 * i + 1] - z[1]) ** 2;
    if (distance >= best) continue;
    best = distance;
    nearest = i;
  }
  return names?.[labels[nearest]] ?? labels[nearest];
}
