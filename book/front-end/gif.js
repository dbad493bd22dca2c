// Animated GIFs, for films of figures: a file of its own, which a page asks for when somebody wants one.

import { applyPalette, GIFEncoder, quantize } from "gifenc";

const GREYS = Array.from({ length: 256 }, (_, grey) => [grey, grey, grey]);

// frames: { bytes, width, height }, a byte of grey a pixel or four bytes of colour; delay: ms.
latentwalk.gif = (frames, delay) => {
  const gif = GIFEncoder();
  for (const { bytes, width, height } of frames) {
    const grey = bytes.length === width * height;
    const palette = grey ? GREYS : quantize(bytes, 256);
    gif.writeFrame(grey ? bytes : applyPalette(bytes, palette), width, height, { palette, delay });
  }
  gif.finish();
  return gif.bytes();
};
