// The Lab: a VAE trained in the page, in a worker, and what one sees and does meanwhile. See lab.py for the traits.

import { plotCanvas } from "./canvas.js";
import { chipRow } from "./chips.js";
import { digitCanvases, paintDigit } from "./digits.js";
import { box, button, captioned, element, paragraph } from "./dom.js";
import { defineFigure } from "./figure.js";
import { labPanels } from "./lab_panels.js";
import { drawCurve, drawSigmas } from "./lab_plots.js";
import { labRow } from "./lab_row.js";
import { labSession } from "./lab_session.js";
import { tellKernel } from "./lab_take.js";
import { decoderOf, labWalk } from "./lab_walk.js";
import { publish } from "./model.js";
import { Network } from "./network.js";
import { unpackLayers } from "./safetensors.js";
import { themeColors } from "./theme.js";
import { fill, fixed, say } from "./words.js";

const QUIET = 5000; // ms between two sentences for screen readers

// A loss of any size: that of a program gone wrong has forty digits.
const nats = (value) => (Math.abs(value) < 1e5 ? fixed(value, 1) : String(value.toExponential(1)));

export default defineFigure("lab", ({ model, root, schedule, save }) => {
  const text = model.get("text");
  const begin = model.get("start");
  const start = begin.byteLength ? { weights: unpackLayers(begin) } : null;
  const session = labSession({ model, start, changed: () => update() });
  const { now } = session;

  const curve = plotCanvas(150);
  const sigmas = plotCanvas(110);
  const samples = digitCanvases(25);
  const chips = chipRow({ step: "prior", recon: "ae", kl: "vae", sum: "text", rate: "prior", device: "prior" });
  const bar = element("progress", { max: 1, hidden: true, "aria-label": text.starting });
  const problem = element("p", { class: "lw-error", role: "alert", hidden: true });
  const status = element("p", { class: "lw-hidden", role: "status" });
  const hint = paragraph("lw-readout lw-hint");
  const tests = labRow(text, () => {
    walk.forget();
    schedule();
  });
  let network = null;
  const walk = labWalk({
    model,
    colors: model.get("colors"),
    schedule,
    ends: () => tests.ends,
    network: (look) => {
      if (network?.look !== look) {
        network = Object.create(Network.prototype, { name: { value: `step ${look.step}` } });
        Object.assign(network, { look, parts: { decode: decoderOf(look) } });
      }
      return network;
    },
  });
  const [curvePanel, sigmaPanel] = [captioned(curve, text.curve, "lw-panel"), captioned(sigmas, "", "lw-panel")];
  const planePanel = captioned(walk.plane, "", "lw-panel");
  const grid = captioned(box("lw-five", ...samples), text.samples, "lw-panel");
  const one = button(text.one, () => attempt(() => session.step()));
  const again = button(text.again, () => attempt(() => session.reset()));
  const live = box(
    "lw-lab-live",
    box("lw-columns", curvePanel, sigmaPanel),
    box("lw-lab-pictures", planePanel, grid, box("lw-panel", walk.lens.figure, tests.choice)),
    captioned(box("lw-drawn", ...tests.canvases), text.copies, "lw-panel"),
  );
  root.append(hint, bar, chips.row, problem, box("lw-buttons", one, again), live, status);
  labPanels({ model, root, session, attempt });

  // What goes wrong is said, and the button comes up.
  async function attempt(work) {
    try {
      await work();
    } catch (error) {
      if (!error.message) return; // given up for something newer
      now.problem = { message: error.message, line: null };
      console.warn(error);
      now.running = false;
      update();
    }
  }

  model.on("change:playing", () => {
    if (model.get("playing") === now.running) return;
    if (model.get("playing")) attempt(() => session.run());
    else session.pause();
  });
  for (const name of ["beta", "rate", "batch"]) model.on(`change:${name}`, () => session.set(name));
  for (const trait of ["latent_dim_index", "hidden_index", "digits_index"])
    model.on(`change:${trait}`, () => attempt(() => session.reset()));

  let shownTests = null;
  let shownLook = null;
  let said = -QUIET;
  function update() {
    if (now.running && !root.isConnected) {
      session.stop(); // its cell has gone
      return;
    }
    if (now.running !== model.get("playing")) save({ playing: now.running });
    if (now.device && now.device !== model.get("device")) publish(model, "device", now.device);
    if (now.look !== shownLook) tellKernel(model, now);
    const { look } = now;
    Object.assign(root.dataset, { step: now.step ?? 0, device: now.device, phase: now.phase });
    if (look) Object.assign(root.dataset, { loss: (look.recon + look.kl).toFixed(2), kl: look.kl.toFixed(2) });
    schedule();
  }

  function takeLook(look) {
    const { labels } = now.tests;
    walk.take(look, [...labels]);
    const part = (array, i) => array.subarray(784 * i, 784 * (i + 1));
    for (const [i, canvas] of samples.entries()) paintDigit(canvas, part(look.samples, i), text.samples);
    tests.paint(look.copies, labels.length);
  }

  function speak() {
    if (!now.look || performance.now() - said < QUIET) return;
    said = performance.now();
    const { step, epoch, recon, kl } = now.look;
    say(status, fill(text.status, { step, epoch: fixed(epoch, 1), sum: nats(recon + kl), kl: nats(kl) }));
  }

  return () => {
    const theme = themeColors(root);
    const { look } = now;
    const label = now.running ? text.pause : text.train;
    if (model.get("button") !== label) save({ button: label });
    live.hidden = again.hidden = !look;
    bar.hidden = now.phase !== "loading";
    bar.value = now.share;
    const share = Math.round(100 * now.share);
    say(
      hint,
      now.phase === "loading" ? (share < 100 ? fill(text.loading, { percent: share }) : text.starting) : text.idle,
    );
    hint.hidden = now.phase === "ready";
    problem.hidden = !now.problem;
    if (now.problem) say(problem, now.problem.line ? fill(text.at, now.problem) : now.problem.message);
    if (!look || !now.tests) return;
    if (shownTests !== now.tests) tests.take(now.tests);
    shownTests = now.tests;
    if (shownLook !== look) takeLook(look);
    shownLook = look;
    speak();
    const { dims } = look.settings;
    const values = {
      step: now.step,
      epoch: fixed(now.epoch, 1),
      device: text[now.device],
      dims,
      count: now.tests.labels.length,
    };
    Object.assign(values, { recon: nats(look.recon), kl: nats(look.kl), sum: nats(look.recon + look.kl) });
    values.active = walk.active;
    Object.assign(values, { rate: fixed(look.rate ?? 0, 0), i: walk.pair[0] + 1, j: walk.pair[1] + 1 });
    const words = Object.fromEntries(
      ["step", "recon", "kl", "sum", "rate", "device"].map((name) => [name, text[name]]),
    );
    const readout = chips.show({ ...words, rate: look.rate ? text.rate : "" }, values);
    drawCurve(curve, theme, now.history);
    drawSigmas(sigmas, theme, look.logvar);
    say(sigmaPanel.lastChild, fill(text.sigma, values));
    say(planePanel.lastChild, fill(dims === 2 ? text.plane : text.plane_more, values));
    const drawn = walk.draw(theme);
    const where = walk.dragged ? text.spot : fill(text.walked, { share: fixed(model.get("t")) });
    say(walk.lens.caption, where);
    paintDigit(walk.lens.canvas, drawn.pixels, where);
    walk.lens.canvas.z = drawn.code;
    curve.setAttribute("aria-label", `${text.curve}. ${readout}`);
    sigmas.setAttribute("aria-label", sigmaPanel.lastChild.textContent);
    walk.plane.setAttribute("aria-label", planePanel.lastChild.textContent);
  };
});
