// A reader's program: the text of loss(params, x, eps, beta), made into one that can be trained on. It is read as a script of its own, so
// that no text has to be run by eval. What is wrong with it is said in one sentence, with its line.

import { OPERATIONS, recorded, Tensor } from "./tensor.js";

const NAME = "loss-program.js";
const BEFORE = 2; // lines of the frame above the program's first

export class ProgramError extends Error {
  constructor(message, line = null, cause = null) {
    super(message, { cause });
    this.line = line; // the first one is 1; null where it is not known
  }
}

function lineOf(error) {
  const found = new RegExp(`${NAME}:(\\d+)`).exec(error.stack ?? "");
  return found ? Number(found[1]) - BEFORE : (error.lineNumber ?? null) && error.lineNumber - BEFORE;
}

function asScript(text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    importScripts(url);
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
    if (!program) throw new ProgramError("the program has no function named loss");
    return program;
  } catch (error) {
    throw error instanceof ProgramError ? error : new ProgramError(error.message, lineOf(error), error);
  } finally {
    delete globalThis.lossProgram;
  }
}

// The terms that the program returned, by name: {BCE, KLD}, or a single number as {loss}.
function terms(result) {
  const named = result instanceof Tensor || typeof result === "number" ? { loss: result } : result;
  if (!named || typeof named !== "object" || !Object.keys(named).length)
    throw new ProgramError("loss() returned no numbers: expected return { BCE, KLD }, or one sum");
  const fixed = Object.entries(named).filter(([, term]) => typeof term === "number");
  if (fixed.length === Object.keys(named).length)
    throw new ProgramError("what loss() returned does not depend on params: there is nothing to learn");
  for (const [name, term] of Object.entries(named)) {
    if (typeof term === "number") continue;
    if (!(term instanceof Tensor)) throw new ProgramError(`${name}: expected a number, got ${typeof term}`);
    if (term.array.size !== 1)
      throw new ProgramError(
        `${name} has the shape (${term.shape.join(", ")}): expected one number, such as its sum()`,
      );
  }
  return named;
}

// As jax-js differentiates it: (layers, x, eps, beta) -> [loss per picture, {name: term per picture}]. Takes its arrays over.
export const differentiable = (program) => (layers, x, eps, beta) => {
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
    throw error instanceof ProgramError ? error : new ProgramError(error.message, lineOf(error), error);
  }
};
