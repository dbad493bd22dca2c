for seed in range(3):
    of_seed = [of_seeds[seed] for of_seeds in of_beta.values()]
    for column, sign in [("recon", 1), ("kl", -1), ("sigma", 1)]:
        steps = [sign * (b[column] - a[column]) for a, b in pairwise(of_seed)]
        assert min(steps) > 0, "reconstruction, KL and sigma move one way with beta, at every step and for each seed"
    assert min(of_seed, key=lambda row: row["sum"])["beta"] == 1.0, "the sum is smallest where it was trained on"

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

assert round(100 * shares["real digits"]) == 96, "the judge passes 96 of 100 real digits"
assert max(shares[name] for name in references if name != "real digits") < 0.055, (
    "of what only resembles digits 5 of 100 at most"
)
assert shares["β = 0"] < 0.005 and 0.08 < shares["β = 0.1"] < 0.12, "of the samples none at beta 0, a tenth at 0.1"
assert all(0.14 < shares[name] < 0.185 for name in ("β = 0.5", "β = 1")), "and a sixth at 0.5 and 1"
assert all(0.21 < shares[name] < 0.25 for name in ("β = 2", "β = 4")), "the most, nearly a quarter, at 2 and 4"
assert 0.07 < shares["β = 10"] < 0.11, "at 10 it turns away nine in ten"
assert max(sums, key=lambda beta: -sums[beta]) == 1.0 != max(decoded, key=lambda beta: shares[f"β = {beta:g}"]), (
    "the weight that gives the smallest sum of the two terms is not the one that draws the most digits"
)

for i, (low, high) in enumerate(pairwise(nets)):
    for values in (bought, *bought_by_seed):
        assert low < values[i] < high, "a nat of KL buys between beta 1 and beta 2 nats of reconstruction"
