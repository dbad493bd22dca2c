assert right.float().mean() > 0.97, "The judge is right on 98% of the test digits"
literal = torch.stack([(training - row_).pow(2).sum(1).sqrt().min() for row_ in a[:3]])
assert torch.allclose(evaluation.nearest(a[:3], training)[0], literal, atol=1e-3), (
    "The formula of D is what evaluation.nearest computes"
)
euclid = {name: row_["Euclid"] for name, row_ in of_known.items()}
assert round(euclid["black"], 2) == 3.57 < round(euclid["real digits"], 2) == 4.50, (
    "Euclid: black is nearer to the digits than real digits are, 3.57 against 4.50"
)
sure = {name: row_[SURE] for name, row_ in of_known.items()}
doubtful = ("pixel blends", "left and right halves", "upper and lower halves", "rotated by 90°")
assert all(sure[name] > 1 / 3 for name in doubtful), (
    "The judge is sure of more than a third of the blends, the glued halves and the rotated digits"
)
assert sure["the brighter of two pixels"] > 0.5 and sure["noise"] > 0.1, (
    "and of more than half of the overlaid digits, and of more noise than you would like"
)
cosine = {name: row_["cosine"] for name, row_ in both.items()}
assert round(cosine["real digits"]) == 118 and cosine["black"] > 999, "Cosine: real digits at 118, black at the end"
assert min(cosine[name] for name in known if name != "real digits") > 160, "Cosine: all that is no digit at 160 or more"
passed = {name: row_[PASSES] for name, row_ in both.items()}
assert round(100 * passed["real digits"]) == 96, "The strict judge passes 96 of 100 real digits"
shown = [name for name in known if name not in ("real digits", "the brighter of two pixels")]
assert max(passed[name] for name in shown) < 0.02, "and not 2 of 100 of what it was shown as no digits"
assert round(100 * passed["the brighter of two pixels"]) == 4, "It turns away 96 of 100 of the overlaid digits"
for net_ in names[2:]:
    assert passed[f"blends of {net_}'s copies"] < 0.01, "It turns away more than 99 of 100 blends of reconstructions"
    assert passed[f"{net_}: reconstructions"] > 0.9, "It passes more than 90 of 100 reconstructions"
with torch.no_grad():
    reads = (strict(digits.test_x).argmax(1) == digits.test_y).float().mean().item()
assert round(100 * reads) == 95 and round(100 * right.float().mean().item()) == 98, (
    "It reads 95% of the digits, the first judge 98%"
)
for part, values in {
    "midpoints": ((142, 16), (183, 6), (124, 6), (124, 7)),
    "random, own cloud": ((193, 19), (229, 4), (147, 21), (144, 18)),
}.items():
    for name, (far_, share_) in zip(("ae-20", "ae-128", "vae-20", "vae-128"), values):
        key = f"{name}: {part}"
        assert abs(cosine[key] - far_) < 1 and abs(100 * passed[key] - share_) < 1, (
            f"{key}: {far_} and {share_}%, got {cosine[key]:.1f} and {100 * passed[key]:.1f}%"
        )
gain = {net_: cosine[f"blends of {net_}'s copies"] - cosine[f"{net_}: midpoints"] for net_ in names[2:]}
assert min(gain["ae-20"], gain["vae-20"], gain["vae-128"]) > 5 and gain["ae-128"] < 0, (
    "The midpoints of ae-20, vae-20 and vae-128 are ahead of blends of their own copies, those of ae-128 behind"
)
assert (round(cosine["blends of vae-20's copies"]), round(cosine["blends of ae-20's copies"])) == (141, 151), (
    "Blends of copies lie at 141 for vae-20 and at 151 for ae-20"
)
assert passed["ae-20: midpoints"] > passed["vae-20: midpoints"] + 0.05, (
    "At 20 numbers more of the autoencoder's midpoints pass than of the VAE's"
)
soft = {name: evaluation.sharpness(found[name]["midpoint"]).mean().item() for name in ("ae-20", "vae-20")}
assert soft["vae-20"] < 0.95 * soft["ae-20"], "What the VAE draws halfway is softer"
of_midpoints = evaluation.confident_share(judge, found["ae-20"]["midpoint"])
assert round(100 * of_midpoints) == 47 and abs(of_midpoints - sure["upper and lower halves"]) < 0.02, (
    "The first judge is sure of 47% of the autoencoder's midpoints, and just as sure of glued halves"
)
for name in ("ae-2", "vae-2"):
    assert passed[f"{name}: reconstructions"] < 0.5 and cosine[f"{name}: reconstructions"] < 118, (
        "In a plane the strict judge turns away most reconstructions, and cosine puts them nearer than real digits"
    )
