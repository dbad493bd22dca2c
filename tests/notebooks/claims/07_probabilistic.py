from torch.distributions import Bernoulli

from latentwalk import tables

# The toy, in the figure and on the grid
for x, mu, sigma in [(2.0, -0.5, 0.8), (2.0, 0.0, 1.0), (-1.0, 1.0, 0.3)]:
    trial = Fit(x=x, mu=mu, sigma=sigma)
    assert abs(trial.gap - gap(x, mu, sigma)) < 1e-6, "the figure's gap is the one on the grid"
    assert abs(trial.log_px - toy(x)[0]) < 1e-6, "so is its log p(x)"
gaps = {x: gap(x, *Fit(x=x).best).item() for x in (-1.0, 1.0, 1.5, 2.0, 4.0)}
assert min(gaps.values()) > 0, "the gap never falls below 0"
assert gaps[-1.0] < 0.02, "next to nothing where the posterior has one summit"
assert 0.4 < gaps[1.5] < 0.55 and 0.45 < gaps[2.0] < 0.55, "and half a nat where it has two"
right_hill = toy(2.0)[1].exp()[grid > -0.3].max() > toy(2.0)[1].exp()[grid < -0.3].max()
assert right_hill and best[2.0][0] > 0, "the best q for x = 2 stands on the taller summit"

# The mixture: the density in the third panel is the one that the draws of the second come from
share = mixed / mixed.sum()
inside = (plane[:, 1] > 0).float() @ share
assert abs(inside - (drawn[:, 1] > 0).float().mean()) < 0.06, "the density of all codes is that of the pictures drawn"

assert x_test.unique().tolist() == [0.0, 1.0], "each pixel is either black or white"
z_c = torch.randn(250, 20, generator=torch.Generator().manual_seed(0))
with torch.no_grad():
    by_torch = Bernoulli(logits=vae.decode_logits(z_c)).log_prob(x_small).sum(1)
assert torch.allclose(log_p_x_given_z(x_small, z_c), by_torch), "the formula is PyTorch's Bernoulli"

assert -1300 < prior_logs.median() < -900, "a random code gives a probability like e^-1000"
assert estimates.std() > 5, "two runs differ by tens of nats"
assert largest.median() > 0.9, "one code out of 20,000 carries nearly the whole sum"

# The bound
climb = (bounds[1000] - bounds[1]).mean()
assert 4.6 < climb < 5.1, "the 250 pictures climb by 4.9 nats"
means = [values.mean() for values in bounds.values()]
assert means == sorted(means), "the bound rises with k"
last = (bounds[1000] - importance_bound(log_w, 500)).mean()
assert last > 0.1, "the curve is still climbing"
stored = {row["k"]: row for row in tables.read("likelihood")["rows"] if row["network"] == "vae-20-binary"}
assert round(stored[1000]["nll"], 1) == 91.9, "on all 10,000 test pictures 91.9 at k = 1000"
nll_error = bounds[1000].std() / 250**0.5
assert abs(-bounds[1000].mean() - stored[1000]["nll"]) < 3 * nll_error, "these 250 pictures agree with the whole table"
assert stored[1]["nll"] > stored[1000]["nll"] + 5, "over all test pictures the mean gap is at least five nats: 5.0"
