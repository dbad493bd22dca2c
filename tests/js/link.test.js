// What a figure shows as text, and what a figure takes of a link that anybody may have written.

import assert from "node:assert/strict";
import test from "node:test";
import { describe, pack, readLink, unpack, writeLink, writePython } from "../../src/latentwalk/widgets/link.js";
import { breakLines } from "../../src/latentwalk/widgets/picture.js";

const RULES = {
  t: ["number", 0, 1],
  a: ["whole", -1, 9],
  free: ["flag"],
  path: ["word", "linear", "spherical", "z = μ & σ", ""],
  target: ["word", 7, 8],
  z: ["numbers", 3, -4, 4],
  trail: ["points", 2, -4, 4],
  ink: ["picture", 784, true],
};
const ink = Array.from({ length: 784 }, (_, i) => (i < 300 || i > 700 ? 0 : (i % 256) / 255));
const OPENED = { t: 0, a: 0, free: false, path_index: 0, target_index: 0, z: [0, 0, 0], trail: [[0, 0]], ink: [] };
const SHOWN = {
  t: 1 / 3,
  a: -1,
  free: true,
  path_index: 2,
  target_index: 1,
  z: [-1.5, 0.25, 1e-7],
  trail: [
    [0.1, -0.2],
    [3, 4],
  ],
  ink,
};

test("a link says what a figure shows, and no long number that is as it was", () => {
  const text = writeLink(RULES, SHOWN, OPENED);
  assert.deepEqual(readLink(RULES, text), { ...SHOWN, t: 0.333333 });
  assert.match(text, /^[!-~]+$/);
  assert.ok(!/[<>"` ]/.test(text));
  assert.equal(writeLink(RULES, OPENED, OPENED), "t=0&a=0&free=false&path=linear&target=7");
  assert.equal(writeLink(RULES, { t: 1 }, OPENED), "t=1", "what the page works out by itself is left out");
  assert.deepEqual(readLink(RULES, "path="), { path_index: 3 });
});

test("a picture is packed as bytes, and unpacked only at its size", () => {
  assert.deepEqual(unpack(pack(ink), 784), ink);
  assert.ok(pack(ink).length < 700);
  assert.equal(pack(Array(784).fill(0)).length, 11);
  assert.equal(pack(Array(784).fill(1)).length, 11);
  for (const size of [0, 783]) assert.throws(() => unpack(pack(ink), size));
  assert.deepEqual(unpack("", 784), []);
});

const HOSTILE = [
  ...["", "&", "=", "t", "t=", "t=0.4&", "t=0.4&t=0.5", "t=0.4&u=1", "t =0.4", "T=0.4"],
  ...["__proto__=1", "constructor=1", "toString=1", "hasOwnProperty=1", "t=0&__proto__[x]=1", "prototype.t=1"],
  ...["t=1.01", "t=-0.1", "t=NaN", "t=Infinity", "t=1e999", "t=-1e999", "t=1e-999", "t=0x1", "t=0b1", "t=1_0", "t=+1"],
  ...[
    "t=null",
    "t=[]",
    "t={}",
    "t=%",
    "t=%zz",
    "t=%E0%A4%A",
    "t=%00",
    "t=0.4%00",
    "t=0.4%20",
    "t=\u0661",
    "t=.5",
    "t=0,5",
  ],
  ...[
    "a=1.5",
    "a=10",
    "a=1e1000",
    "a=99999999999999999999",
    "free=1",
    "free=True",
    "free=",
    "path=curved",
    "path=0",
    "path=__proto__",
  ],
  ...[
    "target=9",
    "target=7.0",
    "z=1",
    "z=1,2",
    "z=1,2,3,4",
    "z=1,2,5",
    "z=1,,3",
    "z=1,2,NaN",
    "z=[1,2,3]",
    "trail=0,0",
    "trail=0,0;9,9",
  ],
  ...[
    "trail=;",
    "ink=AA",
    "ink=!!!!",
    "ink=____",
    "ink=AAAA",
    `ink=${"AP8".repeat(999)}`,
    "ink=<svg>",
    "t=0.4&ink=__8",
  ],
  ...["t=<img src=x onerror=alert(1)>", "t=0.4;alert(1)", "path=<script>", "javascript:alert(1)", "t=0.4#t=0.5"],
  ..."t,z,path,ink,u".split(",").map((name) => `${name}=${"1".repeat(1e6)}`),
  `t=0.4&${"&".repeat(1e6)}`,
];

test("a link that says anything else is refused as a whole", () => {
  for (const text of HOSTILE) assert.equal(readLink(RULES, text), null, text.slice(0, 60));
  assert.equal(readLink({}, "t=0.4"), null);
  assert.equal({}.x, undefined);
});

test("as Python stands what the notebook wrote, with what is otherwise now", () => {
  const call = "Walk(network, pictures, ";
  assert.equal(writePython(call, [], RULES, OPENED, OPENED), "figure = Walk(network, pictures)\nfigure\n");
  assert.equal(writePython("KL(", [], RULES, OPENED, OPENED), "figure = KL()\nfigure\n");
  assert.equal(writePython(call, ["a"], RULES, OPENED, OPENED), "figure = Walk(network, pictures, a=0)\nfigure\n");
  const shown = { ...SHOWN, trail: OPENED.trail, ink: [] };
  const said = 't=0.333333, a=-1, free=True, path="z = μ & σ", target=8, z=[-1.5, 0.25, 1e-7]';
  assert.equal(writePython(call, ["t"], RULES, shown, OPENED), `figure = Walk(network, pictures, ${said})\nfigure\n`);
  assert.ok(writePython(call, [], RULES, SHOWN, OPENED).includes(`trail=[[0.1, -0.2], [3, 4]], ink="${pack(ink)}")`));
});

test("a picture's foot says the short values, on lines that fit", () => {
  assert.equal(describe(RULES, { t: 0.5, path_index: 1, z: [1, 2, 3] }), "t = 0.5 \u00b7 path = spherical");
  const measure = (words) => words.length;
  assert.deepEqual(breakLines("one two three", 8, measure, 3), ["one two ", "three"]);
  assert.deepEqual(breakLines("abcdefgh", 3, measure, 2), ["abc", "de\u2026"]);
});
