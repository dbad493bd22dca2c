// The latent plane as a map, and films of the paths across it. See plane.py for the traits.

import { backdrop, plotContext, sizeOf, squareCanvas } from "./canvas.js";
import { chipRow } from "./chips.js";
import { digitCanvas, paintDecoded, paintDigit } from "./digits.js";
import { box, captioned, element } from "./dom.js";
import { defineFigure } from "./figure.js";
import { filmStrip } from "./film.js";
import { drawGrip, grips } from "./grips.js";
import { idle } from "./idle.js";
import { getNetwork } from "./loading.js";
import { line } from "./marks.js";
import { joinSliders } from "./model.js";
import { bytes, clamp, floats, scale } from "./numbers.js";
import { along } from "./paths.js";
import { nearestLabel, paintScatter } from "./scatter.js";
import { arrows } from "./steer.js";
import { themeColors } from "./theme.js";
import { fill, fixed } from "./words.js";

const CELLS = 20; // decoded pictures along each side of the grid
const GRID_VIEW = 1;
const SHORTEST = 0.4; // length of a path
const LENS = 92; // CSS pixels along a side

export default defineFigure("plane", async ({ model, root, schedule, save }) => {
  const text = model.get("text");
  const limit = model.get("limit");
  const sides = [-limit, limit];
  const names = model.get("class_names");
  const middles = model.get("middles").map(([label, ...place]) => [names[label], ...place]);
  const crowd = { names, middles, colors: model.get("colors") };
  Object.assign(crowd, { dots: floats(model.get("dots")), labels: bytes(model.get("labels")) }); // z1, z2 of each test digit
  const network = await getNetwork(model, model.get("network"));
  const plane = squareCanvas();
  const [, high, wide] = network.shape;
  const lens = digitCanvas(network.shape);
  const film = filmStrip({ root, network, text, get: () => model.get("t"), set: (t) => save({ t }) });
  const chips = chipRow({ z1: "vae", z2: "vae", label: "prior" });
  const ticks = (kind) => box(`lw-ticks lw-${kind}`, ...[-2, 0, 2].map((tick) => element("span", {}, fixed(tick, 0))));
  root.append(
    box(
      "lw-map",
      box("lw-chart", ticks("up"), box("lw-stage", plane, box("lw-lens lw-vae", lens)), ticks("across")),
      box("lw-side", captioned(film.strip, text.film, "lw-panel"), box("lw-buttons", film.play), chips.row),
    ),
  );

  const inside = (value) => clamp(Math.round(1000 * value) / 1000, sides);
  const point = (z) => z.map(inside);
  const across = () => scale(sides, [0, sizeOf(plane).width]);
  const up = () => scale(sides, [sizeOf(plane).height, 0]);
  const set = (z1, z2) => save({ z: point([z1, z2]) });
  joinSliders(model, ["z1", "z2"], () => [0, 1]);

  // A drag leaves a trail, and what it passed is the film.
  let trail = null;
  const path = () => (trail && along(trail).length > SHORTEST ? trail : model.get("path"));
  grips(plane, {
    places: () => ({ z: [across()(model.get("z")[0]), up()(model.get("z")[1])] }),
    elsewhere: () => "z",
    start() {
      film.stop();
      trail = [];
    },
    follow(_, x, y) {
      const { width, height } = sizeOf(plane);
      const z = point([scale([0, width], sides)(x), scale([height, 0], sides)(y)]);
      trail?.push(z);
      save({ z });
    },
    end() {
      if (along(trail).length > SHORTEST) save({ path: trail, t: 1 });
      trail = null;
      schedule();
    },
  });
  arrows(plane, { get: () => model.get("z"), set });
  model.on("change:t", () => save({ z: point(along(model.get("path")).at(model.get("t"))) }));

  // The grid is decoded once, a row at a time, while the page has nothing else to do.
  const side = Math.max(high, wide); // of a cell
  const grid = element("canvas", { width: side * CELLS, height: side * CELLS });
  let rows = 0; // of the grid, decoded so far
  const fillGrid = async () => {
    root.setAttribute("aria-busy", true);
    const pen = grid.getContext("2d");
    const cell = digitCanvas(network.shape);
    const middle = scale([-0.5, CELLS - 0.5], sides);
    for (let row = 0; row < CELLS; row++) {
      await idle();
      for (let column = 0; column < CELLS; column++) {
        paintDigit(cell, network.decode([middle(column), -middle(row)]), "");
        pen.drawImage(cell, side * column + (side - wide) / 2, side * row + (side - high) / 2);
      }
      rows = row + 1;
      if (model.get("view_index") === GRID_VIEW) schedule();
    }
    root.setAttribute("aria-busy", false);
  };
  fillGrid();

  // What lies behind the ring: decoded pictures, or the codes of test digits with their names and the prior's circles.
  function paintBehind(pen, view, width, theme) {
    if (view === GRID_VIEW) pen.drawImage(grid, 0, 0, width, width);
    else paintScatter(pen, theme, crowd, across(), up());
  }

  function drawPlane(z, way) {
    const theme = themeColors(root);
    const view = model.get("view_index");
    const { context, width } = plotContext(plane);
    backdrop(context, [view, view === GRID_VIEW ? rows : "", theme.back], (pen) =>
      paintBehind(pen, view, width, theme),
    );
    const [x, y] = [across(), up()];
    const [dark, bright] = view === GRID_VIEW ? ["#000", "#f2bb4b"] : [theme.back, theme.eps];
    const places = way.map(([z1, z2]) => [x(z1), y(z2)]);
    line(context, dark, 5, ...places);
    line(context, bright, 2, ...places);
    drawGrip(context, { back: dark }, bright, [x(z[0]), y(z[1])]);
    // The lens stands above the pointer, or below it where there is no room.
    const [left, top] = [clamp(x(z[0]) - LENS / 2, [2, width - LENS - 2]), y(z[1])];
    const beside = top > LENS + 26 ? top - LENS - 22 : top + 22;
    lens.parentNode.style.transform = `translate(${left}px, ${beside}px)`;
  }

  const drawAll = () => {
    const z = Float32Array.from(model.get("z"));
    const way = path();
    drawPlane(z, way);
    film.draw(way, trail ? 1 : model.get("t"));
    const values = { z1: fixed(z[0]), z2: fixed(z[1]), label: nearestLabel(crowd, z) };
    const words = Object.fromEntries(["z1", "z2", "label"].map((name) => [name, fill(text[name], values)]));
    paintDecoded(lens, network, z, fill(text.picture, values));
    chips.show(words);
    plane.setAttribute("aria-label", `${text.plane}. ${Object.values(words).join(", ")}`);
  };
  const pictureAt = (t) => network.decode(Float32Array.from(along(path()).at(t)));
  return Object.assign(drawAll, { film: () => ({ shape: network.shape, at: (t) => [pictureAt(t)] }) });
});
