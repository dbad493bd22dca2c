// z = mu + eps * sigma and the picture of each z, with eps held fixed or rolled at every move. See reparameterization.py.

import { levels, numbersBelow } from "./axes.js";
import { backdrop, plotCanvas, plotContext, sizeOf } from "./canvas.js";
import { chipRow } from "./chips.js";
import { edgeOf, handlePlaces, lineOf, MAP_HEIGHT, paintMap, xToZ, Z, zToX } from "./dice_map.js";
import { digitCanvases, paintDecoded } from "./digits.js";
import { box, button, captioned, element } from "./dom.js";
import { defineFigure } from "./figure.js";
import { grips } from "./grips.js";
import { getNetworks } from "./loading.js";
import { dot, line } from "./marks.js";
import { publish } from "./model.js";
import { clamp, normals, round, scale, steps } from "./numbers.js";
import { oneTabStop } from "./picker.js";
import { onSlide } from "./steer.js";
import { themeColors } from "./theme.js";
import { fill, fixed, say } from "./words.js";

const MU = [-3, 3];
const SIGMA = [0, 1.5];
const INSIDE = 1; // where the dice are
const PAST = 30; // rolls whose dots stay while the dice are inside

export default defineFigure("reparameterization", async ({ model, root, save }) => {
  const text = model.get("text");
  const code = model.get("code");
  const place = model.get("axis"); // of the number in the code that is drawn
  const [network] = await getNetworks(model);
  const plots = { map: plotCanvas(MAP_HEIGHT), over_mu: plotCanvas(110), over_sigma: plotCanvas(110) };
  const captions = { over_mu: element("span"), over_sigma: element("span") };
  const panel = (name) => captioned(plots[name], captions[name], "lw-panel");
  const chips = chipRow({ eps: "eps", mu: "mu", sigma: "sigma", z: "vae", slopes: "line" });
  const samples = box("lw-samples");
  oneTabStop(samples);
  const roll = () => {
    const seed = model.get("seed") + 1;
    const eps = model.get("eps").map(normals(seed));
    save({ seed, eps: eps.sort((a, b) => a - b) });
  };
  const again = button("\u2684", roll);
  again.append(element("span", {}, ` ${text.again}`));
  again.ariaLabel = text.again;
  root.append(
    samples,
    box("lw-dice", plots.map, again),
    chips.row,
    box("lw-pair", panel("over_mu"), panel("over_sigma")),
  );

  // With the dice inside, whatever moves mu or sigma rolls them. The dots of rolls that are over stay for a while.
  let past = [];
  for (const name of ["mu", "sigma"])
    model.on(`change:${name}`, () => {
      if (model.get("dice_index") === INSIDE) roll();
    });
  const forget = () => {
    past = [];
  };
  model.on("change:dice_index", forget);
  root.addEventListener("lw-reset", forget);

  const limits = { mu: MU, sigma: SIGMA };
  const set = (name, value) => save({ [name]: clamp(round(value), limits[name]) });
  const mapWidth = () => sizeOf(plots.map).width;
  grips(plots.map, {
    places: () => handlePlaces(zToX(mapWidth()), model.get("mu"), model.get("sigma")),
    follow: (name, x) => {
      const value = xToZ(mapWidth())(x);
      set(name, name === "sigma" ? value - model.get("mu") : value);
    },
    cursors: { mu: "ew-resize", sigma: "ew-resize" },
  });
  const sides = (plot) => [26, sizeOf(plot).width - 12];
  for (const name of ["mu", "sigma"]) {
    const plot = plots[`over_${name}`];
    plot.style.cursor = "ew-resize";
    onSlide(plot, (x) => set(name, scale(sides(plot), limits[name])(x)));
  }

  // One button with a picture for each draw.
  let shown = [];
  function lay(n) {
    if (shown.length === n) return;
    shown = digitCanvases(n, network.shape).map((canvas, i) => {
      const words = element("span");
      const choose = () => save({ chosen: i });
      return { canvas, words, button: element("button", { type: "button", onclick: choose }, canvas, words) };
    });
    samples.replaceChildren(...shown.map(({ button }) => button));
  }

  // z of each draw over mu or over sigma, all else fixed; the dots stand at the present value. With the dice inside there is no line
  // to follow: dots of other rolls lie about.
  function drawSlopes(name, { mu, sigma, eps, chosen, inside, theme }) {
    const plot = plots[`over_${name}`];
    const [low, high] = limits[name];
    const now = name === "mu" ? mu : sigma;
    const z = (at, value) => (name === "mu" ? at + value * sigma : mu + value * at);
    const { context, height } = plotContext(plot);
    const x = scale([low, high], sides(plot));
    const y = scale(Z, [height - 18, 4]);
    backdrop(context, theme.text, (pen) => {
      levels(pen, theme, [-4, 0, 4], y, sides(plot));
      numbersBelow(pen, steps(low, high, (high - low) / 3), x, height - 4, theme.muted, "alphabetic");
    });
    for (const one of past) for (const value of one.z) dot(context, theme.eps, x(one[name]), y(value), 2);
    line(context, theme[name], 2, [x(now), y(Z[0])], [x(now), y(Z[1])]);
    if (!inside)
      for (const [i, value] of eps.entries())
        line(context, ...lineOf(theme, i === chosen), [x(low), y(z(low, value))], [x(high), y(z(high, value))]);
    for (const [i, value] of eps.entries())
      dot(context, theme.vae, x(now), y(z(now, value)), i === chosen ? 6 : 4, edgeOf(theme, i === chosen));
  }

  return () => {
    const [mu, sigma, eps] = ["mu", "sigma", "eps"].map((name) => model.get(name));
    const chosen = Math.min(model.get("chosen"), eps.length - 1);
    const inside = model.get("dice_index") === INSIDE;
    const state = { mu, sigma, eps, chosen, inside, theme: themeColors(root) };
    lay(eps.length);
    const z = eps.map((value) => Float32Array.from(code, (number, i) => (i === place ? mu + value * sigma : number)));
    const { context, width } = plotContext(plots.map);
    paintMap(context, width, state, inside ? text.blocked : text.machine);
    drawSlopes("mu", state);
    drawSlopes("sigma", state);
    if (inside) past = [{ mu, sigma, z: z.map((code) => code[place]) }, ...past].slice(0, PAST);
    for (const [i, { canvas, words, button }] of shown.entries()) {
      const values = { index: i + 1, eps: fixed(eps[i]), z: fixed(z[i][place]) };
      paintDecoded(canvas, network, z[i], fill(text.sample, values));
      say(words, fill(text.eps, values));
      button.setAttribute("aria-pressed", i === chosen);
    }
    const numbers = { eps: eps[chosen], mu, sigma, z: z[chosen][place] };
    const values = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, fixed(value)]));
    const said = chips.show({ ...text, slopes: inside ? text.no_slopes : text.slopes }, values);
    for (const [name, node] of Object.entries(captions)) say(node, inside ? text.scattered : text[name]);
    for (const [name, plot] of Object.entries(plots)) plot.setAttribute("aria-label", `${text[name]}. ${said}`);
    const own = z.map((numbers) => Array.from(numbers));
    publish(model, "z", own);
  };
});
