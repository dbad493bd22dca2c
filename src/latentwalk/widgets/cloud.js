// One picture's cloud in the 2-D latent plane, with the pictures that its samples decode to. See cloud.py for the traits.

import { sizeOf, squareCanvas } from "./canvas.js";
import { chipRow } from "./chips.js";
import { LIMIT, nearPainter, paintWhole, rimPlace, ringPlaces, scaleAt, squareFor, wholeView } from "./cloud_marks.js";
import { digitCanvases, labelsOf, paintDecoded, shelf } from "./digits.js";
import { box, button, captioned, press } from "./dom.js";
import { defineFigure } from "./figure.js";
import { grips } from "./grips.js";
import { getNetworks } from "./loading.js";
import { publish } from "./model.js";
import { between, clamp, floats, normals, times } from "./numbers.js";
import { viewOf } from "./plane_view.js";
import { onArrows } from "./steer.js";
import { themeColors } from "./theme.js";
import { fill, fixed } from "./words.js";

const SAMPLES = 6;
const PAST = 5; // draws that are shown, the older the paler
const PLANE = [-LIMIT, LIMIT];
const SCALE = [0, 10];
const MUCH = 4; // times the encoder's sigma
const OWN = 0.02; // from its own place, within which a cloud counts as its picture's

export default defineFigure("cloud", async ({ model, root, save, schedule }) => {
  const text = model.get("text");
  const labels = labelsOf(model);
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
  const { shape } = nets[0];
  const choices = shelf(model, load, { label: text.shelf, shape });
  for (const [i, label] of model.get("labels").entries())
    choices.children[i].style.setProperty("--lw-class", colors[label]);
  const whole = squareCanvas();
  const near = squareCanvas();
  const shown = digitCanvases(SAMPLES, shape);
  const chips = chipRow({ whose: "line", mu: "mu", sigma: "sigma" });
  const steps = {
    own: () => load(model.get("digit")),
    much: () => save({ scale: MUCH }),
    halfway: () => {
      const index = model.get("view_index");
      const [here, there] = [model.get("digit"), (model.get("digit") + 1) % labels.length].map((i) =>
        row(codes[index], i),
      );
      const [mu1, mu2] = between(here, there, 0.5);
      save({ mu1, mu2 });
    },
    again: () => save({ seed: model.get("seed") + 1 }),
  };
  root.append(
    choices,
    box(
      "lw-planes",
      captioned(whole, text.whole),
      captioned(box("lw-near", near, box("lw-samples lw-ring", ...shown)), text.near),
    ),
    chips.row,
    box("lw-buttons", ...Object.entries(steps).map(([name, act]) => button(text[name], act))),
  );

  const place = () => [model.get("mu1"), model.get("mu2")];
  const base = () => Array.from(row(codes[model.get("view_index")], model.get("digit")).subarray(2)); // the encoder's sigma
  const spread = () => base().map((value) => model.get("scale") * value);
  const moveTo = (mu1, mu2) => save({ mu1: clamp(mu1, PLANE), mu2: clamp(mu2, PLANE) });
  const stretch = (factor) => save({ scale: clamp(Math.round(10 * factor) / 10, SCALE) });
  grips(whole, {
    places: () => {
      const { x, y } = wholeView(sizeOf(whole).width);
      return { mu: [x(model.get("mu1")), y(model.get("mu2"))] };
    },
    elsewhere: () => "mu",
    follow: (_, x, y) => {
      const { width } = sizeOf(whole);
      const { unit } = wholeView(width);
      moveTo((x - width / 2) / unit, (width / 2 - y) / unit);
    },
    cursors: { mu: "move" },
  });
  onArrows(whole, (across, up, fine) => {
    const [mu1, mu2] = place();
    const step = fine ? 0.01 : 0.1;
    moveTo(mu1 + step * across, mu2 + step * up);
  });
  // While the rim is held, the square stays: else it would run away from the hand.
  let held = null;
  const square = () => held ?? squareFor(spread());
  const nearView = () => viewOf(square(), sizeOf(near).width, place());
  grips(near, {
    places: () => (base()[0] ? { rim: rimPlace(nearView(), place(), spread()) } : {}),
    follow: (_, x) => {
      held = square();
      stretch(scaleAt(nearView(), place(), base(), Math.min(x, sizeOf(near).width - 12)));
    },
    cursors: { rim: "ew-resize" },
    end: () => {
      held = null;
      schedule();
    },
  });
  onArrows(near, (across, up, fine) => stretch(model.get("scale") + (fine ? 0.1 : 0.2) * (across + up)));

  const paintNear = nearPainter();
  const subject = () => [model.get("view_index"), model.get("digit")].join(); // which network, which picture
  let drawn = subject();
  return () => {
    if (drawn !== subject()) {
      drawn = subject();
      load(model.get("digit")); // each network has its own place for each picture
    }
    const [index, digit, seed] = ["view_index", "digit", "seed"].map((name) => model.get(name));
    const network = nets[index];
    const mu = place();
    const sigma = spread();
    const draws = times(PAST, (age) => {
      const next = normals(seed - age);
      return times(SAMPLES, () => mu.map((value, i) => value + next() * sigma[i]));
    });
    const theme = themeColors(root);
    const ring = ringPlaces(mu, draws[0]);
    const crowd = { index, crowd: crowds[index], tints, color: theme[network.kind] };
    const state = { ...crowd, mu, sigma, draws, ring, square: square(), movable: base()[0] > 0 };
    paintWhole(whole, theme, state);
    paintNear(near, theme, state);

    const [own1, own2] = row(codes[index], digit);
    const moved = Math.hypot(mu[0] - own1, mu[1] - own2) > OWN;
    const [mu1, mu2] = mu.map((value) => fixed(value));
    const [s1, s2] = sigma.map((value) => fixed(value, 3));
    const values = { network: network.label, label: labels[digit], mu1, mu2, s1, s2 };
    const cloud = network.kind === "vae";
    const shownMu = cloud ? text.mu : text.point;
    const words = { whose: moved ? text.moved : text.whose, mu: shownMu, sigma: cloud ? text.sigma : text.no_sigma };
    const said = chips.show(words, values);
    for (const [name, canvas] of Object.entries({ whole, near }))
      canvas.setAttribute("aria-label", `${text[name]}. ${said}`);
    press(choices, digit);
    const [origin1, origin2, unit] = frames[index]; // of the plane, in the network's own numbers
    const z = draws[0].map(([a, b]) => Float32Array.of(origin1 + unit * a, origin2 + unit * b));
    for (const [i, code] of z.entries()) {
      const numbers = Array.from(code, (value) => fixed(value)).join(", ");
      const [left, top] = ring[i].map((part) => `${100 * part}%`);
      Object.assign(shown[i].style, { left, top });
      paintDecoded(shown[i], network, code, fill(text.sample, { index: i + 1, z: numbers }));
    }
    const own = z.map((code) => Array.from(code));
    publish(model, "z", own);
  };
});
