// Canvases on which one draws in CSS pixels, sharp on any screen, and parts of a drawing that are kept.

import { element } from "./dom.js";

export const FONT = "13px system-ui, sans-serif";

const sizes = new WeakMap(); // of canvases: asking the browser each time makes it lay out the page twice a frame

function measured(canvas) {
  new ResizeObserver(() => sizes.delete(canvas)).observe(canvas);
  return canvas;
}

export function plotCanvas(height, kind = "lw-plot") {
  return measured(element("canvas", { class: kind, role: "img", style: `height: ${height}px` }));
}

// As high as wide.
export const squareCanvas = () => measured(element("canvas", { class: "lw-plot lw-square", role: "img" }));

export function sizeOf(canvas) {
  if (!sizes.has(canvas)) sizes.set(canvas, { width: canvas.clientWidth, height: canvas.clientHeight });
  return sizes.get(canvas);
}

// Letters stand between pixels where they belong, and are not hinted: Chromium hints or does not after a page was printed, and a label that
// moves would jump from pixel to pixel.
function letters(pen) {
  pen.font = FONT;
  pen.textRendering = "geometricPrecision";
}

let wantedRatio = 0;
const pixelRatio = () => wantedRatio || globalThis.devicePixelRatio || 1;

// Drawing on so many pixels for each of the page's; 0: on as many as the screen has.
export function atRatio(ratio, draw) {
  wantedRatio = ratio;
  try {
    draw();
  } finally {
    wantedRatio = 0;
  }
}

// An empty canvas, ready to be drawn on.
export function plotContext(canvas) {
  const ratio = pixelRatio();
  const { width, height } = sizeOf(canvas);
  const context = canvas.getContext("2d");
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across; // which resets all that the context holds
    canvas.height = down;
    letters(context); // not in each frame: it makes the browser work out styles
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

const drawnFrom = new WeakMap(); // of canvases: what their drawing was made of

// Whether a canvas has to be drawn anew: the numbers that its drawing is made of, its colours or its size are others than last time.
export function isStale(canvas, ...made) {
  const { width, height } = sizeOf(canvas);
  const now = [width, height, pixelRatio(), ...made];
  const before = drawnFrom.get(canvas);
  drawnFrom.set(canvas, now);
  return !before || now.some((part, i) => part !== before[i]);
}

// What seldom changes of a drawing is painted onto a layer of its own, and copied from there.

const KEPT = 8; // layers of one canvas
const layers = new WeakMap(); // of canvases: key -> layer
const wanted = new WeakMap(); // of canvases: the last key of a backdrop

const keyOf = ({ width, height }, key) => [width, height, key].join();

// Paints a layer ahead of its use, unless it is there. The key says all that it depends on, but for the canvas's size.
export function keep(context, key, paint) {
  const { canvas } = context;
  const whole = keyOf(canvas, key);
  if (!layers.has(canvas)) layers.set(canvas, new Map());
  const kept = layers.get(canvas);
  if (!kept.has(whole)) {
    if (kept.size === KEPT) kept.delete(kept.keys().next().value); // the oldest
    const layer = element("canvas", { width: canvas.width, height: canvas.height });
    const pen = layer.getContext("2d");
    pen.setTransform(context.getTransform());
    letters(pen);
    paint(pen);
    kept.set(whole, layer);
  }
  return kept.get(whole);
}

// Copies a layer, pixel by pixel.
export function paste(pen, layer) {
  pen.save();
  pen.resetTransform();
  pen.drawImage(layer, 0, 0);
  pen.restore();
}

// What lies behind the rest of a drawing. Painted directly at first, as it may change with each frame; kept if it is wanted again.
export function backdrop(context, key, paint) {
  const { canvas } = context;
  const whole = keyOf(canvas, key);
  const again = wanted.get(canvas) === whole || layers.get(canvas)?.has(whole);
  wanted.set(canvas, whole);
  if (again) {
    paste(context, keep(context, key, paint));
    return;
  }
  context.save();
  paint(context);
  context.restore();
}
