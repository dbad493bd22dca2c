// N(mu, sigma^2) beside N(0, 1), and what one integrates for the KL between them: q (log q - log p).

import { levels, numbersBelow, ticksFromZero } from "./axes.js";
import { backdrop, plotContext } from "./canvas.js";
import { logNormal, normal } from "./gaussian.js";
import { area, line, write } from "./marks.js";
import { scale, steps, times } from "./numbers.js";

const Z = [-5, 5];

// The two side by side, or one under the other where there is no room.
export function drawBells(canvas, color, { mu, sigma }) {
  const { context, width, height } = plotContext(canvas);
  const beside = width > 460;
  const half = beside ? width / 2 : width;
  const sides = [34, half - 6];
  const pixel = (Z[1] - Z[0]) / (sides[1] - sides[0]);
  const even = times((sides[1] - sides[0]) / 2, (i) => Z[0] + 2 * i * pixel);
  const dense = times(81, (i) => mu + (sigma * (i - 40)) / 10).filter((z) => z > Z[0] && z < Z[1]); // where q is
  const zs = [...even, ...dense, Z[1]].sort((one, other) => one - other);
  const p = zs.map((z) => normal(z, 0, 1));
  const q = zs.map((z) => normal(z, mu, sigma));
  const part = zs.map((z, i) => q[i] * (logNormal(z, mu, sigma) - logNormal(z, 0, 1)));

  const bells = [0, Math.max(0.5, 1.1 * Math.max(...q))];
  const integrand = [Math.min(-0.2, 1.15 * Math.min(...part)), Math.max(0.4, 1.1 * Math.max(...part))];
  const place = scale(Z, sides);
  const shift = beside ? half : 0;
  const y = scale(bells, [beside ? height - 20 : 0.48 * height, 6]);
  const yPart = scale(integrand, [height - 20, beside ? 6 : 0.54 * height]);
  backdrop(context, [color.text, beside], (pen) => {
    for (const from of beside ? [0, shift] : [0])
      numbersBelow(pen, steps(-4, 4, 2), (z) => from + place(z), height - 8, color.muted);
    write(pen, "z", width - 6, height - 8, color.muted, "right");
  });
  const style = { zero: color.line };
  const other = sides.map((side) => side + shift);
  levels(context, color, ticksFromZero(bells[1], 3.5), y, sides, style);
  levels(context, color, ticksFromZero(integrand[1], 3.5), yPart, other, style);

  const xs = zs.map((z) => shift + place(z));
  const under = (values) => [
    [other[0], yPart(0)],
    ...values.map((value, i) => [xs[i], yPart(value)]),
    [other[1], yPart(0)],
  ];
  area(context, color.vae, 0.5, under(part.map((value) => Math.max(0, value)))); // where q is above p
  area(context, color.prior, 0.5, under(part.map((value) => Math.min(0, value)))); // where it is below
  line(context, color.vae, 1.5, ...part.map((value, i) => [xs[i], yPart(value)]));
  line(context, color.prior, 2, ...p.map((value, i) => [place(zs[i]), y(value)]));
  line(context, color.vae, 2, ...q.map((value, i) => [place(zs[i]), y(value)]));
  const level = y(normal(mu + sigma, mu, sigma));
  line(context, color.mu, 2, [place(mu), y(0)], [place(mu), y(normal(mu, mu, sigma))]);
  line(context, color.sigma, 3, [place(mu - sigma), level], [place(mu + sigma), level]);
}
