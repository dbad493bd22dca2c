"""What the study of the bugs says of the ten runs."""

end = {bug: row["curve"][-1] for bug, row in ended.items()}
right = {bug: values[2] + values[3] for bug, values in end.items()}
reported = {bug: values[0] + values[1] for bug, values in end.items()}
active = {bug: sum(kl > 0.05 for kl in row["kl_of_dimension"]) for bug, row in ended.items()}
mean_sigma = {bug: sum(row["sigma"]) / 20 for bug, row in ended.items()}

assert min(right, key=right.get) == "no bug", "the right ruler finds the run without a bug"
assert min(reported.values()) < reported["no bug"] < max(reported.values()), (
    "it reports neither the smallest loss nor the largest"
)
assert set(rows) - set(ended) == {"KL sign flipped", "pixels 0 to 255"}, (
    "two runs end early because their numbers overflow"
)
assert rows["pixels 0 to 255"]["stopped"] == 0, "pixels up to 255 do not survive the first step"
assert sum(rows["KL sign flipped"]["curve"][1][:2]) < 0, (
    "with the KL's sign flipped the reported loss falls below zero at once"
)
assert min(v[2] for v in end.values()) == end["KL mean over pixels"][2], "KL averaged: the best reconstructions of all"
assert 8 < end["KL mean over pixels"][3] / end["no bug"][3] < 12, "and a right KL ten times too large"
for bug in ("BCE mean over pixels", "z detached", "sigmoid twice"):
    assert active[bug] == 0, f"{bug}: no active dimension"
assert abs(end["BCE mean over pixels"][2] - end["z detached"][2]) < 1, (
    "z detached and the averaged BCE end with the same picture"
)
assert mean_sigma["z = mu"] > 0.95 and end["z = mu"][2] > 300, (
    "z = mu: sigma at 1, and with the noise the reconstruction is ruined"
)
assert right["one eps for the batch"] > right["no bug"] + 10, "one eps for the batch: the right loss is well behind"
assert right["sigma is exp(logvar)"] > reported["sigma is exp(logvar)"] + 10, (
    "exp(logvar): the right loss lies well above the reported one"
)
assert right["sigma is exp(logvar)"] > right["no bug"] + 3, "exp(logvar): and above that of the right run"
assert abs(end["sigmoid twice"][0] - 543.4) < 1, "sigmoid twice: reported as 784 ln 2 nats, about 543"
assert test_loss["mu"] < test_loss["a sample"] - 5, "without the noise the sum is smaller"
