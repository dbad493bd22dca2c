// Files that a page asks for when it needs them: states and code of figures, weights of networks, styles. They are scripts that put
// what they carry into `latentwalk`, as a page on a disk may not fetch() its neighbours.

import { tr } from "./tr.js";

globalThis.latentwalk = { figures: {}, modules: {}, weights: {}, words: {} };

// The folder that holds `_static`, which an edition in another language shares.
const root = new URL("../../", document.currentScript.src).href;

const loading = new Map(); // address -> promise

// A file as its reader may look for it: below the book's folder, without its version.
export const plain = (address) =>
  address
    .split("?")[0]
    .replace(root, "")
    .replace(/^(\.\.?\/)+/, "");

function load(tag, properties) {
  const address = properties.src ?? properties.href;
  if (!loading.has(address)) {
    const wait = new Promise((resolve, reject) => {
      const fail = () => {
        loading.delete(address); // whoever asks again may have more luck
        reject(new Error(tr("{file} does not load", { file: plain(address) })));
      };
      document.head.append(Object.assign(document.createElement(tag), properties, { onload: resolve, onerror: fail }));
    });
    loading.set(address, wait);
  }
  return loading.get(address);
}

export const loadFile = (address) => load("script", { src: address });
export const loadStyle = (address) => load("link", { rel: "stylesheet", href: address });

export function bytes(base64) {
  const text = atob(base64);
  const array = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) array[i] = text.charCodeAt(i); // many times faster than Uint8Array.from(text, ...)
  return array;
}

Object.assign(latentwalk, { root, load: loadFile, bytes, tr });
