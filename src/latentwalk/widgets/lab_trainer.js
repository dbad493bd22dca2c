// The worker of a Lab with the pictures and a network in it: how it is opened, and what is tried where that fails.

import { openWorker } from "./lab_worker.js";
import { fill } from "./words.js";

// start: {weights} to begin with, or null; died(why) is called if the worker has ended by itself while nobody waits for a network.
export function labTrainer({ model, choices, programs, start, now, tell, hears, died }) {
  const text = model.get("text");
  const told = ({ message, line = null }) => (line ? fill(text.at, { message, line }) : message);
  const busy = { network: 0, program: 0 }; // how many of each are being tried
  let worker = null;
  let wanted = model.get("wanted"); // the device
  let pictures = null; // what the worker is given: {kind, values}

  function ended(why) {
    if (worker.device === "webgpu") wanted = "wasm";
    worker = null;
    if (!busy.network) died(why);
  }
  function end() {
    worker?.stop();
    worker = null;
  }
  async function within(kind, work) {
    busy[kind] += 1;
    try {
      return await work();
    } finally {
      busy[kind] -= 1;
    }
  }

  async function begin() {
    const device = wanted;
    try {
      worker = await openWorker({ model, wanted, hears, died: ended });
      await worker.start();
      tell({ device: worker.device });
      await worker.ask(pictures.kind, pictures.values);
    } catch (error) {
      if (wanted === device) throw error;
      await begin(); // without the device that has failed
    }
  }

  async function make(fresh) {
    for (let said = null; ; ) {
      if (!worker) await begin();
      const device = wanted;
      const classes = pictures.kind === "own" ? null : choices.classes();
      const from = fresh ? {} : choices.fitting(now.look, start);
      const values = { settings: choices.settings(), classes, program: programs.good, ...from };
      const failed = await worker.ask("network", values).then(
        () => null,
        (error) => error,
      );
      if (!failed) return said;
      if (!failed.message) throw failed;
      if (wanted === device && !programs.other()) throw worker ? failed : new Error(text.gone);
      said = wanted === device ? fill(text.another, { message: told(failed) }) : text.gpu;
    }
  }

  return {
    busy,
    end,
    get worker() {
      return worker;
    },
    get pictures() {
      return pictures;
    },
    set pictures(given) {
      pictures = given;
    },
    // A network with the settings as they are now, in a worker that is opened if there is none: a fresh one, or that of the last look. A
    // program that does not work with it, as one for 20 dimensions with 2, is left for another. Gives what is to be said of that, or null.
    network: (fresh) =>
      within("network", () => make(fresh)).catch((error) => {
        if (error.message) end(); // it has no network now
        throw error;
      }),
    // A program for the network in training.
    program: (program) => within("program", () => worker.ask("program", { text: program })),
  };
}
