"""What the study of the two paths says of what its cells compute."""

from latentwalk import interpolation

torch.manual_seed(0)
start, end = torch.randn(2, 5, 20)
for ours, theirs in ((straight, interpolation.lerp), (spherical, interpolation.slerp)):
    for t in (0.0, 0.3, 0.5, 1.0):
        expected = torch.stack([theirs(one, two, t) for one, two in zip(start, end)])
        assert torch.allclose(ours(start, end, t), expected, atol=1e-5), (
            "both paths are the package's, with both ends reached"
        )
half_way = spherical(start, end, 0.5).norm(dim=1)
assert torch.allclose(half_way, 0.5 * (start.norm(dim=1) + end.norm(dim=1)), atol=1e-5), (
    "halfway the arc has the mean length"
)
assert abs(arc.norm(dim=1).mean() - 4.2) < 0.06 and abs(middle.norm(dim=1).mean() - 3.0) < 0.06, (
    "4.2 on average against 3.0"
)

sure = {name: row["classifier sure, %"] for name, row in said.items()}
assert sure["turned by 90°"] > 33, "the classifier is sure of more than a third of the turned digits"
assert 40 < sure["glued halves"] < 52, "and of nearly half of the glued halves"
assert said["black"]["Euclidean"] < said["test digits"]["Euclidean"], (
    "by the Euclidean distance black is nearer than digits"
)
cosine = {name: row["cosine"] for name, row in said.items()}
assert abs(cosine["at half contrast"] / cosine["test digits"] - 1) < 0.001, "the cosine is right about contrast"
assert 0.7 < cosine["blurred by 0.8"] / cosine["test digits"] < 0.8, "the cosine finds blurred digits a quarter nearer"
shapes_of = {name: row["shapes"] for name, row in said.items()}
changed = [round(100 * (1 - shapes_of[f"blurred by {w}"] / shapes_of["test digits"])) for w in (0.6, 0.8)]
assert changed == [4, 7], "shapes change by 4 to 7% with blur"
assert abs(shapes_of["at half contrast"] / shapes_of["test digits"] - 1) < 0.001, "nor contrast"
digits_still = max(shapes_of[name] for name in ("test digits", "at half contrast", "blurred by 0.6", "blurred by 0.8"))
none = ("blends of two", "glued halves", "turned by 90°", "noise", "black")
assert min(shapes_of[name] for name in none) > 1.3 * digits_still, (
    "and put what is no digit behind everything that is one"
)

stretching, turning, together = (
    difference(one, two)
    for one, two in (
        ("straight, stretched", "straight"),
        ("spherical", "straight, stretched"),
        ("spherical", "straight"),
    )
)
assert max(error for rows in (stretching, turning, together) for _, error in rows) < 1.6, "a standard error of about 1"
assert stretching[0][0] > 5 and stretching[-1][0] < -5 and abs(stretching[2][0]) < 4, (
    "bolder is further at low cuts, nearer at high ones"
)
assert all(-12 < mean < -6 for mean, _ in turning), "at equal length the arc is nearer at every level, by 7 to 11"
assert together[0][0] > 3 and together[-1][0] < -3, "together, the sign turns with the level"
shares = [-mean / by_level["straight, stretched"][k].mean() for k, (mean, _) in enumerate(turning)]
assert all(0.03 < share < 0.04 for share in shares), "that is 3 to 4% of the distance"
for name in ("straight", "spherical"):
    for k, level_ in enumerate(levels):
        to_digits, at_, to_blends = (by_level[w][k].mean() for w in ("test digits", name, "blend of reconstructions"))
        assert (to_blends - at_ < at_ - to_digits) == (name == "straight" or level_ <= 0.5), (
            "Straight midpoints lie nearer to blends than to digits at every level, those of the arc up to one half"
        )
at_half = {name: by_level[name][2].mean() for name in by_level}
assert 0.05 < -turning[2][0] / (at_half["straight"] - at_half["reconstruction"]) < 0.17, (
    "about a tenth of the way to reconstructions"
)
assert at_half["test digits"] < at_half["straight"] < at_half["blend of reconstructions"], (
    "by shape midpoints lie between digits and blends"
)
for name, (mean, error) in equal.items():
    if name != "ae-20":
        assert mean < -3 * error, f"{name}: in all the VAEs the arc is nearer at equal length"
assert abs(equal["ae-20"][0]) < 2, "in the plain autoencoder the two directions do equally well"

rising = [row["classifier sure, %"] for row in stretched.values()]
assert rising == sorted(rising), "the longer the code, the surer the classifier"
at_length = [row["shapes"] for row in stretched.values()]
assert min(at_length[3:]) > at_length[2] - 4, "the shapes come no nearer to real digits"
assert by_arc["classifier sure, %"] > stretched[1.0]["classifier sure, %"] + 5, "a classifier prefers the arc"
share, near_blend, near_end = fade["straight"]
assert abs(share - fade["blend of reconstructions"][0]) < 0.02, "the straight midpoints are as grey as blends"
assert abs(fade["straight, stretched"][0] - fade["spherical"][0]) < 0.02, "at equal length both are about equally grey"
assert near_blend < near_end, "and nearer to the blend than to either digit"
by_classifier = {name: shares[0] for name, shares in third.items()}
assert 1 < by_classifier["blend of the ends"] < by_classifier["straight"] - 2, (
    "the classifier reads a third digit on some blends, and on more walks"
)
assert by_classifier["straight"] + 1 < by_classifier["spherical"] < 20, "and on more of the walks along the arc"
by_judge = {name: shares[1] for name, shares in third.items()}
assert by_judge["blend of the ends"] < 0.8 < by_judge["straight"] < by_judge["spherical"] - 3, (
    "the judge finds one more often along the arc than on straight walks, and there more often than on blends"
)
assert by_judge["straight"] < 2.2 and 0.15 < by_judge["straight"] / by_classifier["straight"] < 0.25, (
    "on straight walks one or two in a hundred, a fifth of what the classifier says"
)
assert beyond[3]["classifier sure, %"] > 60, "three times as far as the end the classifier is still sure of most"
drift = [beyond[t]["shapes"] for t in (1, 2, 3)]
assert drift == sorted(drift) and drift[-1] > at_half["spherical"] - 5, (
    "by shape they drift as far as the arc's midpoints"
)
