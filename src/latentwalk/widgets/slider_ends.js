// Beside every slider of a card the pictures that its two ends would give, decoded a few at a time.

import { backlog } from "./backlog.js";
import { digitCanvases, paintDecoded } from "./digits.js";
import { times } from "./numbers.js";

const BUDGET = 4; // ms

// count: of the sliders. draw(network, z, places, limit, label) paints what has changed; places[k] is where in z slider k lies, and
// label(k, value) a text for each picture. It returns whether pictures are left for the next frame.
export function sliderEnds(root, count) {
  const ends = times(count, () => digitCanvases(2));
  for (const canvas of ends.flat()) canvas.classList.add("lw-tip");
  const queue = backlog(2 * count, BUDGET);
  let shown = "";

  // The sliders are widgets of their own, and may come into the page after the figure.
  function attach() {
    const rows = root.closest(".lw-card")?.querySelectorAll(".widget-slider .slider-container") ?? [];
    for (const [k, row] of [...rows].entries()) {
      if (k >= count || ends[k][0].nextSibling === row) continue;
      row.before(ends[k][0]);
      row.after(ends[k][1]);
    }
    return rows.length >= count;
  }

  return (network, z, places, limit, label) => {
    const complete = attach();
    const now = [network.name, ...z].join();
    if (now !== shown) queue.add();
    shown = now;
    const left = queue.work((i) => {
      const [k, side] = [Math.floor(i / 2), i % 2];
      const code = Float32Array.from(z);
      code[places[k]] = side ? limit : -limit;
      paintDecoded(ends[k][side], network, code, label(k, code[places[k]]));
    });
    return !complete || left;
  };
}
