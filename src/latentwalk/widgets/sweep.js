// The slow sweep with which a figure shows, once, what it is that moves.

import { isCalm } from "./glide.js";
import { ease } from "./numbers.js";
import { along } from "./paths.js";

const TIME = 4000; // ms
const IN_SIGHT = 0.6; // of the figure

// Nothing moves before somebody is there: who reads moves a pointer, the page or a key.
const reader = new Promise((done) => {
  for (const sign of ["pointermove", "touchstart", "scroll", "keydown"])
    globalThis.addEventListener?.(sign, done, { once: true, passive: true, capture: true });
});

// The value at a share of the way from `start` to all `ends` and back, slow at its beginning and its end; whole where these are.
export function sweepAt(start, ends, share) {
  const stops = [start, ...ends, start];
  const [value] = along(stops.map((stop) => [stop])).at(ease(share));
  return stops.every(Number.isInteger) ? Math.round(value) : value;
}

// Moves the traits of `sweep`, {name: [ends]}, when the figure is in sight for the first time, unless a hand was first or the reader
// wants no motion; a hand ends it, and keeps what it finds. Returns what stops it.
export function openingSweep({ model, root, sweep }) {
  let frame = 0;
  let over = isCalm();
  const starts = Object.keys(sweep).map((name) => [name, model.get(name)]);
  const set = (share) =>
    model.set(Object.fromEntries(starts.map(([name, start]) => [name, sweepAt(start, sweep[name], share)])));
  const run = (began) => {
    const step = (now) => {
      if (over) return;
      const share = Math.min(1, (now - began) / TIME);
      set(share);
      if (share < 1) frame = requestAnimationFrame(step);
      else stop();
    };
    frame = requestAnimationFrame(step);
  };
  const sight = new IntersectionObserver(
    async ([{ isIntersecting }]) => {
      if (!isIntersecting) return;
      sight.disconnect();
      await reader;
      if (starts.every(([name, start]) => model.get(name) === start)) run(performance.now());
    },
    { threshold: IN_SIGHT },
  );
  const hand = ({ target }) => {
    if ((root.closest(".lw-card") ?? root).contains(target)) stop();
  };
  const HANDS = ["pointerdown", "keydown"];
  function stop() {
    over = true;
    cancelAnimationFrame(frame);
    sight.disconnect();
    for (const name of HANDS) document.removeEventListener(name, hand, true);
  }
  for (const name of HANDS) document.addEventListener(name, hand, true);
  if (over) stop();
  else sight.observe(root);
  return stop;
}
