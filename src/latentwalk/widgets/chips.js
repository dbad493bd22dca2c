// What a figure reads out: a name and its number each, in the colour of its symbol.

import { element } from "./dom.js";
import { fill, say } from "./words.js";

// colors: {name: the theme's colour} of each chip. Returns the row, and show(words, values): a text for each name, such as
// "KL = {kl} nats", or none, with what stands in its braces; it gives back all that is shown, for a drawing's alternative text.
export function chipRow(colors) {
  const row = element("p", { class: "lw-readout lw-chips" });
  const chips = Object.entries(colors).map(([name, color]) => {
    const chip = element("span", { class: "lw-chip", style: `--lw-hue: var(--lw-${color})`, "data-chip": name });
    row.append(chip, " ");
    return [name, chip];
  });
  return {
    row,
    show(words, values = {}) {
      for (const [name, chip] of chips) {
        say(chip, fill(words[name] ?? "", values));
        chip.hidden = !words[name];
      }
      return chips
        .map(([, { textContent }]) => textContent)
        .filter(Boolean)
        .join(". ");
    },
  };
}
