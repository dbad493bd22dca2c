// What a Lab brings along, when it is asked for: the worker, the editor, the digits. In the built book they are scripts beside the pages
// (book/_ext/lab.py); in a notebook Python sends them (latentwalk/page/lab.py).

import { fill } from "./words.js";

globalThis.latentwalkLab ??= { digits: [] };
const brought = globalThis.latentwalkLab;

export const inBook = () => Boolean(globalThis.latentwalk?.load);

async function fromBook(name) {
  const file = `_static/lab/${name}.js`;
  await latentwalk.load(`${latentwalk.root}${file}`);
  return file;
}

// Asks the figure's own Python; its answer is {name, error} and, but for an error, a buffer.
function fromPython(model, name) {
  return new Promise((resolve, reject) => {
    const hear = (message, buffers) => {
      if (message?.name !== name) return;
      model.off("msg:custom", hear);
      if (message.error) reject(new Error(message.error));
      else resolve(buffers[0]);
    };
    model.on("msg:custom", hear);
    model.send({ ask: name });
  });
}

// What is damaged is named in the reader's words.
function complete(model, file, content) {
  if (!content) throw new Error(fill(model.get("text").file_damaged, { file }));
  return content;
}

const textOf = (view) => new TextDecoder().decode(view);

// A script of Python's, run as the book's are.
function runScript(text, refused) {
  const src = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src, onload: resolve });
    script.onerror = () => reject(new Error(refused));
    document.head.append(script);
  }).finally(() => URL.revokeObjectURL(src));
}

// "worker": its text; "editor": the function that makes one.
export async function labPart(model, name) {
  if (brought[name]) return brought[name];
  let file = name;
  if (inBook()) file = await fromBook(name);
  else await runScript(textOf(await fromPython(model, name)), model.get("text").no_script);
  return complete(model, file, brought[name]);
}

// The digits: packed, in parts, with their checksum and how many they are; told(share) is called as they come.
export async function labDigits(model, told) {
  const [count, digest, train, test] = ["parts", "checksum", "train_count", "test_count"].map((name) =>
    model.get(name),
  );
  const about = { digest, train, test };
  if (!inBook()) return { ...about, parts: [(await fromPython(model, "digits")).buffer] };
  const parts = [];
  for (let k = 0; k < count; k++) {
    if (!brought.digits[k]) await fromBook(`digits-${k}`);
    const part = complete(model, `_static/lab/digits-${k}.js`, brought.digits[k]);
    if (typeof part === "string") brought.digits[k] = latentwalk.bytes(part).buffer; // its text is of no use any more
    parts.push(brought.digits[k]);
    told((k + 1) / count);
  }
  return { ...about, parts };
}
