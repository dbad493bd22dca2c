assert (digits.test_y[threes[2]], digits.test_y[eights[1]]) == (3, 8), "The ends are a 3 and an 8"
chosen_ = [i for digit in range(10) for i in (digits.test_y == digit).nonzero()[:4, 0].tolist()]
assert (threes[2], eights[1]) == (chosen_[14], chosen_[33]), "They are those of the first page"
assert torch.allclose(steps["pixel blend"], (ends[1] - ends[0]).norm() / 10, rtol=1e-3), (
    "For the pixel blend every step is a tenth of the distance of the ends"
)
for name, step in steps.items():
    assert name == "pixel blend" or 1.4 < step.max() / step.min() < 2.7, (
        "The largest step of a network is between 1.4 and 2.7 times its smallest one"
    )
