// The figures of a page, with no kernel: when each of them is made. esbuild bundles this into a small script that every page with
// widgets has, and main.js into the large one that makes them (book/_ext/offline.py); both run from a disk as well.
//
// Where a notebook displays a widget, its page has a place: an element `.lw-place` that names the widget's model (data-view) and the
// script that carries its state (data-state), with the figure's still in it. A figure is made when its place comes near the
// screen; in the order of the page, each alone, so that a broken one breaks no other.

import { loadFile, loadStyle, plain } from "./files.js";
import { pause } from "./pause.js";
import { sentence } from "./sentence.js";
import { bringIntoSight, steps, touch } from "./steps.js";
import { tr } from "./tr.js";

const runtime = document.currentScript.src;
const frontEnd = () => loadFile(new URL(FRONT_END, runtime).href); // its name, with a version, comes from the build
const places = [...document.querySelectorAll(".lw-place")];
const made = new Map(); // place -> promise that its figure is drawn, or has said what is wrong

async function make(place) {
  const host = document.createElement("div");
  host.className = "widget-subarea";
  try {
    const { name, state, code = "", view, words } = place.dataset;
    const files = [state, ...code.split(" "), words].filter(Boolean);
    await Promise.all([frontEnd(), loadStyle(new URL("front-end.css", runtime).href), ...files.map(loadFile)]);
    const models = latentwalk.figures[name];
    if (!models) throw new Error(tr("{file} is damaged", { file: plain(state) }));
    for (const [id, other] of Object.entries(latentwalk.words[name] ?? {})) Object.assign(models[id].state, other); // this page's language
    await pause();
    const attach = await latentwalk.show(models, view);
    await pause();
    forget(place);
    place.append(host);
    attach(host);
    await drawn(place);
    place.classList.add("lw-live");
    place.dispatchEvent(new Event("lw-made"));
  } catch (error) {
    complain(place, host, error);
    made.delete(place); // whoever asks again may have more luck
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

// What has been said of an earlier try.
const forget = (place) => place.querySelector(":scope > .lw-error")?.remove();

// One sentence in the place of the figure; its still stays.
function complain(place, host, error) {
  host.remove();
  forget(place);
  place.prepend(sentence(error));
}

// Figures whose turn has come are made one after the other, the upper ones first. One whose files are long on their way holds up no
// other.
const PATIENCE = 100; // tenths of a second in which the page could answer: a figure's own work on a slow processor does not count
const patience = async () => {
  for (let i = 0; i < PATIENCE; i++) await pause(100);
};
const waiting = new Set();
let busy = false;

async function work() {
  if (busy) return;
  busy = true;
  for (;;) {
    const place = places.find((one) => waiting.has(one));
    if (!place) break;
    waiting.delete(place);
    await Promise.race([made.get(place).start(), patience()]);
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
for (const place of places) near.observe(place);
steps(ask);

// A link to what a figure showed, such as #fig-beta:index=3: the figure's own menu writes it, and the figure says what it takes of it
// (src/latentwalk/widgets/share.js). Without a name it means the page's first figure.
const TO_FIGURE = /^#fig(-[\w-]+)?:(.+)$/s;
async function follow() {
  const [, named = "", said] = location.hash.match(TO_FIGURE) ?? [];
  const place = places.find(({ id }) => (named ? id === `figure${named}` : id));
  if (!said || !place) return;
  bringIntoSight(place);
  await ask(place);
  bringIntoSight(place); // where it stands now
  touch(place);
  place.querySelector(".lw-figure")?.dispatchEvent(new CustomEvent("lw-link", { detail: said }));
}
addEventListener("hashchange", follow);
follow();

// Whoever moves about will come to a figure: the front end is at hand then.
const SIGNS = ["pointerdown", "pointermove", "keydown", "touchstart", "wheel", "scroll"];
function warm() {
  for (const sign of SIGNS) removeEventListener(sign, warm);
  if (places.length) frontEnd().catch(() => {}); // whoever needs it then is told
}
for (const sign of SIGNS) addEventListener(sign, warm, { passive: true });
