// The worker of a Lab: trains, draws and measures, and is told what to do by messages. It runs in a frame of its own, without the page,
// its storage or a network (lab_host.js), for what it trains on may be a program that the reader has written.

import { defaultDevice } from "@jax-js/jax";
import { choose, hex, readDigits } from "./data.js";
import { chooseDevice } from "./device.js";
import { CHUNK, Training } from "./training.js";

const MEASURED = 4; // draws of the noise, and their opposites, over which the test loss of a download is averaged

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

async function look() {
  const { step, epoch, settings } = training;
  const some = chosen.test.slice(0, CHUNK);
  const found = await training.measure(some);
  const shown = found.mu.slice(0, 10 * settings.dims); // the row of test pictures, decoded from mu
  const [samples, copies, weights] = [
    await training.draw(codes),
    await training.draw(pad(shown)),
    await training.weights(),
  ];
  if (
    !Object.values(weights).every(({ weight, bias }) => [weight, bias].every((part) => part.every(Number.isFinite)))
  ) {
    lose("lost_weight");
    return;
  }
  looked = performance.now();
  const now = performance.now();
  const rate = speed && step > speed.step ? (1000 * (step - speed.step)) / (now - speed.time) : null;
  speed = { step, time: now };
  const { recon, kl, mu, logvar } = found;
  const buffers = [mu, logvar, samples, copies].map((array) => array.buffer);
  for (const { weight, bias } of Object.values(weights)) buffers.push(weight.buffer, bias.buffer);
  send("look", { step, epoch, rate, recon, kl, mu, logvar, samples, copies, weights, settings }, buffers);
}

// One shape of codes, so that one kernel draws them.
const pad = (part) => {
  const whole = new Float32Array(codes.length);
  whole.set(part.subarray(0, codes.length));
  return whole;
};

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
    training.setData(data.pictures, chosen.training);
    codes = Float32Array.from({ length: 25 * settings.dims }, training.noise);
    await take(program);
    const some = chosen.test.slice(0, CHUNK);
    const pictures = new Uint8Array(some.length * 784);
    for (const [k, i] of some.entries()) pictures.set(data.pictures.subarray(784 * i, 784 * (i + 1)), 784 * k);
    const labels = Uint8Array.from(some, (i) => data.labels[i]);
    send("tests", { pictures, labels });
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
    running = false;
    await look();
  },
  async step() {
    if (!running && (await advance())) await look();
  },
  // For a download: the test loss, over several draws of the noise.
  async measure() {
    let [recon, kl] = [0, 0];
    for (let seed = 1; seed <= MEASURED; seed++)
      for (const sign of [1, -1]) {
        const found = await training.measure(chosen.test, seed, sign);
        recon += found.recon / (2 * MEASURED);
        kl = found.kl;
      }
    return { recon, kl, step: training.step, test: chosen.test.length };
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
    } else
      await new Promise((done) => {
        wake = done;
      });
  }
}

// What ends the training, as when there is no memory left, ends the worker: the page hears of an error that nobody catches.
const end = (error) =>
  setTimeout(() => {
    throw error;
  });

globalThis.onmessage = ({ ports: [given] }) => {
  port = given;
  port.onmessage = ({ data: message }) => {
    inbox.push(message);
    wake();
  };
  live().catch(end);
};
