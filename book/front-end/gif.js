// Animated GIFs, for films of figures: a file of its own, which a page asks for when somebody wants one.

import { GIFEncoder } from "gifenc";

const GREYS = Array.from({ length: 256 }, (_, grey) => [grey, grey, grey]);

// frames: bytes of grey; delay: ms.
latentwalk.gif = (frames, width, height, delay) => {
  const gif = GIFEncoder();
  for (const frame of frames) gif.writeFrame(frame, width, height, { palette: GREYS, delay });
  gif.finish();
  return gif.bytes();
};
