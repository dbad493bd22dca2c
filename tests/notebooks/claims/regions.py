assert own[2] < 0.2 and own[20] > 0.85, (
    "In the plane a draw lies nearer to somebody else's centre; in 20 dimensions nine of ten stay nearest to their own"
)
from torch.distributions import Categorical, Independent, MixtureSameFamily

few = slice(0, 50)
mixture = MixtureSameFamily(Categorical(torch.ones(50)), Independent(Normal(mu_train[few], sigma_train[few]), 1))
assert torch.allclose(
    log_q(mu_train[:5], mu_train[few], sigma_train[few]), mixture.log_prob(mu_train[:5]), atol=1e-4
), "The formula of the aggregate is what log_q computes"
shares = [part.float().mean().item() for part in thin.values()]
assert shares[0] > shares[1] > shares[2] > 0.01, "More pictures fill more, but not everything"
for which_, values_ in drawn.items():
    assert values_.mean() < 118, f"{which_}: nearer to the training digits than real test digits"
worse = {key: (values_ > 165).float().mean().item() for key, values_ in drawn.items()}
assert 0.06 < worse["AE", "own Gaussian"] < 0.11, (
    "Of the autoencoder's random codes, 8% decode to worse than a pixel blend"
)
assert worse["VAE", "own Gaussian"] == worse["VAE", "N(0, I)"] == 0, "Of the VAE's, none does"
with torch.no_grad():
    in_thin = delta(vae[2].decode(prior[thin[60_000]]))
assert in_thin.max() < 165, "thin places included"
inner = plane.norm(dim=1) < 3
assert maps["VAE"][inner].max() < 200 < maps["autoencoder"][inner].max(), (
    "Within three units of the origin the VAE has no place as bright as the autoencoder's corner"
)
from latentwalk import tables

assert abs(delta(tables.digit_test(digits)[0]).mean() - 118) < 1, "Real test digits lie at 118"
