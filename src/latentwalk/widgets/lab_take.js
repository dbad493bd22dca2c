// Taking a Lab's network along: as a file with its manifest, and, while a kernel runs, to Python.

import { inBook } from "./lab_files.js";
import { packLayers } from "./lab_weights.js";
import { safetensorsFile } from "./safetensors.js";

const SELDOM = 3000; // ms between two times that Python is told while it trains: the weights are 2.5 MB

const told = new WeakMap(); // of models: when

// The traits `network` and `history`; in the book nobody listens.
export function tellKernel(model, { look, history, running }) {
  if (inBook() || !look || (running && performance.now() - (told.get(model) ?? 0) < SELDOM)) return;
  told.set(model, performance.now());
  const file = safetensorsFile(packLayers(look.weights));
  model.set({ network: new DataView(file.buffer), history: history.map((one) => ({ ...one })) });
  model.save_changes();
}

// One file for latentwalk.checkpoints.load, with its manifest in its header, and the step that the network has come to.
export async function networkFile(session) {
  const { recon, kl, step, test } = await session.measure();
  const { weights, settings } = session.now.look;
  const packed = packLayers(weights);
  const manifest = {
    config: { kind: "VAE", latent_dim: settings.dims, hidden: settings.hidden, pixels: 784 },
    metrics: { recon, kl, loss: recon + kl, pictures: test, step },
    training: { ...settings, program: session.program() },
    sha256: await session.hash(packed.numbers),
  };
  return { step, file: safetensorsFile(packed, { manifest: JSON.stringify(manifest) }) };
}

export function offer(file, name) {
  const href = URL.createObjectURL(new Blob([file], { type: "application/octet-stream" }));
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
