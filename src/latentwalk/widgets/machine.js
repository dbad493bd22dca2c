// The whole network, stage by stage. See machine.py for the traits.

import { levels } from "./axes.js";
import { backdrop, plotCanvas, plotContext, sizeOf } from "./canvas.js";
import { digitCanvas, paintDecoded, paintDigit, pictures, shelf } from "./digits.js";
import { box, button, captioned, element, paragraph, press } from "./dom.js";
import { defineFigure } from "./figure.js";
import { muPart, sigmaPart } from "./gaussian.js";
import { getNetwork } from "./loading.js";
import { dot, line } from "./marks.js";
import { overridable } from "./model.js";
import { clamp, normals, round, scale } from "./numbers.js";
import { steer } from "./steer.js";
import { themeColors } from "./theme.js";
import { fill, fixed, say } from "./words.js";

const LIMIT = 4; // of the plots of mu, eps and z
const LEFT = 22; // CSS pixels before the first column
const HEIGHT = 84;

// Which stages each choice of `lit` leaves bright.
const BRIGHT = {
  encoder: ["x", "encoder", "q"],
  heads: ["q"],
  dice: ["q", "eps", "z"],
  loss: ["q", "xhat"],
  decoder: ["z", "decoder", "xhat"],
};

// Hidden units as a strip of pixels, the strongest white.
function paintUnits(canvas, units, label) {
  const most = Math.max(...units, 1e-9);
  paintDigit(canvas, units.map((value) => value / most), label);
}

const crossEntropy = (x, xhat) =>
  x.reduce((sum, pixel, i) => {
    const p = clamp(xhat[i], [1e-7, 1 - 1e-7]);
    return sum - pixel * Math.log(p) - (1 - pixel) * Math.log(1 - p);
  }, 0);

export default defineFigure("machine", async ({ model, root, save }) => {
  const text = model.get("text");
  const network = await getNetwork(model, model.get("network"));
  const picture = pictures(model.get("pictures"));
  const labels = model.get("labels");
  const { dims } = network;
  const units = network.parts.encode[0].rows;
  const digits = shelf(model, (digit) => save({ digit }), text.shelf);

  const strip = () => element("canvas", { class: "lw-digit lw-units", width: 16, height: Math.ceil(units / 16), role: "img" });
  const canvases = { x: digitCanvas(), encoder: strip(), decoder: strip(), xhat: digitCanvas() };
  for (const name of ["q", "eps", "z"]) canvases[name] = plotCanvas(HEIGHT);
  const stages = Object.fromEntries(
    Object.entries(canvases).map(([name, canvas]) => [name, captioned(canvas, "", `lw-stage lw-at-${name}`)]),
  );
  const caption = (name, words) => say(stages[name].lastChild, words);
  const arrow = (words) => element("span", { class: "lw-arrow", "aria-hidden": "true" }, words);
  const said = paragraph();
  const middle = box("lw-middle", stages.q, stages.eps, stages.z);
  root.append(
    digits,
    box("lw-machine", stages.x, arrow("→"), stages.encoder, arrow("→"), middle, arrow("→"), stages.decoder, arrow("→"), stages.xhat),
    box(
      "lw-buttons",
      button(text.roll, () => roll()),
      button(text.mean, () => {
        z.forget();
        save({ noise: 1 });
      }),
    ),
    said,
  );

  const z = overridable(model, "z");
  for (const name of ["digit", "seed", "noise"]) model.on(`change:${name}`, z.forget);
  function roll() {
    z.forget();
    save({ seed: model.get("seed") + 1, ...(model.get("noise") ? {} : { noise: 1 }) });
  }

  const column = (canvas, i) => LEFT + ((i + 0.5) * (sizeOf(canvas).width - LEFT - 4)) / dims;
  const y = scale([-LIMIT, LIMIT], [HEIGHT - 5, 5]);
  let chosen = 0; // the dimension whose z is dragged
  let drawn = null; // the code that is shown
  const setZ = (i, value) => {
    chosen = i;
    const code = Array.from(drawn);
    code[i] = clamp(round(value), [-LIMIT, LIMIT]);
    z.given = code;
    save({ z: code });
  };
  // Columns count in tenths, which is a step of the arrow keys.
  steer(canvases.z, {
    at: (px, py) => {
      const { width } = sizeOf(canvases.z);
      return [clamp(Math.floor(((px - LEFT) / (width - LEFT - 4)) * dims), [0, dims - 1]) / 10, scale([HEIGHT - 5, 5], [-LIMIT, LIMIT])(py)];
    },
    get: () => [chosen / 10, drawn[chosen]],
    set: (tenths, value) => setZ(clamp(Math.round(10 * tenths), [0, dims - 1]), value),
    reset: () => roll(),
  });

  // One plot of the middle: its levels, then mark(pen, i, x, width of a column) for each dimension.
  function drawColumns(name, color, mark) {
    const { context, width } = plotContext(canvases[name]);
    backdrop(context, color.text, (pen) => levels(pen, color, [-3, 0, 3], y, [LEFT, width], { zero: color.line }));
    const step = (width - LEFT - 4) / dims;
    for (let i = 0; i < dims; i++) mark(context, i, column(canvases[name], i), step);
  }

  function drawMiddle({ mu, sigma, eps, code, noise }) {
    const color = themeColors(root);
    const bar = (pen, paint, value, x, step) => {
      pen.fillStyle = paint;
      pen.fillRect(x - 0.36 * step, y(0), 0.72 * step, y(clamp(value, [-LIMIT, LIMIT])) - y(0));
    };
    drawColumns("q", color, (pen, i, x, step) => {
      bar(pen, color.mu, mu[i], x, step);
      line(pen, color.sigma, Math.min(4, 0.3 * step), [x, y(mu[i] - sigma[i])], [x, y(mu[i] + sigma[i])]);
    });
    drawColumns("eps", color, (pen, i, x, step) => {
      const value = noise ? eps[i] : 0;
      line(pen, color.eps, 1, [x, y(0)], [x, y(value)]);
      dot(pen, color.eps, x, y(value), Math.min(4, 0.32 * step), color.text, 1);
    });
    drawColumns("z", color, (pen, i, x, step) => {
      line(pen, color.mu, 2, [x - 0.36 * step, y(mu[i])], [x + 0.36 * step, y(mu[i])]);
      line(pen, z.given ? color.prior : color.eps, 1.5, [x, y(mu[i])], [x, y(clamp(code[i], [-LIMIT, LIMIT]))]);
      const held = i === chosen && canvases.z.matches(":focus");
      dot(pen, color.text, x, y(clamp(code[i], [-LIMIT, LIMIT])), held ? 6 : Math.min(4, 0.34 * step), color.back, 1);
    });
  }

  function light(name) {
    for (const [stage, node] of Object.entries(stages))
      node.classList.toggle("lw-dim", name !== "all" && !BRIGHT[name].includes(stage));
  }

  // What the encoder says of a digit; the same until another is chosen.
  let encoded = {};
  function encode(digit) {
    if (encoded.digit === digit) return encoded;
    const x = picture(digit);
    const [hidden, heads] = network.stages("encode", x);
    const mu = heads.subarray(0, dims);
    const sigma = heads.subarray(dims).map((logvar) => Math.exp(0.5 * logvar));
    const kl = mu.reduce((sum, value, i) => sum + muPart(value) + sigmaPart(sigma[i]), 0);
    encoded = { digit, x, hidden, mu, sigma, kl };
    return encoded;
  }

  const lights = (count) => count.filter((value) => value > 0).length;
  return () => {
    const [digit, seed, noise] = ["digit", "seed", "noise"].map((name) => model.get(name));
    const { x, hidden, mu, sigma, kl } = encode(digit);
    const next = normals(seed);
    const eps = Float32Array.from(mu, () => next());
    const code = z.given ? Float32Array.from(z.given) : mu.map((value, i) => value + noise * sigma[i] * eps[i]);
    drawn = code;
    const [drawnHidden, xhat] = network.stages("decode", code);
    const recon = crossEntropy(x, xhat);
    const shown = { pixels: x.length, dims, units, kl: fixed(kl, 1), recon: fixed(recon, 1), loss: fixed(kl + recon, 1) };
    const words = (name, values = shown) => fill(text[name], values);
    paintDigit(canvases.x, x, fill(text.digit, { label: labels[digit], index: digit }));
    paintUnits(canvases.encoder, hidden, words("encoder", { units, on: lights(hidden) }));
    paintUnits(canvases.decoder, drawnHidden, words("decoder", { units, on: lights(drawnHidden) }));
    paintDecoded(canvases.xhat, network, code, `${words("xhat")}, ${words("recon")}`, xhat);
    drawMiddle({ mu, sigma, eps, code, noise });
    caption("x", words("x"));
    caption("encoder", words("encoder", { units, on: lights(hidden) }));
    caption("decoder", words("decoder", { units, on: lights(drawnHidden) }));
    caption("q", `${words("q")} · ${words("kl")}`);
    caption("eps", words("eps"));
    caption("z", words("z"));
    caption("xhat", `${words("xhat")} · ${words("recon")}`);
    for (const name of ["q", "eps"]) canvases[name].setAttribute("aria-label", stages[name].lastChild.textContent);
    canvases.z.setAttribute("aria-label", fill(text.drag, { dim: chosen + 1, z: fixed(code[chosen]) }));
    const lit = model.get("parts")[model.get("lit_index")];
    light(lit);
    say(said, words(`said_${lit}`));
    press(digits, digit);
    z.publish(Array.from(code));
  };
});
