// Numbers: how they arrive, where they end, where they stand in a drawing, and those that chance gives.

export const clamp = (value, [low, high]) => Math.min(high, Math.max(low, value));
// Slow at both ends: of 0 to 1.
export const ease = (share) => share * share * (3 - 2 * share);

export const round = (value) => Math.round(100 * value) / 100;

// make(0), make(1), ..., in a list.
export const times = (count, make) => Array.from({ length: count }, (_, i) => make(i));

// How many numbers a shape has.
export const volume = (shape) => shape.reduce((m, n) => m * n, 1);

// From low to high, both ends included.
export const steps = (low, high, step = 1) => times(Math.floor((high - low) / step + 1e-9) + 1, (i) => low + i * step);

// Where the numbers between a and b lie between two places of a drawing; with the pairs changed over, the way back.
export const scale =
  ([a, b], [from, to]) =>
  (value) =>
    from + ((value - a) / (b - a)) * (to - from);

// The point at t on the straight line from a (t = 0) to b (t = 1).
export const between = (a, b, t) => a.map((value, i) => value + t * (b[i] - value));

// Numbers that travel as bytes.
export const floats = (view) => new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
export const bytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

// Draws from N(0, 1) that a seed fixes (mulberry32, Box-Muller).
export function normals(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
