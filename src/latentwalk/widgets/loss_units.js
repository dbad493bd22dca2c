// What a printed VAE loss is in nats per image, and what to make of it. The same as units.py, which says what each part means.

const BATCHES = [32, 64, 100, 128, 200, 256, 512];
const SETS = [10_000, 60_000];
const CLOSE = 0.03;
const FAINT = 0.05;

export function expectedLoss(facts, beta) {
  const points = facts.betas;
  const share = facts.longest / points.find(([b]) => b === 1)[1];
  const [largest, most] = points.at(-1);
  if (beta > largest) return [most, facts.mean];
  const k = points.findIndex(([b], i) => i > 0 && beta <= b);
  const [[b0, low], [b1, high]] = [points[k - 1], points[k]];
  const t = b0 ? Math.log(beta / b0) / Math.log(b1 / b0) : beta / b1;
  const loss = low + t * (high - low);
  return [loss * share, loss * (2 - share)];
}

export function linearLoss(facts, half, beta) {
  const variance = beta / (2 * half);
  const kept = facts.variances.filter((value) => value > variance);
  const unexplained = half * (facts.variance - kept.reduce((sum, value) => sum + value, 0));
  if (!beta) return unexplained;
  return unexplained + beta * kept.reduce((sum, value) => sum + 0.5 * (1 + Math.log(value / variance)), 0);
}

export function lossScales(facts, { pixels, images, batch, kl }) {
  const count = images === "sum" ? batch : 1;
  const recon = count / (pixels === "mean" ? facts.pixels : 1);
  return [recon, { sum: count, pixels: count / facts.pixels, mean: 1 / facts.dims }[kl]];
}

function regimeOf(half, beta) {
  if (half !== null) return beta ? "squares" : "free_squares";
  if (Math.abs(beta - 1) <= CLOSE) return "vae";
  if (beta < FAINT) return "autoencoder";
  return beta > 1 / FAINT ? "collapse" : "beta";
}

function verdictOf(facts, nats, [low, high], marks, regime) {
  if (nats < 0) return "negative";
  if (nats < (marks.perfect ?? 0)) return "below";
  if (nats < low * (1 - CLOSE)) return "low";
  if (nats <= high) return regime === "vae" ? "good" : "usual";
  if (nats <= facts.usual[0] && regime === "vae") return "learning";
  if (nats < marks.mean * (1 - CLOSE)) return "slow";
  if (nats <= marks.mean * (1 + CLOSE)) return "mean";
  if (nats < marks.even * (1 - CLOSE)) return "between";
  return nats <= marks.even * (1 + CLOSE) ? "even" : "above";
}

function accidentOf(facts, loss, a, [low, high], batch) {
  const middle = Math.sqrt(Math.max(low, 1e-9) * Math.max(high, 1e-9));
  const ways = [
    ["mean", 1, 1 / facts.pixels],
    ["bits", 1, 1 / facts.pixels / Math.log(2)],
    ["sum", 1, 1],
    ...[batch, ...BATCHES].map((count) => ["batch", count, count]),
    ...SETS.map((count) => ["set", count, count]),
  ];
  let best = null;
  let least = 0.25;
  for (const [name, count, scale] of ways) {
    const nats = loss / scale;
    const away = nats > 0 ? Math.abs(Math.log(nats / middle)) : Infinity;
    if (away < least && Math.abs(Math.log(scale / a)) > CLOSE) {
      best = { name, count, nats };
      least = away;
    }
  }
  return best;
}

const ODD = ["below", "low", "slow", "between", "above"];

export function judgeLoss(facts, { loss, error, weight, ...how }) {
  const [a, b] = lossScales(facts, how);
  const beta = (weight * b) / a;
  const nats = loss / a;
  const half = { bce: null, squares: 1, half: 0.5 }[error];
  const found = { nats, beta, half, band: null, marks: [], accident: null };
  if (weight < 0) return { ...found, verdict: "weight", regime: "none" };
  const marks =
    half === null
      ? { perfect: facts.perfect, mean: facts.mean, even: facts.even }
      : { linear: linearLoss(facts, half, beta), mean: half * facts.variance, even: half * facts.half_grey };
  const band = half === null ? expectedLoss(facts, beta) : [0.6 * marks.linear, marks.linear];
  const regime = regimeOf(half, beta);
  const verdict = verdictOf(facts, nats, band, marks, regime);
  const accident = ODD.includes(verdict) ? accidentOf(facts, loss, a, band, how.batch) : null;
  const distance = facts.usual.map((value) => Math.abs(value - nats));
  const epoch = regime === "vae" ? { epoch: distance.indexOf(Math.min(...distance)) + 1 } : {};
  return { ...found, band, marks: Object.entries(marks), regime, verdict, accident, ...epoch };
}
