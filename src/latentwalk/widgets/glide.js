// Numbers that move by themselves, at once where the reader wants no motion.

import { between, ease } from "./numbers.js";

export const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

const gliding = new WeakMap(); // of figures: the request of the next frame

// From some numbers to others in `time` ms; set(numbers) is called in each frame. The next glide of the same figure ends this one, and
// so does a press on its card.
export function glide(root, from, to, set, time = 500) {
  stopGliding(root);
  if (isCalm()) {
    set(to);
    return;
  }
  const began = performance.now();
  const step = () => {
    const share = Math.min(1, (performance.now() - began) / time);
    set(share === 1 ? to : between(from, to, ease(share)));
    if (share < 1 && root.isConnected) gliding.set(root, requestAnimationFrame(step));
  };
  step();
  root.addEventListener("pointerdown", () => stopGliding(root), { once: true });
}

function stopGliding(root) {
  cancelAnimationFrame(gliding.get(root));
}
