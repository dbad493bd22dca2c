"""What chapter 05 says of what its cells compute."""

from torch.distributions import Bernoulli, Normal, kl_divergence

from latentwalk import losses, models
from latentwalk.checkpoints import read_manifest

# The two formulas of the network, computed with the matrices themselves.
x = x_train[:5]
with torch.no_grad():
    h1 = torch.relu(x @ untrained.fc1.weight.T + untrained.fc1.bias)
    mu_by_hand = h1 @ untrained.fc21.weight.T + untrained.fc21.bias
    logvar_by_hand = h1 @ untrained.fc22.weight.T + untrained.fc22.bias
    torch.manual_seed(1)
    sigma = torch.exp(0.5 * logvar_by_hand)
    z = mu_by_hand + torch.randn_like(mu_by_hand) * sigma
    h3 = torch.relu(z @ untrained.fc3.weight.T + untrained.fc3.bias)
    x_hat = 1 / (1 + torch.exp(-(h3 @ untrained.fc4.weight.T + untrained.fc4.bias)))
    torch.manual_seed(1)
    recon_x, mu, logvar = untrained(x)
assert all(
    torch.allclose(one, other, atol=1e-5)
    for one, other in [(mu, mu_by_hand), (logvar, logvar_by_hand), (recon_x, x_hat)]
), "the formulas of encoder and decoder are what the class computes"

sizes = {name: sum(p.numel() for p in layer.parameters()) for name, layer in untrained.named_children()}
assert sizes["fc1"] + sizes["fc4"] > 0.95 * sum(sizes.values()), "the first layer and the last hold nearly all weights"

by_formula = (
    -(x * recon_x.log() + (1 - x) * (1 - recon_x).log()).sum() - 0.5 * (1 + logvar - mu**2 - logvar.exp()).sum()
)
assert torch.allclose(loss_function(recon_x, x, mu, logvar), by_formula, rtol=1e-5), (
    "the formula of the loss is the code's loss"
)
by_torch = (
    -Bernoulli(recon_x, validate_args=False).log_prob(x).sum()
    + kl_divergence(Normal(mu, (0.5 * logvar).exp()), Normal(0.0, 1.0)).sum()
)
assert torch.allclose(loss_function(recon_x, x, mu, logvar), by_torch, rtol=1e-4), (
    "PyTorch's distributions give the same loss"
)
assert abs(by_formula / 5 - 550.8) < 0.1, "an untrained network pays about 550 nats"

floor = F.binary_cross_entropy(x_test, x_test, reduction="sum") / len(x_test)
assert abs(floor - 45.5) < 0.05, "on the test set even a perfect copy costs 45.5 nats"

plain = over_seeds("pytorch/examples", 4, "loss").mean()
assert abs(recon_curve[-1] + kl_curve[-1] - plain) < 1.5, "your run ends where the usual loop is after four epochs"
assert abs(plain - 110) < 0.5, "about 110 is good after four epochs of this loop"
assert abs(over_seeds("pytorch/examples", 10, "loss").mean() - 106) < 0.5, "and 106 after ten"
recipe = over_seeds("chapter 05", 4, "loss")
assert abs(recipe.mean() - 105) < 0.5, "the book's recipe gets to 105 in four"
assert recipe.max() < over_seeds("pytorch/examples", 10, "loss").min(), (
    "the recipe's four epochs reach the loss of those ten"
)
metrics = {name: read_manifest(name)["metrics"] for name in ("vae-20", "vae-2", "vae-20-beta-0")}
assert abs(sum(metrics["vae-20"].values()) - 102) < 0.5, "vae-20 gets to 102"
assert 0.1 < recipe.max() - recipe.min() < 1, "seeds differ by a few tenths of a nat"
assert abs(metrics["vae-20-beta-0"]["recon"] - 60) < 6, "without its KL term a network reconstructs near 60"
assert abs(metrics["vae-2"]["recon"] - 143.0) < 0.06 and abs(metrics["vae-2"]["kl"] - 6.2) < 0.06, (
    "vae-2 has a reconstruction of 143.0 and a KL of 6.2 nats"
)
assert abs(metrics["vae-20"]["recon"] - 76.5) < 0.06 and abs(metrics["vae-20"]["kl"] - 25.4) < 0.06, (
    "vae-20 has 76.5 and 25.4"
)

theirs = models.VAE(model.fc3.in_features)
theirs.load_state_dict(model.state_dict())
with torch.no_grad():
    mu, logvar = model.encode(x_test)
    by_package = losses.reconstruction(theirs.decode_logits(mu), x_test) + losses.kl_divergence(mu, logvar).sum(1)
    by_chapter = loss_function(model.decode(mu), x_test, mu, logvar)
assert torch.equal(theirs.decode(mu), model.decode(mu)), (
    "the package's VAE takes your weights and draws the same pictures"
)
assert abs(by_package.sum() / by_chapter - 1) < 1e-4, "and its loss is yours within 0.01 %"
