// Moons: the code between A and B, decoded by an autoencoder and a VAE, and the nearest true moon. See moons.py.

import { levels } from "./axes.js";
import { backdrop, plotCanvas, plotContext } from "./canvas.js";
import { paintDecoded, paintDigit, screen } from "./digits.js";
import { box, paragraph } from "./dom.js";
import { defineFigure } from "./figure.js";
import { idle, lazyNetworks } from "./loading.js";
import { dot, line, write } from "./marks.js";
import { publish } from "./model.js";
import { between, scale } from "./numbers.js";
import { themeColors } from "./theme.js";
import { moon, SIZE, TrueMoons } from "./true_moons.js";
import { fill, fixed, say } from "./words.js";

const POINTS = 31; // of a curve
const FEW = 7; // of a curve while A or B moves
const STRETCH = 6; // points of a curve that are searched for from one to the next
const REST = 80; // ms without a move

export default defineFigure("moons", async ({ model, root, schedule }) => {
  const text = model.get("text");
  const nets = lazyNetworks(model, schedule);
  const pairOf = (shape) => [nets.get(2 * shape), nets.get(2 * shape + 1)];
  await Promise.all([0, 1].map((k) => nets.load(2 * model.get("shape_index") + k)));
  nets.rest(root);
  const labels = pairOf(model.get("shape_index")).map(({ label }) => label);
  const worlds = model.get("phases").map((range) => new TrueMoons(range));

  const ends = ["a", "b"].map((name) => ({ name, ...screen("", "lw-end", SIZE) }));
  const decoded = ["ae", "vae"].map((kind, k) =>
    screen(fill(text.decoded, { network: labels[k] }), `lw-${kind}`, SIZE),
  );
  const nearest = [0, 1].map(() => screen(text.nearest, "lw-true", SIZE));
  const plot = plotCanvas(190);
  const readout = paragraph();
  const middle = [0, 1].flatMap((k) => [decoded[k].figure, nearest[k].figure]);
  root.append(
    box("lw-moons", ends[0].figure, box("lw-screens", ...middle), ends[1].figure),
    readout,
    plot,
    paragraph("lw-readout", text.plot),
  );

  // What A and B alone decide: their codes, and the distance to the nearest true moon all along the way.
  let key = ""; // of the shape, A and B
  let drawnShape = -1;
  let curves = [];
  let refined = ""; // the key for which the curves have all their points
  let turn = 0;

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
    if (end.own === own) return;
    const picture = moon(phase, tilt);
    const words = { lit: fixed(100 * phase, 0), tilt: fixed(tilt, 0) };
    const about = fill(truth.phases > 1 ? text.moon : text.crescent, words);
    say(end.caption, fill(text.end, { name: end.name.toUpperCase(), moon: about }));
    paintDigit(end.canvas, picture, end.caption.textContent);
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
    turn = 1 - turn;
    for (const k of curves.length ? [turn] : [0, 1]) curves[k] = stretch(k, truth, pair[k], [0, FEW], FEW);
    refine(truth, pair);
  }

  function drawPlot(t, distances) {
    const { context, width, height } = plotContext(plot);
    const color = themeColors(root);
    const [left, right, top, bottom] = [44, width - 8, 10, height - 24];
    const most = Math.max(...curves.flat(), ...distances);
    const high = [20, 50, 100, 200, 500].find((limit) => most < limit) ?? 1000;
    const x = scale([0, 1], [left, right]);
    const y = scale([0, high], [bottom, top]);
    backdrop(context, [high, color.text], (pen) => {
      levels(pen, color, [0, high / 2, high], y, [left, right], { gap: 6 });
      for (const [words, at] of Object.entries({ A: 0, "t = 0.5": 0.5, B: 1 }))
        write(pen, words, x(at), height - 9, color.muted);
    });
    for (const [k, kind] of ["ae", "vae"].entries()) {
      const last = curves[k].length - 1;
      line(context, color[kind], 2.5, ...curves[k].map((distance, i) => [x(i / last), y(distance)]));
      dot(context, color[kind], x(t), y(distances[k]), 6);
      write(context, labels[k], left + 8, top + 8 + 17 * k, color[kind], "left");
    }
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
    const distances = pair.map((network, k) => {
      const z = code(k, t);
      const pixels = network.decode(z);
      const { distance, at } = truth.nearest(pixels);
      const label = fill(text.picture, { network: network.label, t: fixed(t), distance: fixed(distance, 0) });
      paintDecoded(decoded[k].canvas, network, z, label, pixels);
      paintDigit(nearest[k].canvas, truth.picture(at), text.nearest);
      return distance;
    });
    drawPlot(t, distances);
    const each = pair.map(({ label }, k) => `${label} ${fixed(distances[k], 0)}`);
    say(readout, fill(text.readout, { t: fixed(t), distances: each.join(", ") }));
    plot.setAttribute("aria-label", `${text.plot} ${readout.textContent}`);
    publish(model, "distance", distances);
  };
});
