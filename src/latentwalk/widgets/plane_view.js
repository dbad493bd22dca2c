// A square of the latent plane on a canvas: where its numbers lie, its grid, and the ellipses of many pictures.

import { gridLines } from "./axes.js";
import { circles, within, write } from "./marks.js";
import { steps } from "./numbers.js";
import { fixed } from "./words.js";

// `half` of a side and the `step` of the grid in units of the plane, `digits` of the numbers, the square's middle [cx, cy]; places are in
// CSS pixels.
export function viewOf({ half, step, digits }, width, [cx, cy]) {
  const unit = width / (2 * half);
  const x = (value) => width / 2 + unit * (value - cx);
  const y = (value) => width / 2 - unit * (value - cy);
  const lines = (offsets) => [cx, cy].map((c) => offsets.map((k) => (Math.round(c / step) + k) * step));
  return { half, digits, width, unit, x, y, lines, distance: Math.hypot(cx, cy) };
}

const outside = (at, reach, low, high) => at + reach < low || at - reach > high;

export function ellipse(pen, { x, y, unit }, [a, b], [ra, rb]) {
  pen.beginPath();
  pen.ellipse(x(a), y(b), Math.max(unit * ra, 1.8), Math.max(unit * rb, 1.8), 0, 0, 2 * Math.PI);
}

// On the lower and the left edge, but where `hidden(x, y)` says that something lies over it.
export function writeNumbers(pen, { x, y, width, digits, lines }, theme, hidden = () => false) {
  const [across, up] = lines(width < 160 ? [-2, 2] : [-3, -1, 1, 3]);
  for (const a of across.filter((one) => !hidden(x(one), width - 9)))
    write(pen, fixed(a, digits), x(a), width - 5, theme.text, "center", "alphabetic");
  for (const b of up.filter((one) => !hidden(14, y(one))))
    write(pen, fixed(b, digits), 4, y(b) + 4, theme.text, "left", "alphabetic");
}

// The grid, the prior's circles and the crowd's regions, as far as they lie between these sides. crowd: mu1, mu2, sigma1 and sigma2
// of each picture; tints: a colour for each.
export function paintCrowd(pen, view, theme, { crowd, tints }, [x0, y0, x1, y1]) {
  const { x, y, unit, half, distance } = view;
  const [across, up] = view.lines(steps(-7, 7));
  within(pen, [x0, x1], [y0, y1], () => {
    pen.clearRect(x0, y0, x1 - x0, y1 - y0);
    gridLines(pen, theme.soft, across.map(x), up.map(y), [x0, x1], [y0, y1]);
    for (let i = 0; i < tints.length; i++) {
      const a = crowd[4 * i];
      const b = crowd[4 * i + 1];
      const sigmaA = crowd[4 * i + 2];
      const sigmaB = crowd[4 * i + 3];
      if (outside(x(a), 2 * unit * sigmaA + 3, x0, x1) || outside(y(b), 2 * unit * sigmaB + 3, y0, y1)) continue;
      pen.fillStyle = tints[i];
      pen.strokeStyle = tints[i];
      ellipse(pen, view, [a, b], [2 * sigmaA, 2 * sigmaB]);
      pen.globalAlpha = sigmaA ? 0.3 : 0.8;
      pen.fill();
      pen.globalAlpha = 0.9;
      if (sigmaA) pen.stroke();
    }
    pen.globalAlpha = 1;
    const inSight = (radius) => Math.abs(distance - radius) < 1.5 * half;
    circles(pen, theme.prior, x(0), y(0), unit, 1, [1, 2, 3].filter(inSight));
  });
}
