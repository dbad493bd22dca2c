// The pictures that several networks decode from the same random codes and from codes of their own: each once for a draw of the codes.

import { backlog } from "./backlog.js";
import { normals, times } from "./numbers.js";

// codes[k]: the own codes of network k, of `dims` numbers each; count: of the random ones, which come first. decode(k, z) gives pixels, and
// show(i, k, z, pixels) shows the i-th picture of network k.
export function sampleSheets({ root, codes, dims, count, decode, show }) {
  const size = count + codes[0].length / dims;
  let sheets = []; // network -> its pictures, as [code, pixels]
  let draws = [];
  let seeded = null;
  let shown = ""; // network and seed
  let now = null; // the network that is shown

  function sheet(k, seed) {
    if (seeded !== seed) {
      const next = normals(seed);
      draws = times(count, () => Float32Array.from({ length: dims }, next));
      sheets = [];
    }
    seeded = seed;
    sheets[k] ??= [];
    return sheets[k];
  }
  function decoded(k, i) {
    const own = i - count;
    const z = own < 0 ? draws[i] : codes[k].slice(own * dims, (own + 1) * dims);
    sheets[k] ??= []; // the codes may have been drawn anew
    sheets[k][i] ??= [z, decode(k, z)];
    return sheets[k][i];
  }
  const queue = backlog(
    (i) => show(i, now, ...decoded(now, i)),
    () => root.setAttribute("aria-busy", queue.busy()),
  );

  return {
    // What is decoded is shown at once, the rest as it comes. Returns whether some is still to come.
    draw(k, seed) {
      const pictures = sheet(k, seed);
      const wanted = [k, seed].join();
      if (shown !== wanted) {
        shown = wanted;
        now = k;
        const all = times(size, (i) => i);
        for (const i of all) if (pictures[i]) show(i, k, ...pictures[i]);
        queue.add(all.filter((i) => !pictures[i]));
      }
      return queue.busy();
    },
    // What decodes the pictures of a network ahead of their use, one at a time.
    parts(k, seed) {
      sheet(k, seed);
      return times(size, (i) => () => decoded(k, i));
    },
  };
}
