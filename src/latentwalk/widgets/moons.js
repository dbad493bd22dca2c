// Moons: the code between A and B, decoded by an autoencoder and a VAE, and the nearest true moon. See moons.py.

import { plotCanvas, plotContext, sizeOf } from "./canvas.js";
import { chipRow } from "./chips.js";
import { paintDecoded, paintDigit, screen } from "./digits.js";
import { box, paragraph } from "./dom.js";
import { defineFigure } from "./figure.js";
import { idle } from "./idle.js";
import { lazyNetworks } from "./loading.js";
import { publish } from "./model.js";
import { overlay, paintDistances, turn, writeDark } from "./moon_marks.js";
import { between, clamp, round, scale } from "./numbers.js";
import { onSlide } from "./steer.js";
import { themeColors } from "./theme.js";
import { moon, SIZE, TrueMoons } from "./true_moons.js";
import { fill, fixed, say } from "./words.js";

const KINDS = ["ae", "vae"];
const POINTS = 31; // of a curve
const FEW = 7; // of a curve while A or B moves
const STRETCH = 6; // points of a curve that are searched for from one to the next
const REST = 80; // ms without a move
const PHASE = [0.1, 1];
const DARK = 0.25; // a picture whose brightest pixel is darker shows nothing

const SHAPE = [1, SIZE, SIZE];

export default defineFigure("moons", async ({ model, root, schedule, save }) => {
  const text = model.get("text");
  const nets = lazyNetworks(model, schedule);
  const pairOf = (shape) => [nets.get(2 * shape), nets.get(2 * shape + 1)];
  await Promise.all([0, 1].map((k) => nets.load(2 * model.get("shape_index") + k)));
  nets.rest(root);
  const labels = pairOf(model.get("shape_index")).map(({ label }) => label);
  const worlds = model.get("phases").map((range) => new TrueMoons(range));

  const ends = ["a", "b"].map((name) => ({ name, ...screen("", "lw-end", SHAPE) }));
  const decoded = KINDS.map((kind, k) => screen(fill(text.decoded, { network: labels[k] }), `lw-${kind}`, SHAPE));
  for (const one of [...ends, ...decoded]) one.marks = overlay(one.canvas);
  for (const { name, marks } of ends)
    turn(marks, {
      get: () => model.get(`tilt_${name}`),
      set: (tilt) => save({ [`tilt_${name}`]: Math.round(tilt) }),
      light: (by) => save({ [`phase_${name}`]: clamp(round(model.get(`phase_${name}`) + by), PHASE) }),
    });
  const plot = plotCanvas(130);
  const sides = () => [44, sizeOf(plot).width - 14];
  plot.style.cursor = "ew-resize";
  onSlide(plot, (x) => save({ t: clamp(round(scale(sides(), [0, 1])(x)), [0, 1]) }));
  const chips = chipRow({ t: "line", ae: "ae", vae: "vae" });
  const [a, b] = ends.map(({ figure }) => figure);
  root.append(
    box("lw-moons", a, ...decoded.map(({ figure }) => figure), b),
    paragraph("lw-readout lw-dashes", text.nearest),
    plot,
    paragraph("lw-readout", text.plot),
    chips.row,
  );

  // What A and B alone decide: their codes, and the distance to the nearest true moon all along the way.
  let key = ""; // of the shape, A and B
  let drawnShape = -1;
  let curves = [];
  let refined = ""; // the key for which the curves have all their points
  let next = 0; // whose curve is worked out

  const code = (k, t) => between(ends[0].codes[k], ends[1].codes[k], t);
  const placeOf = ({ name }, truth) => [
    truth.phases > 1 ? model.get(`phase_${name}`) : truth.low,
    model.get(`tilt_${name}`),
  ];

  // Some points of network k's curve, of so many in all.
  function stretch(k, truth, network, [from, to], points) {
    const distances = [];
    let found = null;
    for (let i = from; i < Math.min(to, points); i++) {
      if (i % STRETCH === 0) found = null;
      found = truth.nearest(network.decode(code(k, i / (points - 1))), found);
      distances.push(found.distance);
    }
    return distances;
  }

  // All points, once the hand rests, a few at a time so that the next move need not wait.
  async function refine(truth, pair) {
    const mine = key;
    await new Promise((done) => setTimeout(done, REST));
    const whole = [[], []];
    for (const [k, network] of pair.entries())
      for (let from = 0; from < POINTS; from += STRETCH) {
        await idle();
        if (key !== mine) return;
        whole[k].push(...stretch(k, truth, network, [from, from + STRETCH], POINTS));
      }
    curves = whole;
    refined = mine;
    schedule();
  }

  function drawEnd(end, shape, truth, pair) {
    const [phase, tilt] = placeOf(end, truth);
    const own = [shape, phase, tilt].join();
    end.marks.knob(themeColors(root), tilt);
    if (end.own === own) return;
    const picture = moon(phase, tilt);
    const words = { lit: fixed(100 * phase, 0), tilt: fixed(tilt, 0) };
    const about = fill(truth.phases > 1 ? text.moon : text.crescent, words);
    say(end.caption, fill(text.end, { name: end.name.toUpperCase(), moon: about }));
    paintDigit(end.canvas, picture, end.caption.textContent);
    end.marks.canvas.setAttribute("aria-label", fill(text.turn, { moon: end.caption.textContent }));
    end.codes = pair.map((network) => network.encode(picture).mu);
    end.own = own;
  }

  function follow(shape, truth, pair) {
    for (const end of ends) drawEnd(end, shape, truth, pair);
    const wanted = ends.map(({ own }) => own).join();
    if (key === wanted) return;
    key = wanted;
    if (shape !== drawnShape) curves = [];
    drawnShape = shape;
    // While the hand moves, few points of the two curves by turns.
    next = 1 - next;
    for (const k of curves.length ? [next] : [0, 1]) curves[k] = stretch(k, truth, pair[k], [0, FEW], FEW);
    refine(truth, pair);
  }

  return () => {
    const shape = model.get("shape_index");
    const t = model.get("t");
    const pair = pairOf(shape);
    const truth = worlds[shape];
    if (!pair.every(Boolean)) {
      root.setAttribute("aria-busy", true);
      return;
    }
    root.closest(".lw-card")?.classList.toggle("lw-no-phase", truth.phases === 1);
    follow(shape, truth, pair);
    root.setAttribute("aria-busy", refined !== key);
    const words = { t: fill(text.t, { t: fixed(t) }) };
    const distances = pair.map((network, k) => {
      const kind = KINDS[k];
      const z = code(k, t);
      const pixels = network.decode(z);
      const { distance, at } = truth.nearest(pixels);
      const values = { network: network.label, t: fixed(t), distance: fixed(distance, 0) };
      const dark = Math.max(...pixels) < DARK;
      const label = fill(text.picture, values) + (dark ? `: ${text.dark}` : "");
      paintDecoded(decoded[k].canvas, network, z, label, pixels);
      decoded[k].marks.outline(themeColors(root), truth.low + at[0] / 100, at[1]);
      if (dark) writeDark(decoded[k].marks, text.dark);
      words[kind] = fill(text.off, values);
      return distance;
    });
    const said = chips.show(words);
    const { context, height } = plotContext(plot);
    paintDistances(context, [sides(), height], themeColors(root), { t, labels, curves, distances });
    plot.setAttribute("aria-label", `${text.plot} ${said}`);
    publish(model, "distance", distances);
  };
});
