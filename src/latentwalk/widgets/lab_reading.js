// Files that a reader has chosen, dropped or pasted, read as pictures of 28 x 28 and their labels.

import { FileTrouble, greyPicture, imageCanvas } from "./image_files.js";
import { asPictures, drawn, kindOf, readIdx, readNpy, SIDE, shrink } from "./picture_files.js";
import { fill } from "./words.js";

export const MOST = 20_000; // pictures: of more, so many are drawn at random
const PATIENCE = 100; // ms after which the page may answer

async function gunzip(bytes) {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw new FileTrouble("damaged");
  }
}

const smaller = ({ height, width, grey }) => ({
  count: 1,
  height: SIDE,
  width: SIDE,
  grey: shrink(grey, height, width),
});

// One file -> {count, height, width, grey}, or {labels}.
async function read(file) {
  let bytes = new Uint8Array(await file.arrayBuffer());
  if (kindOf(bytes) === "gzip") bytes = await gunzip(bytes);
  const kind = kindOf(bytes);
  if (kind === "gzip") throw new FileTrouble("other"); // twice
  if (["empty", "packed", "heic", "other"].includes(kind)) throw new FileTrouble(kind);
  if (kind === "image") return smaller(greyPicture(await imageCanvas(new Blob([bytes]), 256))); // kept by the thousand
  const array = kind === "idx" ? readIdx(bytes) : readNpy(bytes);
  return asPictures(array) ?? { labels: array.values };
}

// The files of what has been dropped, folders opened: [{file, folder}], and in `closed` the names of folders that the browser does not
// open, as in a page on a disk. Files come without an entry: that of a page on a disk gives none.
export async function dropped(transfer) {
  const items = [...transfer.items].filter(({ kind }) => kind === "file");
  const given = items.map((item) => ({ entry: item.webkitGetAsEntry?.(), file: item.getAsFile() })); // now: later they are gone
  const [found, closed] = [[], []];
  const open = async (entry, folder) => {
    if (entry.isFile) {
      found.push({ file: await new Promise((done, fail) => entry.file(done, fail)), folder });
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const more = await new Promise((done, fail) => reader.readEntries(done, fail));
      if (!more.length) break;
      for (const one of more) await open(one, entry.name);
    }
  };
  for (const { entry, file } of given) {
    if (!entry?.isDirectory) found.push({ file, folder: "" });
    else await open(entry, "").catch(() => closed.push(entry.name));
  }
  return { files: found, closed };
}

// The label of each picture of some sets: from a file with as many labels as the set or all sets have pictures, or the number of its folder.
function labelled(sets, lists, folders) {
  const total = sets.reduce((sum, { count }) => sum + count, 0);
  const left = [...lists];
  const take = (count) =>
    left.splice(
      left.findIndex((list) => list.length === count),
      1,
    )[0];
  const has = (count) => left.some((list) => list.length === count);
  if (sets.length > 1 && has(total)) return take(total);
  const parts = sets.map(({ count, folder }) =>
    count > 1 && has(count) ? [...take(count)] : new Array(count).fill(folders.indexOf(folder) % 256),
  );
  return parts.flat();
}

const HIDDEN = /^(\.|Thumbs\.db$|desktop\.ini$)/; // what systems leave in a folder of pictures

// Reads all files; what is in `closed` is named with what cannot be read; tell(share) is called as it goes on. Gives {pictures, labels, all: how many there were, troubles}.
export async function readAll({ files: given, closed = [] }, text, tell) {
  const files = given.filter(({ file }) => !HIDDEN.test(file.name));
  const [sets, lists] = [[], []];
  const troubles = closed.map((name) => `${name}: ${text.closed}`);
  const folders = [...new Set(files.map(({ folder }) => folder))];
  let last = performance.now();
  const rest = async (share) => {
    if (performance.now() - last < PATIENCE) return;
    tell(share);
    await new Promise((done) => setTimeout(done));
    last = performance.now();
  };
  for (const [k, { file, folder }] of files.entries()) {
    try {
      const found = await read(file);
      if (found.labels) lists.push(found.labels);
      else sets.push({ ...found, folder });
    } catch (error) {
      const words = error instanceof FileTrouble ? fill(text[error.trouble], error.values) : error.message;
      troubles.push(`${file.name}: ${words}`);
    }
    await rest((k + 1) / files.length);
  }
  const of = labelled(sets, lists, folders);
  const places = sets.flatMap((set) => Array.from({ length: set.count }, (_, i) => [set, i]));
  const [pictures, labels] = [[], []];
  for (const place of drawn(places.length, MOST)) {
    const [{ height, width, grey }, i] = places[place];
    pictures.push(shrink(grey.subarray(i * height * width, (i + 1) * height * width), height, width));
    labels.push(of[place]);
    await rest(1);
  }
  return { pictures, labels, all: places.length, troubles };
}
