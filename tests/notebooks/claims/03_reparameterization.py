import math

from latentwalk.evaluation import nearest

assert not z_1.requires_grad, "sample() returns a number without history"
assert set(gets_gradient["sample"]) == {"fc3", "fc4"}, "with sample() the encoder gets nothing"
assert set(gets_gradient["rsample"]) == {"fc1", "fc21", "fc22", "fc3", "fc4"}, "with rsample() it does"

# The figure, and the words beside it
own = torch.exp(0.5 * code_logvar)[0, 0].item()
assert round(own, 3) == 0.065 and 12 < 0.8 / own < 12.5, "the encoder's own sigma, 0.065; 0.8 is twelve times that"


def decoded(s):
    z = code.repeat(6, 1)
    z[:, 0] += fixed_eps * s
    with torch.no_grad():
        return vae2.decode(z)


def read_as(pictures):
    return set(digits.train_y[nearest(pictures, digits.train_x)[1]].tolist())


assert read_as(decoded(own)) == {2}, "at the encoder's own sigma all six draws give the same 2"
assert read_as(decoded(0.8)) == {1, 2}, "at 0.8 some of the draws are 1s"

# Training
x20k = digits.train_x[:20_000]
floor = reconstruction(torch.logit(x20k.mean(0).clamp(1e-6, 1 - 1e-6)).expand_as(x20k), x20k).mean().item()
assert round(floor) == 206, "the mean of all pictures: 206 nats"
assert reached["sample"].min() > floor - 10, "with sample() the encoder tells the decoder nothing"
assert reached["rsample"].max() < floor - 40, "with rsample() the code carries the picture"
assert abs(reached["rsample"].mean() - 134) < 6, "in the training loop the trick reaches 134 nats"
with torch.no_grad():
    off = [(runs[draw][0][0](seen)[0] - mean_picture).norm(dim=1) for draw in ("sample", "rsample")]
assert off[0].max() < 2 < off[1].min(), "sample() answers every picture with the mean of all pictures"

# The trick
mu_c, logvar_c = torch.zeros(4, 20), torch.ones(4, 20)
draws = []
for function in (
    reparameterize,
    VAE().reparameterize,
    lambda mu, logvar: Normal(mu, torch.exp(0.5 * logvar)).rsample(),
):
    torch.manual_seed(0)
    draws.append(function(mu_c, logvar_c))
assert torch.allclose(draws[0], draws[1]), "the three lines give the package's draws"
assert torch.allclose(draws[0], draws[2]), "with the same dice they give the same draws as rsample()"

torch.manual_seed(1)
n_c, m_c, s_c = 100_000, 1.0, 0.5
z_c = reparameterize(torch.full((n_c,), m_c), torch.full((n_c,), 2 * math.log(s_c)))
assert abs(z_c.mean() - m_c) < 4 * s_c / math.sqrt(n_c), "the draws have the mean mu"
assert abs(z_c.std() - s_c) < 4 * s_c / math.sqrt(2 * n_c), "and the standard deviation sigma"
expected = Normal(m_c, s_c).cdf(z_c.sort().values)
distance = (expected - (torch.arange(n_c) + 0.5) / n_c).abs().max().item()
assert distance < 1.95 / math.sqrt(n_c), "and the distribution N(mu, sigma^2) (Kolmogorov-Smirnov, 0.1% level)"

# Slopes
step = 1e-6
with torch.no_grad():
    std_4 = torch.exp(0.5 * logvar_4)
    d_logvar = eps_4 * (torch.exp(0.5 * (logvar_4 + step)) - torch.exp(0.5 * (logvar_4 - step))) / (2 * step)
assert (mu_4.grad == 1).all(), "dz/dmu is 1"
assert torch.allclose(logvar_4.grad, formula), "dz/dlogvar is eps sigma / 2"
assert torch.allclose(d_logvar, formula, atol=1e-8), "finite differences agree"
sigma_4 = std_4.clone().requires_grad_()
(mu_4.detach() + eps_4 * sigma_4).sum().backward()
assert torch.allclose(sigma_4.grad, eps_4), "dz/dsigma is eps"

by_backward, by_nudge, rolled_anew = slopes.values()
assert torch.allclose(by_backward, by_nudge, atol=1e-4), "backward() is what nudging each mu by hand gives"
assert rolled_anew.abs().median() > 1000 * by_nudge.abs().median(), "with dice rolled anew the nudge gives noise"
logvar_leaf = logvar_0.clone().requires_grad_()


def loss_of_logvar(logvar):
    z = mu_0 + eps_0 * torch.exp(0.5 * logvar)
    return reconstruction(vae20.decode_logits(z), digit.expand(len(z), -1))


loss_of_logvar(logvar_leaf).sum().backward()
with torch.no_grad():
    nudged = (loss_of_logvar(logvar_0 + h * unit) - loss_of_logvar(logvar_0 - h * unit)) / (2 * h)
assert torch.allclose(logvar_leaf.grad[0], nudged, atol=1e-4), "and for the logarithms of sigma squared"
