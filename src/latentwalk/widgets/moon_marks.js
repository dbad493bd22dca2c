// Marks over pictures of moons: a knob that turns them, the outline of another moon; and how far from any moon the way from A to B is.
// Angles are in degrees.

import { levels } from "./axes.js";
import { backdrop, plotCanvas, plotContext, sizeOf } from "./canvas.js";
import { box } from "./dom.js";
import { drawGrip, grips } from "./grips.js";
import { dashed, dot, line, write } from "./marks.js";
import { scale } from "./numbers.js";
import { onArrows } from "./steer.js";

const RADIUS = 0.4; // of a moon, as part of its picture's side
const OUTSIDE = 10; // by which the canvas of one with a knob, which stands on the picture's edge, is larger than it on all sides

const radians = (tilt) => (tilt * Math.PI) / 180;
const towards = (width, tilt, distance) =>
  [Math.cos(radians(tilt)), Math.sin(radians(tilt))].map((part) => width / 2 + distance * part);
const knobPlace = (width, tilt) => towards(width, tilt, width / 2 - OUTSIDE);

// The edge of the lit part.
function moonPath(pen, side, phase, tilt) {
  const reach = RADIUS * side;
  const edge = 1 - 2 * phase;
  pen.save();
  pen.translate(side / 2, side / 2);
  pen.rotate(radians(tilt));
  pen.beginPath();
  pen.arc(0, 0, reach, -Math.PI / 2, Math.PI / 2);
  pen.ellipse(0, 0, Math.abs(edge) * reach, reach, 0, Math.PI / 2, -Math.PI / 2, edge > 0);
  pen.closePath();
  pen.restore();
}

// A canvas over a picture, for marks.
export function overlay(picture) {
  const canvas = plotCanvas(0, "lw-over");
  canvas.setAttribute("aria-hidden", "true");
  const frame = box("lw-moon");
  picture.replaceWith(frame);
  frame.append(picture, canvas);
  return {
    canvas,
    outline(theme, phase, tilt) {
      const { context, width } = plotContext(canvas);
      moonPath(context, width, phase, tilt);
      context.strokeStyle = "#0009";
      context.lineWidth = 4;
      context.stroke();
      context.strokeStyle = theme.eps;
      context.lineWidth = 2;
      dashed(context, [5, 4], () => context.stroke());
    },
    knob(theme, tilt) {
      const { context, width } = plotContext(canvas);
      const ring = RADIUS * (width - 2 * OUTSIDE);
      context.beginPath();
      context.arc(width / 2, width / 2, ring, 0, 2 * Math.PI);
      context.strokeStyle = "#fff8";
      context.lineWidth = 1;
      dashed(context, [2, 4], () => context.stroke());
      line(context, theme.eps, 3, towards(width, tilt, ring + 2), knobPlace(width, tilt));
      drawGrip(context, theme, theme.eps, knobPlace(width, tilt));
    },
  };
}

export function writeDark({ canvas }, words) {
  const { width } = sizeOf(canvas);
  write(canvas.getContext("2d"), words, width / 2, width / 2, "#ddd", "center", "middle", "#000");
}

// Turns a moon by its knob, by a mouse anywhere on it, by the arrow keys to both sides; those up and down: light(by).
export function turn({ canvas }, { get, set, light }) {
  const side = () => sizeOf(canvas).width;
  canvas.removeAttribute("aria-hidden");
  grips(canvas, {
    places: () => ({ knob: knobPlace(side(), get()) }),
    elsewhere: () => "knob",
    follow: (_, x, y) => set((Math.atan2(y - side() / 2, x - side() / 2) * 180) / Math.PI),
  });
  onArrows(canvas, (across, up, fine) => {
    if (up) return light((fine ? 0.01 : 0.05) * up);
    const tilt = get() + (fine ? 1 : 5) * across;
    set(tilt - 360 * Math.round(tilt / 360));
  });
}

const HIGHEST = 750; // distances: no way between two moons comes to it, and an axis that changed would jump under the hand

// Distances over t: for each network a curve and where t is.
export function paintDistances(pen, [[left, right], height], color, { t, labels, curves, distances }) {
  const [top, bottom] = [10, height - 34];
  const x = scale([0, 1], [left, right]);
  const y = scale([0, HIGHEST], [bottom, top]);
  backdrop(pen, [color.text], (back) => {
    levels(back, color, [0, 250, 500, HIGHEST], y, [left, right], { gap: 6 });
    for (const [words, at] of Object.entries({ A: 0, "t = 0.5": 0.5, B: 1 }))
      write(back, words, x(at), height - 8, color.muted);
  });
  line(pen, color.text, 1.5, [x(t), top], [x(t), bottom]);
  for (const [k, kind] of ["ae", "vae"].entries()) {
    const last = curves[k].length - 1;
    line(pen, color[kind], 2.5, ...curves[k].map((distance, i) => [x(i / last), y(distance)]));
    dot(pen, color[kind], x(t), y(distances[k]), 6);
    write(pen, labels[k], left + 8, top + 8 + 17 * k, color[kind], "left");
  }
  drawGrip(pen, color, color.text, [x(t), bottom], "ew", "t");
}
