import math

# The formula of a cloud, and the two heads.
torch.manual_seed(0)
with torch.no_grad():
    mu_, logvar_ = Encoder()(x_test[:5])
sigma_ = torch.exp(0.5 * logvar_)
place = mu_ + 0.3
bell = torch.exp(-((place - mu_) ** 2) / (2 * sigma_**2)) / (sigma_ * math.sqrt(2 * math.pi))
assert torch.allclose(bell.log().sum(1), Normal(mu_, sigma_).log_prob(place).sum(1), atol=1e-4), (
    "The formula of q is the density of a normal distribution"
)
shares = []
for seed in range(5):
    torch.manual_seed(seed)
    with torch.no_grad():
        shares.append((Encoder()(x_test)[1] < 0).float().mean().item())
assert all(0.3 < share < 0.7 for share in shares), "A linear layer gives numbers about as often below zero as above"

# One step of the training.
for eta in (0.1, 0.001):
    for start in (1.0, 0.1, 0.01, 0.001):
        raw_ = torch.tensor(start, requires_grad=True)
        (-raw_.log()).backward()
        log_ = torch.tensor(2 * math.log(start), requires_grad=True)
        (-0.5 * log_).backward()
        raw_after = start - eta * raw_.grad.item()
        log_after = math.exp(0.5 * (log_.item() - eta * log_.grad.item()))
        assert math.isclose(raw_after, start + eta / start, rel_tol=1e-4) and math.isclose(
            log_after, start * math.exp(eta / 4), rel_tol=1e-4
        ), f"The two steps hold for eta = {eta} and sigma = {start}"
assert round(0.001 + 0.1 / 0.001, 3) == 100.001 and round(0.001 + 0.001 / 0.001, 3) == 1.001, (
    "A step of 0.1 throws 0.001 to 100, one of 0.001 to 1.001"
)
assert round(100 * (math.exp(0.1 / 4) - 1), 1) == 2.5 and round(100 * (math.exp(0.001 / 4) - 1), 3) == 0.025, (
    "The same steps multiply sigma by 2.5% and by 0.025%"
)

# The price, and what it buys.
for at_mu, at_z in price.values():
    assert at_z > at_mu + 0.5, "What the noise hides cannot be decoded: a draw is worse than mu"
ae_curve, vae_curve = curves["ae"], curves["vae"]
assert ae_curve[0] < vae_curve[0] - 3 and all(a > v for a, v in zip(ae_curve[2:], vae_curve[2:])), (
    "The VAE pays at r = 0, and is ahead from 0.2 on"
)
assert [round(v) for v in (ae_curve[0], ae_curve[-1], vae_curve[0], vae_curve[-1])] == [63, 359, 68, 234], (
    "From 63 to 359 nats, and from 68 to 234"
)
with torch.no_grad():
    mu_, logvar_ = vae[20].encode(x_test)
ratio = (0.5 * logvar_).exp().median() / mu_.var(0).mean().sqrt()
assert 0.25 < ratio < 0.35, "The VAE's own noise is about 0.3 of its spread"

# How far the clouds reach.
assert inside[2] > 0.99 and 0.0015 < inside[20] < 0.0035, (
    "In the plane nearly every code lies in a cloud; in 20-D two or three in a thousand"
)
assert round(math.log(60_000), 1) == 11.0 and round(size[2]) == 6 and round(size[20]) == 25, (
    "6 and 25 nats, and ln N = 11.0"
)
assert 100 < math.exp(math.log(60_000) - size[2]) < 150, "In the plane there are a hundred times as many as it takes"
assert round(size[20] - math.log(60_000)) == 14 and 1e6 < math.exp(14) < 1.3e6, (
    "short by a factor of e^14, about a million"
)
