// What a figure shows, as text: for a link (`t=0.4&path=spherical`) and as the Python that makes it. A link carries numbers, pictures
// and choices; what it says is taken only as the figure's rules have it (`rules`, see traits.py).

const LONGEST = 20000; // characters of a link
const NUMBER = /^-?\d{1,12}(\.\d{1,15})?(e[+-]?\d{1,2})?$/;
const MARKED = [0, 255]; // bytes that say how often they come: black and white
const LONG = ["numbers", "points", "picture"]; // what a link has only where it is not as the figure opens

const brief = (value) => (Number.isInteger(value) ? value : Number(value.toPrecision(6)));

// A picture in [0, 1] as base64url: a byte a pixel, and after black or white how many of it. unpack() takes no other length than `size`.
export function pack(pixels) {
  const grey = Array.from(pixels, (pixel) => Math.round(255 * pixel));
  let packed = "";
  for (let i = 0; i < grey.length; i++) {
    packed += String.fromCharCode(grey[i]);
    if (!MARKED.includes(grey[i])) continue;
    let count = 1;
    while (count < 255 && grey[i + 1] === grey[i]) [count, i] = [count + 1, i + 1];
    packed += String.fromCharCode(count);
  }
  return btoa(packed).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function unpack(said, size) {
  if (!/^[\w-]*$/.test(said)) throw new Error("no picture");
  const packed = atob(said.replaceAll("-", "+").replaceAll("_", "/"));
  const pixels = [];
  for (let i = 0; i < packed.length; i++) {
    const byte = packed.charCodeAt(i);
    const count = MARKED.includes(byte) ? packed.charCodeAt(++i) : 1;
    if (!(pixels.length + count <= size)) throw new Error("too long a picture");
    for (let k = 0; k < count; k++) pixels.push(byte / 255);
  }
  return pixels;
}

function allow(holds, value) {
  if (!holds) throw new Error("not within the rules");
  return value;
}

function number(said, low, high) {
  const value = Number(said);
  return allow(NUMBER.test(said) && value >= low && value <= high, value);
}

function numbers(said, size, low, high) {
  const parts = said.split(",");
  return allow(parts.length === size, parts).map((part) => number(part, low, high));
}

// For each kind of rule: what the page sets, as text; and back.
const RULES = {
  number: [(value) => String(brief(value)), number],
  whole: [String, (said, low, high) => allow(Number.isInteger(Number(said)), number(said, low, high))],
  flag: [String, (said) => allow(["true", "false"].includes(said), said === "true")],
  word: [
    (place, ...words) => String(words[place]),
    (said, ...words) => allow(words.map(String).includes(said), words.map(String).indexOf(said)),
  ],
  numbers: [(values) => values.map(brief).join(), numbers],
  points: [
    (points) => points.map((point) => point.map(brief).join()).join(";"),
    (said, ...rule) => {
      const points = said.split(";");
      return allow(points.length > 1, points).map((point) => numbers(point, ...rule));
    },
  ],
  picture: [
    pack,
    (said, size, empty) => {
      const pixels = unpack(said, size);
      return allow(pixels.length === size || (empty && !said), pixels);
    },
  ],
};

// The page knows a word by its place.
export const traitOf = (name, [kind]) => (kind === "word" ? `${name}_index` : name);

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// The state `values` of a figure that opened as `opened`, both by the names that the page has.
export function writeLink(rules, values, opened) {
  const parts = [];
  for (const [name, [kind, ...rule]] of Object.entries(rules)) {
    const trait = traitOf(name, [kind]);
    const long = LONG.includes(kind);
    if (values[trait] === undefined || (long && same(values[trait], opened[trait]))) continue;
    const said = RULES[kind][0](values[trait], ...rule);
    parts.push(`${name}=${long ? said : encodeURIComponent(said)}`);
  }
  return parts.join("&");
}

// What a link says, by the names that the page has; null where any of it is not within the rules.
export function readLink(rules, said) {
  try {
    allow(said.length <= LONGEST);
    const found = new Map();
    for (const part of said.split("&")) {
      const [, name, value] = part.match(/^(\w+)=(.*)$/s);
      allow(Object.hasOwn(rules, name) && !found.has(name));
      const [kind, ...rule] = rules[name];
      found.set(name, [traitOf(name, [kind]), RULES[kind][1](decodeURIComponent(value), ...rule)]);
    }
    return Object.fromEntries(found.values());
  } catch {
    return null;
  }
}

const python = (value) => {
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (typeof value === "number") return String(brief(value));
  if (typeof value === "boolean") return value ? "True" : "False";
  return JSON.stringify(value);
};

// The lines that make the figure with these values: `call` is how the notebook made it, `given` what of the state that said.
export function writePython(call, given, rules, values, opened) {
  const said = [];
  for (const [name, [kind, ...rule]] of Object.entries(rules)) {
    const trait = traitOf(name, [kind]);
    const value = values[trait];
    if (value === undefined || (!given.includes(name) && same(value, opened[trait]))) continue;
    const told = { word: rule[value], picture: kind === "picture" && value.length ? pack(value) : [] }[kind] ?? value;
    said.push(`${name}=${python(told)}`);
  }
  return `figure = ${(call + said.join(", ")).replace(/, $/, "")})\nfigure\n`;
}

// The short ones among the values, for people: "t = 0.4 · path = spherical".
export function describe(rules, values) {
  const short = Object.entries(rules).filter(
    ([name, [kind]]) => !LONG.includes(kind) && values[traitOf(name, [kind])] !== undefined,
  );
  const said = ([name, [kind, ...rule]]) => `${name} = ${RULES[kind][0](values[traitOf(name, [kind])], ...rule)}`;
  return short.map(said).join(" \u00b7 ");
}
