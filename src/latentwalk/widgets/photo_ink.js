// The ink in a photograph of something written: what is darker than the paper around it, or lighter, wherever shadows fall.

import { asMnist } from "./ink.js";

const FAINT = 0.12; // what ink differs from its paper, at least, as a share of the paper's brightness
const COVERED = 0.4; // share of the photograph that ink may cover
const NEAR = 0.1; // of the longer side of the largest piece: how far from it its other pieces may lie
const STROKE = 0.1; // of the longer side of what is written: MNIST's pens are no thinner

// The mean of the square around each pixel, by sums over all rectangles that begin in the corner.
function around(grey, width, height, radius) {
  const wide = width + 1;
  const sums = new Float64Array(wide * (height + 1));
  for (let y = 0; y < height; y++)
    for (let x = 0, row = 0; x < width; x++) {
      row += grey[y * width + x];
      sums[(y + 1) * wide + x + 1] = sums[y * wide + x + 1] + row;
    }
  const ends = (at, size) => [Math.max(0, at - radius), Math.min(size, at + radius + 1)];
  return Float32Array.from(grey, (_, i) => {
    const [[x0, x1], [y0, y1]] = [ends(i % width, width), ends(Math.floor(i / width), height)];
    const sum = sums[y1 * wide + x1] - sums[y0 * wide + x1] - sums[y1 * wide + x0] + sums[y0 * wide + x0];
    return sum / ((x1 - x0) * (y1 - y0));
  });
}

// Otsu's threshold of numbers in [0, 1]: the cut between two groups whose means lie farthest apart, for their sizes.
function otsu(numbers) {
  const counts = new Float64Array(256);
  for (const number of numbers) counts[Math.round(255 * number)]++;
  const all = counts.reduce((sum, count, value) => sum + count * value, 0);
  let [below, sum, best, cut] = [0, 0, 0, 255];
  for (let value = 0; value < 255; value++) {
    below += counts[value];
    sum += counts[value] * value;
    const above = numbers.length - below;
    if (!below || !above) continue;
    const between = below * above * (sum / below - (all - sum) / above) ** 2;
    if (between > best) [best, cut] = [between, value];
  }
  return cut / 255;
}

// Pieces of ink that hang together, also over corners: {pixels, left, right, top, bottom}.
function piecesOf(inked, width, height) {
  const seen = Uint8Array.from(inked, (value) => !value);
  const pieces = [];
  for (let from = 0; from < seen.length; from++) {
    if (seen[from]) continue;
    const piece = { pixels: [from], left: width, right: 0, top: height, bottom: 0 };
    seen[from] = 1;
    for (const at of piece.pixels) {
      const [x, y] = [at % width, Math.floor(at / width)];
      piece.left = Math.min(piece.left, x);
      piece.right = Math.max(piece.right, x);
      piece.top = Math.min(piece.top, y);
      piece.bottom = Math.max(piece.bottom, y);
      for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++)
        for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++)
          if (!seen[v * width + u]) {
            seen[v * width + u] = 1;
            piece.pixels.push(v * width + u);
          }
    }
    pieces.push(piece);
  }
  return pieces;
}

// A pen that is `more` pixels wider on each side.
function thicker(inked, size, more) {
  let now = inked;
  for (let step = 0; step < more; step++) {
    const before = now;
    const ink = (x, y) => x >= 0 && x < size && before[y * size + x];
    now = before.map((_, i) => {
      const [x, y] = [i % size, Math.floor(i / size)];
      return ink(x, y) || ink(x - 1, y) || ink(x + 1, y) || ink(x, y - 1) || ink(x, y + 1) ? 1 : 0;
    });
  }
  return now;
}

// Where there is ink: a byte a pixel, or null where nothing stands out.
function inkOf({ width, height, grey }) {
  const paper = around(grey, width, height, Math.ceil(Math.max(width, height) / 4));
  const apart = Float32Array.from(grey, (value, i) => value - paper[i]);
  const dark = apart.reduce((sum, value) => sum + value ** 3, 0) < 0; // ink is little, and far from its paper
  const contrast = apart.map((value, i) => {
    const share = dark ? -value / Math.max(paper[i], 1) : value / Math.max(255 - paper[i], 1);
    return Math.min(1, Math.max(0, share));
  });
  const cut = Math.max(FAINT, otsu(contrast));
  const inked = Uint8Array.from(contrast, (value) => value > cut);
  const count = inked.reduce((sum, value) => sum + value, 0);
  return count && count < COVERED * inked.length ? inked : null;
}

// A photograph {width, height, grey}, a byte a pixel -> what is written there as MNIST would hold it, in a picture of this shape; or null.
// Of several pieces it is the largest with what lies close to it; what reaches the edge, a table beyond the paper, counts if it is all.
export function digitOfPhoto(photo, shape) {
  const { width, height } = photo;
  const inked = inkOf(photo);
  if (!inked) return null;
  const all = piecesOf(inked, width, height);
  const whole = all.filter(({ left, right, top, bottom }) => left && top && right < width - 1 && bottom < height - 1);
  const pieces = whole.length ? whole : all;
  const main = pieces.reduce((most, piece) => (piece.pixels.length > most.pixels.length ? piece : most));
  const side = Math.max(main.right - main.left, main.bottom - main.top) + 1;
  if (main.pixels.length < 12 || side < 5) return null; // a speck
  const gap = (piece, low, high) => Math.max(piece[low] - main[high], main[low] - piece[high], 0);
  const close = (piece) => Math.max(gap(piece, "left", "right"), gap(piece, "top", "bottom")) <= NEAR * side;
  // On a square with room for a thicker pen.
  const margin = Math.ceil(STROKE * side);
  const size = Math.max(width, height) + 2 * margin;
  const written = new Uint8Array(size * size);
  for (const { pixels } of pieces.filter(close))
    for (const at of pixels) written[(Math.floor(at / width) + margin) * size + (at % width) + margin] = 1;
  const area = written.reduce((sum, value) => sum + value, 0);
  const inside = written.filter(
    (value, i) => value && written[i - 1] && written[i + 1] && written[i - size] && written[i + size],
  );
  const pen = (2 * area) / Math.max(1, area - inside.length); // a stroke has two edges
  const inky = thicker(written, size, Math.max(0, Math.round((STROKE * side - pen) / 2)));
  return asMnist((x, y) => inky[y * size + x], size, shape);
}
