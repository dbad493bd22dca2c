// The walk between two digits. See interpolation.py for the traits.

import {
  button,
  defineFigure,
  digitCanvas,
  element,
  fill,
  fixed,
  floats,
  normals,
  paintDigit,
  pictures,
  press,
  say,
  shelf,
} from "./figure.js";
import { getNetwork } from "./network.js";

const STEPS = 11;

export function mix(a, b, t, spherical) {
  const line = a.map((value, i) => value + t * (b[i] - value));
  if (!spherical) return line;
  const la = Math.hypot(...a),
    lb = Math.hypot(...b);
  let cosine = 0;
  for (let i = 0; i < a.length; i++) cosine += (a[i] * b[i]) / (la * lb);
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  if (!(angle > 1e-3 && angle < Math.PI - 1e-3)) return line; // the same or opposite directions: no arc of its own
  const wa = Math.sin((1 - t) * angle) / Math.sin(angle) / la,
    wb = Math.sin(t * angle) / Math.sin(angle) / lb;
  return a.map((value, i) => (wa * value + wb * b[i]) * (la + t * (lb - la)));
}

export default defineFigure("interpolation", async ({ model, root, save }) => {
  const text = model.get("text"),
    labels = model.get("labels"),
    size = 28;
  const nets = await Promise.all(model.get("networks").map((reference) => getNetwork(model, reference)));
  const picture = pictures(model.get("pictures"));
  const codes = model.get("codes").map(floats),
    clouds = model.get("clouds").map(floats);
  const dims = nets.map((network) => network.parts.decode[0].cols);
  const code = (k, i) => codes[k].subarray(i * dims[k], (i + 1) * dims[k]);

  // A and B: a summary with the chosen picture, and behind it all that can be chosen, one row a digit.
  const pickers = ["a", "b"].map((end) => {
    const chosen = digitCanvas(),
      caption = element("span"),
      summary = element("summary", {}, chosen, caption);
    const choices = shelf(
      model,
      (i) => {
        save({ [end]: i, draws: 0 });
        details.open = false;
        summary.focus();
      },
      null,
      "lw-thumbs",
    );
    const details = element("details", { class: "lw-pick" }, summary, choices);
    return { end, details, chosen, caption, choices };
  });
  const screens = element("div", { class: "lw-screens" });
  const readout = element("p", { class: "lw-readout" });
  const screen = (caption, kind) => {
    const canvas = digitCanvas();
    screens.append(element("figure", { class: `lw-screen lw-${kind}` }, canvas, element("figcaption", {}, caption)));
    return canvas;
  };
  const blend = model.get("blend") ? screen(text.blend, "blend") : null;
  const shown = nets.map((network) => screen(network.label, network.kind));
  const strips = [...(blend ? [{ label: text.blend }] : []), ...nets].map(({ label, kind = "blend" }) => {
    const canvas = element("canvas", {
      class: "lw-strip",
      width: STEPS * size,
      height: size,
      role: "img",
      "aria-label": fill(text.strip, { network: label }),
    });
    return { canvas, row: element("div", { class: `lw-walk lw-${kind}` }, canvas) };
  });
  const marker = element("span", { class: "lw-marker" });
  const walk = element("div", { class: "lw-walks" }, ...strips.map(({ row }) => row), marker);
  const draw = clouds.length ? button(text.draw, () => save({ draws: model.get("draws") + 1 })) : null;
  root.append(
    element("div", { class: "lw-ends" }, ...pickers.map(({ details }) => details)),
    screens,
    readout,
    walk,
    ...(draw ? [draw] : []),
  );

  // Play counts frames 0 to 200: there and back. Moving t by any means ends the showing of random codes.
  let given = null; // codes that Python has set
  let own = JSON.stringify(model.get("z"));
  model.on("change:frame", () => {
    save({ t: 1 - Math.abs(1 - model.get("frame") / 100), draws: 0 });
  });
  for (const name of ["t", "a", "b", "path_index"])
    model.on(`change:${name}`, () => {
      given = null;
      if (model.get("draws")) model.set("draws", 0);
    });
  model.on("change:z", () => {
    given = JSON.stringify(model.get("z")) === own ? given : model.get("z");
  });

  let drawnWalk = "";
  return () => {
    const { t, a, b, draws, spherical, prior } = {
      t: model.get("t"),
      a: model.get("a"),
      b: model.get("b"),
      draws: model.get("draws"),
      spherical: model.get("path_index") === 1,
      prior: model.get("source_index") === 1,
    };
    for (const { end, chosen, caption, choices } of pickers) {
      const index = model.get(end);
      if (chosen.dataset.index === String(index)) continue;
      chosen.dataset.index = index;
      paintDigit(chosen, picture(index), fill(text.digit, { label: labels[index], index }));
      say(caption, fill(text[`pick_${end}`], { label: labels[index] }));
      press(choices, index);
    }
    const where = draws
      ? prior
        ? text.random_prior
        : text.random_own
      : fill(text.walk, { t: fixed(t), a: labels[a], b: labels[b] });
    const z = nets.map((_, k) => {
      if (given) return Float32Array.from(given[k]);
      if (!draws) return mix(code(k, a), code(k, b), t, spherical);
      const next = normals(1000 * draws + k),
        d = dims[k],
        eps = Float32Array.from({ length: d }, next);
      if (prior) return eps;
      return clouds[k].slice(0, d).map((mean, i) => {
        for (let j = 0; j <= i; j++) mean += clouds[k][d + i * d + j] * eps[j];
        return mean;
      });
    });
    for (const [k, network] of nets.entries())
      paintDigit(shown[k], network.decode(z[k]), fill(text.picture, { network: network.label, where }), network, z[k]);
    const [pa, pb] = [picture(a), picture(b)];
    if (blend)
      paintDigit(
        blend,
        pa.map((value, i) => (1 - t) * value + t * pb[i]),
        fill(text.picture, { network: text.blend, where }),
      );
    const lengths = z
      .map((code, k) => (nets.length > 1 ? `${nets[k].label}: ` : "") + fixed(Math.hypot(...code), 1))
      .join("; ");
    say(readout, `${where} \u00b7 ${fill(text.lengths, { lengths })}`);
    marker.style.left = `${((0.5 + t * (STEPS - 1)) / STEPS) * 100}%`;
    marker.hidden = Boolean(draws || given);

    const key = [a, b, spherical].join();
    if (key !== drawnWalk) {
      strips.forEach(({ canvas }, row) => {
        const k = row - (blend ? 1 : 0),
          context = canvas.getContext("2d"),
          one = digitCanvas();
        for (let step = 0; step < STEPS; step++) {
          const s = step / (STEPS - 1);
          paintDigit(
            one,
            k < 0
              ? pa.map((value, i) => (1 - s) * value + s * pb[i])
              : nets[k].decode(mix(code(k, a), code(k, b), s, spherical)),
            "",
          );
          context.drawImage(one, step * size, 0);
        }
      });
      drawnWalk = key;
    }
    own = JSON.stringify(z.map((numbers) => Array.from(numbers)));
    if (!given && own !== JSON.stringify(model.get("z"))) save({ z: JSON.parse(own) });
  };
});
