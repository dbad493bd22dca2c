for seed in range(3):
    of_seed = [of_seeds[seed] for of_seeds in of_beta.values()]
    for column, sign in [("recon", 1), ("kl", -1), ("sigma", 1)]:
        steps = [sign * (b[column] - a[column]) for a, b in pairwise(of_seed)]
        assert min(steps) > 0, "reconstruction, KL and sigma move one way with beta, at every step and for each seed"
    assert min(of_seed, key=lambda row: row["sum"])["beta"] == 1.0, "the sum is smallest where it was trained on"
sure = {beta: tables.mean_and_spread(of_seeds, "sure")[0] for beta, of_seeds in of_beta.items()}
assert sure[0.0] < 0.1 < 0.3 < sure[1.0] < sure[4.0] and sure[10.0] <= sure[4.0], (
    "over seeds the judge is sure of almost nothing at beta 0, of more up to beta 4, and then of no more"
)

for column, sign in [("recon", 1), ("kl", -1), ("sigma", 1)]:
    assert min(sign * (b[column] - a[column]) for a, b in pairwise(table.values())) > 0, f"{column} moves one way"
assert 28 < table[4.0]["recon"] - table[1.0]["recon"] < 32, "the reconstruction of beta 4 is 30 nats worse"
sums = {beta: row["recon"] + row["kl"] for beta, row in table.items()}
assert min(sums, key=sums.get) == 1.0, "of the stored networks, too, beta 1 has the smallest sum"
for beta, of_seeds in of_beta.items():
    assert table[beta]["recon"] < min(row["recon"] for row in of_seeds), "a better reconstruction in each row"
assert table[0.0]["sigma"] < min(row["sigma"] for row in of_beta[0.0]), "at beta 0 sigma has fallen further"
assert {beta: table[beta]["active"] for beta in (1.0, 4.0, 10.0)} == {1.0: 20, 4.0: 11, 10.0: 5}, "20, 11, 5 active"
assert round(perfect.item(), 1) == 45.5, "a perfect picture costs 45.5 nats"

assert shares["real test digits"] > 0.85, "the judge knows real digits"
assert 0.25 < shares["blends of two digits"] < 0.36, "it is sure of three in ten of the blends"
junk = [shares[name] for name in ("turned by 90°", "halves of two digits")]
assert min(junk) > 0.33 and max(junk) < 0.45, "and of nearly four in ten of the turned digits and of the glued halves"
assert shares["β = 0"] < 0.1, "at beta 0 it is sure of almost nothing"
assert max(shares[f"β = {beta:g}"] for beta in (0, 0.1, 0.5, 1)) < max(junk) + 0.03, (
    "up to beta 1 its verdict is no higher than for pictures that are certainly wrong"
)
assert min(shares["β = 4"], shares["β = 10"]) > max(junk), "at beta 4 and 10 it is higher"

for i, (low, high) in enumerate(pairwise(nets)):
    for values in (bought, *bought_by_seed):
        assert low < values[i] < high, "a nat of KL buys between beta 1 and beta 2 nats of reconstruction"
