assert max(integrals.values()) <= 0.5 + 1e-9, "the integral is at most 1/2"
assert abs(integrals[0.5] - 0.5) < 1e-9, "1/2 is the limit at 1/2"
assert list(integrals.values()) == sorted(integrals.values(), reverse=True), (
    "the surer the decoder, the more is missing"
)
logit = {x_hat: torch.logit(torch.tensor(x_hat, dtype=torch.float64)).item() for x_hat in (0.9, 0.99, 0.999)}
for x_hat, value in logit.items():
    assert abs((2 * x_hat - 1) / value - integrals[x_hat]) < 1e-5, "the integral's closed form"
assert missing > 10 * bce.sum(1).mean(), "the factor is worth many times the whole loss"
