// The worker of a Lab: trains, draws and measures, and is told what to do by messages. It runs in a frame of its own, without the page,
// its storage or a network (lab_host.js), for what it trains on may be a program that the reader has written.

import { defaultDevice } from "@jax-js/jax";
import { filled } from "./arrays.js";
import { choose, hex, readDigits } from "./data.js";
import { chooseDevice } from "./device.js";
import { see, shown, testLoss } from "./look.js";
import { Training } from "./training.js";

let port = null;
let pace = 0; // ms between two looks while it trains
let data = null; // {labels, pictures, train}
let chosen = null; // {training, test}: places in data
let training = null;
let running = false;
let codes = null; // of the samples
let speed = null; // {step, time} of the look before
let looked = 0; // when that was

const send = (kind, values = {}, buffers = []) => port.postMessage({ kind, ...values }, buffers);
const turn = () =>
  new Promise((done) => {
    const { port1, port2 } = new MessageChannel(); // a timer would wait for 4 ms
    port1.onmessage = () => done(port1.close());
    port2.postMessage(0);
  });

// Says whether there was anything to see.
async function look() {
  const seen = await see(training, chosen.test, codes);
  if (!seen) {
    lose("lost_weight");
    return false;
  }
  looked = performance.now();
  const { step } = training;
  const rate = speed && step > speed.step ? (1000 * (step - speed.step)) / (looked - speed.time) : null;
  speed = { step, time: looked };
  send("look", { ...seen.look, rate }, seen.buffers);
  return true;
}

// The network is of no use any more: the page has the one of the last look.
function lose(key) {
  running = false;
  send("lost", { step: training.step, key });
}

async function advance() {
  const done = await training.advance();
  if (!done) {
    lose("lost_loss");
    return false;
  }
  send("step", { step: training.step, epoch: training.epoch, ...done });
  return true;
}

// What it is asked, and its answers.
const does = {
  async start({ wanted, every }) {
    pace = every;
    const device = await chooseDevice(wanted);
    defaultDevice(device);
    return { device };
  },
  async digits(packed) {
    data = await readDigits(packed);
  },
  async own(given) {
    data = given;
  },
  // A new network, or the one that these weights are.
  async network({ settings, weights = null, step = 0, classes = null, program }) {
    running = false;
    chosen = choose(data, classes);
    training?.free();
    training = new Training(settings, weights, step);
    training.told = () => send("alive");
    training.setData(data.pictures, chosen.training);
    codes = filled(25 * settings.dims, training.noise);
    await take(program);
    send("tests", shown(data, chosen.test));
    await look();
  },
  async program({ text }) {
    await take(text);
  },
  async set({ values }) {
    if (!training) return;
    const other = values.batch && values.batch !== training.settings.batch;
    Object.assign(training.settings, values);
    if (other) await take(training.program); // compiled for another size
  },
  async run() {
    if (!training) return;
    running = true;
    speed = { step: training.step, time: performance.now() };
  },
  async pause() {
    if (!training) return;
    running = false;
    await look();
  },
  async step() {
    if (training && !running && (await advance())) await look();
  },
  // For a download. The look brings the page the very network that is measured.
  async measure() {
    if (!(await look())) return null;
    return { ...(await testLoss(training, chosen.test)), step: training.step, test: chosen.test.length };
  },
  async hash({ bytes }) {
    return hex(bytes);
  },
};

async function take(text) {
  send("trying"); // the page counts from here: a program that does not end is ended
  try {
    await training.setProgram(text);
    send("taken", { text });
  } finally {
    send("tried");
  }
}

// Messages are answered one after the other, between two steps. What goes wrong is said, and what was there before stays.
const inbox = [];
let heard = 0; // messages, since it began
let wake = () => {};

async function reply({ kind, id, ...values }) {
  try {
    send("answer", { id, answer: await does[kind](values) });
  } catch ({ message, key = null, values = {}, line = null }) {
    send("wrong", { id, message, key, values, line });
  }
}

async function live() {
  for (;;) {
    while (inbox.length) await reply(inbox.shift());
    if (running) {
      if ((await advance()) && performance.now() - looked > pace) await look();
      await turn();
    } else {
      send("rest", { heard });
      await new Promise((done) => {
        wake = done;
      });
    }
  }
}

// What ends the training, as when there is no memory left, ends the worker: the page hears of an error that nobody catches.
const end = (error) =>
  setTimeout(() => {
    throw error;
  });

globalThis.close = undefined; // a program does not end the worker without a word

globalThis.onmessage = ({ ports: [given] }) => {
  port = given;
  port.onmessage = ({ data: message }) => {
    inbox.push(message);
    heard += 1;
    wake();
  };
  live().catch(end);
};
