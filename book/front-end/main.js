// The front end of the book: the figures of a page, with no kernel. esbuild bundles it into one classic script, which runs from a
// disk as well as from a server (book/_ext/offline.py).
//
// Where a notebook displays a widget, its page has a place: an element `.lw-place` that names the widget's model (data-view) and the
// script that carries its state (data-state), with the figure's still in it. A figure is made when its place comes near the
// screen, the first one as soon as the page is there; in the order of the page, each alone, so that a broken one breaks no other.

import { MessageLoop } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import { loadFile, loadStyle, plain } from "./files.js";
import { Manager } from "./manager.js";
import { sentence } from "./sentence.js";
import "@jupyter-widgets/base/css/index.css";
import "@jupyter-widgets/controls/css/widgets.css";
import "./main.css";

const script = document.currentScript;
const manager = new Manager();
const places = [...document.querySelectorAll(".lw-place")];
const made = new Map(); // place -> promise that its figure is drawn, or has said what is wrong

// Lets the browser paint, and answer the reader, between two pieces of work.
const pause = (time = 0) => new Promise((done) => setTimeout(done, time));

async function make(place) {
  const host = document.createElement("div");
  host.className = "widget-subarea";
  try {
    const { name, state, code = "", view } = place.dataset;
    const files = [state, ...code.split(" ").filter(Boolean)];
    await Promise.all([loadStyle(new URL("front-end.css", script.src)), ...files.map(loadFile)]);
    const models = latentwalk.figures[name];
    if (!models) throw new Error(`${plain(state)} is damaged`);
    manager.add(models);
    await pause();
    const model = await manager.get_model(view);
    for (const id of manager.links(models)) await manager.get_model(id); // before the view: a slider rounds as it is shown
    const shown = await manager.create_view(model);
    await pause();
    place.append(host);
    Widget.attach(shown.luminoWidget, host);
    new ResizeObserver(() => MessageLoop.postMessage(shown.luminoWidget, Widget.ResizeMessage.UnknownSize)).observe(
      host,
    );
    await drawn(place);
    place.classList.add("lw-live");
  } catch (error) {
    complain(place, host, error);
  }
}

// A figure of the book says by data-ready that it is drawn, and by .lw-error that it cannot be; any other widget is there at once.
function drawn(place) {
  const done = () => !place.id || place.querySelector(".lw-figure[data-ready], .lw-error:not([hidden])");
  return new Promise((resolve) => {
    const look = () => {
      if (!done()) return;
      observer.disconnect();
      resolve();
    };
    const observer = new MutationObserver(look);
    observer.observe(place, { subtree: true, childList: true, attributeFilter: ["data-ready", "hidden"] });
    look();
  });
}

// One sentence in the place of the figure; its still stays.
function complain(place, host, error) {
  host.remove();
  place.prepend(sentence(error));
}

// Figures whose turn has come are made one after the other, the upper ones first. One whose files are long on their way holds up no
// other.
const PATIENCE = 10_000; // ms
const waiting = new Set();
let busy = false;

async function work() {
  if (busy) return;
  busy = true;
  for (;;) {
    const place = places.find((one) => waiting.has(one));
    if (!place) break;
    waiting.delete(place);
    await Promise.race([made.get(place).start(), pause(PATIENCE)]);
    await pause();
  }
  busy = false;
}

function ask(place) {
  if (!made.has(place)) {
    let start;
    const done = new Promise((resolve) => {
      start = () => make(place).then(resolve);
    });
    made.set(place, { start, done });
    waiting.add(place);
  }
  work();
  return made.get(place).done;
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      ask(target);
    }
  },
  { rootMargin: "100% 0px" }, // a screen above and a screen below
);

latentwalk.all = () => Promise.all(places.map(ask)).then(() => null);
if (places.length) ask(places[0]);
for (const place of places) near.observe(place);
