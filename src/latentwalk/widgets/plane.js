// The latent plane as a map. See plane.py for the traits.

import { backdrop, FONT, plotContext, sizeOf, squareCanvas } from "./canvas.js";
import { digitCanvas, paintDecoded, paintDigit } from "./digits.js";
import { box, element, paragraph } from "./dom.js";
import { defineFigure } from "./figure.js";
import { getNetwork, idle } from "./loading.js";
import { circles, dot, write } from "./marks.js";
import { joinSliders } from "./model.js";
import { bytes, clamp, floats, scale } from "./numbers.js";
import { steer } from "./steer.js";
import { themeColors } from "./theme.js";
import { fill, fixed, say } from "./words.js";

const CELLS = 20; // decoded pictures along each side of the grid
const DOTS = 0; // the views: the codes of test digits, or the decoded grid
const GRID_VIEW = 1;
const RADIUS = 6; // of the ring at z

// Words that stand out from dots and digits behind them.
function writeWithHalo(pen, words, x, y, theme, font) {
  pen.font = font;
  pen.lineWidth = 4;
  pen.lineJoin = "round";
  pen.strokeStyle = theme.back;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.strokeText(words, x, y);
  write(pen, words, x, y, theme.text);
}

// A ring with lines to all four sides.
function crossHair(pen, x, y, reach, color, width) {
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.beginPath();
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ]) {
    pen.moveTo(x + RADIUS * dx, y + RADIUS * dy);
    pen.lineTo(x + reach * dx, y + reach * dy);
  }
  pen.stroke();
  pen.beginPath();
  pen.arc(x, y, RADIUS, 0, 2 * Math.PI);
  pen.stroke();
}

export default defineFigure("plane", async ({ model, root, schedule, save }) => {
  const text = model.get("text");
  const limit = model.get("limit");
  const colors = model.get("colors");
  const sides = [-limit, limit];
  const dots = floats(model.get("dots")); // z1, z2 of each test digit
  const labels = bytes(model.get("labels"));
  const network = await getNetwork(model, model.get("network"));
  const plane = squareCanvas();
  const canvas = digitCanvas();
  const readout = paragraph();
  root.append(box("lw-map", plane, box("lw-screen lw-vae", canvas, readout)));

  const inside = (value) => clamp(Math.round(1000 * value) / 1000, sides);
  const set = (z1, z2) => save({ z: [inside(z1), inside(z2)] });
  const at = (x, y) => {
    const { width, height } = sizeOf(plane);
    return [scale([0, width], sides)(x), scale([height, 0], sides)(y)];
  };
  steer(plane, { at, set, get: () => model.get("z") });
  joinSliders(model, ["z1", "z2"], () => [0, 1]);

  // The grid is decoded once, a row at a time, while the page has nothing else to do.
  const grid = element("canvas", { width: 28 * CELLS, height: 28 * CELLS });
  let rows = 0; // of the grid, decoded so far
  const fillGrid = async () => {
    const pen = grid.getContext("2d");
    const cell = digitCanvas();
    const middle = scale([-0.5, CELLS - 0.5], sides);
    for (let row = 0; row < CELLS; row++) {
      await idle();
      for (let column = 0; column < CELLS; column++) {
        paintDigit(cell, network.decode([middle(column), -middle(row)]), "");
        pen.drawImage(cell, 28 * column, 28 * row);
      }
      rows = row + 1;
      if (model.get("view_index") === GRID_VIEW) schedule();
    }
  };
  fillGrid();

  // What lies behind the cross-hair.
  function paintBehind(pen, view, width, theme) {
    const x = scale(sides, [0, width]);
    const y = scale(sides, [width, 0]);
    if (view === GRID_VIEW) pen.drawImage(grid, 0, 0, width, width);
    else for (const [i, label] of labels.entries()) dot(pen, colors[label], x(dots[2 * i]), y(dots[2 * i + 1]), 2);
    circles(pen, theme.prior, x(0), y(0), x(1) - x(0));
    if (view === DOTS)
      for (const [digit, z1, z2] of model.get("middles"))
        writeWithHalo(pen, digit, x(z1), y(z2), theme, "bold 15px system-ui, sans-serif");
    for (const tick of [-2, 0, 2]) {
      writeWithHalo(pen, fixed(tick, 0), x(tick), width - 10, theme, FONT);
      writeWithHalo(pen, fixed(tick, 0), 10, y(tick), theme, FONT);
    }
  }

  function drawPlane(z) {
    const theme = themeColors(root);
    const view = model.get("view_index");
    const { context, width } = plotContext(plane);
    const shown = view === GRID_VIEW ? rows : "";
    backdrop(context, [view, shown, theme.back], (pen) => paintBehind(pen, view, width, theme));
    const x = scale(sides, [0, width])(z[0]);
    const y = scale(sides, [width, 0])(z[1]);
    crossHair(context, x, y, width, theme.back, 4);
    crossHair(context, x, y, width, theme.text, 1.5);
  }

  // What the test digit shows whose code lies nearest.
  function nearestLabel(z) {
    let nearest = 0;
    let best = Infinity;
    for (let i = 0; i < labels.length; i++) {
      const distance = (dots[2 * i] - z[0]) ** 2 + (dots[2 * i + 1] - z[1]) ** 2;
      if (distance >= best) continue;
      best = distance;
      nearest = i;
    }
    return labels[nearest];
  }

  return () => {
    const z = Float32Array.from(model.get("z"));
    drawPlane(z);
    const values = { z1: fixed(z[0]), z2: fixed(z[1]), label: nearestLabel(z) };
    paintDecoded(canvas, network, z, fill(text.picture, values));
    say(readout, fill(text.readout, values));
    plane.setAttribute("aria-label", `${text.plane}. ${readout.textContent}`);
  };
});
