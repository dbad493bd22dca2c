// One picture's cloud in the 2-D latent plane, with the pictures that its samples decode to. See cloud.py for the traits.

import { gridLines } from "./axes.js";
import { backdrop, plotContext, sizeOf, squareCanvas } from "./canvas.js";
import { digitCanvases, paintDecoded, shelf } from "./digits.js";
import { box, button, captioned, paragraph, press } from "./dom.js";
import { defineFigure } from "./figure.js";
import { getNetworks } from "./loading.js";
import { circles, dot, within, write } from "./marks.js";
import { publish } from "./model.js";
import { clamp, floats, normals, scale, steps, times } from "./numbers.js";
import { slidingPicture } from "./sliding.js";
import { steer } from "./steer.js";
import { themeColors } from "./theme.js";
import { fill, fixed, say } from "./words.js";

const SAMPLES = 6;
const PAST = 5; // draws that are shown, the older the paler
const LIMIT = 4; // of the whole plane
const PLANE = [-LIMIT, LIMIT];
const NEAR = 0.5; // of the magnified square, around mu

// How the whole plane and the magnified square are drawn.
const WHOLE = { half: LIMIT, step: 1, digits: 0, draw: 2.5, edge: 1, mu: 3 };
const MAGNIFIED = { half: NEAR, step: 0.1, digits: 1, draw: 5, edge: 2.5, mu: 4 };

// Where numbers of the plane lie on a square canvas, in CSS pixels.
function viewOf(style, width, [cx, cy]) {
  const unit = width / (2 * style.half);
  const x = (value) => width / 2 + unit * (value - cx);
  const y = (value) => width / 2 - unit * (value - cy);
  const lines = (offsets) => [cx, cy].map((c) => offsets.map((k) => (Math.round(c / style.step) + k) * style.step));
  return { ...style, width, unit, x, y, lines, distance: Math.hypot(cx, cy) };
}

function ellipse(pen, { x, y, unit }, [a, b], [ra, rb]) {
  pen.beginPath();
  pen.ellipse(x(a), y(b), Math.max(unit * ra, 1.8), Math.max(unit * rb, 1.8), 0, 0, 2 * Math.PI);
}

export default defineFigure("cloud", async ({ model, root, save }) => {
  const text = model.get("text");
  const labels = model.get("labels");
  const colors = model.get("colors");
  const nets = await getNetworks(model);
  // For each network, mu1, mu2, sigma1 and sigma2 of the pictures to choose from, and of those that lie behind.
  const codes = model.get("codes").map(floats);
  const crowds = model.get("crowds").map(floats);
  const classes = model.get("crowd_labels");
  const frames = model.get("frames");
  const row = (table, i) => table.subarray(4 * i, 4 * i + 4);

  const load = (digit) => {
    const [mu1, mu2] = row(codes[model.get("view_index")], digit);
    save({ digit, mu1, mu2, scale: 1 });
  };
  const choices = shelf(model, load, text.shelf);
  for (const [i, label] of labels.entries()) choices.children[i].style.setProperty("--lw-class", colors[label]);
  const whole = squareCanvas();
  const near = squareCanvas();
  const readout = paragraph();
  const shown = digitCanvases(SAMPLES);
  root.append(
    choices,
    box("lw-columns", captioned(whole, text.whole), captioned(near, text.near)),
    readout,
    box("lw-samples", ...shown),
    button(text.again, () => save({ seed: model.get("seed") + 1 })),
  );

  // A double click goes back to the picture's own place.
  steer(whole, {
    at: (x, y) => [scale([0, sizeOf(whole).width], PLANE)(x), scale([sizeOf(whole).height, 0], PLANE)(y)],
    get: () => [model.get("mu1"), model.get("mu2")],
    set: (mu1, mu2) => save({ mu1: clamp(mu1, PLANE), mu2: clamp(mu2, PLANE) }),
    reset: () => load(model.get("digit")),
  });

  // The plane and what lies behind the cloud, as far as it is between these sides.
  function paintScene(pen, view, index, theme, [x0, y0, x1, y1]) {
    const { x, y, unit, half, distance } = view;
    const [across, up] = view.lines(steps(-7, 7));
    pen.clearRect(x0, y0, x1 - x0, y1 - y0);
    gridLines(pen, theme.soft, across.map(x), up.map(y), [x0, x1], [y0, y1]);
    const crowd = crowds[index];
    for (let i = 0; i < classes.length; i++) {
      const [a, b, sa, sb] = [crowd[4 * i], crowd[4 * i + 1], crowd[4 * i + 2], crowd[4 * i + 3]];
      const [reachA, reachB] = [2 * unit * sa + 3, 2 * unit * sb + 3];
      if (x(a) + reachA < x0 || x(a) - reachA > x1 || y(b) + reachB < y0 || y(b) - reachB > y1) continue;
      pen.fillStyle = colors[classes[i]];
      pen.strokeStyle = colors[classes[i]];
      ellipse(pen, view, [a, b], [2 * sa, 2 * sb]);
      pen.globalAlpha = sa ? 0.3 : 0.8;
      pen.fill();
      pen.globalAlpha = 0.9;
      if (sa) pen.stroke();
    }
    pen.globalAlpha = 1;
    const inSight = (radius) => Math.abs(distance - radius) < 1.5 * half;
    circles(pen, theme.prior, x(0), y(0), unit, 1, [1, 2, 3].filter(inSight));
  }
  const scene = (view, index, theme) => (pen, x0, y0, x1, y1) =>
    within(pen, [x0, x1], [y0, y1], () => paintScene(pen, view, index, theme, [x0, y0, x1, y1]));

  // On the lower and the left edge.
  function writeNumbers(pen, { x, y, width, digits, lines }, theme) {
    const [across, up] = lines([-3, -1, 1, 3]);
    for (const a of across) write(pen, fixed(a, digits), x(a), width - 5, theme.text, "center", "alphabetic");
    for (const b of up) write(pen, fixed(b, digits), 4, y(b) + 4, theme.text, "left", "alphabetic");
  }

  function drawRegion(pen, view, { mu, sigma, color }) {
    pen.strokeStyle = color;
    pen.lineWidth = 2.5;
    for (const k of [1, 2]) {
      ellipse(pen, view, mu, [k * sigma[0], k * sigma[1]]);
      pen.stroke();
    }
  }

  function drawDraws(pen, view, theme, { mu, draws }) {
    const { x, y } = view;
    for (let age = PAST - 1; age >= 0; age--)
      for (const [a, b] of draws[age]) {
        pen.globalAlpha = 1 - age / PAST;
        dot(pen, theme.eps, x(a), y(b), view.draw, age ? null : theme.text, view.edge);
      }
    pen.globalAlpha = 1;
    dot(pen, theme.mu, x(mu[0]), y(mu[1]), view.mu);
  }

  function drawWhole(theme, state) {
    const { context, width } = plotContext(whole);
    const view = viewOf(WHOLE, width, [0, 0]);
    const paint = scene(view, state.index, theme);
    backdrop(context, [state.index, theme.text], (pen) => {
      paint(pen, 0, 0, width, width);
      writeNumbers(pen, view, theme);
    });
    drawRegion(context, view, state);
    context.strokeStyle = theme.text;
    context.lineWidth = 1;
    const side = 2 * NEAR * view.unit;
    context.strokeRect(view.x(state.mu[0] - NEAR), view.y(state.mu[1] + NEAR), side, side);
    drawDraws(context, view, theme, state);
  }

  const slide = slidingPicture();
  function drawNear(theme, state) {
    const { context, width } = plotContext(near);
    const pixels = (width / (2 * NEAR)) * context.getTransform().a; // of the screen, for a unit of the plane
    const origin = state.mu.map((value) => Math.round(value * pixels));
    const middle = origin.map((value) => value / pixels);
    const view = viewOf(MAGNIFIED, width, middle);
    slide(context, [state.index, theme.text], origin, scene(view, state.index, theme));
    writeNumbers(context, view, theme);
    drawRegion(context, view, state);
    drawDraws(context, view, theme, state);
  }

  const subject = () => [model.get("view_index"), model.get("digit")].join(); // which network, which picture
  let drawn = subject();
  return () => {
    if (drawn !== subject()) {
      drawn = subject();
      load(model.get("digit")); // each network has its own place for each picture
    }
    const [index, digit, factor, seed] = ["view_index", "digit", "scale", "seed"].map((name) => model.get(name));
    const network = nets[index];
    const mu = [model.get("mu1"), model.get("mu2")];
    const sigma = Array.from(row(codes[index], digit).subarray(2), (value) => factor * value);
    const draws = times(PAST, (age) => {
      const next = normals(seed - age);
      return times(SAMPLES, () => mu.map((value, i) => value + next() * sigma[i]));
    });
    const theme = themeColors(root);
    const state = { index, mu, sigma, draws, color: theme[network.kind] };
    drawWhole(theme, state);
    drawNear(theme, state);

    const said = fill(network.kind === "vae" ? text.cloud : text.point, {
      network: network.label,
      label: labels[digit],
      mu1: fixed(mu[0]),
      mu2: fixed(mu[1]),
      s1: fixed(sigma[0], 3),
      s2: fixed(sigma[1], 3),
    });
    whole.setAttribute("aria-label", `${text.whole}. ${said}`);
    near.setAttribute("aria-label", `${text.near}. ${said}`);
    say(readout, said);
    press(choices, digit);
    const [origin1, origin2, spread] = frames[index]; // of the plane, in the network's own numbers
    const z = draws[0].map(([a, b]) => Float32Array.of(origin1 + spread * a, origin2 + spread * b));
    for (const [i, code] of z.entries()) {
      const numbers = Array.from(code, (value) => fixed(value)).join(", ");
      paintDecoded(shown[i], network, code, fill(text.sample, { index: i + 1, z: numbers }));
    }
    publish(
      model,
      "z",
      z.map((code) => Array.from(code)),
    );
  };
});
