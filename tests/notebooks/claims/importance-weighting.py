error_two = math.hypot(first_error, fit_error)
assert abs(first - (fit - kl)) < 4 * error_two, "the two ways to the ELBO agree within their standard errors"
assert error_two < 0.5, "a standard error of a fraction of a nat"
assert log_w.std() < log_fit.std(), "for this picture, too, way 1 spreads less"
assert (spread_1 < spread_2).all(), "way 1 is the quieter one, for every picture"
assert spread_1.mean() < 0.85 * spread_2.mean(), "and clearly so"

log_w_package = vae_log_weights(vae, picture, 4000, seed=1)  # (4000, 1), other codes
assert abs(log_w_package.mean() - log_w.mean()) < 6 * first_error, "the package's weights have the same mean"
for k in (1, 10, 100, 1000):
    assert torch.allclose(bound(log_w, k), importance_bound(log_w[:, None], k)[0], atol=1e-3), "the package's bound"

climbs = bounds.diff(dim=0)  # from one k to the next, for each picture
climb_means, climb_errors = climbs.mean(1), climbs.std(1) / len(x_small) ** 0.5
above_1, at_1000 = over_pictures(bounds[-1] - bounds[0]), over_pictures(bounds[-1])
assert above_1[1] < 0.2 * at_1000[1], "the climb above k = 1 is known far better than the bound"
assert (climb_means > 2 * climb_errors).all(), "the curve climbs at every step"
assert climb_means[-1] > 0.1, "the last doubling still brings more than a tenth of a nat"
assert 4.6 < (bounds[-1] - bounds[0]).mean() < 5.1, "the curve has climbed about five nats"
assert ones > eights + 20, "a 1 is far more probable than an 8"

assert abs(gain.mean() - 3.4) < 0.6, "fitted to each picture alone, q gains 3.4 nats"
assert rest.mean() > 1, "the rest stays"

assert 3 < median < 50, "a handful of a thousand codes does most of the work"
assert by_prior.item() < 3, "of codes from the prior, one or two"

assert abs(nll - stored[1000]["nll"]) < 3 * nll_error, "the 250 pictures agree with the table of all 10,000"
assert stored[1]["nll"] > stored[1000]["nll"] + 5, "over all 10,000 the gap is at least five nats"
