// Images that people have, png, jpeg and what else the browser can open, as grey numbers. What cannot be read is told by the name of a
// sentence and its numbers: {trouble, values}.

import { element } from "./dom.js";

const LARGEST = 100_000_000; // pixels: a photograph of 40 million passes, one at a time

export class FileTrouble extends Error {
  constructor(trouble, values = {}) {
    super(trouble);
    Object.assign(this, { trouble, values });
  }
}

// Colours that follow each other, `step` bytes a pixel, as brightness.
export function greyOf(values, step) {
  const grey = new Uint8Array(values.length / step);
  for (let i = 0; i < grey.length; i++)
    grey[i] = Math.round(0.299 * values[step * i] + 0.587 * values[step * i + 1] + 0.114 * values[step * i + 2]);
  return grey;
}

// A canvas with the image, its longer side at most so many pixels, turned as the camera was held. What is transparent stands on white, as
// in a page.
export async function imageCanvas(blob, most) {
  const bitmap = await createImageBitmap(blob).catch(() => {
    throw new FileTrouble("damaged");
  });
  const { width, height } = bitmap;
  try {
    if (width < 2 || height < 2) throw new FileTrouble("tiny", { width, height });
    if (width * height > LARGEST) throw new FileTrouble("huge", { width, height });
    const scale = Math.min(1, most / Math.max(width, height)); // the browser's own smoothing first
    const [across, down] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
    const canvas = element("canvas", { width: across, height: down });
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.imageSmoothingQuality = "high";
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, across, down);
    pen.drawImage(bitmap, 0, 0, across, down);
    return canvas;
  } finally {
    bitmap.close();
  }
}

// What is on such a canvas: {width, height, grey}, a byte a pixel.
export function greyPicture(canvas) {
  const { width, height } = canvas;
  return { width, height, grey: greyOf(canvas.getContext("2d").getImageData(0, 0, width, height).data, 4) };
}
