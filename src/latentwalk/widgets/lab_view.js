// What a Lab shows of its last look: the loss and the sigmas, the plane, samples, and test pictures with what the network makes of them.

import { plotCanvas } from "./canvas.js";
import { chipRow } from "./chips.js";
import { digitCanvases, paintDigit } from "./digits.js";
import { box, captioned } from "./dom.js";
import { isCalm } from "./glide.js";
import { drawCurve, drawSigmas } from "./lab_plots.js";
import { labRow } from "./lab_row.js";
import { labWalk } from "./lab_walk.js";
import { fill, fixed, say } from "./words.js";

const CHIPS = { step: "prior", recon: "ae", kl: "vae", sum: "text", rate: "prior", device: "prior" };

// A loss of any size: that of a program gone wrong has forty digits.
export const nats = (value) => (Math.abs(value) < 1e5 ? fixed(value, 1) : String(value.toExponential(1)));

// chips: the row of numbers; panels: the pictures; draw(theme, now) is called when there is a look.
export function labView({ model, schedule }) {
  const text = model.get("text");
  const small = model.get("small");
  const curve = plotCanvas(150);
  const sigmas = plotCanvas(110);
  const samples = digitCanvases(25);
  const chips = chipRow(CHIPS);
  const tests = labRow(text, () => {
    walk.forget();
    schedule();
  });
  const walk = labWalk({
    model,
    colors: model.get("colors"),
    schedule,
    ends: () => tests.ends,
  });
  const [curvePanel, sigmaPanel] = [captioned(curve, text.curve, "lw-panel"), captioned(sigmas, "", "lw-panel")];
  const planePanel = captioned(walk.plane, "", "lw-panel");
  const grid = captioned(box("lw-five", ...samples), text.samples, "lw-panel");
  const panels = box(
    "lw-lab-live",
    box("lw-columns", curvePanel, sigmaPanel),
    box("lw-lab-pictures", planePanel, grid, box("lw-panel", walk.lens.figure, ...(small ? [] : [tests.choice]))),
    captioned(box("lw-drawn", ...tests.canvases), text.copies, "lw-panel"),
  );

  let shownTests = null;
  let shownLook = null;
  function take({ look, tests: given }) {
    if (shownTests !== given) tests.take(given);
    shownTests = given;
    if (shownLook === look) return;
    shownLook = look;
    walk.take(look, [...given.labels]);
    const part = (array, i) => array.subarray(784 * i, 784 * (i + 1));
    for (const [i, canvas] of samples.entries()) paintDigit(canvas, part(look.samples, i), text.samples);
    tests.paint(look.copies, given.labels.length);
  }

  // All numbers that stand in words. Between two looks the steps are counted on, unless the reader wants little motion.
  function numbers(now) {
    const { look } = now;
    const { step, epoch } = isCalm() ? look : now;
    return {
      step,
      epoch: fixed(epoch, 1),
      recon: nats(look.recon),
      kl: nats(look.kl),
      sum: nats(look.recon + look.kl),
      rate: fixed(look.rate ?? 0, 0),
      device: text[now.device],
      dims: look.settings.dims,
      count: now.tests.labels.length,
      active: walk.active,
      i: walk.pair[0] + 1,
      j: walk.pair[1] + 1,
    };
  }

  function draw(theme, now) {
    take(now);
    const { look } = now;
    const values = numbers(now);
    const words = Object.fromEntries(Object.keys(CHIPS).map((name) => [name, text[name]]));
    const readout = chips.show({ ...words, rate: look.rate ? text.rate : "" }, values);
    drawCurve(curve, theme, now.history);
    drawSigmas(sigmas, theme, look.logvar);
    say(sigmaPanel.lastChild, fill(text.sigma, values));
    say(planePanel.lastChild, fill(values.dims === 2 ? text.plane : text.plane_more, values));
    const drawn = walk.draw(theme);
    const where = walk.dragged ? text.spot : fill(text.walked, { share: fixed(model.get("t")) });
    say(walk.lens.caption, where);
    paintDigit(walk.lens.canvas, drawn.pixels, where);
    walk.lens.canvas.z = drawn.code;
    curve.setAttribute("aria-label", `${text.curve}. ${readout}`);
    sigmas.setAttribute("aria-label", sigmaPanel.lastChild.textContent);
    walk.plane.setAttribute("aria-label", planePanel.lastChild.textContent);
  }
  return { chips: chips.row, panels, draw };
}
