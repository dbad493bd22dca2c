for (name, kind), values in estimates.items():
    off = abs(values.mean() - truth[name])
    assert off < 4 * values.std() / math.sqrt(n), f"{kind}, {name}: right on average"
for name, (ratios, exact) in variance_ratios.items():
    assert (ratios - exact).abs().max() < 0.1 * exact, f"{name}: the variances are those computed by hand"

# Both formulas against PyTorch: autograd through log_prob, and through z
theta = torch.tensor([mu, sigma], dtype=torch.float64, requires_grad=True)
score_loss = (z_two**2 * Normal(theta[0], theta[1]).log_prob(z_two)).mean()
by_score = torch.autograd.grad(score_loss, theta)[0]
by_path = torch.autograd.grad(((theta[0] + eps_two * theta[1]) ** 2).mean(), theta)[0]
for i, name in enumerate(truth):
    assert torch.isclose(by_score[i], estimates[name, "score function"].mean()), "autograd gives the score function"
    assert torch.isclose(by_path[i], estimates[name, "pathwise"].mean()), "autograd gives the pathwise gradient"

# The real decoder
pathwise = everything["pathwise"]
for kind in ("no baseline", "one second roll", "many rolls"):
    b = everything[kind]
    error = ((pathwise.var(0) + b.var(0)) / len(b)).sqrt()
    worst = ((pathwise.mean(0) - b.mean(0)) / error).abs().max()
    assert worst < 4.5, f"{kind}: it agrees with the pathwise gradient in all 20 dimensions"
here = {kind: (values.var(0).sum() / pathwise.var(0).sum()).item() for kind, values in everything.items()}
assert 4300 < here["no baseline"] < 5100, "on this digit: about 4,700 rolls for one of the trick"
assert 30 < here["one second roll"] < 36, "with a second roll, about 33"
assert factors["no baseline"].median() > 2000, "thousands of rolls without a baseline"
assert factors["no baseline"].min() > 100, "hundreds for the kindest digit"
medians = [factors[kind].median() for kind in KINDS[1:]]
assert medians == sorted(medians, reverse=True), "the closer the baseline to the picture's own mean, the better"
assert 14 < factors["many rolls"].median() < 18, "the best of the three leaves a factor of about 16"

# Training
means_of = [reached[kind].mean() for kind in reached]
assert means_of == sorted(means_of, reverse=True), "in the order of the variances"
assert abs(reached["no baseline"].mean() - 196) < 8, "it reaches 196 nats"
assert abs(reached["one second roll"].mean() - 148) < 8, "with a second roll 148"
assert abs(reached["pathwise"].mean() - 134) < 6, "the trick 134"
assert reached["one second roll"].min() > reached["pathwise"].max(), "one second roll stays behind the trick"

# Not a law
for k, (true, path, score) in sines.items():
    for values in (path, score):
        assert abs(values.mean() - true) < 4.5 * values.std() / math.sqrt(n_law), f"sin({k} z): unbiased"
assert sines[1][2].var() > sines[1][1].var(), "for gentle functions pathwise wins"
assert sines[2][2].var() > sines[2][1].var() and sines[4][2].var() < sines[4][1].var(), (
    "the crossing lies between 2 and 4"
)
assert all(sines[k][2].var() < sines[k][1].var() for k in (4, 8, 16)), "for sin(4 z) and faster ones it loses"
assert abs(step_score.mean() - step_slope) < 4 * step_score.std() / math.sqrt(n_law), (
    "a step: the score function is right"
)

# One roll for a batch
error = ((separate.var(0) + shared.var(0)) / 200).sqrt()
assert ((separate.mean(0) - shared.mean(0)) / error).abs().max() < 4.5, "shared or not, the means agree"
assert 64 < shared_ratio < 140, "128 shared rolls are worth less than two"
