// Ten runs without names: curves, sigmas, pictures; a guess, and the trace that gives it away. See which_bug.py for the traits.

import { plotCanvas, sizeOf } from "./canvas.js";
import { digitCanvases, paintDigit, pictures } from "./digits.js";
import { box, button, captioned, element, paragraph } from "./dom.js";
import { defineFigure } from "./figure.js";
import { clamp, scale } from "./numbers.js";
import { curveSides, drawBars, drawCurve } from "./run_plots.js";
import { onArrows, onSlide } from "./steer.js";
import { themeColors } from "./theme.js";
import { fill, say } from "./words.js";

const RECONSTRUCTED = 5;
const PICTURES = 15; // of a run

// Numbers that are shown of a run; those that are not finite have no digits.
function shown(value) {
  if (value == null) return "\u221e";
  if (Math.abs(value) >= 1e5) return value.toExponential(0).replace("e+", "e").replace("-", "\u2212");
  const digits = Math.abs(value) < 10 ? 2 : 1;
  return value
    .toFixed(digits)
    .replace(/^-(0\.0*)$/, "$1")
    .replace("-", "\u2212");
}
const sum = (a, b) => (a == null || b == null ? null : a + b);
const mean = (values) => (values.includes(null) ? null : values.reduce((all, one) => all + one, 0) / values.length);

export default defineFigure("which_bug", ({ model, root, save }) => {
  const text = model.get("text");
  const [runs, steps, names, traces] = ["runs", "steps", "names", "traces"].map((name) => model.get(name));
  const bugs = Object.keys(names);
  const picture = pictures(model.get("films"));
  const [rebuilt, drawn] = [digitCanvases(RECONSTRUCTED), digitCanvases(PICTURES - RECONSTRUCTED)];
  const curve = plotCanvas(140);
  const bars = plotCanvas(140);
  const readout = paragraph();
  const verdict = paragraph("lw-verdict");
  verdict.setAttribute("role", "status");
  const reveal = button(text.reveal, () => {
    shownAnswer = true;
    save({ guess_index: bugs.indexOf(runs[model.get("run_index")].bug) });
  });
  const next = button(text.next, () => save({ run_index: (model.get("run_index") + 1) % runs.length }));
  const score = element("span", { class: "lw-score" });
  root.append(
    box(
      "lw-strips",
      captioned(box("lw-five", ...rebuilt), text.recon, "lw-panel"),
      captioned(box("lw-drawn", ...drawn), text.samples, "lw-panel"),
    ),
    box("lw-columns", captioned(curve, "", "lw-panel"), captioned(bars, text.sigma, "lw-panel")),
    readout,
    verdict,
    box("lw-buttons", reveal, next, score),
  );

  // Another run is another question.
  let shownAnswer = false;
  model.on("change:run_index", () => {
    shownAnswer = false;
    model.set("guess_index", 0);
  });
  model.on("change:guess_index", () => {
    const run = model.get("run_index");
    const right = bugs[model.get("guess_index")] === runs[run].bug;
    if (right && !shownAnswer && !model.get("solved").includes(run)) model.set("solved", [...model.get("solved"), run]);
    model.save_changes();
  });

  // The curve is a handle for the step.
  const setStep = (step) => save({ step: clamp(Math.round(step), [0, steps.length - 1]) });
  onSlide(curve, (x) => setStep(scale(curveSides(sizeOf(curve).width), [0, steps.length - 1])(x)));
  onArrows(curve, (across, up) => setStep(model.get("step") + across + up));

  const best = runs.find(({ bug }) => bug === "no bug").curve.at(-1);
  const values = ({ curve: points, sigma, stopped, steps: at }) => {
    const end = points.at(-1);
    return {
      recon: shown(end[0]),
      kl: shown(end[1]),
      sum: shown(sum(end[0], end[1])),
      right_kl: shown(end[3]),
      best: shown(sum(best[0], best[1])),
      sigma: shown(mean(sigma)),
      early: at[1],
      early_kl: shown(points[1]?.[1]),
      stopped,
    };
  };
  // The trace of a bug, in the numbers of its own run.
  const traceOf = (bug) => fill(traces[bug], values(runs.find((run) => run.bug === bug)));

  function answer(run) {
    const bug = bugs[model.get("guess_index")];
    if (!bug) return text.ask;
    const right = shownAnswer ? text.revealed : text.yes;
    return fill(bug === run.bug ? right : text.no, { guess: names[bug], trace: traceOf(bug) });
  }

  let painted = null;
  function paint(index) {
    if (painted === index) return;
    painted = index;
    const letter = "ABCDEFGHIJ"[index];
    for (const [k, canvas] of [...rebuilt, ...drawn].entries()) {
      const kind = k < RECONSTRUCTED ? text.recon : text.samples;
      paintDigit(canvas, picture(PICTURES * index + k), `${fill(text.run, { letter })}, ${k + 1}: ${kind}`);
    }
  }

  return () => {
    const index = model.get("run_index");
    const run = runs[index];
    const right = bugs[model.get("guess_index")] === run.bug;
    const k = clamp(model.get("step"), [0, run.curve.length - 1]);
    const color = themeColors(root);
    paint(index);
    const stopped = fill(text.stopped, { step: run.stopped });
    drawCurve(curve, color, { run, steps, k, right, stopped, terms: [text.bce, text.kl] });
    drawBars(bars, color, run);
    const [recon, kl] = run.curve[k];
    const numbers = { step: run.steps[k], recon: shown(recon), kl: shown(kl), sum: shown(sum(recon, kl)) };
    const said = fill(recon == null || kl == null ? text.overflow : text.readout, numbers);
    say(readout, said);
    say(verdict, answer(run));
    say(curve.parentElement.lastChild, text.curve + (right ? text.right : ""));
    reveal.disabled = right;
    const solved = model.get("solved").length;
    score.hidden = !solved;
    say(score, fill(text.score, { count: solved, all: runs.length }));
    curve.setAttribute("aria-label", `${text.curve}. ${said}`);
    bars.setAttribute(
      "aria-label",
      `${text.sigma}: ${run.sigma.map(shown).join(", ")}; ${run.spread.map(shown).join(", ")}`,
    );
  };
});
