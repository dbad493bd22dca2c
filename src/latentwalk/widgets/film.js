// A film: the pictures that a network decodes along a path, side by side, and a button that plays them.

import { digitCanvases, paintDecoded } from "./digits.js";
import { box, button } from "./dom.js";
import { clamp } from "./numbers.js";
import { along } from "./paths.js";
import { fill, fixed, say } from "./words.js";

const FRAMES = 12;
const SHOW = 5000; // ms that it takes

// get() and set(t) read and change the place on the path; a drag over the film does so, too. text: play, stop and frame.
export function filmStrip({ root, network, text, get, set }) {
  const frames = digitCanvases(FRAMES, network.shape);
  const strip = box("lw-film", ...frames);
  let playing = 0;
  const play = button(text.play, () => (playing ? stop() : run()));
  function stop() {
    cancelAnimationFrame(playing);
    playing = 0;
    say(play, text.play);
  }
  function run() {
    const from = get() < 1 ? get() : 0;
    const began = performance.now();
    const step = () => {
      const t = Math.min(1, from + (performance.now() - began) / SHOW);
      set(t);
      if (t < 1 && root.isConnected) playing = requestAnimationFrame(step);
      else stop();
    };
    say(play, text.stop);
    playing = requestAnimationFrame(step);
  }
  function scrub(event) {
    if (!event.buttons) return;
    stop();
    const place = frames.findIndex((frame) => {
      const { left, right, top, bottom } = frame.getBoundingClientRect();
      return event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom;
    });
    if (place < 0) return;
    const { left, width } = frames[place].getBoundingClientRect();
    set(clamp((place + (event.clientX - left) / width - 0.5) / (FRAMES - 1), [0, 1]));
  }
  strip.addEventListener("pointerdown", scrub);
  strip.addEventListener("pointermove", scrub);

  let shown = null;
  // The frames of a path, of which the one at t stands out.
  function draw(path, t) {
    const key = JSON.stringify(path);
    if (shown !== key) {
      const way = along(path);
      for (const [i, canvas] of frames.entries()) {
        const z = Float32Array.from(way.at(i / (FRAMES - 1)));
        paintDecoded(canvas, network, z, fill(text.frame, { frame: i + 1, z1: fixed(z[0]), z2: fixed(z[1]) }));
      }
    }
    shown = key;
    const now = Math.round(t * (FRAMES - 1));
    for (const [i, canvas] of frames.entries()) canvas.classList.toggle("lw-now", i === now);
  }
  return { strip, play, stop, draw };
}
