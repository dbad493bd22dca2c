// A reader's own pictures: files and folders that are chosen, dropped or pasted. They are read here, and go nowhere but to the worker.

import { digitCanvas, paintDigit } from "./digits.js";
import { box, button, element, fold, paragraph } from "./dom.js";
import { asPictures, FileTrouble, kindOf, readIdx, readNpy, shrink, split } from "./picture_files.js";
import { fill, say } from "./words.js";

const FEWEST = 16;
const MOST = 20_000;
const LARGEST = 100_000_000; // pixels: a photograph of 40 million passes, one at a time
const TOLD = 5; // files that could not be read are named, and the others counted
const SHOWN = 30;
const PATIENCE = 100; // ms after which the page may answer

async function gunzip(bytes) {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw new FileTrouble("damaged");
  }
}

// What is transparent stands on white, as in a page; what is missing at two sides, too, or on black where the picture's edge is dark.
async function decodeImage(bytes) {
  const bitmap = await createImageBitmap(new Blob([bytes])).catch(() => {
    throw new FileTrouble("damaged");
  });
  const { width, height } = bitmap;
  try {
    if (width < 2 || height < 2) throw new FileTrouble("tiny", { width, height });
    if (width * height > LARGEST) throw new FileTrouble("huge", { width, height });
    const scale = Math.min(1, 256 / Math.max(width, height)); // the browser's own smoothing first
    const [across, down] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
    const pen = element("canvas", { width: across, height: down }).getContext("2d", { willReadFrequently: true });
    pen.imageSmoothingQuality = "high";
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, across, down);
    pen.drawImage(bitmap, 0, 0, across, down);
    const { data } = pen.getImageData(0, 0, across, down);
    return asPictures({ shape: [1, down, across, 4], values: data });
  } finally {
    bitmap.close();
  }
}

// One file -> {count, height, width, grey}, or {labels}.
async function read(file) {
  let bytes = new Uint8Array(await file.arrayBuffer());
  if (kindOf(bytes) === "gzip") bytes = await gunzip(bytes);
  const kind = kindOf(bytes);
  if (kind === "empty") throw new FileTrouble("empty");
  if (kind === "other" || kind === "gzip") throw new FileTrouble("other");
  if (kind === "image") return decodeImage(bytes);
  const array = kind === "idx" ? readIdx(bytes) : readNpy(bytes);
  return asPictures(array) ?? { labels: array.values };
}

// The files of what has been dropped, folders opened: [{file, folder}].
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const found = [];
  const open = async (entry, folder) => {
    if (entry.isFile) found.push({ file: await new Promise((done, fail) => entry.file(done, fail)), folder });
    else {
      const reader = entry.createReader();
      for (;;) {
        const more = await new Promise((done, fail) => reader.readEntries(done, fail));
        if (!more.length) break;
        for (const one of more) await open(one, entry.name);
      }
    }
  };
  if (!entries.length) return [...transfer.files].map((file) => ({ file, folder: "" }));
  for (const entry of entries) await open(entry, "");
  return found;
}

// Reads all files; tell(share) is called as it goes on. Gives {pictures, labels, folders, troubles}.
export async function readAll(files, text, tell) {
  const [pictures, of, troubles, lists] = [[], [], [], []];
  const folders = [...new Set(files.map(({ folder }) => folder))];
  let last = performance.now();
  for (const [k, { file, folder }] of files.entries()) {
    try {
      const found = await read(file);
      if (found.labels) lists.push(found.labels);
      else {
        const { count, height, width, grey } = found;
        for (let i = 0; i < count && pictures.length <= MOST; i++) {
          pictures.push(shrink(grey.subarray(i * height * width, (i + 1) * height * width), height, width));
          of.push(folders.indexOf(folder) % 256);
        }
      }
    } catch (error) {
      const words = error instanceof FileTrouble ? fill(text[error.trouble], error.values) : error.message;
      troubles.push(`${file.name}: ${words}`);
    }
    if (performance.now() - last < PATIENCE) continue;
    tell((k + 1) / files.length);
    await new Promise((done) => setTimeout(done));
    last = performance.now();
  }
  const labels = lists.find((list) => list.length === pictures.length) ?? of;
  return { pictures, labels, folders, troubles };
}

export function labPictures({ model, session, attempt }) {
  const text = model.get("text");
  const verdict = paragraph("lw-readout");
  verdict.setAttribute("role", "status");
  const preview = box("lw-preview");
  const choose = (attributes) => element("input", { type: "file", multiple: true, hidden: true, ...attributes });
  const [files, folder] = [choose({}), choose({ webkitdirectory: true })];
  const zone = box(
    "lw-drop",
    paragraph("lw-hint", text.own_said),
    box(
      "lw-buttons",
      button(text.choose, () => files.click()),
      button(text.folder, () => folder.click()),
    ),
    files,
    folder,
  );
  const back = button(text.back_to_digits, () => attempt(() => session.own(null)));

  const take = (list) =>
    attempt(async () => {
      say(verdict, text.reading);
      const { pictures, labels, troubles } = await readAll(list, text, (share) =>
        say(verdict, `${text.reading} ${Math.round(100 * share)} %`),
      );
      const named = troubles.slice(0, TOLD);
      if (troubles.length > TOLD) named.push(fill(text.others, { count: troubles.length - TOLD }));
      const few = pictures.length < FEWEST ? text.few : pictures.length > MOST ? text.many : null;
      const count = Math.min(pictures.length, MOST + 1);
      say(verdict, [fill(few ?? text.took, { count, classes: new Set(labels).size }), ...named].join(" "));
      if (few) return; // nothing has changed
      preview.replaceChildren();
      for (const pixels of pictures.slice(0, SHOWN)) {
        const canvas = digitCanvas();
        paintDigit(
          canvas,
          Float32Array.from(pixels, (value) => value / 255),
          text.own_picture,
        );
        preview.append(canvas);
      }
      await session.own(split(pictures, labels));
      back.hidden = false;
    });
  back.hidden = true;
  back.addEventListener("click", () => {
    back.hidden = true;
    preview.replaceChildren();
    say(verdict, text.digits_again);
  });
  const parent = (file) => file.webkitRelativePath.split("/").at(-2) ?? "";
  for (const input of [files, folder])
    input.addEventListener("change", () => {
      take([...input.files].map((file) => ({ file, folder: parent(file) })));
      input.value = "";
    });
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    dropped(event.dataTransfer).then(take);
  });
  const panel = fold(text.own, zone, verdict, preview, back);
  document.addEventListener("paste", ({ clipboardData, target }) => {
    if (!panel.open || !panel.isConnected || target.closest?.("input, textarea, [contenteditable]")) return;
    const pasted = [...clipboardData.files].map((file) => ({ file, folder: "" }));
    if (pasted.length) take(pasted);
  });
  return panel;
}
