"""What the study of softness says of what its cells compute."""

import math

from latentwalk.checkpoints import read_manifest

count, to_mean, to_digit, real, ideal, trained = found["vae-2", "training"]
assert count > 100, "in two dimensions more than a hundred training pictures share a typical code"
assert to_mean < to_digit / 3, "its distance to that mean is a fraction of its distance to the digit"
assert real - ideal > 5 * (ideal - trained) > 0, "the mean is nearly as soft as what vae-2 draws"
count, _, _, real, ideal, trained = found["vae-20", "training"]
assert count < 1.1, "in 20 dimensions a code from training belongs to one single picture"
assert abs(ideal - real) < 0.01 * real, "a decoder of unlimited power would be as sharp as the digits"
assert trained < 0.9 * real, "the trained one is not"
assert abs(read_manifest("vae-20")["metrics"]["kl"] - 25.4) < 0.06 and math.log(60_000) < 11.01, (
    "a code costs 25.4 nats, and ln 60,000 = 11 are enough"
)
_, to_mean, to_digit, *_ = found["vae-20", "test"]
assert to_digit < to_mean, "at a new code its answer is nearer to the new digit than to the training picture"
assert size["vae-20-binary"] < size["vae-50-binary"] < size["the binarised digits"], "the larger network is sharper"

for one, other in zip([data, *blur.values()], blur.values()):
    assert other[0] < one[0] and other[1] > one[1], "blurred more, less sharp and more grey"
steps = [data, soft["AE, reconstructions"], soft["VAE, from $\\mu$"], soft["VAE, codes from N(0, I)"]]
for k, sign in ((0, -1), (1, 1)):  # sharpness falls, grey rises
    values = [sign * step[k] for step in steps]
    assert values == sorted(values), "digits, AE, VAE, prior: each softer than the one before"
    low, high = sorted([blur[0.4][k], blur[0.6][k]])
    assert low < soft["VAE, from $\\mu$"][k] < high, "as a blur of 0.4 to 0.6 pixels"
apart = abs(soft["VAE, from $\\mu$"][0] - soft["VAE, from a sample"][0])
assert apart < 0.001, "from mu or from a sample makes no difference that counts"
recon_sharp = [value[0] for value in by_beta["reconstructions"]]
assert recon_sharp == sorted(recon_sharp, reverse=True), "with beta reconstructions become softer"
kls = {beta: read_manifest(f"vae-20-beta-{beta}")["metrics"]["kl"] for beta in (4, 10)}
assert round(kls[4], 1) == 9.5 and round(kls[10], 1) == 3.6, (
    "at beta = 4 the codes tell 9.5 nats about a picture, at 10 only 3.6"
)
assert ragged["draws"][0] > ragged["binarised digits"][0], "by the measure draws are sharper than the digits"
assert ragged["draws"][1] > 3 * ragged["binarised digits"][1], "and have several times as many lonely pixels"
