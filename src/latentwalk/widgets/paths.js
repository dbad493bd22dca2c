// Ways from one code to another.

import { between } from "./numbers.js";

// The code at t between a and b: on the straight line, or on the arc that turns evenly while its length changes evenly.
export function mix(a, b, t, spherical) {
  const straight = between(a, b, t);
  if (!spherical) return straight;
  const lengthA = Math.hypot(...a);
  const lengthB = Math.hypot(...b);
  let cosine = 0;
  for (let i = 0; i < a.length; i++) cosine += (a[i] * b[i]) / (lengthA * lengthB);
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  const arc = angle > 1e-3 && angle < Math.PI - 1e-3;
  if (!arc) return straight; // the same or opposite directions
  const length = lengthA + t * (lengthB - lengthA);
  const weightA = Math.sin((1 - t) * angle) / Math.sin(angle) / lengthA;
  const weightB = Math.sin(t * angle) / Math.sin(angle) / lengthB;
  return a.map((value, i) => (weightA * value + weightB * b[i]) * length);
}

// The length of the way through some points, and the point at the share t of it.
export function along(points) {
  const lengths = [0];
  for (let i = 1; i < points.length; i++)
    lengths.push(lengths[i - 1] + Math.hypot(...points[i].map((value, k) => value - points[i - 1][k])));
  const length = lengths.at(-1);
  const at = (t) => {
    const far = t * length;
    const next = Math.max(
      1,
      lengths.findIndex((one) => one >= far),
    );
    if (points.length < 2) return points[0];
    const step = lengths[next] - lengths[next - 1];
    return between(points[next - 1], points[next], step ? (far - lengths[next - 1]) / step : 0);
  };
  return { length, at };
}
