// Safetensors: eight bytes that say how long the header is, the header (JSON), the numbers.

// A file's tensors: name -> {dtype, shape, bytes}, each with a buffer of its own.
export function readTensors(view) {
  const start = 8 + Number(view.getBigUint64(0, true));
  const bytes = (from, to) => view.buffer.slice(view.byteOffset + from, view.byteOffset + to);
  const header = JSON.parse(new TextDecoder().decode(bytes(8, start)));
  const tensors = {};
  for (const [name, { dtype, shape, data_offsets: at }] of Object.entries(header))
    if (at) tensors[name] = { dtype, shape, bytes: bytes(start + at[0], start + at[1]) }; // __metadata__ has no place
  return tensors;
}

// The whole file, of a header and its numbers; metadata: {name: text}.
export function safetensorsFile({ header, numbers }, metadata = {}) {
  const text = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata, ...header }));
  const length = text.length + (8 - (text.length % 8 || 8)); // numbers begin at a multiple of 8
  const file = new Uint8Array(8 + length + numbers.length).fill(32, 0, 8 + length);
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
  file.set(text, 8);
  file.set(numbers, 8 + length);
  return file;
}
