// Play goes on from where the figure is, and pauses where it has come to when a hand takes over.

import { oneAtATime } from "./model.js";

// Counts in the trait `frame`: show(frame) moves the traits `names`; place() is the frame that belongs to where these are now.
export function playAlong(model, root, { names, place, show }) {
  const once = oneAtATime();
  const pause = (values = {}) => {
    model.set({ playing: false, ...values });
    model.save_changes();
  };
  model.on(
    "change:frame",
    once(() => show(model.get("frame"))),
  );
  for (const name of names)
    model.on(
      `change:${name}`,
      once(() => pause({ frame: place() })),
    );
  let card = null; // is there once the whole figure is
  const touch = ({ target }) => {
    if (!target.closest(".widget-play")) pause();
  };
  model.on("change:playing", () => {
    if (card) return;
    card = root.closest(".lw-card");
    card?.addEventListener("pointerdown", touch);
  });
}
