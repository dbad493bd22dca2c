// The Lab: a VAE trained in the page, in a worker, and what one sees and does meanwhile. See lab.py for the traits.

import { box, button, element, paragraph } from "./dom.js";
import { defineFigure } from "./figure.js";
import { labPanels } from "./lab_panels.js";
import { labSession } from "./lab_session.js";
import { tellKernel } from "./lab_take.js";
import { labView, nats } from "./lab_view.js";
import { unpackLayers } from "./lab_weights.js";
import { publish } from "./model.js";
import { themeColors } from "./theme.js";
import { fill, fixed, say } from "./words.js";

const QUIET = 5000; // ms between two sentences for screen readers

export default defineFigure("lab", ({ model, root, schedule, save }) => {
  const text = model.get("text");
  const begin = model.get("start");
  const start = begin.byteLength ? { weights: unpackLayers(begin) } : null;
  const session = labSession({ model, start, changed: () => update() });
  const { now } = session;
  const view = labView({ model, schedule });

  const bar = element("progress", { max: 1, hidden: true, "aria-label": text.starting });
  const problem = element("p", { class: "lw-error", role: "alert", hidden: true });
  const status = element("p", { class: "lw-hidden", role: "status" });
  const hint = paragraph("lw-said");
  const one = button(text.one, () => attempt(() => session.step()));
  const again = button(text.again, () => attempt(() => session.reset()));
  root.append(box("lw-buttons", one, again), hint, bar, view.chips, problem, view.panels, status);
  labPanels({ model, root, session, attempt });

  // What goes wrong is said, and the button comes up.
  async function attempt(work) {
    try {
      await work();
    } catch (error) {
      if (!error.message) return; // given up for something newer
      now.problem = { message: error.message, line: null };
      console.warn(error);
      session.pause();
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

  let told = null; // the last look that Python has been told of
  let said = -QUIET;
  function update() {
    if (now.running && !root.isConnected) {
      session.stop(); // its cell has gone
      return;
    }
    if (now.running !== model.get("playing")) save({ playing: now.running });
    if (now.device && now.device !== model.get("device")) publish(model, "device", now.device);
    const { look } = now;
    if (look !== told) tellKernel(model, now);
    told = look;
    Object.assign(root.dataset, { step: now.step ?? 0, device: now.device, phase: now.phase });
    if (look) Object.assign(root.dataset, { loss: (look.recon + look.kl).toFixed(2), kl: look.kl.toFixed(2) });
    schedule();
  }

  function speak() {
    if (performance.now() - said < QUIET) return;
    said = performance.now();
    const { step, epoch, recon, kl } = now.look;
    say(status, fill(text.status, { step, epoch: fixed(epoch, 1), sum: nats(recon + kl), kl: nats(kl) }));
  }

  return () => {
    const { look } = now;
    const label = now.running ? text.pause : text.train;
    if (model.get("button") !== label) save({ button: label });
    // While another network is on its way, they keep their place: what is below would jump.
    view.panels.hidden = again.hidden = !look && (view.panels.hidden || now.phase !== "loading");
    bar.hidden = now.phase !== "loading";
    bar.value = now.share;
    const share = Math.round(100 * now.share);
    const loading = share < 100 ? fill(text.loading, { percent: share }) : text.starting;
    say(hint, now.phase === "loading" ? loading : text.idle);
    hint.hidden = now.phase === "ready";
    problem.hidden = !now.problem;
    if (now.problem) say(problem, now.problem.line ? fill(text.at, now.problem) : now.problem.message);
    if (!look || !now.tests) return;
    view.draw(themeColors(root), now);
    speak();
  };
});
