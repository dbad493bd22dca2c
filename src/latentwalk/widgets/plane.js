// The latent plane as a map. See plane.py for the traits.

import {
  backdrop,
  bytes,
  circles,
  clamp,
  defineFigure,
  digitCanvas,
  dot,
  element,
  fill,
  fixed,
  floats,
  joinSliders,
  paintDigit,
  plotCanvas,
  plotContext,
  say,
  sizeOf,
  steer,
  themeColors,
} from "./figure.js";
import { getNetwork, idle } from "./network.js";

const CELLS = 20; // decoded pictures along each side of the grid

export default defineFigure("plane", async ({ model, root, schedule, save }) => {
  const text = model.get("text"),
    limit = model.get("limit"),
    colors = model.get("colors"),
    start = model.get("z");
  const dots = floats(model.get("dots")),
    labels = bytes(model.get("labels"));
  const network = await getNetwork(model, model.get("network"));
  const plane = plotCanvas(0),
    canvas = digitCanvas(),
    readout = element("p", { class: "lw-readout" });
  plane.classList.add("lw-square");
  plane.removeAttribute("style"); // as high as wide
  root.append(
    element("div", { class: "lw-map" }, plane, element("div", { class: "lw-screen lw-vae" }, canvas, readout)),
  );

  const inside = (value) => clamp(Math.round(1000 * value) / 1000, [-limit, limit]);
  const set = (z1, z2) => save({ z: [inside(z1), inside(z2)] });
  const at = (x, y) => [limit * ((2 * x) / sizeOf(plane).width - 1), limit * (1 - (2 * y) / sizeOf(plane).height)];
  steer(plane, { at, set, get: () => model.get("z"), reset: () => set(...start) });
  joinSliders(model, ["z1", "z2"], () => [0, 1]);

  // The grid is decoded once, a row at a time, while the page has nothing else to do.
  const grid = element("canvas", { width: 28 * CELLS, height: 28 * CELLS }),
    cell = digitCanvas();
  const fillGrid = async () => {
    for (let row = 0; row < CELLS; row++) {
      await idle();
      for (let column = 0; column < CELLS; column++) {
        paintDigit(
          cell,
          network.decode([limit * ((2 * (column + 0.5)) / CELLS - 1), limit * (1 - (2 * (row + 0.5)) / CELLS)]),
          "",
        );
        grid.getContext("2d").drawImage(cell, 28 * column, 28 * row);
      }
      grid.dataset.rows = row + 1;
      if (model.get("view_index") === 1) schedule();
    }
  };
  fillGrid();

  // What lies behind the cross-hair.
  const paintBehind = (width, theme) => (context) => {
    const unit = width / (2 * limit);
    if (model.get("view_index") === 1) context.drawImage(grid, 0, 0, width, width);
    else
      for (const [i, label] of labels.entries())
        dot(context, colors[label], width / 2 + dots[2 * i] * unit, width / 2 - dots[2 * i + 1] * unit, 2);
    circles(context, theme.prior, width / 2, width / 2, unit);
    const write = (word, x, y, font) => {
      Object.assign(context, {
        font,
        lineWidth: 4,
        strokeStyle: theme.back,
        fillStyle: theme.text,
        textAlign: "center",
        textBaseline: "middle",
        lineJoin: "round",
      });
      context.strokeText(word, x, y);
      context.fillText(word, x, y);
    };
    if (model.get("view_index") === 0)
      for (const [digit, z1, z2] of model.get("middles"))
        write(digit, width / 2 + z1 * unit, width / 2 - z2 * unit, "bold 15px system-ui, sans-serif");
    for (const tick of [-2, 0, 2]) {
      write(fixed(tick, 0), width / 2 + tick * unit, width - 10, "13px system-ui, sans-serif");
      write(fixed(tick, 0), 10, width / 2 - tick * unit, "13px system-ui, sans-serif");
    }
  };

  return () => {
    const z = Float32Array.from(model.get("z")),
      theme = themeColors(root),
      { context, width } = plotContext(plane);
    const view = model.get("view_index");
    backdrop(context, [view, view && grid.dataset.rows, theme.back], paintBehind(width, theme));
    const unit = width / (2 * limit),
      x = width / 2 + z[0] * unit,
      y = width / 2 - z[1] * unit;
    for (const [color, thick] of [
      [theme.back, 4],
      [theme.text, 1.5],
    ]) {
      Object.assign(context, { strokeStyle: color, lineWidth: thick });
      context.beginPath();
      for (const [fx, fy] of [
        [1, 0],
        [0, 1],
      ])
        for (const side of [-1, 1]) {
          context.moveTo(x + 6 * side * fx, y + 6 * side * fy);
          context.lineTo(x + width * side * fx, y + width * side * fy);
        }
      context.stroke();
      context.beginPath();
      context.arc(x, y, 6, 0, 7);
      context.stroke();
    }
    let nearest = 0,
      best = Infinity;
    for (let i = 0; i < labels.length; i++) {
      const distance = (dots[2 * i] - z[0]) ** 2 + (dots[2 * i + 1] - z[1]) ** 2;
      if (distance < best) {
        best = distance;
        nearest = i;
      }
    }
    const values = { z1: fixed(z[0]), z2: fixed(z[1]), label: labels[nearest] };
    paintDigit(canvas, network.decode(z), fill(text.picture, values), network, z);
    say(readout, fill(text.readout, values));
    plane.setAttribute("aria-label", `${text.plane}. ${readout.textContent}`);
  };
});
