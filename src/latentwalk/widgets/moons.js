// Moons: the code between A and B, decoded by an autoencoder and a VAE, and the nearest true moon. See moons.py.

import {
  defineFigure,
  digitCanvas,
  dot,
  element,
  fill,
  fixed,
  line,
  paintDigit,
  plotCanvas,
  plotContext,
  say,
  scale,
  themeColors,
} from "./figure.js";
import { lazyNetworks } from "./network.js";

const SIZE = 32,
  FINE = 4,
  TURN = 360; // as in data.moons; tilts of the true moons
const POINTS = 31,
  FEW = 11; // of a curve; of one while A or B moves

// The same moon as data.moons: tilt in degrees.
export function moon(phase, tilt) {
  const picture = new Float32Array(SIZE * SIZE),
    n = SIZE * FINE,
    edge = 1 - 2 * phase;
  const c = Math.cos((tilt * Math.PI) / 180),
    s = Math.sin((tilt * Math.PI) / 180);
  for (let row = 0; row < n; row++) {
    const y = (row + 0.5) / n - 0.5,
      reach = n * Math.sqrt(Math.max(0, 0.16 - y * y)); // of the disc to both sides
    for (let column = Math.ceil(n / 2 - 0.5 - reach); column <= n / 2 - 0.5 + reach; column++) {
      const x = (column + 0.5) / n - 0.5,
        v = c * y - s * x;
      if (c * x + s * y >= edge * Math.sqrt(Math.max(0, 0.16 - v * v)))
        picture[SIZE * (row >> 2) + (column >> 2)] += 1 / (FINE * FINE);
    }
  }
  return picture;
}

function norm(pixels) {
  let sum = 0;
  for (let i = 0; i < pixels.length; i++) sum += pixels[i] * pixels[i];
  return Math.sqrt(sum);
}

// All true moons of a world: one for each degree of tilt and, if phases differ, each hundredth of phase; rendered when needed.
export class TrueMoons {
  constructor([low, high]) {
    this.low = low;
    this.phases = Math.round(100 * (high - low)) + 1;
    this.known = [];
  }

  picture([phase, tilt]) {
    return moon(this.low + phase / 100, tilt);
  }

  // The lit pixels and, as a vector of length 1, their light. A quarter of a turn only moves pixels.
  get(phase, tilt) {
    const key = phase * TURN + tilt;
    if (!this.known[key] && tilt >= TURN / 4) {
      const { lit, light } = this.get(phase, tilt - TURN / 4);
      this.known[key] = { lit: lit.map((i) => SIZE * (i % SIZE) + SIZE - 1 - Math.floor(i / SIZE)), light };
    } else if (!this.known[key]) {
      const picture = this.picture([phase, tilt]),
        lit = [],
        light = [],
        length = norm(picture);
      for (let i = 0; i < picture.length; i++)
        if (picture[i]) {
          lit.push(i);
          light.push(picture[i] / length);
        }
      this.known[key] = { lit: Uint16Array.from(lit), light: Float32Array.from(light) };
    }
    return this.known[key];
  }

  // The true moon with the largest cosine: the best few of a coarse grid, and from each step by step among its neighbours.
  // With a result found for a similar picture, that one is the only start.
  nearest(pixels, similar = null) {
    const length = norm(pixels) || 1,
      cosine = (phase, tilt) => {
        const { lit, light } = this.get(phase, tilt);
        let sum = 0;
        for (let i = 0; i < lit.length; i++) sum += light[i] * pixels[lit[i]];
        return sum / length;
      };
    const [step, few] = this.phases > 1 ? [10, 3] : [1, 1],
      starts = []; // degrees; phases closer together where moons are thin
    const consider = (phase, tilt) => {
      const value = cosine(phase, tilt);
      if (starts.length === few && value <= starts[few - 1][0]) return;
      starts.push([value, phase, tilt]);
      starts.sort((a, b) => b[0] - a[0]).splice(few);
    };
    if (similar && step > 1) consider(...similar.at);
    else
      for (let phase = 0; phase < Math.max(1, this.phases - 1); phase += phase < 20 ? 4 : 10)
        for (let tilt = 0; tilt < TURN; tilt += step) consider(phase, tilt);
    let best = [-1];
    for (let start of starts) {
      for (let by = step > 1 ? 4 : 0; by >= 1; ) {
        const [, phase, tilt] = start,
          around = [-by, 0, by].flatMap((p) => [-by, 0, by].map((q) => [phase + p, (tilt + q + TURN) % TURN]));
        const next = around
          .filter(([p]) => p >= 0 && p < this.phases)
          .map((at) => [cosine(...at), ...at])
          .reduce((a, b) => (b[0] > a[0] ? b : a));
        if (next[0] > start[0]) start = next;
        else by /= 2;
      }
      if (start[0] > best[0]) best = start;
    }
    return { distance: 1000 * Math.max(0, 1 - best[0]), at: best.slice(1) };
  }
}

export default defineFigure("moons", async ({ model, root, schedule, save }) => {
  const text = model.get("text"),
    nets = lazyNetworks(model, model.get("networks"), schedule);
  const pairOf = (shape) => [nets.get(2 * shape), nets.get(2 * shape + 1)];
  await Promise.all([0, 1].map((k) => nets.load(2 * model.get("shape_index") + k)));
  nets.rest(root);
  const labels = pairOf(model.get("shape_index")).map(({ label }) => label);
  const worlds = model.get("phases").map((range) => new TrueMoons(range));
  const screen = (caption, kind) => {
    const canvas = digitCanvas(SIZE),
      words = element("figcaption", {}, caption);
    return { canvas, words, figure: element("figure", { class: `lw-screen lw-${kind}` }, canvas, words) };
  };
  const ends = ["A", "B"].map((name) => ({ name, ...screen("", "end") }));
  const shown = ["ae", "vae"].map((kind, k) => [
    screen(fill(text.decoded, { network: labels[k] }), kind),
    screen(text.nearest, "true"),
  ]);
  const plot = plotCanvas(190),
    readout = element("p", { class: "lw-readout" });
  root.append(
    element(
      "div",
      { class: "lw-moons" },
      ends[0].figure,
      element("div", { class: "lw-screens" }, ...shown.flat().map(({ figure }) => figure)),
      ends[1].figure,
    ),
    readout,
    plot,
    element("p", { class: "lw-readout" }, text.plot),
  );

  const walk = (a, b, t) => a.map((value, i) => value + t * (b[i] - value));
  let key = "",
    rest = 0,
    turn = 0,
    drawnShape,
    codes,
    curves; // what A and B alone decide
  const curve = (network, [a, b], truth, points) => {
    let found = null;
    return Array.from({ length: points }, (_, i) => {
      found = truth.nearest(network.decode(walk(a, b, i / (points - 1))), i % 6 ? found : null);
      return found.distance;
    });
  };

  function drawPlot(t, distances) {
    const { context, width, height } = plotContext(plot),
      color = themeColors(root);
    const [left, right, top, bottom] = [44, width - 8, 10, height - 24],
      most = Math.max(...curves.flat(), ...distances);
    const high = [20, 50, 100, 200, 500].find((limit) => most < limit) ?? 1000;
    const x = scale([0, 1], [left, right]),
      y = scale([0, high], [bottom, top]);
    Object.assign(context, {
      fillStyle: color.muted,
      lineWidth: 1,
      strokeStyle: color.soft,
      textAlign: "right",
      textBaseline: "middle",
    });
    for (const part of [0, 0.5, 1]) {
      context.fillText(String(part * high), left - 6, y(part * high));
      context.strokeRect(left, y(part * high), right - left, 0);
    }
    context.textAlign = "center";
    for (const [where, words] of [
      [0, "A"],
      [0.5, "t = 0.5"],
      [1, "B"],
    ])
      context.fillText(words, x(where), height - 9);
    ["ae", "vae"].forEach((kind, k) => {
      line(context, color[kind], 2.5, ...curves[k].map((value, i) => [x(i / (curves[k].length - 1)), y(value)]));
      dot(context, color[kind], x(t), y(distances[k]), 6);
      context.textAlign = "left";
      context.fillText(labels[k], left + 8, top + 8 + 17 * k);
    });
  }

  return () => {
    const shape = model.get("shape_index"),
      t = model.get("t"),
      pair = pairOf(shape),
      truth = worlds[shape];
    const busy = (is) => root.setAttribute("aria-busy", is);
    if (!pair.every(Boolean)) return busy(true);
    root.closest(".lw-card")?.classList.toggle("lw-no-phase", truth.phases === 1);
    const moons = ["a", "b"].map((end) => [
      truth.phases > 1 ? model.get(`phase_${end}`) : truth.low,
      model.get(`tilt_${end}`),
    ]);
    const wanted = JSON.stringify([shape, moons]);
    if (key !== wanted) {
      if (shape !== drawnShape) curves = [];
      key = wanted;
      drawnShape = shape;
      for (const [k, end] of ends.entries()) {
        const own = JSON.stringify([shape, moons[k]]);
        if (end.own === own) continue;
        const [phase, tilt] = moons[k],
          picture = moon(phase, tilt);
        say(
          end.words,
          fill(text.end, {
            name: end.name,
            moon: fill(truth.phases > 1 ? text.moon : text.crescent, {
              lit: fixed(100 * phase, 0),
              tilt: fixed(tilt, 0),
            }),
          }),
        );
        paintDigit(end.canvas, picture, end.words.textContent);
        Object.assign(end, { own, codes: pair.map((network) => network.encode(picture).mu) });
      }
      codes = pair.map((_, k) => ends.map((end) => end.codes[k]));
      // While the hand moves, few points of the two curves by turns; all points of both once it rests.
      const sample = (k, points) => {
        curves[k] = curve(pair[k], codes[k], truth, points);
      };
      turn = 1 - turn;
      for (const k of curves.length ? [turn] : [0, 1]) sample(k, FEW);
      clearTimeout(rest);
      rest = setTimeout(() => {
        rest = 0;
        for (const k of [0, 1]) sample(k, POINTS);
        schedule();
      }, 80);
    }
    busy(rest !== 0);
    const distances = pair.map((network, k) => {
      const z = walk(...codes[k], t),
        pixels = network.decode(z),
        { distance, at } = truth.nearest(pixels);
      const label = fill(text.picture, { network: network.label, t: fixed(t), distance: fixed(distance, 0) });
      paintDigit(shown[k][0].canvas, pixels, label, network, z);
      paintDigit(shown[k][1].canvas, truth.picture(at), text.nearest);
      return distance;
    });
    drawPlot(t, distances);
    say(
      readout,
      fill(text.readout, {
        t: fixed(t),
        distances: pair.map(({ label }, k) => `${label} ${fixed(distances[k], 0)}`).join(", "),
      }),
    );
    plot.setAttribute("aria-label", `${text.plot} ${readout.textContent}`);
    if (JSON.stringify(distances) !== JSON.stringify(model.get("distance"))) save({ distance: distances });
  };
});
