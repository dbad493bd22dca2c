// What a figure shows, to take along: as a link to it, as a picture or a film, as Python, and as a frame for another page. In a notebook,
// where there is no page to link to, as a picture and as Python.

import { box, button, element, paragraph } from "./dom.js";
import { saveFilm } from "./film_file.js";
import { describe, readLink, traitOf, writeLink, writePython } from "./link.js";
import { isWorkedOut } from "./model.js";
import { savePicture } from "./picture.js";
import { say } from "./words.js";

const SOURCE_LINE = 44; // pixels that an embedded page has below its figure

// The state of a figure by the names that the page has, without what is worked out from the rest.
export function stateOf(model) {
  const traits = Object.entries(model.get("rules") ?? {}).map(([name, rule]) => traitOf(name, rule));
  return Object.fromEntries(traits.filter((name) => !isWorkedOut(model, name)).map((name) => [name, model.get(name)]));
}

// Where the figure stands in the built book; nowhere in a notebook.
const placeIn = (root) => (globalThis.latentwalk?.load ? root.closest(".lw-place[id]") : null);

function addressOf(place, said) {
  const here = new URL(location.href);
  here.hash = `fig${place.id.slice("figure".length)}:${said}`;
  return here.href;
}

function frameOf(place, title, said) {
  const page = new URL(
    `${document.documentElement.dataset.content_root ?? "./"}embed/${place.dataset.name}.html`,
    location.href,
  );
  page.hash = new URL(addressOf(place, said)).hash;
  const height = Math.ceil(place.querySelector(".lw-card").offsetHeight) + SOURCE_LINE;
  const looks = 'style="width: 100%; border: 0" loading="lazy" allow="clipboard-write"';
  const frame = element("iframe", { src: page.href, title, height });
  return frame.outerHTML.replace("></iframe>", ` ${looks}></iframe>`);
}

// The button and its list. `opened` and reset() are as the figure opened; redraw(ratio) draws it on so many pixels for each of the page's;
// film() gives its pictures along the way, where it has one.
export function shareMenu({ model, root, opened, reset, redraw, film }) {
  const text = model.get("text");
  if (!text.share) return null;
  const title = model.get("title");
  const [rules, call, given] = ["rules", "call", "given"].map((name) => model.get(name));
  const told = paragraph("lw-shared");
  told.role = "status";
  const stale = element("p", { class: "lw-stale", role: "status", hidden: true });
  const now = () => stateOf(model);
  const said = () => writeLink(rules, now(), opened);
  const file = () => placeIn(root)?.dataset.name ?? root.dataset.figure;

  // Copied; or, where the browser keeps its clipboard to itself, shown to be copied by hand.
  async function copy(words) {
    try {
      await navigator.clipboard.writeText(words);
      told.replaceChildren(text.share_copied);
    } catch {
      const field = element("textarea", { readonly: true, rows: 3, "aria-label": text.share_copy });
      field.value = words;
      told.replaceChildren(text.share_copy, field);
      field.select();
    }
  }

  async function save(saving) {
    const saved = await saving.catch((error) => console.warn(error));
    told.replaceChildren(saved ? text.share_saved : text.share_refused);
  }

  function link(place) {
    const address = addressOf(place, said());
    try {
      history.replaceState(history.state, "", new URL(address).hash);
    } catch {} // a frame may not be allowed to
    copy(address);
  }

  function picture(place) {
    const address = place && addressOf(place, said());
    save(savePicture({ root, name: file(), redraw, title, values: describe(rules, now()), address }));
  }

  function items() {
    const place = placeIn(root);
    const all = [
      ["share_link", place && (() => link(place))],
      ["share_picture", () => picture(place)],
      ["share_film", place && film && (() => save(saveFilm(film(), file())))],
      ["share_python", call && (() => copy(writePython(call, given, rules, now(), opened)))],
      ["share_embed", place && (() => copy(frameOf(place, title, said())))],
    ];
    return all.filter(([, act]) => act).map(([name, act]) => button(text[name], act));
  }

  const list = box("lw-share-list");
  list.hidden = true;
  const opener = button("\u2197", () => unfold(list.hidden));
  opener.title = text.share;
  opener.ariaLabel = text.share;
  opener.ariaExpanded = "false";
  const menu = box("lw-share", opener, list);
  const outside = ({ target }) => {
    if (!menu.contains(target)) unfold(false);
  };
  function unfold(open) {
    if (open) list.replaceChildren(...items(), told);
    told.replaceChildren();
    list.hidden = !open;
    opener.ariaExpanded = String(open);
    for (const kind of ["pointerdown", "focusin"])
      document[open ? "addEventListener" : "removeEventListener"](kind, outside, true);
  }
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    event.stopPropagation();
    unfold(false);
    opener.focus();
  });

  // A link has come (book/front-end/places.js).
  root.addEventListener("lw-link", ({ detail }) => {
    const values = readLink(rules, detail);
    reset();
    stale.hidden = Boolean(values);
    say(stale, text.share_stale);
    if (!values) return;
    const last = Object.keys(values).filter((name) => isWorkedOut(model, name)); // what any of the others would end
    const first = Object.fromEntries(Object.entries(values).filter(([name]) => !last.includes(name)));
    for (const some of [first, first, Object.fromEntries(last.map((name) => [name, values[name]]))]) model.set(some); // twice, as reset() does
    model.save_changes();
  });
  return { menu, stale };
}
