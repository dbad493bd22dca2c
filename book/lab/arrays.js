// Arrays of many numbers, without an object for each of them.

export function filled(count, make) {
  const numbers = new Float32Array(count);
  for (let i = 0; i < count; i++) numbers[i] = make();
  return numbers;
}

export function finite(numbers) {
  for (let i = 0; i < numbers.length; i++) if (!Number.isFinite(numbers[i])) return false;
  return true;
}
