// A Lab's worker as one whom one asks: ask(kind, values) promises the answer, or an error in the reader's own words, with its line.

import { isCalm } from "./glide.js";
import { labAnswers } from "./lab_answers.js";
import { labPart } from "./lab_files.js";
import { labHost } from "./lab_host.js";
import { fill } from "./words.js";

const LOOK = 700; // ms between two looks while it trains
const CALM_LOOK = 2000; // for readers who want little motion

// hears: {kind: what is done when the worker says so by itself}, with `wrong` for what nobody waits for; died(why) is called once, if it has
// ended by itself ("dead"), had to be ended ("endless"), or if its device has failed ("gpu").
export async function openWorker({ model, wanted, hears, died }) {
  const text = model.get("text");
  const answers = labAnswers();
  const end = (why) => {
    const words = { endless: text.endless, gpu: text.gpu }[why] ?? text.ended;
    answers.fail(words);
    died(why);
  };

  function wrong({ id, message, key, values, line }) {
    if (worker.device === "webgpu" && !key && line === null) {
      host.stop();
      end("gpu");
      return;
    }
    const error = Object.assign(new Error(key ? fill(text[key], values) : message), { line });
    if (!answers.refuse(id, error)) hears.wrong(error);
  }
  function hear({ kind, id, answer, ...values }) {
    if (kind === "answer") answers.settle(id, answer);
    else if (kind === "wrong") wrong({ id, ...values });
    else hears[kind]?.(values);
  }

  const script = await labPart(model, "worker");
  const host = labHost(script, { hear, died: end });
  const worker = {
    device: "",
    ask(kind, values) {
      const { id, answer } = answers.ask(kind);
      host.send(kind, { ...values, id });
      return answer;
    },
    async start() {
      const every = isCalm() ? CALM_LOOK : LOOK;
      worker.device = (await worker.ask("start", { wanted, every })).device;
    },
    send: host.send,
    stop() {
      host.stop();
      answers.fail("");
    },
  };
  return worker;
}
