"""What the study of the recipe says of what its cells compute."""

from latentwalk import tables

assert 540 < sum(test_terms(VAE())) < 560, "an untrained network pays about 550 nats"
assert 200 < sum(test_terms(fresh)) < 215, "the mean picture's bias alone brings the loss to little more than 200"
losses_of = [loss for _, loss in results.values()]
assert losses_of[-1] == min(losses_of), "with the cycle one epoch is worth most"
_, fused_, bias_, large_, _ = losses_of
assert 6 < fused_ - bias_ < 10, "the mean picture is worth most, about 8 nats"
assert bias_ < large_ < bias_ + 4, "with larger batches the epoch ends a little worse"
assert large_ - losses_of[-1] < fused_ - bias_, "the cycle is worth less than the mean picture"
mean = (
    sum(
        row["recon"] + row["kl"]
        for row in tables.read("loss")["rows"]
        if (row["loop"], row["epoch"]) == ("chapter 05", 4)
    )
    / 5
)
assert abs(recon_curve[-1] + kl_curve[-1] - mean) < 1, (
    "this network, loss and loop end within a nat of the five seeds' mean"
)
assert abs(mean - 104.9) < 0.06, "over five seeds it ends near 104.9"
usual = [
    row["recon"] + row["kl"]
    for row in tables.read("loss")["rows"]
    if (row["loop"], row["epoch"]) == ("pytorch/examples", 10)
]
assert min(usual) > mean + 0.5, "the plain loop needs more than ten epochs for this loss"
