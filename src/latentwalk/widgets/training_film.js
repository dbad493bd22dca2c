// What was stored of a training: places as whole numbers, look by look, and decoded pictures with two 4-bit greys a byte.

import { plotContext, sizeOf } from "./canvas.js";
import { drawGrip } from "./grips.js";
import { line, write } from "./marks.js";
import { scale } from "./numbers.js";
import { short } from "./words.js";

const TILE = 14; // pixels along a side of a decoded picture

// Where `count` digits lie at a look, or between two of them, where each goes straight.
export function placesAt(places, count, time, unit) {
  const before = Math.floor(time);
  const part = time - before;
  const from = places.subarray(2 * count * before, 2 * count * (before + 1));
  const to = part ? places.subarray(2 * count * (before + 1), 2 * count * (before + 2)) : from;
  return Float32Array.from(from, (value, i) => unit * (value + part * (to[i] - value)));
}

// The greys of a look, 0 to 15: tile after tile, row by row.
export function greys(maps, look, tiles) {
  const count = (tiles * TILE * TILE) / 2;
  const out = new Uint8Array(2 * count);
  for (let i = 0; i < count; i++) {
    const byte = maps[look * count + i];
    out[2 * i] = byte >> 4;
    out[2 * i + 1] = byte & 15;
  }
  return out;
}

// All tiles of a look, `side` in a row.
export function paintTiles(canvas, maps, look, side) {
  const values = greys(maps, look, side * side);
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  const colors = new Uint32Array(image.data.buffer);
  for (let i = 0; i < values.length; i++) {
    const tile = Math.floor(i / (TILE * TILE));
    const row = Math.floor(tile / side) * TILE + Math.floor((i % (TILE * TILE)) / TILE);
    const column = (tile % side) * TILE + (i % TILE);
    colors[row * side * TILE + column] = 0xff000000 | (17 * values[i] * 0x010101);
  }
  context.putImageData(image, 0, 0);
}

// The loss over the looks of a training, which lie at even distances, with the present one as a handle.

const LEVELS = [150, 300, 500]; // nats

export const timeSides = (canvas) => [34, sizeOf(canvas).width - 12];

export function drawTimeline(canvas, color, { epochs, losses, place, axis }) {
  const { context: pen, height } = plotContext(canvas);
  const sides = timeSides(canvas);
  const [left, right] = sides;
  const bottom = height - 26;
  const x = scale([0, epochs.length - 1], sides);
  const y = scale([100, Math.max(...losses)], [bottom, 8]);
  for (const level of LEVELS) {
    line(pen, color.soft, 1, [left, y(level)], [right, y(level)]);
    write(pen, short(level), left - 5, y(level), color.muted, "right");
  }
  for (const [k, epoch] of epochs.entries())
    if (epoch === 1 || epoch % 5 === 0) write(pen, short(epoch), x(k), bottom + 11, color.muted);
  write(pen, axis, x(epochs.indexOf(1) / 2), bottom + 11, color.muted);
  line(pen, color.vae, 2, ...losses.map((loss, k) => [x(k), y(loss)]));
  const k = Math.floor(place);
  const loss = losses[k] + (place - k) * ((losses[k + 1] ?? losses[k]) - losses[k]);
  line(pen, color.line, 1, [x(place), 8], [x(place), bottom]);
  drawGrip(pen, color, color.text, [x(place), y(loss)], "ew");
}
