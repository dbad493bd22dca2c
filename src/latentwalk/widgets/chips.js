// What a figure reads out: a name and its number each, in the colour of its symbol.

import { element } from "./dom.js";
import { say } from "./words.js";

// words: a text such as "KL = {kl} nats" for each name; colors: the colour of some of them. Returns the row and show(values).
export function chipRow(colors) {
  const row = element("p", { class: "lw-readout lw-chips" });
  const spans = Object.entries(colors).map(([name, color]) => {
    const span = element("span", { class: "lw-chip", style: `--lw-own: var(--lw-${color})`, "data-chip": name });
    row.append(span, " ");
    return [name, span];
  });
  return {
    row,
    show(words) {
      for (const [name, span] of spans) {
        say(span, words[name] ?? "");
        span.hidden = !words[name];
      }
    },
  };
}
