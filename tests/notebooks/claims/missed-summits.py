assert abs(kept - 0.64) < 0.006 and abs(missed - 0.439) < 0.003, "the right hill holds 0.64 of the mass: 0.44 nats"
assert 0.87 < missed / gap_best < 0.9, "nearly nine tenths of the gap are the missed hill"
assert 0.05 < gap_best - missed < 0.07, "the shape of the hill that is covered costs 0.06 nats"
assert toy_curves["best ELBO"][0] < toy_curves["the prior"][0], "at k = 1 the one with the better ELBO is closer"
assert toy_curves["best ELBO"][6] > 10 * toy_curves["the prior"][6], "at k = 100 the prior, by far"
assert abs(toy_curves["best ELBO"][6] - missed) < 0.05, "its curve comes to rest at the share of the summit missed"

q_best = Normal(torch.tensor(mu_best, dtype=torch.float64), torch.tensor(sigma_best, dtype=torch.float64))
left_summit = grid[grid < valley][posterior[grid < valley].argmax()]
assert 7.5 < (mu_best - left_summit) / sigma_best < 8.1, "the other summit is nearly eight sigma away"
assert 1e13 < 1 / q_best.cdf(left_summit) < 1e15, "a draw there comes once in 10^14 or so"
rare = [(1 / q_best.cdf(torch.tensor(at, dtype=torch.float64))).item() for at in (valley, -1.0)]
assert 20_000 < rare[0] < 24_500, "beyond the valley one in 22,000"
assert 1.5e9 < rare[1] < 2.5e9, "beyond -1 one in two billion"
assert posterior[grid < -1].sum() > 0.8 * posterior[grid < valley].sum(), "most of the left hill lies beyond -1"
