// A slider for each number of a code. See sliders.py for the traits.

import { chipRow } from "./chips.js";
import { digitCanvas, paintDecoded, shelf } from "./digits.js";
import { box, button, press } from "./dom.js";
import { defineFigure } from "./figure.js";
import { getNetworks, widget } from "./loading.js";
import { joinSliders } from "./model.js";
import { clamp, floats, normals, times } from "./numbers.js";
import { sliderEnds } from "./slider_ends.js";
import { fill, fixed } from "./words.js";

export default defineFigure("sliders", async ({ model, root, schedule, save }) => {
  const text = model.get("text");
  const orders = model.get("orders"); // for each network its numbers, the one with the largest KL first
  const names = model.get("names"); // for each network the words beside its sliders
  const limit = model.get("limit");
  const codes = model.get("codes").map(floats);
  const dims = orders[0].length;
  const nets = await getNetworks(model);
  const sliders = await Promise.all(model.get("sliders").map((reference) => widget(model, reference)));
  const now = () => model.get("network_index");

  const { shape } = nets[0];
  const canvas = digitCanvas(shape);
  const chips = chipRow({ length: "vae" });
  const drawEnds = sliderEnds(root, dims, shape);
  const load = (digit, z) => save({ digit, z });
  const mu = (digit) => Array.from(codes[now()].subarray(digit * dims, (digit + 1) * dims));
  let draws = 0;
  const random = () => {
    draws++;
    load(
      -1,
      times(dims, normals(draws)).map((value) => clamp(value, [-limit, limit])),
    );
  };
  const digits = shelf(model, (i) => load(i, mu(i)), { label: text.shelf, shape });
  root.append(
    box("lw-beside lw-vae", canvas, digits),
    box(
      "lw-buttons",
      button(text.random, random),
      button(text.reset, () => load(-1, Array(dims).fill(0))),
    ),
    chips.row,
  );

  const traits = times(dims, (k) => `s${k}`);
  const spread = joinSliders(model, traits, () => orders[now()]);
  const loadDigit = () => {
    if (model.get("digit") >= 0) model.set("z", mu(model.get("digit")));
  };
  model.on("change:digit", loadDigit);
  model.on("change:network_index", () => {
    loadDigit(); // the same picture has another code there
    spread();
    model.save_changes();
  });

  return () => {
    const z = Float32Array.from(model.get("z"));
    const network = nets[now()];
    const length = fixed(Math.hypot(...z), 1);
    paintDecoded(canvas, network, z, fill(text.picture, { network: network.label, length }));
    chips.show({ length: fill(text.readout, { length }) });
    const all = model.get("more");
    root.closest(".lw-card")?.classList.toggle("lw-open", all);
    const label = (k, value) => fill(text.end, { name: names[now()][k], value: fixed(value, 0) });
    if (!drawEnds({ network, z, places: orders[now()], limit, label, all })) queueMicrotask(schedule); // after this drawing
    press(digits, model.get("digit"));
    for (const [k, slider] of sliders.entries()) {
      const description = names[now()][k];
      if (slider.get("description") === description) continue;
      slider.set({ description });
      slider.save_changes();
    }
  };
});
