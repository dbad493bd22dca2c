// The pictures that a Lab trains on, as they come: packed and with a checksum (the book's digits), or ready (a reader's own).

import { sha256 } from "@noble/hashes/sha2.js";
import { Told } from "./told.js";
import { PIXELS } from "./vae.js";

export const hex = (bytes) => Array.from(sha256(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function unpack(parts) {
  const stream = new Blob(parts).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// The digits: gzip, in parts, of all labels and then all pictures; the first `train` of them are trained on.
export async function readDigits({ parts, digest, train, test }) {
  let bytes = new Uint8Array(0);
  try {
    bytes = await unpack(parts);
  } catch {
    // its checksum tells
  }
  const count = train + test;
  if (bytes.length !== count * (PIXELS + 1) || hex(bytes) !== digest) throw new Told("digits_damaged");
  return { labels: bytes.slice(0, count), pictures: bytes.subarray(count), train };
}

// Which pictures are trained on and which are measured, of these classes only (null: of all).
export function choose({ labels, train }, classes) {
  const all = Array.from(labels.keys()).filter((i) => !classes || classes.includes(labels[i]));
  return { training: all.filter((i) => i < train), test: all.filter((i) => i >= train) };
}
