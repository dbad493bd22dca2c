"""What the study of the axes says of what its cells compute."""

assert all(2.4 < cost < 3.6 for cost in costs), "turning all the codes costs about 3 nats"
with torch.no_grad():
    spread = {}
    for k in (0, 19):
        codes = strict.codes(x_test[ten[3]][None]).repeat(len(values), 1)
        codes[:, order[k]] = values
        pictures = strict.decode(codes)
        spread[k] = (pictures.amax(0) - pictures.amin(0)).max().item()
assert spread[0] > 0.5 and spread[19] < 0.1, "the first dimension moves the picture, the last does not"
assert (explained > 0.75).all(), "a linear function of the twenty numbers explains most of slant, width and ink"
for (name, k), (gain, same) in written.items():
    assert 0 < gain < 1, f"{name}, {k} steps: less than the regression promises"
    assert same > 60, f"{name}, {k} steps: most digits are still read as before"
assert abs(kept.mean() - written["slant", 2][1]) < 6, (
    "random directions cost about as many digits as a step in slant does"
)
for at in (("width", -2), ("width", 2), ("ink", -2)):
    assert 1.5 < (100 - written[at][1]) / (100 - kept.mean()) < 2.5, "width, or less ink, cost about twice as many"
promised_moves = torch.tensor([abs(2 * weights[:-1, i].norm().item()) for i in range(3)])
assert (moved < 0.3 * promised_moves).all(), "random directions move the three properties far less"
assert 60 < pairs.mean() < 85 and pairs.min() < 50, "for some pairs it fails more often than not"
assert table.diag().mean() > 94, "unchanged digits are read as what they are"
assert (pairs > 50).sum() > 75, "for nearly all pairs it works for more than half"
assert abs(kept_slant.mean() - 0.93) < 0.01 and round(kept_slant.min().item(), 2) == 0.69, (
    "the slant is kept: 0.93, at least 0.69"
)
