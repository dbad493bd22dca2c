// Operations on maps (channels, height, width): convolutions, pooling, enlarging; each as PyTorch does it. See layers.js.
// Written out, as figures ask for a picture and draw it at once. jax-js, which trains in the Lab, is 97 KB more (gzip; this: 1.5 KB), needs
// WebAssembly, which the pages' policy forbids, and took 51 ms a picture where this takes 1.1 (Node 20, a decoder of 325,000 weights).

import { volume } from "./numbers.js";

// The places i of a few numbers for which i * stride + shift lies among many: from, to.
const span = (shift, stride, few, many) => [
  Math.max(0, Math.ceil(-shift / stride)),
  Math.min(few, Math.floor((many - 1 - shift) / stride) + 1),
];

// A convolution and its transpose pair the same places of a small and a large map, and the same weights (small, large / groups, height,
// width): the one sums into the small map, the other into the large.
function convolve(step, small, [channels, height, width], large, [, tall, wide], transposed) {
  const { kernel, weights, stride, padding, dilation, groups } = step;
  const [, each, tapsDown, tapsAcross] = kernel;
  const [down, across] = stride;
  let at = 0;
  for (let c = 0; c < channels; c++) {
    const first = each * Math.floor((c * groups) / channels);
    for (let l = first; l < first + each; l++)
      for (let i = 0; i < tapsDown; i++) {
        const shiftY = i * dilation[0] - padding[0];
        const [top, bottom] = span(shiftY, down, height, tall);
        for (let j = 0; j < tapsAcross; j++) {
          const weight = weights[at++];
          const shiftX = j * dilation[1] - padding[1];
          const [left, right] = span(shiftX, across, width, wide);
          for (let y = top; y < bottom; y++) {
            const row = (c * height + y) * width;
            let other = (l * tall + y * down + shiftY) * wide + left * across + shiftX;
            if (transposed)
              for (let x = row + left; x < row + right; x++, other += across) large[other] += weight * small[x];
            else for (let x = row + left; x < row + right; x++, other += across) small[x] += weight * large[other];
          }
        }
      }
  }
}

// A map that holds its channels' biases.
function biased({ shape, biases }) {
  const out = new Float32Array(volume(shape));
  const each = out.length / shape[0];
  if (biases) for (let c = 0; c < shape[0]; c++) out.fill(biases[c], c * each, (c + 1) * each);
  return out;
}

// out[y][x] of each channel = of(x, y, the rows' and columns' ranges that belong to it).
function eachWindow({ shape: [channels, height, width] }, x, [, tall, wide], rows, cols, of) {
  const out = new Float32Array(channels * height * width);
  let at = 0;
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < height; i++) {
      const [top, bottom] = rows(i);
      for (let j = 0; j < width; j++) {
        const [left, right] = cols(j);
        let [sum, most] = [0, Number.NEGATIVE_INFINITY];
        for (let y = top; y < bottom; y++)
          for (let k = left; k < right; k++) {
            const value = x[(c * tall + y) * wide + k];
            sum += value;
            most = Math.max(most, value);
          }
        out[at++] = of(sum, most, (bottom - top) * (right - left));
      }
    }
  return out;
}

function pool(step, x, from, of) {
  const range = (axis) => (i) => {
    const start = i * step.stride[axis] - step.padding[axis];
    return [Math.max(0, start), Math.min(from[axis + 1], start + step.kernel[axis])];
  };
  return eachWindow(step, x, from, range(0), range(1), of);
}

// Where number i of `size` lies among n: two of them, and the share of the second.
const SOURCES = {
  nearest: (n, size) => (i) => [Math.floor(Math.fround(i * Math.fround(n / size))), 0, 0], // in float32, as in PyTorch
  bilinear: (n, size, corners) => (i) => {
    const place = corners ? (i * (n - 1)) / Math.max(1, size - 1) : Math.max(0, ((i + 0.5) * n) / size - 0.5);
    const first = Math.min(n - 1, Math.floor(place));
    return [first, Math.min(n - 1, first + 1), place - first];
  },
};

function upsample({ shape, mode, align_corners: corners }, [x], [[, tall, wide]]) {
  const [channels, height, width] = shape;
  const source = SOURCES[mode];
  const [down, across] = [source(tall, height, corners), source(wide, width, corners)];
  const out = new Float32Array(channels * height * width);
  let at = 0;
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < height; i++) {
      const [top, bottom, low] = down(i);
      for (let j = 0; j < width; j++) {
        const [left, right, more] = across(j);
        const of = (y) => {
          const row = (c * tall + y) * wide;
          return more ? x[row + left] * (1 - more) + x[row + right] * more : x[row + left];
        };
        out[at++] = low ? of(top) * (1 - low) + of(bottom) * low : of(top);
      }
    }
  return out;
}

export const mapOperations = {
  conv2d(step, [x], [from]) {
    const out = biased(step);
    convolve(step, out, step.shape, x, from, false);
    return out;
  },
  conv_transpose2d(step, [x], [from]) {
    const out = biased(step);
    convolve(step, x, from, out, step.shape, true);
    return out;
  },
  upsample,
  max_pool2d: (step, [x], [from]) => pool(step, x, from, (_, most) => most),
  avg_pool2d: (step, [x], [from]) =>
    pool(step, x, from, (sum, _, count) => sum / (step.count_include_pad ? volume(step.kernel) : count)),
  adaptive_avg_pool2d(step, [x], [from]) {
    const range = (n, size) => (i) => [Math.floor((i * n) / size), Math.ceil(((i + 1) * n) / size)];
    const [down, across] = [range(from[1], step.size[0]), range(from[2], step.size[1])];
    const shape = [from[0], ...step.size];
    return eachWindow({ shape }, x, from, down, across, (sum, _, count) => sum / count);
  },
};
