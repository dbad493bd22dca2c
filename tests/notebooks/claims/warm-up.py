"""What the study of warm-up says of what its cells compute."""

means = [sum(three) / 3 for three in counts.values()]
assert means == sorted(means, reverse=True) and means[0] == 20 > means[-1], (
    "with beta dimensions fall idle, one after another"
)
assert all(sum(counts[beta]) == 60 for beta in (0.0, 0.1, 0.5, 1.0)), "up to beta = 1 all are in use"
assert len(idle) == 9, "at beta = 4 nine of twenty are idle"
assert abs(losses[1] - losses[0]) < 0.2, "noise in the idle dimensions: the reconstruction stays within 0.2 nats"
assert losses[2] > losses[0] + 50, "noise in as many active ones ruins it"
for beta in (1.0, 4.0):
    pairs = list(zip(totals[beta, 0], totals[beta, 3]))  # the same seed with and without
    assert all(slow > at_once for at_once, slow in pairs), "the loss is higher with the warm-up, for every seed"
mean = {key: sum(three) / 3 for key, three in totals.items()}
assert [round(mean[key], 1) for key in ((1.0, 3), (1.0, 0), (4.0, 3), (4.0, 0))] == [104.9, 104.3, 150.2, 148.5], (
    "104.9 against 104.3 nats, and 150.2 against 148.5"
)
assert min(active[4.0, 3]) > max(active[4.0, 0]), "at beta = 4 a warm-up keeps several more dimensions in use"
assert all(row["active"] == 0 for row in select(40.0, 0) + select(40.0, 3)), "at a weight of 40 everything collapses"
for row in select(40.0, 3):
    first, *later = row["active_by_epoch"]
    assert first > 0 and not any(later[1:]), "with a warm-up the code is used for an epoch or two, then all collapses"
assert not any(sum(row["active_by_epoch"]) for row in select(40.0, 0)), "without one, never"
warm = select(4.0, 3)
assert all(row["active_by_epoch"][-1] < row["active_by_epoch"][2] for row in warm), (
    "the extra dimensions are still being given up"
)
