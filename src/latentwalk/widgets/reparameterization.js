// z = mu + eps * sigma with eps held fixed, and the picture of each z. See reparameterization.py for the traits.

import {
  button,
  defineFigure,
  digitCanvas,
  dot,
  element,
  FONT,
  fill,
  fixed,
  line,
  normals,
  paintDigit,
  plotCanvas,
  plotContext,
  say,
  scale,
  themeColors,
} from "./figure.js";
import { getNetwork } from "./network.js";

const EPS_LIMIT = 3,
  MU_LIMIT = 3,
  SIGMA_LIMIT = 1.5,
  Z_LIMIT = 5;

export default defineFigure("reparameterization", async ({ model, root, save }) => {
  const text = model.get("text"),
    code = model.get("code"),
    axis = model.get("axis");
  const network = await getNetwork(model, model.get("networks")[0]);
  const plot = (name, height) => {
    const canvas = plotCanvas(height);
    return {
      canvas,
      name,
      figure: element("figure", { class: "lw-panel" }, canvas, element("figcaption", {}, text[name])),
    };
  };
  const map = plot("map", 190),
    overMu = plot("over_mu", 190),
    overSigma = plot("over_sigma", 190);
  const readout = element("p", { class: "lw-readout" });
  const samples = element("div", { class: "lw-samples" });
  root.append(
    map.figure,
    element("div", { class: "lw-pair" }, overMu.figure, overSigma.figure),
    readout,
    samples,
    button(text.again, () => {
      const seed = model.get("seed") + 1,
        next = normals(seed);
      save({
        seed,
        eps: model
          .get("eps")
          .map(next)
          .sort((a, b) => a - b),
      });
    }),
  );

  // One button with a picture for each draw.
  let shown = [];
  function lay(n) {
    if (shown.length === n) return;
    shown = Array.from({ length: n }, () => digitCanvas());
    samples.replaceChildren(
      ...shown.map((canvas, i) =>
        element("button", { type: "button", onclick: () => save({ chosen: i }) }, canvas, element("span")),
      ),
    );
  }

  // Above the axis of eps, below the axis of z on the same scale; one line from each eps to its z.
  function paintMap({ mu, sigma, eps, chosen, theme }) {
    const { context, width } = plotContext(map.canvas),
      top = 44,
      bottom = 146;
    const x = scale([-Z_LIMIT, Z_LIMIT], [14, width - 14]);
    context.textAlign = "center";
    for (const [level, name, color, low, high] of [
      [top, "\u03b5", theme.eps, -EPS_LIMIT, EPS_LIMIT],
      [bottom, "z", theme.vae, -Z_LIMIT, Z_LIMIT],
    ]) {
      line(context, theme.line, 1.5, [x(low), level], [x(high), level]);
      for (let k = low; k <= high; k++) {
        line(context, theme.line, 1, [x(k), level - 4], [x(k), level + 4]);
        context.fillStyle = theme.muted;
        context.fillText(fixed(k, 0), x(k), level === top ? level - 12 : level + 22);
      }
      context.fillStyle = color;
      context.font = "bold 16px system-ui, sans-serif";
      context.fillText(name, 10, level - 10);
      context.font = FONT;
    }
    for (const [i, value] of eps.entries())
      line(
        context,
        i === chosen ? theme.text : theme.line,
        i === chosen ? 2.5 : 1,
        [x(value), top],
        [x(mu + sigma * value), bottom],
      );
    line(context, theme.sigma, 6, [x(mu - sigma), bottom + 32], [x(mu + sigma), bottom + 32]);
    dot(context, theme.mu, x(mu), bottom + 32, 5, theme.back);
    eps.forEach((value, i) => {
      dot(context, theme.eps, x(value), top, i === chosen ? 7 : 5, i === chosen ? theme.text : theme.back);
      dot(
        context,
        theme.vae,
        x(mu + sigma * value),
        bottom,
        i === chosen ? 7 : 5,
        i === chosen ? theme.text : theme.back,
      );
    });
  }

  // z of each draw over mu or over sigma, all else fixed; the dots stand at the present value.
  function paintSlopes({ canvas }, low, high, now, z, color, { eps, chosen, theme }) {
    const { context, width, height } = plotContext(canvas);
    const x = scale([low, high], [30, width - 12]),
      y = scale([-Z_LIMIT, Z_LIMIT], [height - 24, 8]);
    context.textAlign = "center";
    context.fillStyle = theme.muted;
    for (const k of [-4, -2, 0, 2, 4]) {
      line(context, theme.soft, 1, [x(low), y(k)], [x(high), y(k)]);
      context.fillText(fixed(k, 0), 14, y(k) + 4);
    }
    for (let k = 0; k <= 3; k++) {
      const value = low + (k * (high - low)) / 3;
      context.fillText(fixed(value, Number.isInteger(value) ? 0 : 1), x(value), height - 6);
    }
    line(context, color, 2, [x(now), y(-Z_LIMIT)], [x(now), y(Z_LIMIT)]);
    for (const [i, value] of eps.entries())
      line(
        context,
        i === chosen ? theme.text : theme.line,
        i === chosen ? 2.5 : 1,
        [x(low), y(z(low, value))],
        [x(high), y(z(high, value))],
      );
    for (const [i, value] of eps.entries())
      dot(context, theme.vae, x(now), y(z(now, value)), i === chosen ? 6 : 4, i === chosen ? theme.text : theme.back);
  }

  return () => {
    const [mu, sigma, eps] = ["mu", "sigma", "eps"].map((name) => model.get(name)),
      chosen = Math.min(model.get("chosen"), eps.length - 1);
    const theme = themeColors(root),
      state = { mu, sigma, eps, chosen, theme };
    lay(eps.length);
    paintMap(state);
    paintSlopes(overMu, -MU_LIMIT, MU_LIMIT, mu, (m, e) => m + e * sigma, theme.mu, state);
    paintSlopes(overSigma, 0, SIGMA_LIMIT, sigma, (s, e) => mu + e * s, theme.sigma, state);
    const z = eps.map((value) => Float32Array.from(code, (number, i) => (i === axis ? mu + value * sigma : number)));
    z.forEach((numbers, i) => {
      const values = { index: i + 1, eps: fixed(eps[i]), z: fixed(numbers[axis]) };
      paintDigit(shown[i], network.decode(numbers), fill(text.sample, values), network, numbers);
      say(shown[i].nextSibling, `\u03b5 ${values.eps}`);
      shown[i].parentNode.setAttribute("aria-pressed", i === chosen);
    });
    say(
      readout,
      fill(text.chosen, {
        eps: fixed(eps[chosen]),
        mu: fixed(mu),
        sigma: fixed(sigma),
        z: fixed(z[chosen][axis]),
      }),
    );
    for (const { canvas, name } of [map, overMu, overSigma])
      canvas.setAttribute("aria-label", `${text[name]}. ${readout.textContent}`);
    const own = z.map((numbers) => Array.from(numbers));
    if (JSON.stringify(own) !== JSON.stringify(model.get("z"))) save({ z: own });
  };
});
