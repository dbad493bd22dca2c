// What a Lab does with a worker that answers as the real one does, but trains nothing.

import assert from "node:assert/strict";
import test from "node:test";
import { labSession } from "../../src/latentwalk/widgets/lab_session.js";
import { until } from "./elements.js";

const LOOK = { step: 0, epoch: 0, recon: 1, kl: 1, weights: { fc21: { bias: [0, 0] }, fc3: { bias: [0] } } };
const TRAITS = { batch: 1, rate: 1, beta: 1, seed: 1, dims: [2], latent_dim_index: 0, widths: [1], hidden_index: 0 };
Object.assign(TRAITS, { classes: [null], digits_index: 0, parts: 1, program: "p", text: { lost: "{message}" } });

// A session, the workers that it has opened, each with what it `got` and the `port` to its page, and what brings the digits.
function open(t) {
  const workers = [];
  const serve = (port) => {
    const worker = { got: [], port };
    workers.push(worker);
    port.onmessage = ({ data: { kind, id } }) => {
      worker.got.push(kind);
      if (kind === "network") port.postMessage({ kind: "look", ...LOOK });
      if (id) port.postMessage({ kind: "answer", id, answer: { device: "wasm" } });
      port.postMessage({ kind: "rest", heard: worker.got.length });
    };
    t.after(() => port.close());
  };
  const frame = () => ({
    setAttribute() {},
    remove() {},
    contentWindow: { postMessage: (_text, _origin, [port]) => serve(port) },
  });
  let bring;
  Object.assign(latentwalkLab, { digits: [], worker: "its text" });
  Object.assign(globalThis, {
    document: { createElement: frame, body: { append: (one) => setImmediate(() => one.onload()) } },
    addEventListener() {},
    removeEventListener() {},
    matchMedia: () => ({ matches: false }),
    latentwalk: {
      root: "",
      bytes: () => new Uint8Array(1),
      load: () =>
        new Promise((done) => {
          bring = () => {
            latentwalkLab.digits[0] = "text";
            done();
          };
        }),
    },
  });
  const session = labSession({ model: { get: (name) => TRAITS[name] }, start: null, changed() {} });
  t.after(() => session.stop());
  const asked = () => until(() => bring, "the digits are asked for");
  const got = (kind) => workers.at(-1)?.got.filter((one) => one === kind).length;
  return { session, workers, asked, got, bring: () => bring() };
}

test("Train, own pictures and Train again while the digits are on their way: it trains on the pictures", async (t) => {
  const { session, workers, asked, got, bring } = open(t);
  const first = session.run();
  await asked();
  const own = session.own({ pictures: [], labels: [], train: 1 });
  const second = session.run();
  bring();
  await Promise.all([first, own, second]);
  assert.deepEqual([session.now.running, session.now.phase], [true, "ready"]);
  await until(() => got("own") && got("run"), "the pictures' worker trains");
  assert.equal(workers.at(-1).got.join(), "start,own,network,run");
});

test("a reset while a lost network is replaced does not stop the training", async (t) => {
  const { session, workers, asked, got, bring } = open(t);
  const running = session.run();
  await asked();
  bring();
  await running;
  const say = (message) => workers[0].port.postMessage(message);
  say({ kind: "taken", text: "q" }); // a program of the reader's, which
  say({ kind: "lost", step: 3, key: "lost_loss" }); // leads to no number
  await until(() => got("network") === 2, "another network is asked for");
  await session.reset();
  assert.equal(session.now.running, true);
  await until(() => got("network") === 3 && workers[0].got.at(-1) === "run", "the fresh one is trained");
});

test("Train, own pictures and back to the digits while these are on their way: it trains on the digits if told so", async (t) => {
  const { session, workers, asked, got, bring } = open(t);
  const first = session.run();
  await asked();
  const own = session.own({ pictures: [], labels: [], train: 1 });
  const back = session.own(null);
  const second = session.run();
  bring();
  await Promise.all([first, own, back, second]);
  assert.equal(session.now.running, true);
  await until(() => got("digits") && got("run"), "it trains");
  assert.ok(!workers.some((worker) => worker.got.includes("own")));
});
