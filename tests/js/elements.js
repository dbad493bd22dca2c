// Elements of a page, as far as figures that are tested without a browser ask for them.

export class Fake {
  constructor(tag) {
    Object.assign(this, { tag, children: [], attributes: {}, listeners: {}, style: {}, isConnected: true });
    Object.assign(this, { clientLeft: 0, clientTop: 0 });
    this.classList = { add() {}, remove() {}, toggle() {} };
  }
  addEventListener(kind, act) {
    this.listeners[kind] = [...(this.listeners[kind] ?? []), act];
  }
  setAttribute(name, value) {
    this.attributes[name] = value;
  }
  append(...children) {
    this.children.push(...children.map((child) => (typeof child === "string" ? { data: child } : child)));
  }
  replaceChildren(...children) {
    this.children = [];
    this.append(...children);
  }
  getBoundingClientRect() {
    return { left: 0, top: 0 };
  }
  setPointerCapture() {}
  getContext() {
    const image = (width, height) => ({ data: new Uint8ClampedArray(4 * width * height) });
    const getImageData = (_x, _y, width, height) => image(width, height);
    return { createImageData: image, getImageData, putImageData() {}, fillRect() {}, drawImage() {} };
  }
  get firstChild() {
    return this.children[0];
  }
  get textContent() {
    return this.children.map((child) => child.textContent ?? child.data).join("");
  }
  // What listens to an event hears of it.
  fire(type, values = {}) {
    for (const act of this.listeners[type] ?? []) act({ type, target: this, preventDefault() {}, ...values });
  }
  // All within it of a kind.
  all(tag) {
    const within = this.children.flatMap((child) => child.all?.(tag) ?? []);
    return this.tag === tag ? [this, ...within] : within;
  }
}

export const fakePage = () => {
  globalThis.document = {
    createElement: (tag) => new Fake(tag),
    addEventListener() {},
    removeEventListener() {},
  };
};

// Until something holds; messages go to and fro meanwhile.
export async function until(holds, what) {
  for (let turns = 0; !holds(); turns += 1) {
    if (turns > 100_000) throw new Error(`it has not come to this: ${what}`);
    await new Promise(setImmediate);
  }
}
