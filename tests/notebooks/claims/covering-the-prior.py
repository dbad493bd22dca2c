kl_2, kl_20, kl_beta_4 = (found["KL term"] for found in measured.values())
assert [round(kl, 1) for kl in (kl_2, kl_20, kl_beta_4)] == [6.2, 25.4, 9.5], "the KL terms: 6.2, 25.4 and 9.5 nats"
assert round(math.log(60_000), 1) == 11.0, "ln N is 11.0 nats"
for name, found in measured.items():
    assert found["I"].max() <= math.log(60_000) + 1e-3, f"{name}: the ratio is never above N"
    total = (found["I"] + found["to the prior"]).mean()
    error = (found["I"] + found["to the prior"]).std() / 500**0.5
    assert abs(total - found["KL term"]) < 4 * error, f"{name}: the two parts add up to the KL term"
apart_2, apart_20, apart_beta_4 = (found["to the prior"].mean() for found in measured.values())
assert 0.3 < apart_2 < 0.8, "in two dimensions the mix is half a nat away from the prior"
assert 14 <= apart_20 < 15.6 and apart_20 > kl_20 - math.log(60_000) - 0.5, "in twenty, 14 to 15 nats"
assert 1.1 < apart_beta_4 < 1.8, "at beta 4 the mix is 1.4 nats away from the prior"
assert 10.6 < measured["vae-20"]["I"].mean() < 11.01, "the codes tell 10.8 of at most 11.0 nats"
assert abs(measured["vae-2"]["at draws"].median()) < 0.5, "in two dimensions the clouds are as dense as the prior"
assert -40 < measured["vae-20"]["at draws"].median() < -31, "in twenty, a factor of e^35 thinner at a typical draw"
assert -2 < measured["vae-20-beta-4"]["at draws"].median() < 0, "at beta 4 the clouds nearly fill the prior"
