"""What the study of a judge of pixels says of what its cells compute."""

assert share > 0.9, "as they are, the judge is nearly always right"
assert black["digits"].min() > black["reconstructions"].max(), "counting zeros separates the two without a mistake"
assert black["reconstructions"].max() < 150, "a sigmoid gives exactly 0 at about a hundred pixels at most"
assert abs((real[1] == 0).float().mean() - 0.8) < 0.02, "four fifths of a digit's pixels are exactly 0"
for x, digit in zip(matched, own):
    assert torch.equal(x.sort(1).values, digit.sort(1).values), (
        "each picture has exactly the pixel values of a real digit"
    )
assert 0.68 < with_equal_greys["equal greys"] < 0.85, "with equal greys the judge is right about three of four"
assert with_equal_greys["equal greys, shuffled"] < 0.58, "with shuffled pixels it is little better than a coin"
assert 0.5 < (with_equal_greys["equal greys"] - 0.5) / (share - 0.5) < 0.7, (
    "of the points above a coin rather more than half are left"
)
