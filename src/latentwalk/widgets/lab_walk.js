// Walking in the latent space of a network that learns: between two test digits, or by a drag over the plane, at any moment.

import { plotContext, sizeOf, squareCanvas } from "./canvas.js";
import { screen } from "./digits.js";
import { grips } from "./grips.js";
import { dimensions } from "./lab_plots.js";
import { dot } from "./marks.js";
import { Network } from "./network.js";
import { between, clamp, scale } from "./numbers.js";
import { paintScatter } from "./scatter.js";
import { arrows } from "./steer.js";

const SIDES = [-4, 4]; // of the plane

// The network of a look, as far as it decodes: weights lie (in, out), as they come.
function decoderOf({ step, weights: { fc3, fc4 } }) {
  const layer = ({ weight, bias }, place, activation) => ({
    op: "linear",
    from: [place],
    shape: [bias.length],
    weights: weight,
    biases: bias,
    activation,
  });
  const input = { op: "input", shape: [fc3.weight.length / fc3.bias.length] };
  return new Network(`step ${step}`, { decode: [input, layer(fc3, 0, "relu"), layer(fc4, 1, "sigmoid")] });
}

// ends() gives the two test digits that are walked between. In a small Lab one walks by a drag alone, and begins in the middle of the
// prior.
export function labWalk({ model, colors, schedule, ends }) {
  const plane = squareCanvas();
  const lens = screen("", "lw-vae");
  const home = model.get("small") ? [0, 0] : null;
  let spot = home; // where a hand has dragged: [z_i, z_j]
  let look = null;
  let network = null;
  let pair = [0, 1];
  let active = 0;
  let crowd = null;

  const inside = (value) => clamp(value, SIDES);
  const across = () => scale(SIDES, [0, sizeOf(plane).width]);
  const up = () => scale(SIDES, [sizeOf(plane).width, 0]);
  const codeOf = (i) => {
    const { dims } = look.settings;
    return [...look.mu.subarray(i * dims, (i + 1) * dims)];
  };
  const z = () => {
    const [a, b] = ends();
    const code = between(codeOf(a), codeOf(b), model.get("t"));
    if (spot) for (const [k, dim] of pair.entries()) code[dim] = spot[k];
    return code;
  };
  const place = () => (look ? pair.map((dim) => inside(z()[dim])) : [0, 0]);
  const set = (a, b) => {
    spot = [inside(a), inside(b)];
    schedule();
  };
  const places = () => ({ z: [across()(place()[0]), up()(place()[1])] });
  const back = (size, value) => scale([0, size], SIDES)(value);
  grips(plane, {
    places,
    elsewhere: () => "z",
    follow: (_, x, y) => set(back(sizeOf(plane).width, x), -back(sizeOf(plane).width, y)),
  });
  arrows(plane, { get: place, set });
  const forget = () => {
    spot = home;
  };
  model.on("change:t", forget);

  // What a look says of the test digits: their places, and where those of each label lie.
  function take(next, labels) {
    look = next;
    network = decoderOf(look);
    ({ pair, active } = dimensions(look));
    const { dims } = look.settings;
    const dots = new Float32Array(2 * labels.length);
    const of = new Map();
    for (const [i, label] of labels.entries()) {
      const point = pair.map((dim) => inside(look.mu[i * dims + dim]));
      dots.set(point, 2 * i);
      of.set(label, [...(of.get(label) ?? []), point]);
    }
    const mean = (list, k) => list.reduce((sum, point) => sum + point[k], 0) / list.length;
    const middles = of.size > 10 ? [] : [...of].map(([label, list]) => [label, mean(list, 0), mean(list, 1)]);
    crowd = { dots, labels: labels.map((label) => label % 10), middles, colors };
  }

  return {
    plane,
    lens,
    take,
    forget,
    get pair() {
      return pair;
    },
    get active() {
      return active;
    },
    get dragged() {
      return spot !== null;
    },
    // Draws the plane; gives the code that the lens shows and its picture.
    draw(theme) {
      const { context } = plotContext(plane);
      if (!look) return null;
      paintScatter(context, theme, crowd, across(), up());
      const [x, y] = places().z;
      dot(context, theme.eps, x, y, 8, theme.back, 3);
      const code = Float32Array.from(z());
      return { code, pixels: network.decode(code) };
    },
  };
}
