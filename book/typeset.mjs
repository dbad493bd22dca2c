// Sets formulas (book/_ext/formulas.py): reads a JSON list of [TeX, whether it is displayed] and writes one of
// { html } or { error }. A formula becomes pictures (SVG) of it, one path each, and its MathML for screen readers.

import { text } from "node:stream/consumers";
import { MathJaxNewcmFont } from "@mathjax/mathjax-newcm-font/js/svg.js";
import { liteAdaptor } from "@mathjax/src/js/adaptors/liteAdaptor.js";
import { STATE } from "@mathjax/src/js/core/MathItem.js";
import { TEXCLASS } from "@mathjax/src/js/core/MmlTree/MmlNode.js";
import { SerializedMmlVisitor } from "@mathjax/src/js/core/MmlTree/SerializedMmlVisitor.js";
import { RegisterHTMLHandler } from "@mathjax/src/js/handlers/html.js";
import { TeX } from "@mathjax/src/js/input/tex.js";
import { mathjax } from "@mathjax/src/js/mathjax.js";
import { LinebreakVisitor } from "@mathjax/src/js/output/common/LinebreakVisitor.js";
import { SVG } from "@mathjax/src/js/output/svg.js";
import "@mathjax/src/js/input/tex/ams/AmsConfiguration.js";
import "@mathjax/src/js/input/tex/base/BaseConfiguration.js";
import "@mathjax/src/js/util/asyncLoad/esm.js"; // parts of the font come when a formula needs them

// Widths in ex, which are the same in a formula and in the text around it.
const NATURAL = 1000;
const PX = 8; // pixels of an ex while MathJax measures
const NARROW = [56, 34]; // of the columns that a displayed formula is also broken for: a tablet's, a phone's
const SHORT = 9; // a formula in a line of text that is no wider than this is never broken
const LONG = 18; // what stands between two breaks of one is no wider, or it is broken inside brackets, too

// A line ends before a relation rather than before a plus, and at a plus rather than inside brackets.
class Breaks extends LinebreakVisitor {
  constructor(factory) {
    super(factory);
    this.FACTORS.depth = (penalty) => penalty + 5000 * this.state.depth;
    this.TEXCLASS[TEXCLASS.REL] = (penalty) => penalty - 3000;
  }
}

const adaptor = liteAdaptor();
RegisterHTMLHandler(adaptor);
const tex = new TeX({
  packages: ["base", "ams"],
  formatError: (_, error) => {
    throw error;
  },
});
const output = new SVG({
  fontData: MathJaxNewcmFont,
  fontCache: "none",
  displayOverflow: "linebreak",
  linebreaks: { LinebreakVisitor: Breaks },
});
const page = mathjax.document("", { InputJax: tex, OutputJax: output });

// Where lines may end, in MathJax's tree of a formula: before relations, before signs such as a plus, and at a space that
// is as wide as \;. In a line of text not inside brackets.

const PRODUCT = /^[\u22C5\u00D7\u2217/]$/;
const isSpace = (node, em) => node.isKind("mspace") && Number.parseFloat(node.attributes.get("width")) >= em;

function breakAtSigns(root) {
  root.walkTree((node) => {
    if (!node.isKind("mo") && !node.isKind("mspace")) return;
    const sign = node.texClass === TEXCLASS.REL || (node.texClass === TEXCLASS.BIN && !PRODUCT.test(node.getText()));
    if (!sign && !isSpace(node, 0.25)) node.attributes.set("linebreak", "nobreak");
  });
}

function keepBrackets(root) {
  let depth = 0;
  for (const node of root.childNodes[0].childNodes) {
    if (!node.isEmbellished) continue;
    const sign = node.coreMO(); // of a bracket with an exponent, too
    if (sign.texClass === TEXCLASS.CLOSE) depth--;
    if (depth) sign.attributes.set("linebreak", "nobreak");
    if (sign.texClass === TEXCLASS.OPEN) depth++;
  }
}

// The signs that have a colour in the figures have it in formulas: as a class, which latentwalk.css knows.

const INKS = { μ: "lw-mu", σ: "lw-sigma", ϵ: "lw-eps", ε: "lw-eps", z: "lw-z", KLD: "lw-kl" };
const plainText = (node) => (node.isToken ? node.getText() : (node.childNodes ?? []).map(plainText).join(""));

function colour(root) {
  root.walkTree((node) => {
    const ink = node.isKind("msub") && plainText(node) === "DKL" ? "lw-kl" : node.isKind("mi") && INKS[node.getText()];
    if (ink) node.attributes.set("class", ink);
  });
}

// For a narrow column: aligned rows, their remarks, and formulas with a \quad between them stand one below the other, and
// what goes on is indented.

const isWrapper = (node) => ["inferredMrow", "mrow", "mstyle", "TeXAtom"].some((kind) => node.isKind(kind));

function unwrap(node) {
  const inner = node.childNodes.length === 1 && isWrapper(node) ? node.childNodes[0] : null;
  return inner && (isWrapper(inner) || inner.isKind("mtable")) ? unwrap(inner) : node;
}

function cellContent(cell) {
  const content = unwrap(cell.childNodes[0]);
  return content.isKind("mtable") ? [content] : content.childNodes;
}

// The parts of a row, each with its indent in em.
function parts(nodes, indent) {
  const found = [{ nodes: [], indent }];
  for (const node of nodes) {
    if (!isSpace(node, 1)) found.at(-1).nodes.push(node);
    else if (found.at(-1).nodes.length) found.push({ nodes: [], indent });
  }
  return found;
}

function stack(math) {
  const content = unwrap(math.childNodes[0]);
  const lines = content.isKind("mtable")
    ? content.childNodes.flatMap((row) => {
        const [left, right = [], ...remark] = row.childNodes.map(cellContent);
        return [...parts([...left, ...right], left.length ? 0 : 1), ...parts(remark.flat(), 3)];
      })
    : parts(content.childNodes, 0);
  const create = (kind, attributes, ...children) => math.factory.create(kind, attributes, children);
  const rows = lines
    .filter(({ nodes }) => nodes.length)
    .map(({ nodes, indent }) => {
      const style = {
        indentalign: "left",
        indentshift: `${indent + 1}em`,
        indentalignfirst: "left",
        indentshiftfirst: "0",
      };
      const space = create("mspace", { width: `${indent}em` });
      const sign = indent ? nodes.slice(0, 2).find((node) => node.isEmbellished) : null;
      sign?.coreMO().attributes.set("linebreak", "nobreak"); // a line of the indent alone would be empty
      return create("mtr", {}, create("mtd", {}, create("mstyle", style, space, ...nodes)));
    });
  math.childNodes[0].setChildren([
    create("mtable", { displaystyle: true, columnalign: "left", rowspacing: "0.4em" }, ...rows),
  ]);
  math.setInheritedAttributes({}, true, 0, false);
  math.setTeXclass(null);
}

let column = NATURAL; // that the next formula is set for
let inBrackets = false; // whether its lines may end there
tex.postFilters.add(({ math, data: { root } }) => {
  if (column < NATURAL) stack(root);
  colour(root);
  breakAtSigns(root);
  if (!math.display && !inBrackets) keepBrackets(root);
}, 20);

// One path for each colour from MathJax's drawing: a page with thousands of elements for its formulas is slow on a phone. Each glyph is
// written in steps from its own origin, so that it is the same text wherever it stands, which compresses.

const UNIT = 2; // of the path, in thousandths of an em
const COUNT = { M: 2, L: 2, H: 1, V: 1, C: 6, S: 4, Q: 4, T: 2 };

// `place` is [scale, stretch, x, y]; `clip` keeps a stretched part of a brace inside its own picture.
function glyph(outline, [scale, stretch, left, bottom], clip) {
  const tokens = outline.match(/[A-Z]|-?[\d.]+/g) ?? [];
  const origin = [Math.round(left / UNIT), Math.round(-bottom / UNIT)];
  const across = (x) => {
    const at = Math.round((scale * stretch * x) / UNIT) + origin[0];
    return clip ? Math.min(Math.max(at, Math.round(clip[0] / UNIT)), Math.round(clip[1] / UNIT)) : at;
  };
  const down = (y) => origin[1] - Math.round((scale * y) / UNIT);
  let path = "";
  let [x, y, startX, startY] = [0, 0, 0, 0];
  for (let i = 0; i < tokens.length; ) {
    const command = tokens[i++];
    if (command === "Z") {
      path += "z";
      [x, y] = [startX, startY];
    }
    while (i < tokens.length && !COUNT[tokens[i]] && tokens[i] !== "Z") {
      const numbers = tokens.slice(i, i + COUNT[command]).map(Number);
      i += COUNT[command];
      const points =
        command === "V" ? [down(numbers[0])] : numbers.map((value, k) => (k % 2 ? down(value) : across(value)));
      const steps = points.map((value, k) => value - (command === "V" || k % 2 ? y : x));
      path += path ? command.toLowerCase() + steps.join(" ") : `M${points.join(" ")}`;
      if (command === "V") [y] = points;
      else if (command === "H") [x] = points;
      else [x, y] = points.slice(-2);
      if (command === "M") [startX, startY] = [x, y];
    }
  }
  return path.replaceAll(" -", "-");
}

const numbers = (node, ...names) => names.map((name) => Number(adaptor.getAttribute(node, name) ?? 0));

// Adds what a node draws to `paths`, {ink: path}; the text's own colour is the ink "".
function outline(node, place, paths, outer = "", clip = undefined) {
  const kind = adaptor.kind(node);
  const ink = adaptor.getAttribute(node, "class")?.match(/lw-\w+/)?.[0] ?? outer;
  const add = (path) => {
    paths[ink] = (paths[ink] ?? "") + path;
  };
  let [scale, stretch, left, bottom] = place;
  for (const [, what, value] of (adaptor.getAttribute(node, "transform") ?? "").matchAll(/(\w+)\(([^)]*)\)/g)) {
    const [x, y] = value.split(/[ ,]+/).map(Number);
    if (what === "translate") [left, bottom] = [left + scale * x, bottom + scale * y];
    else if (y === undefined) scale *= x;
    else if (y === 1) stretch *= x;
  }
  if (kind === "svg" && adaptor.getAttribute(node, "x")) {
    const [x, y, width] = numbers(node, "x", "y", "width");
    const [boxX, boxY] = adaptor.getAttribute(node, "viewBox").split(" ").map(Number);
    [left, bottom] = [left + scale * (x - boxX), bottom + scale * (y - boxY)];
    clip = [left + scale * boxX, left + scale * (boxX + width)];
  }
  const here = [scale, stretch, left, bottom];
  if (kind === "path") add(glyph(adaptor.getAttribute(node, "d"), here, clip));
  if (kind === "rect") {
    const [x, y, width, height] = numbers(node, "x", "y", "width", "height");
    add(glyph(`M${x} ${y}H${x + width}V${y + height}H${x}Z`, here, clip));
  }
  if (kind === "text") throw new Error(`the font has no sign for ${adaptor.textContent(node)}`);
  for (const child of adaptor.childNodes(node)) outline(child, here, paths, ink, clip);
}

const EX = 1000 * output.font.params.x_height;
const ex = (value) => `${Number((value / EX).toFixed(2))}ex`;

// The pieces of a formula, which a line of text may end between; each ends with the space before the next one.
function pieces(container) {
  const found = [];
  for (const node of adaptor.childNodes(container)) {
    const size = Number(adaptor.getAttribute(node, "size") ?? 0);
    if (size) found.at(-1).width += (1000 * (size + 1)) / 18;
    if (adaptor.kind(node) !== "svg") continue;
    const [left, top, width, height] = adaptor.getAttribute(node, "viewBox").split(" ").map(Number);
    found.push({ node, left, width, up: -top, down: height + top });
  }
  return found;
}

function drawing(list, kind = "") {
  const [up, down] = ["up", "down"].map((side) => Math.max(...list.map((piece) => piece[side])));
  const paths = {};
  let width = 0;
  for (const piece of list) {
    outline(piece.node, [1, 1, width - piece.left, 0], paths);
    width += piece.width;
  }
  const box = [0, -up, width, up + down].map((value) => Math.round(value / UNIT)).join(" ");
  const style = down && !kind ? ` style="vertical-align:${ex(-down)}"` : "";
  const drawn = Object.entries(paths).map(([ink, d]) => `<path${ink && ` class="${ink}"`} d="${d}"/>`);
  return `<svg${kind} aria-hidden="true" width="${ex(width)}"${style} viewBox="${box}">${drawn.join("")}</svg>`;
}

async function set(source, display, width, anywhere = false) {
  [column, inBrackets] = [width, anywhere];
  return pieces(await page.convertPromise(source, { display, em: 2 * PX, ex: PX, containerWidth: width * PX }));
}
const width = (list) => list.reduce((sum, piece) => sum + piece.width, 0) / EX;

async function pictures(source, display) {
  let natural = await set(source, display, NATURAL);
  if (!display) {
    if (width(natural) <= SHORT) return drawing(natural);
    if (natural.some((piece) => piece.width > LONG * EX)) natural = await set(source, display, NATURAL, true);
    return natural.map((piece) => drawing([piece])).join("");
  }
  const drawings = [{ list: natural, least: Math.ceil(width(natural)) }];
  for (const narrow of NARROW) {
    if (drawings.at(-1).least <= narrow) continue;
    const list = await set(source, display, narrow);
    drawings.push({ list, least: Math.ceil(width(list)) });
  }
  // Which one is shown is said by the least width of a column that each of them fits into.
  return drawings
    .map(({ list, least }, i) => {
      const names = [i ? `lw-below-${drawings[i - 1].least}` : "", i < drawings.length - 1 ? `lw-from-${least}` : ""];
      const kind = names.filter(Boolean).join(" ");
      return drawing(list, kind ? ` class="${kind}"` : "");
    })
    .join("");
}

const visitor = new SerializedMmlVisitor();
async function mathml(source, display) {
  column = NATURAL;
  const tree = await page.convertPromise(source, { display, end: STATE.COMPILED });
  return visitor
    .visitTree(tree)
    .replace(/ (data-[\w-]+|xmlns|linebreak|class)="[^"]*"/g, "")
    .replace(/>\s+</g, "><");
}

const results = [];
for (const [source, display] of JSON.parse(await text(process.stdin))) {
  try {
    results.push({ html: (await pictures(source, display)) + (await mathml(source, display)) });
  } catch (error) {
    results.push({ error: error.message });
  }
}
process.stdout.write(JSON.stringify(results));
