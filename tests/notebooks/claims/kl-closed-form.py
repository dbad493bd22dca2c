assert difference < 1e-5, "the closed form is PyTorch's own formula, on all of an encoder's answers"
assert torch.allclose(general, pairs), "the general formula is PyTorch's, for a thousand pairs of Gaussians"
assert pairs.min() >= 0, "a divergence is never negative"
for estimate, error, closed in by_dice:
    assert abs(estimate - closed) <= 4 * error + 1e-12, "the closed form lies within a few standard errors of the dice"
assert torch.allclose(m4.grad, m4), "the slope in mu is mu"
assert torch.allclose(s4.grad, s4 - 1 / s4, rtol=1e-4), "the slope in sigma is sigma - 1 / sigma"
log_s = torch.tensor([-3.0, -1.0, 0.5], requires_grad=True)
kl_divergence(torch.zeros(3), 2 * log_s).sum().backward()
assert torch.allclose(log_s.grad, (2 * log_s).exp() - 1), "the slope in ln sigma is sigma^2 - 1"
assert abs(costs[-1] - torch.tensor(2.0).log()) < 0.003, "each halving of a small sigma costs about ln 2 nats"
assert round(far_down.item(), 1) == 13.3, "sigma 1e-6 costs 13.3 nats"
