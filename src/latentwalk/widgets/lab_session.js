// What a Lab does, apart from its looks: brings the worker and the pictures, tells the worker what the reader wants, keeps the network of
// the last look, and begins anew from there when a worker is lost.

import { labDigits, labPart } from "./lab_files.js";
import { labHost } from "./lab_host.js";
import { fill } from "./words.js";

const LIVE = ["batch", "rate", "beta"]; // those that a network in training takes

// start: weights to begin with and the step that they are from, or null. changed() is called whenever `now` has.
export function labSession({ model, start, changed }) {
  const text = model.get("text");
  const now = {
    phase: "idle",
    share: 0,
    device: "",
    history: [],
    look: null,
    last: null,
    problem: null,
    running: false,
  };
  let host = null;
  let pictures = null; // what the worker is given: {kind, ...}
  let good = model.get("program"); // the last program that has trained
  let earlier = null; // and the one before it
  const waiting = {}; // kind of an answer -> who waits for it

  const settings = () => ({
    ...Object.fromEntries(["batch", "rate", "beta", "seed"].map((name) => [name, model.get(name)])),
    dims: model.get("dims")[model.get("latent_dim_index")],
    hidden: model.get("widths")[model.get("hidden_index")],
  });
  const classes = () => (pictures?.kind === "own" ? null : (model.get("classes")[model.get("digits_index")] ?? null));
  const tell = (values) => {
    Object.assign(now, values);
    changed();
  };
  const answer = (kind) =>
    new Promise((resolve, reject) => {
      waiting[kind] = { resolve, reject };
    });
  const settle = (kind, values) => {
    waiting[kind]?.resolve(values);
    delete waiting[kind];
  };
  const fail = (message) => {
    for (const kind of Object.keys(waiting)) {
      waiting[kind].reject(new Error(message));
      delete waiting[kind];
    }
  };

  const hears = {
    ready: ({ device }) => tell({ device }),
    data: () => {},
    network: (values) => tell({ tests: values }),
    step: ({ step, epoch, loss, terms }) => tell({ step, epoch, last: { loss, terms } }),
    look(look) {
      if (now.history.at(-1)?.step >= look.step) now.history.pop();
      const { step, epoch, recon, kl } = look;
      now.history.push({ step, epoch, recon, kl, loss: now.last?.loss ?? null });
      tell({ look, step, epoch, phase: "ready" });
    },
    taken({ text: program }) {
      if (program !== good) earlier = good;
      good = program;
      tell({ problem: null });
      settle("verdict", null);
    },
    // A program that has led to no number is left for the one before it; without one, the training stops.
    lost({ step, message }) {
      const stops = earlier === null;
      good = earlier ?? good;
      earlier = null;
      if (stops) tell({ running: false });
      const words = fill(stops ? text.stopped : text.lost, { step, message });
      again(words).catch(({ message: other }) => tell({ problem: { message: other, line: null } }));
    },
    wrong({ about, message, line }) {
      const problem = { message, line };
      tell({ problem });
      if (about === "program") settle("verdict", problem);
      else fail(message);
    },
  };

  function hear({ kind, ...values }) {
    hears[kind]?.(values);
    settle(kind, values);
  }

  async function open() {
    const worker = await labPart(model, "worker");
    host = labHost(worker, { hear, died });
    const ready = answer("ready");
    host.send("start", { wanted: model.get("wanted") });
    await ready;
    const given = answer("data");
    host.send(pictures.kind, structuredClone(pictures.values));
    await given;
  }

  async function network(from) {
    const there = answer("network");
    host.send("network", { settings: settings(), classes: classes(), program: good, ...from });
    await there;
  }

  // From the last look on, in another worker if this one is lost.
  async function again(message) {
    const was = now.running;
    const { weights = null, step = 0 } = now.look ?? {};
    if (!host) await open();
    await network(now.look ? { weights, step } : {});
    if (was) host.send("run");
    tell({ problem: { message, line: null } });
  }

  function died(why) {
    host = null;
    const message = why === "endless" ? text.endless : text.died;
    fail(message);
    again(message).catch((error) => tell({ problem: { message: error.message, line: null } }));
  }

  // The digits, unless the reader has brought pictures; the worker; a network.
  async function prepare() {
    if (host) return;
    tell({ phase: "loading", share: 0 });
    try {
      if (!pictures) {
        const parts = await labDigits(model, model.get("parts"), (share) => tell({ share }));
        const [digest, train, test] = ["digest", "train_count", "test_count"].map((trait) => model.get(trait));
        pictures = { kind: "digits", values: { parts, digest, train, test } };
      }
      await open();
      await network(start ?? {});
    } catch (error) {
      host?.stop();
      host = null;
      pictures = pictures?.kind === "own" ? pictures : null;
      tell({ phase: now.look ? "ready" : "idle", running: false });
      throw error;
    }
  }

  let preparing = null;
  const ready = () => {
    preparing ??= prepare().finally(() => {
      preparing = null;
    });
    return preparing;
  };

  const session = {
    now,
    get program() {
      return good;
    },
    async run() {
      tell({ running: true });
      await ready();
      if (now.running) host.send("run");
    },
    pause() {
      tell({ running: false });
      if (!preparing) host?.send("pause");
    },
    async step() {
      await ready();
      host.send("step");
    },
    // A new network, with the settings and the pictures as they are now.
    async reset() {
      tell({ history: [], last: null, problem: null });
      if (!host) return;
      const was = now.running;
      await network({});
      if (was) host.send("run");
    },
    set(name) {
      if (host && LIVE.includes(name)) host.send("set", { values: { [name]: settings()[name] } });
    },
    // Gives what is wrong with a program, {message, line}, or null: it is trained on then.
    async tryProgram(program) {
      await ready();
      tell({ problem: null });
      const verdict = answer("verdict");
      host.send("program", { text: program });
      return verdict.catch(({ message }) => ({ message, line: null }));
    },
    // Other pictures, {pictures, labels, train}, and a new network for them; null: the digits.
    async own(values) {
      tell({ history: [], look: null, last: null, problem: null, running: false, phase: "idle" });
      host?.stop();
      host = null;
      pictures = values && { kind: "own", values };
      if (values) await ready();
    },
    // The test loss of the network, over several draws of its noise.
    async measure() {
      await ready();
      const measured = answer("measured");
      host.send("measure");
      return measured;
    },
    async hash(bytes) {
      const hashed = answer("hashed");
      host.send("hash", { bytes });
      return (await hashed).digest;
    },
    stop: () => host?.stop(),
  };
  return session;
}
