// The arrays that a reader's program reckons with: jax-js's, which may be used once unless one says `.ref`, in a form that may be used
// as often as one likes. What is made is noted, and freed when the program has run: it runs only to be recorded, then jit takes over.

import { lax, nn, numpy as np } from "@jax-js/jax";
import { Told } from "./told.js";

const METHODS = "a.add(b), a.sub(b), a.mul(b), a.div(b), a.pow(2)";
let made = []; // while a program runs

export class Tensor {
  constructor(array) {
    this.array = array;
    made.push(this);
  }

  get shape() {
    return [...this.array.shape];
  }

  [Symbol.toPrimitive]() {
    throw new Told("operators", { methods: METHODS });
  }
}

export const shapeWords = (shape) => `(${shape.join(", ")})`;

// What an operation is given: an array, or a plain number.
function argument(name, value) {
  if (value instanceof Tensor) return value.array.ref;
  if (typeof value === "number") return value;
  throw new Told("operand", { name, kind: value === null ? "null" : typeof value });
}

const shapeOf = (value) => (value instanceof Tensor ? value.shape : []);

function fit(name, a, b) {
  const [one, other] = [shapeOf(a), shapeOf(b)];
  for (let i = 1; i <= Math.min(one.length, other.length); i++) {
    const [m, n] = [one.at(-i), other.at(-i)];
    if (m !== n && m !== 1 && n !== 1)
      throw new Told("shapes", { name, one: shapeWords(one), other: shapeWords(other) });
  }
}

const axisOf = (name, value, axis) => {
  const size = shapeOf(value).length;
  if (axis !== undefined && !(Number.isInteger(axis) && axis >= -size && axis < size))
    throw new Told("axis", { name, shape: shapeWords(shapeOf(value)), axis });
  return axis;
};

const two = (name, act) => (a, b) => {
  const [one, other] = [argument(name, a), argument(name, b)];
  fit(name, a, b);
  return new Tensor(act(one, other));
};
const one = (name, act) => (a) => new Tensor(act(argument(name, a)));
const reduce = (name, act) => (a, axis) => {
  axisOf(name, a, axis);
  return new Tensor(act(argument(name, a), axis));
};

const OPERATIONS = {
  ...Object.fromEntries(
    Object.entries({
      add: np.add,
      sub: np.subtract,
      mul: np.multiply,
      div: np.trueDivide,
      maximum: np.maximum,
      minimum: np.minimum,
      greater: np.greater,
      less: np.less,
    }).map(([name, act]) => [name, two(name, act)]),
  ),
  ...Object.fromEntries(
    Object.entries({
      exp: np.exp,
      log: np.log,
      sqrt: np.sqrt,
      abs: np.abs,
      sin: np.sin,
      cos: np.cos,
      tanh: np.tanh,
      neg: np.negative,
      square: np.square,
      relu: nn.relu,
      sigmoid: nn.sigmoid,
      softplus: nn.softplus,
      softmax: nn.softmax,
      detach: lax.stopGradient, // no gradient goes further back than here
    }).map(([name, act]) => [name, one(name, act)]),
  ),
  ...Object.fromEntries(
    Object.entries({ sum: np.sum, mean: np.mean, max: np.max, min: np.min, logsumexp: nn.logsumexp }).map(
      ([name, act]) => [name, reduce(name, act)],
    ),
  ),
  pow(a, power) {
    if (typeof power !== "number") throw new Told("power");
    if (!Number.isInteger(power) || power < 0 || power > 16) return new Tensor(np.power(argument("pow", a), power));
    let result = power ? argument("pow", a) : np.onesLike(argument("pow", a));
    for (let i = 1; i < power; i++) result = result.mul(argument("pow", a)); // sound for negative numbers, and so is its slope
    return new Tensor(result);
  },
  clip: (a, low, high) => OPERATIONS.minimum(OPERATIONS.maximum(a, low), high),
  where: (test, a, b) => new Tensor(np.where(argument("where", test), argument("where", a), argument("where", b))),
  matmul(a, b) {
    const [left, right] = [shapeOf(a), shapeOf(b)];
    if (left.length !== 2 || right.length !== 2 || left[1] !== right[0])
      throw new Told("matmul", { one: shapeWords(left), other: shapeWords(right) });
    return new Tensor(np.matmul(argument("matmul", a), argument("matmul", b)));
  },
  // The layer's weight has the shape (in, out).
  linear(x, layer) {
    if (!(layer?.weight instanceof Tensor && layer?.bias instanceof Tensor)) throw new Told("layer");
    const [given, [size]] = [shapeOf(x), layer.weight.shape];
    if (given.length !== 2 || given[1] !== size) throw new Told("layer_takes", { size, shape: shapeWords(given) });
    return OPERATIONS.add(OPERATIONS.matmul(x, layer.weight), layer.bias);
  },
  reshape(a, shape) {
    const count = shapeOf(a).reduce((m, n) => m * n, 1);
    if (!Array.isArray(shape) || (!shape.includes(-1) && shape.reduce((m, n) => m * n, 1) !== count))
      throw new Told("reshape", { shape: shapeWords(shapeOf(a)), count, other: shapeWords([shape].flat()) });
    return new Tensor(np.reshape(argument("reshape", a), shape));
  },
  transpose: one("transpose", (a) => np.transpose(a)),
  // Columns or rows from, from + 1, ..., to - 1 of the last axis or of another.
  slice(a, from, to, axis = -1) {
    const place = shapeOf(a).length + (axisOf("slice", a, axis) < 0 ? axis : axis - shapeOf(a).length);
    if (!(from >= 0 && to > from && to <= shapeOf(a)[place]))
      throw new Told("slice", { size: shapeOf(a)[place], low: from, high: to });
    return new Tensor(argument("slice", a).slice(...shapeOf(a).map((_, i) => (i === place ? [from, to] : []))));
  },
  concat(list, axis = -1) {
    if (!Array.isArray(list) || !list.length) throw new Told("concat");
    return new Tensor(
      np.concatenate(
        list.map((a) => argument("concat", a)),
        axis,
      ),
    );
  },
};
for (const [name, act] of Object.entries(OPERATIONS))
  Tensor.prototype[name] = function (...rest) {
    return act(this, ...rest);
  };

// By name, for a program: exp(a) is a.exp().
export { OPERATIONS };

// Runs a program on jax-js's arrays, which it takes over; gives what `read` makes of its result, and frees all else.
export function recorded(run, read) {
  const outer = made;
  made = [];
  try {
    return read(run((array) => new Tensor(array)));
  } finally {
    for (const { array } of made) array.dispose();
    made = outer;
  }
}
