// A figure as a PNG: what is seen of it, painted anew at four pixels for each of the page's, and below it what it is.

import { element } from "./dom.js";

const SHARP = 4; // pixels for each of the page's
const MOST_PIXELS = 16e6; // pixels that every browser's canvas has
const AROUND = 16; // of the page's pixels, as all below
const LINE = 18;
const LETTERS = '"Segoe UI", system-ui, sans-serif';
const LEFT_OUT = ".lw-head, .lw-button, .lw-hidden, .lw-stale, .lw-error";

const isClear = (color) => /^transparent$|^rgba\(.*, 0\)$|\/ 0\)$/.test(color);

const isSeen = (node) =>
  node.checkVisibility?.({ visibilityProperty: true, opacityProperty: true }) ?? node.getClientRects().length > 0;

function paintBox(pen, node, look) {
  const { left, top, width, height } = node.getBoundingClientRect();
  if (!isClear(look.backgroundColor)) {
    pen.fillStyle = look.backgroundColor;
    pen.fillRect(left, top, width, height);
  }
  const edges = { Top: [0, 0, 1, 0], Bottom: [0, 1, 1, 0], Left: [0, 0, 0, 1], Right: [1, 0, 0, 1] };
  for (const [side, [x, y, across, down]] of Object.entries(edges)) {
    const thick = Number.parseFloat(look[`border${side}Width`]);
    if (!thick || look[`border${side}Style`] === "none" || isClear(look[`border${side}Color`])) continue;
    pen.fillStyle = look[`border${side}Color`];
    pen.fillRect(left + x * (width - thick), top + y * (height - thick), across ? width : thick, down ? height : thick);
  }
}

// Word by word, where the page has it.
function paintWords(pen, letters, look) {
  pen.font = `${look.fontStyle} ${look.fontWeight} ${look.fontSize} ${look.fontFamily}`;
  pen.fillStyle = look.color;
  const range = document.createRange();
  for (const { 0: word, index } of letters.data.matchAll(/\S+/g)) {
    range.setStart(letters, index);
    range.setEnd(letters, index + word.length);
    const [where] = range.getClientRects();
    if (!where?.width) continue;
    const { fontBoundingBoxAscent: above, fontBoundingBoxDescent: below } = pen.measureText(word);
    pen.fillText(word, where.left, where.top + (where.height + above - below) / 2);
  }
}

function paintNode(pen, node) {
  if (node.nodeType === Node.TEXT_NODE) return paintWords(pen, node, getComputedStyle(node.parentNode));
  if (node.nodeType !== Node.ELEMENT_NODE || node.matches(LEFT_OUT) || !isSeen(node)) return;
  const look = getComputedStyle(node);
  paintBox(pen, node, look);
  if (node.tagName === "CANVAS" && node.width && node.height) {
    const { left, top } = node.getBoundingClientRect();
    pen.imageSmoothingEnabled = look.imageRendering !== "pixelated";
    pen.drawImage(node, left + node.clientLeft, top + node.clientTop, node.clientWidth, node.clientHeight);
  }
  for (const child of node.childNodes) paintNode(pen, child);
}

// Lines no longer than `width`: broken between words, and within one that is longer by itself; at most `most`.
export function breakLines(words, width, measure, most) {
  const lines = [""];
  for (const part of words.split(/(?<=[ &;,/])/)) {
    for (const piece of measure(part) > width ? part : [part]) {
      if (lines.at(-1) && measure(lines.at(-1) + piece) > width) lines.push("");
      lines[lines.length - 1] += piece;
    }
  }
  return lines.length > most ? [...lines.slice(0, most - 1), `${lines[most - 1].slice(0, -1)}\u2026`] : lines;
}

export function download(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = element("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // some browsers begin later
}

// redraw(ratio) draws the figure on so many pixels for each of the page's; 0: as the screen has them. Whether the browser gave a picture.
export async function savePicture({ root, name, redraw, title, values, address }) {
  const area = root.getBoundingClientRect();
  const look = getComputedStyle(root.closest(".lw-card") ?? root);
  const pen = element("canvas").getContext("2d");
  const fonts = [`600 15px ${LETTERS}`, `13px ${LETTERS}`, `11px ${LETTERS}`];
  const below = [title, values, address].flatMap((words, k) => {
    pen.font = fonts[k];
    return words
      ? breakLines(words, area.width, (part) => pen.measureText(part).width, 3).map((line) => [fonts[k], line])
      : [];
  });
  const head = root.querySelector(".lw-head")?.getBoundingClientRect().bottom ?? area.top;
  const width = area.width + 2 * AROUND;
  const height = area.bottom - head + 2 * AROUND + LINE * below.length;
  const scale = Math.min(SHARP, Math.sqrt(MOST_PIXELS / (width * height)));
  Object.assign(pen.canvas, { width: Math.round(scale * width), height: Math.round(scale * height) });
  pen.scale(scale, scale);
  pen.fillStyle = look.backgroundColor;
  pen.fillRect(0, 0, width, height);
  pen.translate(AROUND - area.left, AROUND - head);
  redraw(scale);
  try {
    for (const child of root.childNodes) paintNode(pen, child);
  } finally {
    redraw(0);
  }
  pen.fillStyle = look.color;
  for (const [k, [font, line]] of below.entries()) {
    pen.font = font;
    pen.fillText(line, area.left, area.bottom + LINE * (k + 1));
  }
  const blob = await new Promise((done) => pen.canvas.toBlob(done, "image/png"));
  if (blob) download(blob, `${name}.png`);
  return Boolean(blob);
}
