// The KL divergence of q = N(mu, sigma^2) from p = N(0, 1), and what it settles with reconstruction. See kl.py for the traits.

import { drawBells } from "./bells.js";
import { isStale, plotCanvas } from "./canvas.js";
import { chipRow } from "./chips.js";
import { box, button, captioned, paragraph } from "./dom.js";
import { defineFigure } from "./figure.js";
import { muPart, sigmaPart } from "./gaussian.js";
import { isCalm } from "./glide.js";
import { grips } from "./grips.js";
import { drawLandscape, landscapeFrame } from "./landscape.js";
import { clamp, round, scale } from "./numbers.js";
import { bottomOf, reconstructionOf, rollTo, timeToSettle, totalOf } from "./settling.js";
import { arrows } from "./steer.js";
import { themeColors } from "./theme.js";
import { drawValley, pullAt, valleyFrame, valleyHandles } from "./valley.js";
import { fill, fixed, say } from "./words.js";

const MU = [-3, 3];
const SIGMA = [0.05, 3];
const MOST = { a: 10, beta: 3 };
const ROLL = 1600; // ms

export default defineFigure("kl", ({ model, root, schedule, save }) => {
  const text = model.get("text");
  const valley = plotCanvas(225);
  const land = plotCanvas(225);
  const bells = plotCanvas(96);
  const chips = chipRow({ recon: "ae", kl: "vae", sum: "text", first: "mu", second: "sigma" });
  const pull = paragraph();
  const free = button(text.free, () => save({ free: !model.get("free") }));
  root.append(
    box("lw-columns", captioned(box("lw-stage", valley, free), text.valley), captioned(land, text.landscape)),
    chips.row,
    pull,
    captioned(bells, text.bells, "lw-panel"),
  );

  const names = ["mu", "sigma"];
  const here = () => names.map((name) => model.get(name));
  const pulls = () => ({ a: model.get("a"), beta: model.get("beta"), home: model.get("home") });
  const inRange = (mu, sigma) => ({ mu: clamp(round(mu), MU), sigma: clamp(round(sigma), SIGMA) });
  const move = (mu, sigma) => save({ ...inRange(mu, sigma), free: false });

  grips(land, {
    places() {
      const { x, y } = landscapeFrame(land, MU, SIGMA);
      const [mu, sigma] = here();
      return { q: [x(mu), y(sigma)] };
    },
    elsewhere: () => "q",
    follow(_, x, y) {
      const { sides, heights } = landscapeFrame(land, MU, SIGMA);
      move(scale(sides, MU)(x), scale(heights, [0, SIGMA[1]])(y));
    },
  });
  arrows(land, { get: here, set: move });
  grips(valley, {
    places: () => valleyHandles(valley, SIGMA, { sigma: model.get("sigma"), pulls: pulls() }),
    elsewhere: () => "sigma",
    follow(name, x, y) {
      const { sigma, nats } = valleyFrame(valley, SIGMA);
      if (name === "sigma") move(model.get("mu"), sigma(x));
      else save({ [name]: clamp(round(pullAt(name, nats(y))), [0, MOST[name]]) });
    },
  });

  // Let go, the point rolls downhill as gradient descent does, until a hand takes it.
  let roll = null; // {from, pulls, time, began}
  let shown = null; // what the roll has set
  function release() {
    if (!model.get("free")) return;
    const [from, now] = [here(), pulls()];
    const time = timeToSettle(now, from, SIGMA[0]);
    roll = { from, pulls: now, time, began: performance.now() };
    schedule();
  }
  function step() {
    if (!model.get("free")) roll = null;
    if (!roll) return;
    const share = isCalm() ? 1 : Math.min(1, (performance.now() - roll.began) / ROLL);
    const done = share === 1 && bottomOf(roll.pulls);
    const at = done && roll.pulls.beta ? done : rollTo(roll.pulls, roll.from, roll.time * share ** 2);
    shown = inRange(...at);
    if (share === 1) roll = null;
    else queueMicrotask(schedule); // after this drawing
    save(shown);
  }
  model.on("change:free", release);
  for (const name of ["a", "beta", "home"]) model.on(`change:${name}`, release);
  for (const name of names)
    model.on(`change:${name}`, () => {
      const mine = shown && Math.abs(model.get(name) - shown[name]) < 0.006;
      if (mine || !model.get("free")) return;
      roll = null; // somebody else has moved it
      save({ free: false });
    });
  release();

  return () => {
    step();
    const [mu, sigma] = here();
    const now = pulls();
    const color = themeColors(root);
    const parts = [muPart(mu), sigmaPart(sigma)];
    const kl = parts[0] + parts[1];
    const recon = reconstructionOf(now, mu, sigma);
    const rest = bottomOf(now);
    const values = { mu: fixed(mu), sigma: fixed(sigma), a: fixed(now.a, 1), beta: fixed(now.beta, 1) };
    Object.assign(values, { kl: fixed(kl), first: fixed(parts[0]), second: fixed(parts[1]), recon: fixed(recon) });
    Object.assign(values, { sum: fixed(totalOf(now, mu, sigma)), rest: rest ? fixed(rest[1]) : "" });
    const words = Object.fromEntries(Object.entries(text).map(([name, one]) => [name, fill(one, values)]));
    const settles = rest ? words.settles : "";
    drawValley(valley, color, { text: words, sigma, pulls: now, sigmas: SIGMA, settles });
    drawLandscape(land, color, { mu, sigma, pulls: now, mus: MU, sigmas: SIGMA });
    if (isStale(bells, color, mu, sigma)) drawBells(bells, color, { mu, sigma });
    land.setAttribute("aria-label", `${text.landscape}. ${words.drag} ${words.kl}`);
    valley.setAttribute("aria-label", `${text.valley}. ${words.sum}. ${settles}`);
    bells.setAttribute("aria-label", words.curves);
    chips.show(words);
    free.setAttribute("aria-pressed", model.get("free"));
    say(pull, fill(text.pull, { dmu: fixed(mu), dsigma: fixed(sigma - 1 / sigma) }));
  };
});
