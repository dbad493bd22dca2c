// The gradient of the Lab's loss by jax-js, for tests/unit/test_lab.py: reads a network, pictures and eps from a folder, writes the slopes.

import { readFileSync, writeFileSync } from "node:fs";
import vm from "node:vm";
import { defaultDevice, init } from "../../book/node_modules/@jax-js/jax/dist/index.js";
import { Training } from "../../book/lab/training.js";
import { packLayers, unpackLayers } from "../../src/latentwalk/widgets/lab_weights.js";
import { safetensorsFile } from "../../src/latentwalk/widgets/safetensors.js";

const folder = process.argv[2];
const bytes = (name) => new Uint8Array(readFileSync(`${folder}/${name}`)).buffer;
const floats = (name) => new Float32Array(bytes(name));
await init("wasm");
defaultDevice("wasm");
const { program, ...settings } = JSON.parse(readFileSync(`${folder}/settings.json`));
const weights = unpackLayers(new DataView(bytes("network.safetensors")));
const training = new Training(settings, weights);
const load = (text) => vm.runInThisContext(text);
const { loss, grads } = await training.slopesOf(program, floats("x"), floats("eps"), load);
writeFileSync(`${folder}/slopes.safetensors`, safetensorsFile(packLayers(grads)));
const manifest = JSON.stringify({ config: { kind: "VAE", latent_dim: settings.dims, hidden: settings.hidden, pixels: 784 } });
writeFileSync(`${folder}/again.safetensors`, safetensorsFile(packLayers(await training.weights()), { manifest }));
console.log(loss);
