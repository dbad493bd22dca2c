"""What the study of seeds says of what its cells compute."""

for loop, epoch in (("pytorch/examples", 10), ("chapter 05", 4)):
    v = ends(loop, epoch)
    assert 0.1 < v.max() - v.min() < 0.5, "at the end of either loop all seeds lie within half a nat"
apart = {term: ends("chapter 05", 4, term) for term in ("recon", "kl", "loss")}
assert min(apart[term].std() for term in ("recon", "kl")) > apart["loss"].std(), (
    "in the book's recipe the terms alone spread more than their sum"
)
early = [ends(loop, 1) for loop in names]
assert min(v.max() - v.min() for v in early) > 0.5, "early in training the spread is larger"
assert early[0].mean() - early[1].mean() > 10, "and so is the distance between the loops"
assert draws.std() < 0.1, "the luck in z is a few hundredths of a nat"
