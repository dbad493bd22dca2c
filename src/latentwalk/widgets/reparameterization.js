// z = mu + eps * sigma with eps held fixed, and the picture of each z. See reparameterization.py for the traits.

import { numbersBelow } from "./axes.js";
import { backdrop, FONT, plotCanvas, plotContext } from "./canvas.js";
import { digitCanvases, paintDecoded } from "./digits.js";
import { box, button, captioned, element, paragraph } from "./dom.js";
import { defineFigure } from "./figure.js";
import { getNetworks } from "./loading.js";
import { dot, line, write } from "./marks.js";
import { publish } from "./model.js";
import { normals, scale, steps } from "./numbers.js";
import { themeColors } from "./theme.js";
import { fill, fixed, say } from "./words.js";

const EPS = [-3, 3];
const MU = [-3, 3];
const SIGMA = [0, 1.5];
const Z = [-5, 5];

// One line and two dots for each draw; those of the chosen one stand out.
const lineOf = (theme, chosen) => (chosen ? [theme.text, 2.5] : [theme.line, 1]);
const edgeOf = (theme, chosen) => (chosen ? theme.text : theme.back);

// A level line with its numbers on the side away from the other one.
function axis(pen, theme, [low, high], x, level, numbers) {
  line(pen, theme.line, 1.5, [x(low), level], [x(high), level]);
  const ticks = steps(low, high);
  for (const tick of ticks) line(pen, theme.line, 1, [x(tick), level - 4], [x(tick), level + 4]);
  numbersBelow(pen, ticks, x, numbers, theme.muted, "alphabetic");
}

function name(pen, words, y, color) {
  pen.font = "bold 16px system-ui, sans-serif";
  write(pen, words, 10, y, color, "center", "alphabetic");
  pen.font = FONT;
}

export default defineFigure("reparameterization", async ({ model, root, save }) => {
  const text = model.get("text");
  const code = model.get("code");
  const place = model.get("axis"); // of the number in the code that is drawn
  const [network] = await getNetworks(model);
  const plots = Object.fromEntries(["map", "over_mu", "over_sigma"].map((name) => [name, plotCanvas(190)]));
  const panel = (name) => captioned(plots[name], text[name], "lw-panel");
  const readout = paragraph();
  const samples = box("lw-samples");
  const draw = () => {
    const seed = model.get("seed") + 1;
    const eps = model.get("eps").map(normals(seed));
    save({ seed, eps: eps.sort((a, b) => a - b) });
  };
  root.append(
    panel("map"),
    box("lw-pair", panel("over_mu"), panel("over_sigma")),
    readout,
    samples,
    button(text.again, draw),
  );

  // One button with a picture for each draw.
  let shown = [];
  function lay(n) {
    if (shown.length === n) return;
    shown = digitCanvases(n).map((canvas, i) => {
      const words = element("span");
      const choose = () => save({ chosen: i });
      return { canvas, words, button: element("button", { type: "button", onclick: choose }, canvas, words) };
    });
    samples.replaceChildren(...shown.map(({ button }) => button));
  }

  // Above the axis of eps, below the axis of z on the same scale; one line from each eps to its z.
  function drawMap({ mu, sigma, eps, chosen, theme }) {
    const { context, width } = plotContext(plots.map);
    const [top, bottom] = [44, 146];
    const x = scale(Z, [14, width - 14]);
    const z = (value) => x(mu + sigma * value);
    backdrop(context, theme.text, (pen) => {
      axis(pen, theme, EPS, x, top, top - 12);
      name(pen, "\u03b5", top - 10, theme.eps);
      axis(pen, theme, Z, x, bottom, bottom + 22);
      name(pen, "z", bottom - 10, theme.vae);
    });
    for (const [i, value] of eps.entries())
      line(context, ...lineOf(theme, i === chosen), [x(value), top], [z(value), bottom]);
    line(context, theme.sigma, 6, [x(mu - sigma), bottom + 32], [x(mu + sigma), bottom + 32]);
    dot(context, theme.mu, x(mu), bottom + 32, 5, theme.back);
    for (const [i, value] of eps.entries()) {
      const radius = i === chosen ? 7 : 5;
      dot(context, theme.eps, x(value), top, radius, edgeOf(theme, i === chosen));
      dot(context, theme.vae, z(value), bottom, radius, edgeOf(theme, i === chosen));
    }
  }

  // z of each draw over mu or over sigma, all else fixed; the dots stand at the present value.
  function drawSlopes(plot, [low, high], now, z, color, { eps, chosen, theme }) {
    const { context, width, height } = plotContext(plot);
    const x = scale([low, high], [30, width - 12]);
    const y = scale(Z, [height - 24, 8]);
    backdrop(context, theme.text, (pen) => {
      for (const k of [-4, -2, 0, 2, 4]) {
        line(pen, theme.soft, 1, [x(low), y(k)], [x(high), y(k)]);
        write(pen, fixed(k, 0), 14, y(k) + 4, theme.muted, "center", "alphabetic");
      }
      numbersBelow(pen, steps(low, high, (high - low) / 3), x, height - 6, theme.muted, "alphabetic");
    });
    line(context, color, 2, [x(now), y(Z[0])], [x(now), y(Z[1])]);
    for (const [i, value] of eps.entries()) {
      const ends = [low, high].map((at) => [x(at), y(z(at, value))]);
      line(context, ...lineOf(theme, i === chosen), ...ends);
    }
    for (const [i, value] of eps.entries())
      dot(context, theme.vae, x(now), y(z(now, value)), i === chosen ? 6 : 4, edgeOf(theme, i === chosen));
  }

  return () => {
    const [mu, sigma, eps] = ["mu", "sigma", "eps"].map((name) => model.get(name));
    const chosen = Math.min(model.get("chosen"), eps.length - 1);
    const theme = themeColors(root);
    const state = { mu, sigma, eps, chosen, theme };
    lay(eps.length);
    drawMap(state);
    drawSlopes(plots.over_mu, MU, mu, (at, value) => at + value * sigma, theme.mu, state);
    drawSlopes(plots.over_sigma, SIGMA, sigma, (at, value) => mu + value * at, theme.sigma, state);
    const z = eps.map((value) => Float32Array.from(code, (number, i) => (i === place ? mu + value * sigma : number)));
    for (const [i, { canvas, words, button }] of shown.entries()) {
      const values = { index: i + 1, eps: fixed(eps[i]), z: fixed(z[i][place]) };
      paintDecoded(canvas, network, z[i], fill(text.sample, values));
      say(words, `\u03b5 ${values.eps}`);
      button.setAttribute("aria-pressed", i === chosen);
    }
    const numbers = { eps: eps[chosen], mu, sigma, z: z[chosen][place] };
    const values = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, fixed(value)]));
    say(readout, fill(text.chosen, values));
    for (const [name, plot] of Object.entries(plots))
      plot.setAttribute("aria-label", `${text[name]}. ${readout.textContent}`);
    const own = z.map((numbers) => Array.from(numbers));
    publish(model, "z", own);
  };
});
