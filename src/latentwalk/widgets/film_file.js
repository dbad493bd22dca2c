// A walk as an animated GIF: there and back, from the networks' own numbers, so that no canvas has to be read.

import { times } from "./numbers.js";
import { download } from "./picture.js";

const STEPS_THERE = 40; // there; as many back
const DELAY = 60; // ms
const LARGER = 5; // pixels of the film for each of a picture
const SPACE = 1; // pixels of a picture, between two of them

// Pictures in [0, 1] side by side, as bytes of grey.
function sideBySide(pictures, width, height) {
  const across = (pictures.length * (width + SPACE) - SPACE) * LARGER;
  const frame = new Uint8Array(across * height * LARGER);
  for (const [k, pixels] of pictures.entries())
    for (let y = 0; y < height * LARGER; y++)
      for (let x = 0; x < width * LARGER; x++) {
        const pixel = pixels[Math.floor(y / LARGER) * width + Math.floor(x / LARGER)];
        frame[y * across + k * (width + SPACE) * LARGER + x] = Math.round(255 * pixel);
      }
  return frame;
}

// film: what the figure says of its walk, `at(t)`, its pictures at a t in [0, 1], and their `width`.
export async function saveFilm({ at, width }, name) {
  await latentwalk.load(`${latentwalk.root}_static/runtime/gif.js`);
  const height = at(0)[0].length / width;
  const frames = times(STEPS_THERE, (k) => sideBySide(at(k / (STEPS_THERE - 1)), width, height));
  const across = frames[0].length / (height * LARGER);
  const bytes = latentwalk.gif([...frames, ...frames.slice(1, -1).reverse()], across, height * LARGER, DELAY);
  download(new Blob([bytes], { type: "image/gif" }), `${name}.gif`);
  return true;
}
