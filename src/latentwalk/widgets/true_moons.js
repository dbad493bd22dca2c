// True moons, as data.moons renders them, and the nearest of them to a picture.

export const SIZE = 32; // pixels
const FINE = 4; // samples along each side of a pixel
const TURN = 360; // degrees

// tilt in degrees.
export function moon(phase, tilt) {
  const picture = new Float32Array(SIZE * SIZE);
  const n = SIZE * FINE;
  const edge = 1 - 2 * phase;
  const c = Math.cos((tilt * Math.PI) / 180);
  const s = Math.sin((tilt * Math.PI) / 180);
  for (let row = 0; row < n; row++) {
    const y = (row + 0.5) / n - 0.5;
    const reach = n * Math.sqrt(Math.max(0, 0.16 - y * y)); // of the disc to both sides
    for (let column = Math.ceil(n / 2 - 0.5 - reach); column <= n / 2 - 0.5 + reach; column++) {
      const x = (column + 0.5) / n - 0.5;
      const v = c * y - s * x;
      if (c * x + s * y >= edge * Math.sqrt(Math.max(0, 0.16 - v * v)))
        picture[SIZE * (row >> 2) + (column >> 2)] += 1 / (FINE * FINE);
    }
  }
  return picture;
}

function norm(pixels) {
  let sum = 0;
  for (let i = 0; i < pixels.length; i++) sum += pixels[i] * pixels[i];
  return Math.sqrt(sum);
}

// The lit pixels of a picture and, as a vector of length 1, their light.
function lights(picture) {
  const length = norm(picture);
  const lit = Uint16Array.from(picture.keys()).filter((i) => picture[i] > 0);
  return { lit, light: Float32Array.from(lit, (i) => picture[i] / length) };
}

// A quarter of a turn only moves pixels.
const turned = ({ lit, light }) => ({
  lit: lit.map((i) => SIZE * (i % SIZE) + SIZE - 1 - Math.floor(i / SIZE)),
  light,
});

// All true moons of a world: one for each degree of tilt and, if phases differ, each hundredth of phase; rendered when needed.
export class TrueMoons {
  constructor([low, high]) {
    this.low = low;
    this.phases = Math.round(100 * (high - low)) + 1;
    this.known = [];
  }

  picture([phase, tilt]) {
    return moon(this.low + phase / 100, tilt);
  }

  lights(phase, tilt) {
    const key = phase * TURN + tilt;
    this.known[key] ??=
      tilt < TURN / 4 ? lights(this.picture([phase, tilt])) : turned(this.lights(phase, tilt - TURN / 4));
    return this.known[key];
  }

  // The cosine between a true moon and pixels of this norm.
  cosine(pixels, length, phase, tilt) {
    const { lit, light } = this.lights(phase, tilt);
    let sum = 0;
    for (let i = 0; i < lit.length; i++) sum += light[i] * pixels[lit[i]];
    return sum / length;
  }

  // The true moon with the largest cosine: the best few of a coarse grid, and from each step by step among its neighbours.
  // With a result found for a similar picture, that one is the only start.
  nearest(pixels, similar = null) {
    const length = norm(pixels) || 1;
    const look = ([phase, tilt]) => ({ at: [phase, tilt], cosine: this.cosine(pixels, length, phase, tilt) });
    const alone = this.phases === 1; // then each degree is looked at
    const starts = similar && !alone ? [look(similar.at)] : this.starts(look, alone ? 1 : 3);
    const found = alone ? starts : starts.map((start) => this.climb(start, look));
    const best = found.reduce((a, b) => (b.cosine > a.cosine ? b : a));
    return { distance: 1000 * Math.max(0, 1 - best.cosine), at: best.at };
  }

  // The best `few` of a coarse grid; phases lie closer together where moons are thin.
  starts(look, few) {
    const found = [];
    const step = this.phases > 1 ? 10 : 1;
    for (let phase = 0; phase < Math.max(1, this.phases - 1); phase += phase < 20 ? 4 : 10)
      for (let tilt = 0; tilt < TURN; tilt += step) {
        const one = look([phase, tilt]);
        if (found.length === few && one.cosine <= found[few - 1].cosine) continue;
        found.push(one);
        found.sort((a, b) => b.cosine - a.cosine).splice(few);
      }
    return found;
  }

  // Uphill in ever smaller steps.
  climb(start, look) {
    let best = start;
    for (let by = 4; by >= 1; ) {
      const [phase, tilt] = best.at;
      let next = best;
      for (const p of [phase - by, phase, phase + by]) {
        if (p < 0 || p >= this.phases) continue;
        for (const q of [tilt - by, tilt, tilt + by]) {
          const one = look([p, (q + TURN) % TURN]);
          if (one.cosine > next.cosine) next = one;
        }
      }
      if (next === best) by /= 2;
      else best = next;
    }
    return best;
  }
}
