// What a Lab does, apart from its looks: brings the worker and the pictures, tells the worker what the reader wants, keeps the network of
// the last look, and begins anew from there when a worker is lost.

import { labAnswers } from "./lab_answers.js";
import { labDigits, labPart } from "./lab_files.js";
import { labHost } from "./lab_host.js";
import { fill } from "./words.js";

const LIVE = ["batch", "rate", "beta"]; // settings that a network in training takes
const LOOKS = 4000; // that are kept: every second one goes when there are more

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
  const answers = labAnswers();

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
  const hears = {
    ready: ({ device }) => tell({ device }),
    data: () => {},
    network: (values) => tell({ tests: values }),
    step: ({ step, epoch, loss, terms }) => tell({ step, epoch, last: { loss, terms } }),
    look(look) {
      if (now.history.at(-1)?.step >= look.step) now.history.pop();
      if (now.history.length > LOOKS) now.history = now.history.filter((_, i) => i % 2 === 0);
      const { step, epoch, recon, kl } = look;
      now.history.push({ step, epoch, recon, kl, loss: now.last?.loss ?? null });
      tell({ look, step, epoch, phase: "ready" });
    },
    taken({ text: program }) {
      if (program !== good) earlier = good;
      good = program;
      tell({ problem: null });
      answers.settle("verdict", null);
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
      if (about === "program") return answers.settle("verdict", { message, line });
      tell({ problem: { message, line } });
      answers.fail(message);
    },
  };

  function hear({ kind, ...values }) {
    hears[kind]?.(values);
    answers.settle(kind, values);
  }

  async function open() {
    const worker = await labPart(model, "worker");
    host = labHost(worker, { hear, died });
    const ready = answers.wait("ready");
    host.send("start", { wanted: model.get("wanted") });
    await ready;
    const given = answers.wait("data");
    host.send(pictures.kind, pictures.values);
    await given;
  }

  // A network with the settings as they are now; from the last look, from `start`, or a new one.
  const latest = () => (now.look ? { weights: now.look.weights, step: now.look.step } : (start ?? {}));
  async function network(from) {
    const there = answers.wait("network");
    host.send("network", { settings: settings(), classes: classes(), program: good, ...from });
    await there;
  }

  // From the last look on, in another worker if this one is lost.
  async function again(message) {
    const was = now.running;
    if (!host) await open();
    await network(latest());
    if (was) host.send("run");
    tell({ problem: { message, line: null } });
  }

  function died(why) {
    host = null;
    const message = why === "endless" ? text.endless : text.died;
    answers.fail(message);
    if (!now.look) return; // whoever waits for the first one is told
    again(message).catch((error) => tell({ problem: { message: error.message, line: null } }));
  }

  // The digits, unless the reader has brought pictures; the worker; a network.
  async function prepare() {
    if (host) return;
    tell({ phase: "loading", share: 0 });
    try {
      if (!pictures) {
        const parts = await labDigits(model, model.get("parts"), (share) => tell({ share }));
        const [digest, train, test] = ["checksum", "train_count", "test_count"].map((trait) => model.get(trait));
        pictures = { kind: "digits", values: { parts, digest, train, test } };
      }
      await open();
      await network(latest());
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
      tell({ history: [], last: null, problem: null, ...(host ? {} : { look: null, phase: "idle" }) });
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
      const verdict = answers.wait("verdict");
      host.send("program", { text: program });
      return verdict.catch(({ message }) => ({ message, line: null }));
    },
    // Other pictures, {pictures, labels, train}, and a new network for them; null: the digits.
    async own(values) {
      tell({ history: [], look: null, last: null, problem: null, running: false, phase: "idle" });
      host?.stop();
      host = null;
      answers.fail(""); // a worker that is being prepared for other pictures is given up
      await preparing?.catch(() => null);
      pictures = values && { kind: "own", values };
      if (values) await ready();
    },
    // The test loss of the network, over several draws of its noise.
    async measure() {
      await ready();
      const measured = answers.wait("measured");
      host.send("measure");
      return measured;
    },
    async hash(bytes) {
      const hashed = answers.wait("hashed");
      host.send("hash", { bytes });
      return (await hashed).digest;
    },
    // Ends the worker; Train begins again with the last look.
    stop() {
      host?.stop();
      host = null;
      tell({ running: false });
    },
  };
  return session;
}
