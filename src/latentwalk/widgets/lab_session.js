// What a Lab does, apart from its looks: brings the pictures and a worker, tells it what the reader wants, and begins anew from the last
// look when a worker is lost.

import { labDigits } from "./lab_files.js";
import { labChoices, labState } from "./lab_state.js";
import { openWorker } from "./lab_worker.js";
import { fill } from "./words.js";

// start: weights to begin with, {weights}, or null. changed() is called whenever `now` has.
export function labSession({ model, start, changed }) {
  const text = model.get("text");
  const choices = labChoices(model);
  const { now, tell, complain, hears } = labState(changed);
  let worker = null;
  let wanted = model.get("wanted"); // the device
  let pictures = null; // what the worker is given: {kind, values}
  let good = model.get("program"); // the last program that has trained
  let earlier = null; // and the one before it
  let fell = null; // the step from which a worker has gone on for one that had ended
  let preparing = null;

  hears.taken = ({ text: program }) => {
    if (program !== good) earlier = good;
    good = program;
    tell({ problem: null });
  };
  // A program that has led to no number is left for the one before it; without one, the training stops.
  hears.lost = ({ step, key }) => {
    if (worker.waits("network")) return; // another is on its way
    const stops = earlier === null;
    good = earlier ?? good;
    earlier = null;
    if (stops) tell({ running: false });
    again(fill(stops ? text.stopped : text.lost, { step, message: text[key] }));
  };

  // A network with the settings as they are now; from the last look, from `start`, or a new one.
  const latest = () => (now.look ? { weights: now.look.weights, step: now.look.step } : (start ?? {}));
  async function network(from) {
    const classes = pictures.kind === "own" ? null : choices.classes();
    try {
      await worker.ask("network", { settings: choices.settings(), classes, program: good, ...from });
    } catch (error) {
      if (error.message) end(); // it has no network now
      throw error;
    }
  }

  async function open() {
    worker = await openWorker({ model, wanted, hears, died });
    await worker.start();
    tell({ device: worker.device });
    await worker.ask(pictures.kind, pictures.values);
    await network(latest());
  }
  function end() {
    worker?.stop();
    worker = null;
  }

  // The digits, unless the reader has brought pictures; the worker; a network.
  async function prepare() {
    if (worker) return;
    tell({ phase: "loading", share: pictures ? 1 : 0 });
    try {
      pictures ??= { kind: "digits", values: await labDigits(model, (share) => tell({ share })) };
      const before = wanted;
      await open().catch((error) => {
        if (wanted === before) throw error;
        return open(); // without the device that has failed
      });
    } catch (error) {
      end();
      pictures = pictures?.kind === "own" ? pictures : null;
      tell({ phase: now.look ? "ready" : "idle", running: false });
      throw error;
    }
  }
  function ready() {
    preparing ??= prepare().finally(() => {
      preparing = null;
    });
    return preparing;
  }

  // From the last look on, in another worker if this one is lost.
  async function again(message) {
    try {
      await (worker ? network(latest()) : ready());
      if (now.running) worker.send("run");
      complain({ message });
    } catch (error) {
      complain(error);
    }
  }

  // Whoever waits has been told. A worker that ends where the one before it did has no third one by itself.
  function died(why) {
    if (worker.device === "webgpu") wanted = "wasm";
    worker = null;
    if (preparing) return;
    if (!now.look || fell === now.look.step) {
      tell({ running: false, problem: { message: text.gone, line: null } });
      return;
    }
    fell = now.look.step;
    again(why === "endless" ? text.endless : why === "gpu" ? text.gpu : text.died);
  }

  return {
    now,
    program: () => good,
    async run() {
      tell({ running: true });
      await ready();
      if (now.running) worker.send("run");
    },
    pause() {
      tell({ running: false });
      if (!preparing) worker?.send("pause");
    },
    async step() {
      await ready();
      worker.send("step");
    },
    // A new network, with the settings and the pictures as they are now.
    async reset() {
      await preparing?.catch(() => null);
      tell({ history: [], last: null, problem: null, ...(worker ? {} : { look: null, phase: "idle" }) });
      if (!worker) return;
      await network({});
      if (now.running) worker.send("run");
    },
    // beta, rate and batch: a network in training takes them.
    set: (name) => worker?.send("set", { values: { [name]: model.get(name) } }),
    // Gives what is wrong with a program, an error with its line, or null: it is trained on then.
    async tryProgram(program) {
      await ready();
      tell({ problem: null });
      return worker.ask("program", { text: program }).then(
        () => null,
        (error) => {
          if (!error.message) throw error; // given up for a newer one
          return error;
        },
      );
    },
    // Other pictures, {pictures, labels, train}, and a new network for them; null: the digits.
    async own(values) {
      tell({ history: [], look: null, last: null, problem: null, running: false, phase: "idle" });
      end();
      await preparing?.catch(() => null);
      end(); // the one that was being prepared for other pictures
      pictures = values && { kind: "own", values };
      if (values) await ready();
    },
    // The test loss of the network, over several draws of its noise.
    async measure() {
      await ready();
      return worker.ask("measure");
    },
    hash: (bytes) => worker.ask("hash", { bytes }),
    // Ends the worker; Train begins again with the last look.
    stop() {
      end();
      tell({ running: false });
    },
  };
}
