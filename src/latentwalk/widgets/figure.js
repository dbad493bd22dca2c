// What makes a figure: its frame in the page, a drawing whenever something has changed, and a word where something is wrong.

import { atRatio } from "./canvas.js";
import { box, button, element } from "./dom.js";
import { toggleRows } from "./picker.js";
import { shareMenu, stateOf } from "./share.js";
import { openingSweep } from "./sweep.js";
import { watchLooks } from "./theme.js";
import { fill } from "./words.js";

// Calls draw() when it is asked for and the figure is in sight, at most once a frame.
function frames(root, draw) {
  let request = 0;
  let drawing = false;
  let visible = false;
  const update = () => {
    request = 0;
    if (!visible) return;
    drawing = true;
    try {
      draw();
    } finally {
      drawing = false;
    }
  };
  const schedule = () => {
    if (!drawing) request ||= requestAnimationFrame(update); // what draw() itself sets is drawn already
  };
  const size = new ResizeObserver(([{ contentRect }]) => {
    visible = contentRect.width > 0;
    if (root.dataset.ready) schedule();
    else update(); // the first time at once, in the same frame
  });
  const stop = () => {
    size.disconnect();
    cancelAnimationFrame(request);
  };
  return { schedule, start: () => size.observe(root), stop };
}

// Sets what a hand can move back to where it stood when the figure was opened.
function resetButton(words, reset) {
  const back = button("\u21ba", reset);
  back.classList.add("lw-reset");
  back.title = words ?? "";
  back.ariaLabel = words;
  return back;
}

// `build` sets a figure up once and returns draw(). It is given the model, the element to fill, save(), which sets traits, and
// schedule(), which asks for a drawing, as a changed trait does by itself. What goes wrong is said inside the figure.
export function defineFigure(name, build) {
  return {
    async render({ model, el }) {
      const title = model.get("title");
      const { seen } = model.get("text");
      const names = { role: "group", "aria-label": title, "aria-description": seen }; // the second: what a still of it shows, too
      const root = element("div", { class: "lw-figure", "data-figure": name, ...names });
      const problem = element("p", { class: "lw-error", role: "alert", hidden: true });
      el.append(root);
      const head = box("lw-head", ...(title ? [box("lw-title", title)] : []));
      root.append(head);

      const complain = (error) => {
        problem.textContent = fill(model.get("text").error ?? "{message}", { message: error.message });
        problem.hidden = false;
        console.warn(error);
      };
      const save = (values) => {
        model.set(values);
        model.save_changes();
      };
      let draw = null;
      const { schedule, start, stop } = frames(root, () => {
        if (!draw) return;
        try {
          draw();
          problem.hidden = true;
          if (!root.dataset.ready) {
            root.dataset.ready = 1;
            endings.push(toggleRows(root));
          }
        } catch (error) {
          complain(error);
        }
      });
      try {
        draw = await build({ model, root, schedule, save });
      } catch (error) {
        complain(error);
      }
      root.append(problem);

      const opened = stateOf(model);
      const reset = () => {
        model.set({ ...opened, playing: false });
        save(opened); // again: what one trait, as it went back, has done to another
        root.dispatchEvent(new Event("lw-reset")); // for what is no trait
      };
      const redraw = (ratio) => atRatio(ratio, () => draw?.());
      const film = draw?.film;
      if (Object.keys(opened).length) {
        const share = shareMenu({ model, root, opened, reset, redraw, film });
        if (share) head.append(share.menu);
        if (share) head.after(share.stale);
        head.append(resetButton(model.get("text").back, reset));
      }
      const endings = [
        stop,
        watchLooks(root, schedule),
        openingSweep({ model, root, sweep: model.get("sweep") ?? {} }),
      ];
      model.on("all", schedule); // not "change": ipywidgets leaves it out after a set() inside a handler of "change:name"
      start();
      return () => {
        model.off("all", schedule);
        for (const end of endings) end();
      };
    },
  };
}
