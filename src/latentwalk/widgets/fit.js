// A Gaussian q against the true posterior of a model with one latent dimension. See fit.py for the traits and the formulas.

import { drawBoundBar } from "./bound_bar.js";
import { keep, paste, plotCanvas, plotContext, sizeOf } from "./canvas.js";
import { chipRow } from "./chips.js";
import { box, button, captioned, paragraph } from "./dom.js";
import { defineFigure } from "./figure.js";
import { normal } from "./gaussian.js";
import { glide } from "./glide.js";
import { drawGrip, grips } from "./grips.js";
import { line, write } from "./marks.js";
import { clamp, round, scale } from "./numbers.js";
import { arrows } from "./steer.js";
import { themeColors } from "./theme.js";
import { fill, fixed, say } from "./words.js";
import { world } from "./world.js";
import { densityScale, hill, paintDecoder, paintWorld, Z } from "./world_plot.js";

export default defineFigure("fit", ({ model, root, save }) => {
  const text = model.get("text");
  const ranges = model.get("world");
  const { f, roots, noise, kl, elbo, study } = world(ranges);
  const axis = [ranges.x[0] - 0.5, ranges.x[1] + 1]; // of x

  const plot = plotCanvas(290);
  const bar = plotCanvas(80);
  const chips = chipRow({ fit: "ae", kl: "mu" });
  const sentence = paragraph("lw-readout lw-strong");
  const move = (mu, sigma) => save({ mu: round(clamp(mu, ranges.mu)), sigma: round(clamp(sigma, ranges.sigma)) });
  const best = () => glide(root, [model.get("mu"), model.get("sigma")], known.q, (q) => move(...q));
  root.append(
    captioned(plot, text.legend, "lw-panel"),
    bar,
    box("lw-buttons", sentence, button(text.best, best)),
    chips.row,
  );

  // What depends on x alone, and how high the axis of the densities has to be for it.
  let known = {};
  const look = (x) => {
    if (known.x === x) return;
    known = study(x);
    known.high = 1.15 * Math.max(0.75, known.posterior(known.summit), normal(0, 0, known.q[1]));
  };

  // The plot's two parts over one axis of z, from top to bottom in CSS pixels: x that the decoder gives, and densities of z.
  const frame = () => {
    const { width, height } = sizeOf(plot);
    return { sides: [34, width - 6], above: [6, 118], below: [142, height - 24] };
  };

  // The summit of q follows the finger: sideways it is mu, its height fixes sigma; the end of its stroke is mu + sigma; the line of x
  // goes up and down.
  const now = () => ["x", "mu", "sigma"].map((name) => model.get(name));
  function places() {
    const { sides, above, below } = frame();
    const [x, mu, sigma] = now();
    const z = scale(Z, sides);
    const y = densityScale(below, known.high);
    return {
      q: [z(mu), Math.max(below[0], y(normal(mu, mu, sigma)))],
      sigma: [z(Math.min(mu + sigma, Z[1])), Math.max(below[0], y(normal(mu + sigma, mu, sigma)))],
      x: [sides[1] - 26, scale(axis, [above[1], above[0]])(x)],
    };
  }
  function follow(name, left, height) {
    const { sides, above, below } = frame();
    const z = scale(sides, Z)(left);
    const [, mu, sigma] = now();
    if (name === "x")
      save({ x: round(clamp(0.05 * Math.round(20 * scale([above[1], above[0]], axis)(height)), ranges.x)) });
    else if (name === "sigma") move(mu, z - mu);
    else if (height < below[0] + 1 && normal(0, 0, sigma) > known.high)
      move(z, sigma); // taller than the plot: only sideways
    else move(z, normal(0, 0, 1) / scale([below[1], below[0]], [0, known.high])(Math.min(below[1] - 1, height)));
  }
  grips(plot, { places, follow, elsewhere: (_, y) => (y < frame().above[1] + 8 ? "x" : "q") });
  // Up narrows q, so that up is up for finger and keys alike.
  arrows(plot, { get: () => [model.get("mu"), -model.get("sigma")], set: (mu, minusSigma) => move(mu, -minusSigma) });

  function drawPlot({ x, mu, sigma }, color) {
    const { context } = plotContext(plot);
    const parts = frame();
    const z = scale(Z, parts.sides);
    const [top, bottom] = parts.below;
    const y = densityScale(parts.below, known.high);
    paste(
      context,
      keep(context, color.text, (layer) => paintDecoder(layer, color, parts, { f, noise, axis })),
    );
    paintWorld(context, color, parts, { x, axis, text, roots: roots(x), known });
    hill(context, color.vae, 0.2, (at) => normal(at, mu, sigma), parts, known.high);
    const level = y(normal(mu + sigma, mu, sigma));
    const at = places();
    if (level > top) line(context, color.sigma, 3, [z(mu - sigma), level], [z(mu + sigma), level]);
    line(context, color.mu, 2, [z(mu), bottom], at.q);
    drawGrip(context, color, color.sigma, at.sigma);
    drawGrip(context, color, color.vae, at.q, "nsew");
    drawGrip(context, color, color.text, at.x, "ns");
    const side = mu < known.summit ? -1 : 1; // the two names stand on either side
    const beside = (words, z0, height, side, tint) =>
      write(context, words, z(z0) + 10 * side, Math.max(top, height - 9), tint, side > 0 ? "left" : "right");
    beside(text.q, mu, at.q[1] - 6, side * 2.2, color.vae);
    beside(text.posterior, known.summit, y(known.posterior(known.summit)), -side, color.text);
  }

  return () => {
    const [x, mu, sigma] = now();
    const color = themeColors(root);
    look(x);
    const value = elbo(x, mu, sigma);
    drawPlot({ x, mu, sigma }, color);
    // Rounded so that what is shown adds up.
    const [logp2, elbo2, kl2, best2] = [known.logp, value, kl(mu, sigma), known.elbo].map(round);
    const numbers = { mu, sigma, x, logp: logp2, elbo: elbo2, gap: logp2 - elbo2, fit: elbo2 + kl2, kl: kl2 };
    numbers.rest = logp2 - best2;
    const shown = Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, fixed(number)]));
    const words = Object.fromEntries(Object.entries(text).map(([name, one]) => [name, fill(one, shown)]));
    drawBoundBar(bar, color, {
      logp: known.logp,
      elbo: value,
      best: known.elbo,
      words: { logp: words.logp, elbo: words.elbo, gap: words.gap, best: words.at_best },
    });
    chips.show(words);
    say(sentence, words.sentence);
    plot.setAttribute("aria-label", `${words.drag} ${words.sentence}`);
    bar.setAttribute("aria-label", `${text.bar}. ${words.logp}, ${words.elbo}. ${words.sentence}`);
  };
});
