// The book's colours as theme, screen and system have them now.

import { element } from "./dom.js";

const COLORS = ["ae", "vae", "prior", "mu", "sigma", "eps", "text", "muted", "line", "soft", "back"];
const themes = new WeakMap(); // of figures: asking the browser makes it work out the styles of the page

export function themeColors(root) {
  if (!themes.has(root)) {
    const style = getComputedStyle(root);
    const pen = element("canvas").getContext("2d");
    const look = (name) => {
      pen.fillStyle = style.getPropertyValue(`--lw-${name}`);
      return pen.fillStyle; // as numbers: the system's colours keep their names when they change
    };
    themes.set(root, Object.fromEntries(COLORS.map((name) => [name, look(name)])));
  }
  return themes.get(root);
}

// Calls back when a drawing is no longer as it should be though no number has changed: in another theme, with the system's own
// colours, on a screen with smaller or larger pixels, and after zooming. Returns what ends it.
export function watchLooks(root, changed) {
  const ending = new AbortController();
  const { signal } = ending;
  const look = () => {
    themes.delete(root);
    changed();
  };
  const attributes = new MutationObserver(look);
  for (const node of [document.documentElement, document.body])
    attributes.observe(node, { attributeFilter: ["data-theme", "data-jp-theme-light", "class"] });
  for (const query of ["(forced-colors: active)", "(prefers-color-scheme: dark)"])
    matchMedia(query).addEventListener("change", look, { signal });
  const watchPixels = () => {
    const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    const next = () => {
      look();
      watchPixels(); // another query: this one asks for the pixels of before
    };
    query.addEventListener("change", next, { once: true, signal });
  };
  watchPixels();
  return () => {
    ending.abort();
    attributes.disconnect();
  };
}
