grid = torch.linspace(-1.6, 1.6, 61)
disc = torch.hypot(grid[:, None], grid) < 0.95
holes = {name: (far_[disc] > 50).float().mean().item() for name, (_, far_, _) in panels.items()}
assert holes["crescents, autoencoder"] > 0.2 > 0.1 > holes["crescents, VAE"] > 0, (
    "The autoencoder leaves the middle of its ring undefined; the VAE's hole is still there, but it is small"
)
assert holes["half moons, autoencoder"] == 0, "For half moons the inside is filled"
assert round(100 * panels["crescents, VAE"][2]) == 88, "Only 88% of the spread of the VAE's ring lies in the plane"


def both(world, part, d):
    """Mean and spread over the seeds, for the autoencoder and the VAE."""
    rows_ = [
        [r for r in worlds if r["world"] == world and r["kind"] == kind and r["latent_dim"] == d]
        for kind in ("AE", "VAE")
    ]
    return [tables.mean_and_spread(r, part) for r in rows_]


larger = tables.DIMENSIONS[1:]
for d in larger:
    (ae, ae_spread), (vae, vae_spread) = both("crescents", "path", d)
    assert 2 < ae / vae < 5.6 and ae - ae_spread > vae + vae_spread, (
        "Crescents: from 8 dimensions on the autoencoder's path lies two to five and a half times further"
    )
    (ae, ae_spread), (vae, vae_spread) = both("crescents", "midpoint", d)
    assert 2 < ae / vae < 4 and ae - ae_spread > vae + vae_spread, "Crescents: its midpoint two to four times"
    for part, factor in (("path", 1), ("midpoint", 1), ("reconstruction", 0.7)):
        (ae, _), (vae, _) = both("moons", part, d)
        assert ae < factor * vae, (
            "Moons: the autoencoder's path and midpoints are as good or better, and it copies better"
        )
    (ae, ae_spread), (vae, vae_spread) = both("moons", "own", d)
    assert 1.05 < ae / vae < 1.35 and ae - ae_spread > vae + vae_spread, (
        "Moons: random codes from its own Gaussian lie at 1.1 to 1.3 times the VAE's distance"
    )
    for world in ("crescents", "moons"):
        (_, (own, _)), (_, (drawn, _)) = both(world, "own", d), both(world, "prior", d)
        assert drawn < 2.3 * own, (
            "Drawing from N(0, I) costs the VAE at most a little over twice its own cloud's distance"
        )
        assert both(world, "prior", d)[0][0] > 100, "With an autoencoder, N(0, I) gives noise from 8 dimensions on"
        assert both(world, "reconstruction", d)[1][0] > 1.5 * both(world, "reconstruction", d)[0][0], (
            "From 8 dimensions on, the VAE copies less exactly"
        )
assert all(
    both("crescents", part, 2)[0][0] > 1.5 * both("crescents", part, 2)[1][0] for part in ("path", "midpoint")
), "Crescents: in 2 dimensions they already differ"
assert both("crescents", "midpoint", 128)[0][0] < both("crescents", "midpoint", 8)[0][0], (
    "The autoencoder's crescents even get better from 8 to 128 dimensions"
)
for world in ("crescents", "moons"):
    copies = [both(world, "reconstruction", d)[1][0] for d in larger]
    assert copies == sorted(copies), "The VAE copies less exactly with every step from 8 dimensions on"
    (own, own_spread), _ = both(world, "own", 2)
    (drawn, drawn_spread), _ = both(world, "prior", 2)
    assert drawn - drawn_spread < own + own_spread, "In a plane N(0, I) does no worse, within the spread"
for kind in ("AE", "VAE"):
    seeds = values_of("moons", kind, 2, "reconstruction")
    assert max(seeds) > 2 * min(seeds), "In 2 dimensions neither network fits moons reliably"

# Digits.
by = {}
for row_ in of_digits:
    if row_["kind"] != "pixels":
        by.setdefault((row_["kind"], row_["latent_dim"]), []).append(row_)
for part in ("midpoint", "own"):
    few, many = ([r[f"{part}_distance"] for r in by["AE", d]] for d in (20, 128))
    assert min(many) > max(few) + 0.15, (
        "From 20 to 128 dimensions the autoencoder's midpoints and random codes get worse with every seed"
    )
    assert max(max(few) - min(few), max(many) - min(many)) < 0.05, (
        "The seeds lie closer together than the dimensions do"
    )
    few, many = ([r[f"{part}_distance"] for r in by["VAE", d]] for d in (20, 128))
    assert max(many) < max(few) + 0.15 and max(many) < min(r[f"{part}_distance"] for r in by["AE", 128]) - 0.5, (
        "The VAE's level off at 20"
    )
own = [tables.mean_and_spread(by["VAE", d], "own_distance")[0] for d in (20, 128)]
assert abs(own[1] - own[0]) < 0.05, "and its random codes do not move"
black = evaluation.nearest(torch.zeros(1, 784), training)[0].item()
dim = [r["prior_distance"] for r in by["AE", 8]]
others = [
    distance_
    for which, rows_ in by.items()
    for row_ in rows_
    for part, distance_ in row_.items()
    if part.endswith("_distance") and (which, part) != (("AE", 8), "prior_distance")
]
assert round(black, 2) == 3.57 and max(dim) < black + 0.01 and black < min(others), (
    "Black lies at 3.57, nearer than all but the dim blurs of the autoencoder of 8 dimensions, which are as near"
)
assert black < reference["reconstruction_distance"], "and nearer than real digits"
assert max(r["prior_distance"] for d in (8, 20) for r in by["AE", d]) < reference["reconstruction_distance"], (
    "From N(0, I), the autoencoder's dim blurs have small distances in 8 and 20 dimensions"
)
stored = {name: in_use(nets[name], data.world(name[4:], 1000, seed=2)) for name in ("vae-crescents", "vae-moons")}
assert stored == {"vae-crescents": 4, "vae-moons": 10}, "vae-crescents uses 4 of its 64 numbers, vae-moons 10"
assert early["VAE", 128][1] > 100, "After a short training the VAE still has more than 100 of its 128 numbers in use"
assert early["VAE", 128][0] < early["VAE", 20][0] + 5 and early["AE", 128][0] > early["AE", 20][0] + 5, (
    "and its midpoints do not break; the autoencoder's are already worse at 128 than at 20"
)
noisy = [early["AE with noise", d][0] for d in (20, 128)]
assert noisy[1] > noisy[0] + 15 and all(early["AE", d][0] > found + 5 for d, found in zip((20, 128), noisy)), (
    "with noise the autoencoder's midpoints lie nearer to digits, but they, too, get worse from 20 to 128"
)
with torch.no_grad():
    trained_midpoints = {
        name: from_digits(tables.pictures_of(load(name), ends_a, ends_b)["midpoint"])
        for name in ("ae-20", "ae-128", "vae-20", "vae-128")
    }
assert all(early[kind, d][0] < trained_midpoints[f"{kind[:3].strip().lower()}-{d}"] for kind, d in early), (
    "All are nearer to the digits than the trained networks"
)
