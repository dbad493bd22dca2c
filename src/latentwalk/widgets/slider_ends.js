// Beside every slider of a card the pictures that its two ends would give.

import { backlog } from "./backlog.js";
import { digitCanvases, paintDecoded } from "./digits.js";
import { times } from "./numbers.js";

// count: of the sliders; shape: of the pictures. draw({network, z, places, limit, label, all}) has those made that have changed; places[k] is where in z slider k
// lies, label(k, value) a text for each picture, and without `all` the sliders behind a button wait. It returns whether all sliders are
// there; aria-busy of the root says whether pictures are on their way.
export function sliderEnds(root, count, shape) {
  const ends = times(count, () => digitCanvases(2, shape));
  for (const canvas of ends.flat()) canvas.classList.add("lw-tip");
  let now = null;
  let complete = false; // whether all sliders are there
  const tell = () => root.setAttribute("aria-busy", !complete || queue.busy());
  const queue = backlog((i) => {
    const { network, z, places, limit, label } = now;
    const [k, side] = [Math.floor(i / 2), i % 2];
    const code = Float32Array.from(z);
    code[places[k]] = side ? limit : -limit;
    paintDecoded(ends[k][side], network, code, label(k, code[places[k]]));
  }, tell);

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

  // Which sliders have other pictures at their ends than before: not the one that alone was moved.
  function stale({ network, z, places, all }) {
    if (now?.network.name !== network.name || now.all !== all) return times(count, (k) => k);
    const moved = places.filter((place) => now.z[place] !== z[place]);
    return moved.length ? times(count, (k) => k).filter((k) => moved.length > 1 || places[k] !== moved[0]) : [];
  }

  return (next) => {
    complete = attach();
    const wanted = stale(next).filter((k) => next.all || !ends[k][0].closest(".lw-rest"));
    now = next;
    queue.add(wanted.flatMap((k) => [2 * k, 2 * k + 1]));
    tell();
    return complete;
  };
}
