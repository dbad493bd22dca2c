// A trained network in the page: the forward pass of linear layers with ReLU or sigmoid, over typed arrays.
// Weights travel as float16. 20-400-784 decodes in well under a millisecond.

export const halves = new Float32Array(65536); // float16 bits -> number
const patterns = new Uint32Array(halves.buffer);
for (let bits = 0; bits < 65536; bits++) {
  const exponent = (bits >> 10) & 31,
    fraction = bits & 1023;
  if (exponent)
    patterns[bits] = ((bits >> 15) << 31) | ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13);
  else halves[bits] = (bits >> 15 ? -1 : 1) * fraction * 2 ** -24;
}

export class Network {
  // layers: [{part, rows, cols, activation}]; view: a DataView of each layer's weights (rows x cols), then its biases.
  constructor(name, layers, view) {
    this.name = name;
    this.parts = { encode: [], decode: [] };
    const needed = layers.reduce((sum, { rows, cols }) => sum + 2 * rows * (cols + 1), 0);
    if (view.byteLength !== needed) throw new Error(`${name}: ${view.byteLength} bytes of weights, expected ${needed}`);
    const numbers = new Uint16Array(view.buffer.slice(view.byteOffset, view.byteOffset + needed));
    let at = 0;
    for (const { part, rows, cols, activation } of layers) {
      const weights = new Float32Array(cols * rows),
        biases = new Float32Array(rows);
      for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) weights[c * rows + r] = halves[numbers[at++]]; // turned: one input's weights lie together
      for (let r = 0; r < rows; r++) biases[r] = halves[numbers[at++]];
      this.parts[part].push({ rows, cols, activation, weights, biases });
    }
  }

  run(part, input) {
    let x = input;
    for (const { rows, cols, activation, weights, biases } of this.parts[part]) {
      if (x.length !== cols) throw new Error(`${this.name}: ${x.length} numbers given to a layer that takes ${cols}`);
      const out = biases.slice(),
        on = [];
      for (let c = 0; c < cols; c++) if (x[c] !== 0) on.push(c); // black pixels and units that ReLU has switched off cost nothing
      let i = 0;
      for (; i + 3 < on.length; i += 4) {
        // four at a time: nearly twice as fast as one by one
        const a = on[i] * rows,
          b = on[i + 1] * rows,
          c = on[i + 2] * rows,
          d = on[i + 3] * rows;
        const xa = x[on[i]],
          xb = x[on[i + 1]],
          xc = x[on[i + 2]],
          xd = x[on[i + 3]];
        for (let r = 0; r < rows; r++)
          out[r] += xa * weights[a + r] + xb * weights[b + r] + xc * weights[c + r] + xd * weights[d + r];
      }
      for (; i < on.length; i++) for (let r = 0; r < rows; r++) out[r] += x[on[i]] * weights[on[i] * rows + r];
      if (activation === "relu")
        for (let r = 0; r < rows; r++) {
          if (out[r] < 0) out[r] = 0;
        }
      else if (activation === "sigmoid") for (let r = 0; r < rows; r++) out[r] = 1 / (1 + Math.exp(-out[r]));
      x = out;
    }
    return x;
  }

  decode(z) {
    return this.run("decode", z);
  } // code -> picture in [0, 1]

  // picture -> {mu, logvar}; a plain autoencoder has no logvar
  encode(x) {
    const out = this.run("encode", x),
      d = this.parts.decode[0].cols;
    return { mu: out.subarray(0, d), logvar: out.length > d ? out.subarray(d) : null };
  }
}

globalThis.latentwalkNetworks ??= new Map(); // digest -> promise of a Network: one copy a page
const networks = globalThis.latentwalkNetworks;

// The network behind a widget reference ("IPY_MODEL_<id>"). In the built book its weights lie in a file of their own.
export async function getNetwork(model, reference) {
  const source = await model.widget_manager.get_model(reference.slice("IPY_MODEL_".length));
  const digest = source.get("digest");
  if (!networks.has(digest)) {
    const bytes = source.get("weights");
    networks.set(
      digest,
      (async () =>
        new Network(
          source.get("name"),
          source.get("layers"),
          bytes?.byteLength ? bytes : await fetchWeights(digest),
        ))(),
    );
  }
  const network = Object.create(await networks.get(digest)); // the same weights under this widget's own labels
  return Object.assign(network, { name: source.get("name"), label: source.get("label"), kind: source.get("kind") });
}

// Until the page has nothing else to do.
export const idle = () => new Promise((done) => (globalThis.requestIdleCallback ?? setTimeout)(done));

// Until a reader's hand or focus comes to the card of a figure.
function touched(root) {
  return new Promise((done) => {
    const kinds = ["pointerover", "pointerdown", "focusin"];
    const look = ({ target }) => {
      if (!target.closest?.(".lw-card")?.contains(root)) return;
      for (const kind of kinds) document.removeEventListener(kind, look);
      done();
    };
    for (const kind of kinds) document.addEventListener(kind, look);
  });
}

// Networks of which a figure shows a few at a time: each is loaded when it is asked for, the rest when somebody touches the
// figure and nothing else is to do.
export function lazyNetworks(model, references, schedule) {
  const nets = [],
    loading = [];
  let failure = null;
  const load = (k) => {
    loading[k] ??= getNetwork(model, references[k]).then(
      (net) => {
        nets[k] = net;
      },
      (error) => {
        failure = error;
      },
    );
    return loading[k];
  };
  const get = (k) => {
    if (failure) throw failure;
    if (!nets[k]) load(k).then(schedule);
    return nets[k];
  };
  const rest = async (root, each = () => {}) => {
    await touched(root);
    for (let k = 0; k < references.length; k++) {
      await idle();
      await load(k);
      await idle();
      if (nets[k]) each(k);
    }
  };
  return { load, get, rest };
}

// From a file of the built book (book/_ext/figures.py): gzip, which notices what is damaged, of all low and then all high bytes.
async function fetchWeights(digest) {
  const file = `_static/weights/${digest}.js`;
  await latentwalk.load(`${document.documentElement.dataset.content_root ?? "./"}${file}`);
  try {
    const packed = new Blob([latentwalk.bytes(latentwalk.weights[digest])]);
    const stream = packed.stream().pipeThrough(new DecompressionStream("gzip"));
    const planes = new Uint8Array(await new Response(stream).arrayBuffer());
    const half = planes.length / 2;
    const numbers = new Uint8Array(planes.length);
    for (let i = 0; i < half; i++) {
      numbers[2 * i] = planes[i];
      numbers[2 * i + 1] = planes[half + i];
    }
    return new DataView(numbers.buffer);
  } catch {
    throw new Error(`${file} is damaged`);
  }
}
