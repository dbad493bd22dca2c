// How the networks of a figure come into the page: with their widget or, in the built book, from files of their own.

import { idle } from "./idle.js";
import { learn, readNetwork } from "./network.js";

globalThis.latentwalkNetworks ??= new Map(); // digest and parts -> promise of a Network: one copy a page
const networks = globalThis.latentwalkNetworks;

// Another widget to which one refers ("IPY_MODEL_<id>").
export const widget = (model, reference) => model.widget_manager.get_model(reference.slice("IPY_MODEL_".length));

// What the figures' own code cannot run comes with the networks that need it, their `extra` (layers.js).
const moreLayers = async () =>
  globalThis.latentwalkLayers ??
  new Promise((done) => addEventListener("latentwalk-layers", () => done(globalThis.latentwalkLayers), { once: true }));

async function load(source) {
  const [name, layers, digest, weights] = ["name", "layers", "digest", "weights"].map((trait) => source.get(trait));
  if (source.get("extra")) learn(await moreLayers());
  const views = { ...weights };
  for (const part of Object.keys(layers)) views[part] ??= await fetchWeights(`${digest}-${part}`);
  return readNetwork(name, layers, views);
}

// The network behind a reference, with that widget's own labels: two widgets may share their weights.
export async function getNetwork(model, reference) {
  const source = await widget(model, reference);
  const key = [source.get("digest"), ...Object.keys(source.get("layers"))].join("-");
  if (!networks.has(key)) {
    networks.set(key, load(source));
    networks.get(key).catch(() => networks.delete(key)); // whoever asks again may have more luck
  }
  const network = Object.create(await networks.get(key));
  const own = ["name", "label", "kind", "shape"].map((trait) => [trait, source.get(trait)]);
  return Object.assign(network, Object.fromEntries(own));
}

export const getNetworks = (model) =>
  Promise.all(model.get("networks").map((reference) => getNetwork(model, reference)));

// Of the pictures of a figure with several networks, before any of these is loaded.
export const shapeOf = async (model) => (await widget(model, model.get("networks")[0])).get("shape");

// Until a reader's hand or focus comes to the card of a figure.
function touched(root) {
  return new Promise((done) => {
    const kinds = ["pointerover", "pointerdown", "focusin"];
    const look = ({ target }) => {
      if (!target.closest?.(".lw-card")?.contains(root)) return;
      for (const kind of kinds) document.removeEventListener(kind, look);
      done();
    };
    for (const kind of kinds) document.addEventListener(kind, look);
  });
}

// Networks of which a figure shows a few at a time. load(k) loads one; get(k) gives it, or nothing until it is there, and then asks
// for a drawing, or throws what has gone wrong; rest(root, each) loads the others when somebody touches the figure and nothing else is
// to do.
export function lazyNetworks(model, schedule) {
  const references = model.get("networks");
  const loaded = [];
  const loading = [];
  const failed = [];
  const keep = async (k) => {
    try {
      loaded[k] = await getNetwork(model, references[k]);
    } catch (error) {
      failed[k] = error;
      loading[k] = null;
    }
  };
  const load = (k) => {
    loading[k] ??= keep(k);
    return loading[k];
  };
  model.on("all", () => failed.splice(0)); // a reader's next move tries again: a drawing alone would never end
  const get = (k) => {
    if (failed[k]) throw failed[k];
    if (!loaded[k]) load(k).then(schedule);
    return loaded[k];
  };
  const rest = async (root, each = () => {}) => {
    await touched(root);
    for (let k = 0; k < references.length; k++) {
      await idle();
      await load(k);
      failed[k] = null; // nobody has asked for it yet
      await idle();
      if (loaded[k]) await each(k);
    }
  };
  return { load, get, rest };
}

// From a file of the built book (book/_ext/figures.py): gzip, which notices what is damaged, of all low and then all high bytes.
async function fetchWeights(part) {
  const file = `_static/weights/${part}.js`;
  await latentwalk.load(`${latentwalk.root}${file}`);
  try {
    const packed = new Blob([latentwalk.bytes(latentwalk.weights[part])]);
    const stream = packed.stream().pipeThrough(new DecompressionStream("gzip"));
    const planes = new Uint8Array(await new Response(stream).arrayBuffer());
    const half = planes.length / 2;
    const numbers = new Uint8Array(planes.length);
    for (let i = 0; i < half; i++) {
      numbers[2 * i] = planes[i];
      numbers[2 * i + 1] = planes[half + i];
    }
    return new DataView(numbers.buffer);
  } catch {
    throw new Error(latentwalk.tr("{file} is damaged", { file }));
  }
}
