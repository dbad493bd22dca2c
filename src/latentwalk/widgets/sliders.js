// A slider for each number of a code. See sliders.py for the traits.

import {
  button,
  clamp,
  defineFigure,
  digitCanvas,
  element,
  fill,
  fixed,
  floats,
  joinSliders,
  normals,
  paintDigit,
  press,
  say,
  shelf,
} from "./figure.js";
import { getNetwork } from "./network.js";

export default defineFigure("sliders", async ({ model, root, save }) => {
  const text = model.get("text"),
    orders = model.get("orders"),
    names = model.get("names");
  const nets = await Promise.all(model.get("networks").map((reference) => getNetwork(model, reference)));
  const sliders = await Promise.all(
    model.get("sliders").map((reference) => model.widget_manager.get_model(reference.slice("IPY_MODEL_".length))),
  );
  const codes = model.get("codes").map(floats),
    dims = orders[0].length,
    limit = model.get("limit");
  const now = () => model.get("network_index");

  const canvas = digitCanvas(),
    readout = element("p", { class: "lw-readout" });
  const load = (digit, z) => save({ digit, z });
  const mu = (digit) => Array.from(codes[now()].subarray(digit * dims, (digit + 1) * dims));
  const digits = shelf(model, (i) => load(i, mu(i)), text.shelf);
  let draws = 0;
  const random = () =>
    load(
      -1,
      Array.from({ length: dims }, normals(++draws)).map((value) => clamp(value, [-limit, limit])),
    );
  root.append(
    element("div", { class: "lw-beside lw-vae" }, canvas, digits),
    element(
      "div",
      { class: "lw-buttons" },
      button(text.random, random),
      button(text.reset, () => load(-1, Array(dims).fill(0))),
    ),
    readout,
  );

  const spread = joinSliders(
    model,
    names[0].map((_, k) => `s${k}`),
    () => orders[now()],
  );
  model.on("change:digit", () => {
    if (model.get("digit") >= 0) model.set("z", mu(model.get("digit")));
  });
  model.on("change:network_index", () => {
    // the same picture has another code there
    if (model.get("digit") >= 0) model.set("z", mu(model.get("digit")));
    spread();
    model.save_changes();
  });

  return () => {
    const z = Float32Array.from(model.get("z")),
      network = nets[now()],
      length = fixed(Math.hypot(...z), 1);
    paintDigit(canvas, network.decode(z), fill(text.picture, { network: network.label, length }), network, z);
    say(readout, fill(text.readout, { length }));
    press(digits, model.get("digit"));
    sliders.forEach((slider, k) => {
      const description = names[now()][k];
      if (slider.get("description") !== description) {
        slider.set({ description });
        slider.save_changes();
      }
    });
  };
});
