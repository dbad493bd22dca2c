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
for name in ("ae-2", "vae-2"):
    assert passed[f"{name}: reconstructions"] < 0.5 and cosine[f"{name}: reconstructions"] < 118, (
        "In a plane the strict judge turns away most reconstructions, and cosine puts them nearer than real digits"
    )
sharp_of = {name: pair[0] for name, pair in stands.items()}
passed_of = {name: pair[1] for name, pair in stands.items()}
assert (
    max(sharp_of[f"vae-2: {words_}"] - sharp_of[f"vae-20: {words_}"] for words_ in ("reconstructions", "midpoints")) < 0
), "In a plane pictures are softer still"
assert 0.45 < passed_of["blurred by 0.6"] < 0.57, "of digits blurred by 0.6 pixels it turns away about half"
assert 0.15 < passed_of["blurred by 0.8"] < 0.23, "of those blurred by 0.8 four in five"
sharper = [sharp_of[f"blurred by {width_}"] for width_ in (0.4, 0.6, 0.8, 1.0)]
assert sharper[0] > sharp_of["vae-20: reconstructions"] > sharper[1] and passed_of["vae-20: reconstructions"] > 0.9, (
    "it passes more reconstructions than blurred digits that are as sharp"
)
assert (
    passed_of["vae-2: reconstructions"] > 3 * passed_of["blurred by 1.0"]
    and sharp_of["vae-2: reconstructions"] < sharper[3]
), "so it does in the plane"
assert sharper[2] > max(sharp_of["vae-20: midpoints"], sharp_of["vae-128: midpoints"]) > sharper[3], (
    "the VAE's midpoints are softer than digits blurred by 0.8"
)
assert sharp_of["ae-128: midpoints"] > sharp_of["ae-20: midpoints"] + 0.002, "the autoencoder's midpoints get sharper"
assert abs(sharp_of["vae-128: midpoints"] - sharp_of["vae-20: midpoints"]) < 0.003, "the VAE's stay as soft"
