// What a Lab does, apart from its looks: brings the pictures and a worker, tells it what the reader wants, and begins anew from the last
// look when a worker is lost.

import { labDigits } from "./lab_files.js";
import { labPrograms } from "./lab_programs.js";
import { labChoices, labState } from "./lab_state.js";
import { labTrainer } from "./lab_trainer.js";
import { turns } from "./turns.js";
import { fill } from "./words.js";

// start: weights to begin with, {weights}, or null. changed() is called whenever `now` has.
export function labSession({ model, start, changed }) {
  const text = model.get("text");
  const choices = labChoices(model);
  const programs = labPrograms(model.get("program"));
  const { now, tell, complain, hears } = labState(changed);
  const trainer = labTrainer({ model, choices, programs, start, now, tell, hears, died });
  let fell = null; // the step from which a worker has gone on for one that had ended
  let preparing = null;
  const bring = turns(); // other pictures

  hears.taken = ({ text: program }) => {
    programs.take(program);
    tell({ problem: null });
  };
  // A program that has led to no number is left for the one before it; without one, the training stops.
  hears.lost = ({ step, key }) => {
    if (trainer.busy.network) return; // another is on its way
    const stops = !programs.back();
    if (stops) tell({ running: false });
    again(fill(stops ? text.stopped : text.lost, { step, message: text[key] }));
  };

  // The digits, unless the reader has brought pictures; the worker; a network. Gives what is to be said of a program that is left for it.
  async function prepare() {
    if (trainer.worker) return null;
    tell({ phase: "loading", share: trainer.pictures ? 1 : 0 });
    try {
      trainer.pictures ??= { kind: "digits", values: await labDigits(model, (share) => tell({ share })) };
      const message = await trainer.network(false);
      complain({ message });
      return message;
    } catch (error) {
      trainer.end();
      trainer.pictures = trainer.pictures?.kind === "own" ? trainer.pictures : null;
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

  function goOn() {
    if (now.running) trainer.worker.send("run");
  }

  // From the last look on, in another worker if this one is lost.
  async function again(message) {
    try {
      const other = await (trainer.worker ? trainer.network(false) : ready());
      goOn();
      complain({ message: other ?? message });
    } catch (error) {
      if (!error.message) return; // given up for something newer, which goes on
      tell({ running: false });
      complain(error);
    }
  }

  // Whoever waits has been told. A program that holds its worker long after it was tried, or on which one worker after the other ends, is
  // left for another.
  function died(why) {
    if (preparing) return;
    const blameless = trainer.busy.program > 0; // the network and its program: a new one was being tried
    const twice = !blameless && fell === now.look.step;
    const left = !blameless && ((why === "endless" && programs.right()) || (twice && programs.other()));
    if (twice && !left) {
      tell({ running: false, problem: { message: text.gone, line: null } });
      return;
    }
    if (!blameless) fell = now.look.step;
    const words = { endless: blameless ? text.endless : text.died, gpu: text.gpu }[why] ?? text.died;
    const cause = why === "endless" ? text.endless : text.ended;
    again(left ? fill(text.another, { message: cause }) : words);
  }

  return {
    now,
    program: () => programs.good,
    async run() {
      tell({ running: true });
      await ready();
      goOn();
    },
    pause() {
      tell({ running: false });
      if (!preparing) trainer.worker?.send("pause");
    },
    async step() {
      await ready();
      trainer.worker.send("step");
    },
    // A new network, with the settings and the pictures as they are now.
    async reset() {
      await preparing?.catch(() => null);
      tell({ history: [], last: null, problem: null, ...(trainer.worker ? {} : { look: null, phase: "idle" }) });
      if (!trainer.worker) return;
      const message = await trainer.network(true);
      goOn();
      complain({ message });
    },
    // beta, rate and batch: a network in training takes them.
    set: (name) => trainer.worker?.send("set", { values: { [name]: model.get(name) } }),
    // Gives what is wrong with a program, an error with its line, or null: it is trained on then.
    async tryProgram(program) {
      await ready();
      tell({ problem: null });
      return trainer.program(program).then(
        () => null,
        (error) => {
          if (!error.message) throw error; // given up for a newer one
          return error;
        },
      );
    },
    // Other pictures, {pictures, labels, train}, and a new network for them; null: the digits.
    async own(values) {
      const isLast = bring();
      const phase = values ? "loading" : "idle";
      tell({ history: [], look: null, last: null, problem: null, running: false, phase });
      trainer.end();
      await preparing?.catch(() => null);
      if (!isLast()) return; // others have been brought meanwhile
      trainer.end(); // the one that was being prepared for other pictures
      trainer.pictures = values && { kind: "own", values };
      if (!values && !now.running) return;
      await ready();
      goOn(); // Train may have been pressed meanwhile
    },
    // The test loss of the network, over several draws of its noise.
    async measure() {
      await ready();
      const found = await trainer.worker.ask("measure");
      if (!found) throw new Error(""); // it was lost, which has been said
      return found;
    },
    hash: (bytes) => trainer.worker.ask("hash", { bytes }),
    // Ends the worker; Train begins again with the last look.
    stop() {
      trainer.end();
      tell({ running: false });
    },
  };
}
