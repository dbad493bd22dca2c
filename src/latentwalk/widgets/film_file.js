// A walk as an animated GIF: there and back, from the networks' own numbers, so that no canvas has to be read.

import { times } from "./numbers.js";
import { download } from "./picture.js";

const STEPS_THERE = 40; // there; as many back
const DELAY = 60; // ms
const LARGER = 5; // pixels of the film for each of a picture
const SPACE = 1; // pixels of a picture, between two of them

// Pictures in [0, 1] side by side: a byte of grey a pixel, or in colour four bytes.
function sideBySide(pictures, [channels, height, width]) {
  const across = (pictures.length * (width + SPACE) - SPACE) * LARGER;
  const depth = channels > 1 ? 4 : 1;
  const frame = new Uint8ClampedArray(depth * across * height * LARGER);
  for (const [k, pixels] of pictures.entries())
    for (let y = 0; y < height * LARGER; y++)
      for (let x = 0; x < width * LARGER; x++) {
        const from = Math.floor(y / LARGER) * width + Math.floor(x / LARGER);
        const to = depth * (y * across + k * (width + SPACE) * LARGER + x);
        for (let c = 0; c < channels; c++) frame[to + c] = 255 * pixels[c * width * height + from];
        if (depth > 1) frame[to + 3] = 255;
      }
  return { bytes: frame, width: across, height: height * LARGER };
}

// film: what the figure says of its walk, `at(t)`, its pictures at a t in [0, 1], and their `shape`.
export async function saveFilm({ at, shape }, name) {
  await latentwalk.load(`${latentwalk.root}_static/runtime/gif.js`);
  const frames = times(STEPS_THERE, (k) => sideBySide(at(k / (STEPS_THERE - 1)), shape));
  const gif = latentwalk.gif([...frames, ...frames.slice(1, -1).reverse()], DELAY);
  download(new Blob([gif], { type: "image/gif" }), `${name}.gif`);
  return true;
}
