// A reader's program: the text of loss(params, x, eps, beta), made into one that can be trained on. It is read as a script of its own, so
// that no text has to be run by eval. What is wrong with it is told with its `line`: the first one is 1, and null is one that is not known.

import { jit, valueAndGrad } from "@jax-js/jax";
import { OPERATIONS, recorded, shapeWords, Tensor } from "./tensor.js";
import { Told } from "./told.js";

const NAME = "loss-program.js";
const BEFORE = 2; // lines of the frame above the program's first

// What a program has thrown, which may be anything, as an error with words and its line.
function located(thrown) {
  try {
    const error = thrown instanceof Error && thrown.message ? thrown : new Told("threw", { what: `${thrown}` });
    const found = new RegExp(`${NAME}:(\\d+)`).exec(thrown?.stack ?? "");
    const line = found?.[1] ?? (error.name === "SyntaxError" ? error.lineNumber : null); // Firefox's
    error.line ??= line ? Number(line) - BEFORE : null;
    return error;
  } catch {
    return new Told("threw", { what: typeof thrown }); // one that cannot be read
  }
}

function asScript(text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    importScripts(url);
  } catch (error) {
    if (error instanceof SyntaxError) error.message = error.message.replace(/^Failed to execute .*?: /, ""); // Chromium's
    throw error;
  } finally {
    URL.revokeObjectURL(url);
  }
}

// load(text) runs a script. Gives the program's function; params, x, eps and beta are Tensors.
export function compile(text, load = asScript) {
  const names = Object.keys(OPERATIONS).join(", ");
  const frame = `globalThis.lossProgram = ({ ${names} }) => (() => {\n"use strict";\n${text}\n;return typeof loss === "function" ? loss : null; })();\n//# sourceURL=${NAME}`;
  try {
    load(frame);
    const program = globalThis.lossProgram(OPERATIONS);
    if (typeof program !== "function") throw new Told("no_loss");
    return program;
  } catch (error) {
    throw located(error);
  } finally {
    delete globalThis.lossProgram;
  }
}

// The terms that the program returned, by name: {BCE, KLD}, or a single number as {loss}.
function terms(result) {
  const named = result instanceof Tensor || typeof result === "number" ? { loss: result } : result;
  if (!named || typeof named !== "object" || !Object.keys(named).length)
    throw new Told("no_terms", { kind: Object.prototype.toString.call(result).slice(8, -1) });
  const fixed = Object.entries(named).filter(([, term]) => typeof term === "number");
  if (fixed.length === Object.keys(named).length) throw new Told("no_params");
  for (const [name, term] of Object.entries(named)) {
    if (typeof term === "number") continue;
    if (!(term instanceof Tensor)) throw new Told("term_kind", { name, kind: typeof term });
    if (term.array.size !== 1) throw new Told("term_shape", { name, shape: shapeWords(term.shape) });
  }
  return named;
}

const KEPT = 4; // programs with their gradients
const kept = new Map(); // by their text

// (layers, x, eps, beta) -> [[loss per picture, terms], slopes of the layers], compiled for each size that it is given.
export const gradientOf = (text, load) =>
  kept.get(text) ?? jit(valueAndGrad(differentiable(compile(text, load)), { hasAux: true }));

// A program that works is kept for the next network, until so many others have: jax-js forgets nothing that it has once traced.
export function keep(text, slopes) {
  kept.delete(text);
  kept.set(text, slopes); // the newest
  if (kept.size > KEPT) discard(...kept.entries().next().value);
}
export function discard(text, slopes) {
  kept.delete(text);
  slopes.dispose();
}

// As jax-js differentiates it: (layers, x, eps, beta) -> [loss per picture, {name: term per picture}]. Takes its arrays over.
const differentiable = (program) => (layers, x, eps, beta) => {
  const count = x.shape[0];
  try {
    return recorded(
      (wrap) => {
        const params = {};
        for (const [name, { weight, bias }] of Object.entries(layers))
          params[name] = { weight: wrap(weight), bias: wrap(bias) };
        return terms(program(params, wrap(x), wrap(eps), wrap(beta)));
      },
      (named) => {
        const each = Object.fromEntries(
          Object.entries(named).map(([name, term]) => [name, OPERATIONS.sum(OPERATIONS.div(term, count))]),
        );
        const sum = Object.values(each).reduce((a, b) => OPERATIONS.add(a, b));
        const own = Object.fromEntries(Object.entries(each).map(([name, { array }]) => [name, array.ref]));
        return [sum.array.ref, own];
      },
    );
  } catch (error) {
    throw located(error);
  }
};
