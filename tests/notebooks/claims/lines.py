with torch.no_grad():
    for name, net in nets.items():
        assert distance(net.decode(net.codes(lines))).mean() < (5 if name == "AE" else 25), "Both networks copy lines"
middle = {name: distance(row[5:6]).item() for name, row in rows.items()}
assert middle["AE"] > middle["pixel blend"] > 100 and middle["VAE"] > 100, (
    "Halfway, the autoencoder draws a few loose pixels, and the VAE no line either"
)
assert distance(drawn["AE: own cloud"]).mean() > 300 and distance(drawn["AE: N(0, I)"]).mean() > 300, (
    "For lines, the autoencoder's own Gaussian gives no lines"
)
assert distance(drawn["VAE: own cloud"]).mean() < 0.6 * distance(drawn["AE: own cloud"]).mean(), (
    "Random codes of the VAE are nearer to lines"
)


def both(part, d):
    """Mean and spread over the seeds, for the autoencoder and the VAE."""
    return [
        tables.mean_and_spread([r for r in worlds if r["kind"] == kind and r["latent_dim"] == d], part)
        for kind in ("AE", "VAE")
    ]


for d in tables.DIMENSIONS[1:]:
    (ae, ae_spread), (vae, vae_spread) = both("path", d)
    assert 2.5 < ae / vae < 4.1 and ae - ae_spread > vae + vae_spread, (
        "From 8 dimensions on, the autoencoder's path lies 2.5 to 4 times further from the truth, outside the spread"
    )
    (ae, ae_spread), (vae, vae_spread) = both("midpoint", d)
    assert 1.9 < ae / vae < 2.4 and ae - ae_spread > vae + vae_spread, "and its midpoint twice as far"
    assert ae > 1.5 * pixels["midpoint"] > 1.5 * vae, (
        "The autoencoder's midpoint is further from any line than a pixel blend, the VAE's is nearer"
    )
    own = both("own", d)
    assert own[0][0] > 0.95 * ae, "Random codes from the autoencoder's own cloud are no better than its midpoints"
(ae, ae_spread), (vae, vae_spread) = both("path", 2)
assert abs(ae - vae) < ae_spread + vae_spread, "In 2 dimensions both paths lie equally far from the truth"
assert all(both("midpoint", 2)[k][0] < both("midpoint", d)[k][0] for k in (0, 1) for d in tables.DIMENSIONS[1:]), (
    "and both midpoints are nearer to it than with more dimensions"
)
crescents_own = [
    tables.mean_and_spread(
        [
            r
            for r in tables.read("worlds")["rows"]
            if r["world"] == "crescents" and r["kind"] == "AE" and r["latent_dim"] == d
        ],
        "own",
    )[0]
    for d in tables.DIMENSIONS
]
assert min(crescents_own) > 39 and max(crescents_own) < 65, "For crescents, the same recipe gives 40 to 64"
