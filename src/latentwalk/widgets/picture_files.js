// Files of pictures that people have: what kind one is, by its first bytes, and the arrays in idx and npy files. What cannot be read is
// told by the name of a sentence and its numbers: {trouble, ...}.

import { FileTrouble, greyOf } from "./image_files.js";

export const SIDE = 28;

const starts = (bytes, ...first) => first.every((byte, i) => bytes[i] === byte);
const latin = (bytes, from, to) => String.fromCharCode(...bytes.subarray(from, to));

// "gzip", "idx", "npy", "image", or what is refused: "empty", "packed", "heic", "other".
export function kindOf(bytes) {
  if (!bytes.length) return "empty";
  if (starts(bytes, 0x1f, 0x8b)) return "gzip";
  if (starts(bytes, 0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59)) return "npy";
  if (starts(bytes, 0, 0) && bytes[2] >= 8 && bytes[2] <= 14 && bytes[3] >= 1 && bytes[3] <= 4) return "idx";
  if (starts(bytes, 0x50, 0x4b, 3, 4)) return "packed";
  const image = starts(bytes, 0x89, 0x50, 0x4e, 0x47) || starts(bytes, 0xff, 0xd8, 0xff);
  const head = latin(bytes, 0, 12);
  if (/^....ftyp(hei|hev|mif1|msf1)/s.test(head)) return "heic"; // phones' own
  return image || /^(RIFF....WEBP|GIF8|BM|....ftypavi)/s.test(head) ? "image" : "other";
}

// idx, the format of MNIST, Fashion-MNIST and KMNIST: {shape, values (Uint8Array)}.
export function readIdx(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes[2] !== 8) throw new FileTrouble("not_bytes");
  const count = bytes[3];
  if (bytes.length < 4 + 4 * count) throw new FileTrouble("cut", { expected: 4 + 4 * count, got: bytes.length });
  const shape = Array.from({ length: count }, (_, i) => view.getUint32(4 + 4 * i));
  return { shape, values: numbersOf(bytes, 4 + 4 * count, shape, 1) };
}

function numbersOf(bytes, from, shape, size) {
  const expected = from + size * shape.reduce((m, n) => m * n, 1);
  if (bytes.length < expected) throw new FileTrouble("cut", { expected, got: bytes.length });
  return bytes.slice(from, expected);
}

const NPY = {
  "|u1": Uint8Array,
  "|b1": Uint8Array,
  "<f4": Float32Array,
  "<f8": Float64Array,
  "<i8": BigInt64Array,
  "<i4": Int32Array,
};

// NumPy's .npy: {shape, values}; whole numbers are bytes, other numbers in [0, 1] or [0, 255] become bytes.
export function readNpy(bytes) {
  const long = bytes[6] > 1;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12) throw new FileTrouble("cut", { expected: 128, got: bytes.length });
  const start = (long ? 12 : 10) + (long ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = latin(bytes, long ? 12 : 10, Math.min(start, bytes.length));
  const kind = /'descr':\s*'([^']+)'/.exec(header)?.[1];
  const Numbers = NPY[kind];
  if (!Numbers) throw new FileTrouble("npy_kind", { kind: kind ?? "?" });
  if (/'fortran_order':\s*True/.test(header)) throw new FileTrouble("npy_order");
  const shape = Array.from((/'shape':\s*\(([^)]*)\)/.exec(header)?.[1] ?? "").matchAll(/\d+/g), Number);
  const raw = numbersOf(bytes, start, shape, Numbers.BYTES_PER_ELEMENT);
  const numbers = new Numbers(raw.buffer);
  if (kind === "|u1") return { shape, values: numbers };
  let most = 0; // loops, without another array: these may be 50 million numbers
  for (let i = 0; i < numbers.length; i++) {
    if (!(numbers[i] >= 0 && numbers[i] <= 255)) throw new FileTrouble("npy_range");
    if (numbers[i] > most) most = Number(numbers[i]);
  }
  const unit = most <= 1 && kind[1] !== "i" ? 255 : 1;
  const values = new Uint8Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) values[i] = Math.round(Number(numbers[i]) * unit);
  return { shape, values };
}

// PyTorch's (n, colours, height, width) as (n, height, width, colours).
function coloursLast({ shape: [count, colours, height, width], values }) {
  const size = height * width;
  const turned = new Uint8Array(values.length);
  for (let i = 0; i < count * colours; i++) {
    const first = Math.floor(i / colours) * colours * size + (i % colours);
    for (let j = 0; j < size; j++) turned[first + j * colours] = values[i * size + j];
  }
  return { shape: [count, height, width, colours], values: turned };
}

// An array as grey pictures of one size: {count, height, width, grey}; null if it has one axis: labels.
export function asPictures(array) {
  const { shape, values } = [1, 3].includes(array.shape[1]) && array.shape.length === 4 ? coloursLast(array) : array;
  if (shape.length === 1) return null;
  const side = Math.sqrt(shape[1]);
  const [count, height, width] = shape.length === 2 && Number.isInteger(side) ? [shape[0], side, side] : shape;
  const colours = shape[3] ?? 1;
  if (shape.length > 4 || !width || ![1, 3, 4].includes(colours))
    throw new FileTrouble("shape", { shape: shape.join(" x ") || 0 });
  if (height < 2 || width < 2) throw new FileTrouble("tiny", { width, height });
  if (colours === 1) return { count, height, width, grey: values };
  return { count, height, width, grey: greyOf(values, colours) };
}

// One grey picture of any size -> 28 x 28, centred, each pixel the mean of what it covers.
export function shrink(grey, height, width) {
  if (height === SIDE && width === SIDE) return grey.slice();
  const scale = Math.max(height, width) / SIDE;
  const [top, left] = [(SIDE - height / scale) / 2, (SIDE - width / scale) / 2];
  const small = new Uint8Array(SIDE * SIDE);
  const span = (place, from, size) => {
    const low = Math.max(0, Math.floor((place - from) * scale));
    return [low, Math.min(size, Math.max(low + 1, Math.ceil((place + 1 - from) * scale)))];
  };
  for (let r = 0; r < SIDE; r++)
    for (let c = 0; c < SIDE; c++) {
      if (r + 0.5 < top || r + 0.5 > SIDE - top || c + 0.5 < left || c + 0.5 > SIDE - left) continue;
      const [[y0, y1], [x0, x1]] = [span(r, top, height), span(c, left, width)];
      let sum = 0;
      for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) sum += grey[y * width + x];
      small[r * SIDE + c] = Math.round(sum / ((y1 - y0) * (x1 - x0)));
    }
  return small;
}

// 0, 1, ..., count - 1 in an order that a seed fixes.
function shuffled(count) {
  const order = Array.from({ length: count }, (_, i) => i);
  let state = 7;
  for (let i = count - 1; i > 0; i--) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const j = (state >>> 8) % (i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

// Which of so many pictures are taken, in their own order: all, or so many at random.
export const drawn = (count, most) =>
  shuffled(count)
    .slice(0, most)
    .sort((a, b) => a - b);

// Every sixth picture for measuring, at least one; in an order that a seed fixes.
export function split(pictures, labels) {
  const order = shuffled(pictures.length);
  const train = order.length - Math.min(2000, Math.max(1, Math.floor(order.length / 6)));
  const all = new Uint8Array(order.length * SIDE * SIDE);
  for (const [k, i] of order.entries()) all.set(pictures[i], k * SIDE * SIDE);
  return { pictures: all, labels: Uint8Array.from(order, (i) => labels[i]), train };
}
