// One picture's cloud in the 2-D latent plane, with the pictures that its samples decode to. See cloud.py for the traits.

import { backdrop, plotContext, sizeOf, squareCanvas } from "./canvas.js";
import { digitCanvases, paintDecoded, shelf } from "./digits.js";
import { box, button, captioned, paragraph, press } from "./dom.js";
import { defineFigure } from "./figure.js";
import { getNetworks } from "./loading.js";
import { dot } from "./marks.js";
import { publish } from "./model.js";
import { clamp, floats, normals, scale, times } from "./numbers.js";
import { ellipse, paintCrowd, viewOf, writeNumbers } from "./plane_view.js";
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
const WHOLE = { half: LIMIT, step: 1, digits: 0 };
const MAGNIFIED = { half: NEAR, step: 0.1, digits: 1 };
const SMALL = { draw: 2.5, edge: 1, mu: 3 }; // dots
const LARGE = { draw: 5, edge: 2.5, mu: 4 };

export default defineFigure("cloud", async ({ model, root, save }) => {
  const text = model.get("text");
  const labels = model.get("labels");
  const colors = model.get("colors");
  const nets = await getNetworks(model);
  // For each network, mu1, mu2, sigma1 and sigma2 of the pictures to choose from, and of those that lie behind.
  const codes = model.get("codes").map(floats);
  const crowds = model.get("crowds").map(floats);
  const tints = model.get("crowd_labels").map((label) => colors[label]);
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

  function drawRegion(pen, view, { mu, sigma, color }) {
    pen.strokeStyle = color;
    pen.lineWidth = 2.5;
    for (const k of [1, 2]) {
      ellipse(pen, view, mu, [k * sigma[0], k * sigma[1]]);
      pen.stroke();
    }
  }

  function drawDraws(pen, view, size, theme, { mu, draws }) {
    const { x, y } = view;
    for (let age = PAST - 1; age >= 0; age--)
      for (const [a, b] of draws[age]) {
        pen.globalAlpha = 1 - age / PAST;
        dot(pen, theme.eps, x(a), y(b), size.draw, age ? null : theme.text, size.edge);
      }
    pen.globalAlpha = 1;
    dot(pen, theme.mu, x(mu[0]), y(mu[1]), size.mu);
  }

  function drawWhole(theme, state) {
    const { context, width } = plotContext(whole);
    const view = viewOf(WHOLE, width, [0, 0]);
    backdrop(context, [state.index, theme.text], (pen) => {
      paintCrowd(pen, view, theme, state, [0, 0, width, width]);
      writeNumbers(pen, view, theme);
    });
    drawRegion(context, view, state);
    context.strokeStyle = theme.text;
    context.lineWidth = 1;
    const side = 2 * NEAR * view.unit;
    context.strokeRect(view.x(state.mu[0] - NEAR), view.y(state.mu[1] + NEAR), side, side);
    drawDraws(context, view, SMALL, theme, state);
  }

  const slide = slidingPicture();
  function drawNear(theme, state) {
    const { context, width } = plotContext(near);
    const pixels = (width / (2 * NEAR)) * context.getTransform().a; // of the screen, for a unit of the plane
    const origin = state.mu.map((value) => Math.round(value * pixels));
    const middle = origin.map((value) => value / pixels);
    const view = viewOf(MAGNIFIED, width, middle);
    slide(context, [state.index, theme.text], origin, (pen, ...sides) => paintCrowd(pen, view, theme, state, sides));
    writeNumbers(context, view, theme);
    drawRegion(context, view, state);
    drawDraws(context, view, LARGE, theme, state);
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
    const state = { index, crowd: crowds[index], tints, mu, sigma, draws, color: theme[network.kind] };
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
    const own = z.map((code) => Array.from(code));
    publish(model, "z", own);
  };
});
