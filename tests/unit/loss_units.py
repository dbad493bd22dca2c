"""What loss_units.js should say of a printed VAE loss, written a second time: what it is in nats per image, and what to make of it."""

import itertools
import math

BATCHES = (32, 64, 100, 128, 200, 256, 512)  # that people use
SETS = (10_000, 60_000)  # MNIST's test and training pictures
NEAR = 0.03  # two losses within this share of each other are the same
HUNDREDTH = 0.05  # a weight of the KL below it makes an autoencoder, one above its inverse a collapse
PARTS = ("loss", "error", "pixels", "images", "batch", "kl", "weight")  # of a number, as `judge` takes them


def expected(facts: dict, beta: float) -> list[float]:
    """The lowest and the highest cross-entropy + beta * KL to expect of a network trained with this beta, nats per image.

    Between the betas of chapter 04's table, a straight line over ln(beta); beyond the largest, no more than the mean picture costs.
    """
    points = facts["betas"]
    at_one = next(loss for b, loss in points if b == 1)
    share = facts["longest"] / at_one
    if beta > points[-1][0]:
        return [points[-1][1], facts["mean"]]
    (b0, low), (b1, high) = next(pair for pair in itertools.pairwise(points) if beta <= pair[1][0])
    t = math.log(beta / b0) / math.log(b1 / b0) if b0 else beta / b1
    loss = low + t * (high - low)
    return [loss * share, loss * (2 - share)]


def linear(facts: dict, half: float, beta: float) -> float:
    """The smallest ``half`` * squared error + beta * KL that a linear network with as many dimensions reaches: PCA's, in closed form."""
    values, rest = facts["variances"], facts["variance"]
    variance = beta / (2 * half)  # of the Gaussian for each pixel that this weight amounts to
    kept = [value for value in values if value > variance]
    unexplained = half * (rest - sum(kept))
    return unexplained + beta * sum(0.5 * (1 + math.log(value / variance)) for value in kept) if beta else unexplained


def scales(facts: dict, pixels: str, images: str, batch: int, kl: str) -> tuple[float, float]:
    """What the reconstruction and the KL of one image, both summed, were multiplied with before they were added."""
    count = batch if images == "sum" else 1
    recon = count / (facts["pixels"] if pixels == "mean" else 1)
    return recon, {"sum": count, "pixels": count / facts["pixels"], "mean": 1 / facts["dims"]}[kl]


def judge(facts: dict, *, loss, error, pixels, images, batch, kl, weight) -> dict:
    """All that the figure says of a number, as words' names and values; see `latentwalk.widgets.YourLoss` for the arguments."""
    a, b = scales(facts, pixels, images, batch, kl)
    beta, nats = weight * b / a, loss / a
    half = {"bce": None, "squares": 1, "half": 0.5}[error]
    found = {"nats": nats, "beta": beta, "half": half, "band": None, "marks": [], "accident": None}
    if weight < 0:
        return found | {"verdict": "weight", "regime": "none"}
    if half is None:
        band, marks = expected(facts, beta), {k: facts[k] for k in ("perfect", "mean", "even")}
        regime = "autoencoder" if beta < HUNDREDTH else "collapse" if beta > 1 / HUNDREDTH else "beta"
        regime = "vae" if abs(beta - 1) <= NEAR else regime
    else:
        marks = {
            "linear": linear(facts, half, beta),
            "mean": half * facts["variance"],
            "even": half * facts["half_grey"],
        }
        band, regime = [0.6 * marks["linear"], marks["linear"]], "squares" if beta else "free_squares"
    found |= {"band": band, "marks": [[name, value] for name, value in marks.items()], "regime": regime}
    found["verdict"] = _verdict(facts, nats, band, marks, regime)
    if found["verdict"] in ("below", "low", "slow", "between", "above"):
        found["accident"] = _accident(facts, loss, a, nats, band, batch)
    if regime == "vae":
        found["epoch"] = _epoch(facts["usual"], nats)
    return found


def _verdict(facts, nats, band, marks, regime) -> str:
    if nats < 0:
        return "negative"
    if nats < marks.get("perfect", 0):
        return "below"
    if nats < band[0] * (1 - NEAR):
        return "low"
    if nats <= band[1]:
        return "good" if regime == "vae" else "usual"
    if nats <= facts["usual"][0] and regime == "vae":
        return "learning"
    if nats < marks["mean"] * (1 - NEAR):
        return "slow"
    if nats <= marks["mean"] * (1 + NEAR):
        return "mean"
    if nats < marks["even"] * (1 - NEAR):
        return "between"
    return "even" if nats <= marks["even"] * (1 + NEAR) else "above"


def _epoch(curve, nats) -> int:
    """The epoch of the usual loop whose loss is nearest."""
    return min(range(len(curve)), key=lambda i: abs(curve[i] - nats)) + 1


def _accident(facts, loss, a, nats, band, batch) -> dict | None:
    """The other way to add up that makes this loss the likeliest, if any: its name, its images and what it comes to."""
    middle = math.sqrt(max(band[0], 1e-9) * max(band[1], 1e-9))
    ways = [("mean", 1, 1 / facts["pixels"]), ("bits", 1, 1 / facts["pixels"] / math.log(2)), ("sum", 1, 1)]
    ways += [("batch", count, count) for count in (batch, *BATCHES)] + [("set", count, count) for count in SETS]
    best, least = None, 0.25  # of the logarithm: within a factor of 1.28
    for name, count, scale in ways:
        value = loss / scale
        away = abs(math.log(value / middle)) if value > 0 else math.inf
        if away < least and abs(math.log(scale / a)) > NEAR:
            best, least = {"name": name, "count": count, "nats": value}, away
    return best
