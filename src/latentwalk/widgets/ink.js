// Ink on a pad, and a drawing as MNIST would hold it.

import { clamp, times } from "./numbers.js";

// What a round pen leaves on the pad: one number in [0, 1] a pixel. Worked out from the strokes and not read back from the canvas, as
// some browsers add noise to what is read back, for privacy, and a trace of ink anywhere would change the digit's size and place.
export class Ink {
  constructor(size, pen) {
    this.size = size;
    this.radius = pen / 2;
    this.pixels = new Float32Array(size * size);
  }

  clear() {
    this.pixels.fill(0);
  }

  // A straight line between two points. At its edge a pixel is covered as far as the pen reaches beyond the pixel's middle.
  line([x0, y0], [x1, y1]) {
    const { size, radius, pixels } = this;
    const dx = x1 - x0;
    const dy = y1 - y0;
    const square = dx * dx + dy * dy;
    const first = (a, b) => Math.max(0, Math.floor(Math.min(a, b) - radius - 1));
    const last = (a, b) => Math.min(size - 1, Math.ceil(Math.max(a, b) + radius));
    for (let row = first(y0, y1); row <= last(y0, y1); row++)
      for (let column = first(x0, x1); column <= last(x0, x1); column++) {
        const x = column + 0.5 - x0;
        const y = row + 0.5 - y0;
        const t = square && clamp((x * dx + y * dy) / square, [0, 1]); // how far along the line the nearest point lies
        const cover = radius + 0.5 - Math.sqrt((x - t * dx) ** 2 + (y - t * dy) ** 2);
        const at = size * row + column;
        if (cover > pixels[at]) pixels[at] = Math.min(1, cover);
      }
  }
}

// How much of each of n pixels falls into each of m: for each of the m a list of [pixel, share], the shares adding up to 1.
export const shares = (n, m) =>
  times(m, (i) => {
    const low = (i * n) / m;
    const high = ((i + 1) * n) / m;
    const covered = (k) => (Math.min(high, k + 1) - Math.max(low, k)) / (high - low);
    const first = Math.floor(low);
    return times(Math.min(n, Math.ceil(high)) - first, (k) => [first + k, covered(first + k)]);
  });

// The smallest rectangle that holds all ink, or null without ink.
function bounds(ink, size) {
  let [left, right, top, bottom] = [size, 0, size, 0];
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      if (ink(x, y) <= 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
    }
  return right > left ? { left, top, across: right - left, down: bottom - top } : null;
}

// What lies in the rectangle, in rows of pixels, its longer side as long as MNIST's digits: 20 of 28 pixels.
function shrunk(ink, { left, top, across, down }, [, height, width]) {
  const scale = (5 / 7) * Math.min(width / across, height / down);
  const columns = shares(across, Math.max(1, Math.round(across * scale)));
  const rows = shares(down, Math.max(1, Math.round(down * scale)));
  const sum = (list, value) => list.reduce((total, [k, share]) => total + share * value(k), 0);
  const narrow = times(down, (y) => columns.map((list) => sum(list, (x) => ink(left + x, top + y))));
  return rows.map((list) => columns.map((_, x) => sum(list, (y) => narrow[y][x])));
}

// Ink on the pad, given as ink(x, y) in [0, 1], as MNIST would hold it: 28 x 28, or of another shape, in steps of 1/255, the middle of
// its mass at pixel 14; or null without ink.
export function asMnist(ink, size, shape = [1, 28, 28]) {
  const around = bounds(ink, size);
  if (!around) return null;
  const small = shrunk(ink, around, shape);
  const [channels, height, width] = shape;
  let mass = 0;
  let massX = 0;
  let massY = 0;
  for (const [y, row] of small.entries())
    for (const [x, value] of row.entries()) {
      mass += value;
      massX += x * value;
      massY += y * value;
    }
  const dx = Math.round(width / 2 - massX / mass);
  const dy = Math.round(height / 2 - massY / mass);
  const grey = new Float32Array(height * width);
  for (const [y, row] of small.entries())
    for (const [x, value] of row.entries()) {
      const [column, line] = [x + dx, y + dy];
      const inside = column >= 0 && column < width && line >= 0 && line < height;
      if (inside) grey[width * line + column] = Math.round(255 * value) / 255;
    }
  const out = new Float32Array(channels * grey.length);
  for (let channel = 0; channel < channels; channel++) out.set(grey, channel * grey.length);
  return out;
}
