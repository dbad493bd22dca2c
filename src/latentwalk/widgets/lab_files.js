// What a Lab brings along, when it is asked for: the worker, the editor, the digits. In the built book they are scripts beside the pages
// (book/_ext/lab.py); in a notebook Python sends them (lab.py).

globalThis.latentwalkLab ??= { digits: [] };
const brought = globalThis.latentwalkLab;

export const inBook = () => Boolean(globalThis.latentwalk?.load);

async function fromBook(name) {
  const file = `_static/lab/${name}.js`;
  await latentwalk.load(`${document.documentElement.dataset.content_root ?? "./"}${file}`);
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

const textOf = (view) => new TextDecoder().decode(view);

// A script of Python's, run as the book's are.
function runScript(text) {
  const src = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src, onload: resolve });
    script.onerror = () => reject(new Error("the page may not run a script of the figure's own"));
    document.head.append(script);
  }).finally(() => URL.revokeObjectURL(src));
}

// "worker": its text; "editor": the function that makes one.
export async function labPart(model, name) {
  if (brought[name]) return brought[name];
  const file = inBook() ? await fromBook(name) : await runScript(textOf(await fromPython(model, name)));
  if (!brought[name]) throw new Error(`${file ?? name} is damaged`);
  return brought[name];
}

// The digits, packed, in as many parts as there are; told(share) is called as they come.
export async function labDigits(model, count, told) {
  if (!inBook()) return [(await fromPython(model, "digits")).buffer];
  const parts = [];
  for (let k = 0; k < count; k++) {
    if (!brought.digits[k]) await fromBook(`digits-${k}`);
    if (!brought.digits[k]) throw new Error(`_static/lab/digits-${k}.js is damaged`);
    parts.push(latentwalk.bytes(brought.digits[k]).buffer);
    told((k + 1) / count);
  }
  return parts;
}
