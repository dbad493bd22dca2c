// What comes late, or never: it does not undo what a reader has done since, and whoever asks again is answered.

import assert from "node:assert/strict";
import test from "node:test";
import { labPictures } from "../../src/latentwalk/widgets/lab_pictures.js";
import { lazyNetworks } from "../../src/latentwalk/widgets/loading.js";
import { photoInput } from "../../src/latentwalk/widgets/photo.js";
import { Fake, fakePage } from "./elements.js";

// A promise that somebody else keeps.
function awaited() {
  let keep;
  const promise = new Promise((done) => {
    keep = done;
  });
  return { promise, keep };
}
const settled = () => new Promise((done) => setImmediate(() => setImmediate(done)));

test("a network that does not load is told when it is asked for, does not harm the others, and is fetched again", async () => {
  let online = false;
  let fetched = 0;
  globalThis.latentwalk = {
    root: "",
    async load(file) {
      fetched += 1;
      if (!online) throw new Error(`${file} does not load`);
    },
    weights: {},
    bytes: () => {
      throw new Error();
    },
    tr: (words) => words,
  };
  const traits = { name: "n", label: "n", kind: "vae", shape: [1, 1, 1], weights: {}, extra: false };
  const widget = (digest) => ({ ...traits, digest, layers: digest === "here" ? {} : { decode: [] } });
  const model = {
    on: (_, act) => {
      move = act;
    },
    get: () => ["IPY_MODEL_here", "IPY_MODEL_lost"],
    widget_manager: { get_model: async (digest) => ({ get: (name) => widget(digest)[name] }) },
  };
  let drawings = 0;
  let move;
  const nets = lazyNetworks(model, () => {
    drawings += 1;
  });
  await Promise.all([nets.load(0), nets.load(1)]);
  assert.equal(nets.get(0).label, "n");
  assert.throws(() => nets.get(1), /does not load/);
  assert.equal(nets.get(0).label, "n", "the other one is shown again");
  assert.throws(() => nets.get(1), /does not load/, "and this one is not asked for at every drawing");
  assert.equal(fetched, 1);
  online = true;
  move();
  assert.equal(nets.get(1), undefined, "it is fetched again");
  await settled();
  assert.equal(drawings, 1);
  assert.throws(() => nets.get(1), /is damaged/, "this time it has come");
});

test("of own pictures the last choice counts, however long an earlier one takes to read", async () => {
  fakePage();
  const given = [];
  const text = new Proxy({}, { get: (_, name) => String(name) });
  const session = { own: async (values) => given.push(values?.labels.length ?? "digits") };
  const tried = [];
  const attempt = (work) => tried.push(work());
  const panel = labPictures({ model: { get: () => text }, session, attempt });
  const [input] = panel.all("input");
  const choose = (count) => {
    const { promise, keep } = awaited();
    const file = new Uint8Array(16 + count * 784);
    file.set([0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28]);
    input.files = [{ name: "pictures", webkitRelativePath: "", arrayBuffer: () => promise }];
    input.fire("change");
    const taken = tried.at(-1);
    return () => {
      keep(file.buffer);
      return taken;
    };
  };
  const slow = choose(100);
  await choose(20)();
  await slow();
  assert.deepEqual(given, [20]);
  const later = choose(30);
  panel
    .all("button")
    .find((one) => one.textContent === "back_to_digits")
    .fire("click");
  await later();
  assert.deepEqual(given, [20, "digits"]);
});

test("a photograph that comes late is not put over what came after it", async () => {
  fakePage();
  const coming = [];
  globalThis.createImageBitmap = ({ at }) => coming[at].promise;
  const root = new Fake("div");
  const { shown, hide } = photoInput({ root, text: { photo_empty: "" }, shape: [1, 28, 28], put() {} });
  const drop = () => {
    coming.push(awaited());
    root.fire("drop", { dataTransfer: { files: [{ at: coming.length - 1 }] } });
    return async (at = coming.length - 1) => {
      coming[at].keep({ width: 20, height: 20, close() {} });
      await settled();
      await settled();
    };
  };
  drop();
  const come = drop();
  await come(1);
  await come(0);
  assert.equal(shown.children.length, 1);
  const last = drop();
  hide(); // a hand draws
  await last();
  assert.equal(shown.children.length, 0);
});
