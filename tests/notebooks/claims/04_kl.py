from itertools import pairwise

from latentwalk.evaluation import confident_share
from latentwalk.losses import reconstruction

curves_0, curves_1 = (torch.stack([curve for _, curve in runs]) for runs in (runs_0, runs_1))
sigmas_0, spreads_0 = curves_0.unbind(-1)  # two times (seeds, epochs + 1)
assert (sigmas_0.diff(dim=1) < 0).all(), "sigma falls in every epoch and for every seed"
assert (sigmas_0[:, -1] < 0.02).all(), "it ends near 0"
assert (sigmas_0[:, 0] - 1).abs().max() < 0.03 and spreads_0[:, 0].max() < 0.1, (
    "before training sigma is near 1, codes close"
)
assert (spreads_0[:, -1] > 2).all(), "the codes drift apart"
sigmas_1, spreads_1 = curves_1[:, -1].unbind(-1)
assert ((sigmas_1 > 0.25) & (sigmas_1 < 0.5)).all(), "with the price sigma stays far from 0"
assert ((spreads_1 > 0.8) & (spreads_1 < 1.1)).all(), "and the spread of mu stays near 1"

stored_sigma, stored_spread = width_and_spread(nets[0.0])
assert 5e-7 < stored_sigma < 2e-6 and stored_spread > 1, "vae-20-beta-0: its mean sigma is a millionth"
torch.manual_seed(0)
with torch.no_grad():
    mu, logvar = nets[0.0].encode(x_test)
    recons = [
        reconstruction(logits, x_test).mean().item()
        for logits in (
            nets[0.0].decode_logits(nets[0.0].reparameterize(mu, logvar)),
            nets[0.0].decode_logits(mu),
            ae.decode_logits(ae.encode(x_test)),
        )
    ]
assert [round(r, 1) for r in recons] == [63.1, 63.1, 63.3], "it loses 63.1 nats, sampled or not; the autoencoder 63.3"

assert 24.5 < kl_test.mean() < 25.9, "the KL of vae-20 is near 25 nats"

# Where sigma settles
for (beta, (predicted, actual)), expected in zip(settled.items(), (0.88, 0.98, 1.00)):
    logs = torch.stack([predicted.log().flatten(), actual.log().flatten()])
    correlation, ratio = torch.corrcoef(logs)[0, 1], (predicted / actual).median()
    assert 0.97 < ratio < 1.03, f"beta {beta}: the median ratio is within 3% of 1"
    assert abs(correlation - expected) < 0.01, f"beta {beta}: correlation {expected}"
halvings = kl_divergence(torch.zeros(9), 2 * (0.5 ** torch.arange(9.0)).log()).diff()
assert abs(halvings[4:] - 0.6931).max() < 0.003, "each halving of a small sigma costs about ln 2 nats"

# Beta: the figure's numbers are the networks' own
with torch.no_grad():
    for (beta, net), shown in zip(nets.items(), beta_figure.measures):
        torch.manual_seed(0)
        recon, kl = (term.mean().item() for term in vae_terms(net, digits.test_x))
        active = int((kl_divergence(*net.encode(digits.test_x)).mean(0) > 0.05).sum())
        assert abs(shown["recon"] - recon) < 0.3 and abs(shown["kl"] - kl) < 0.01, f"beta {beta}: the figure's terms"
        assert shown["active"] == active, f"beta {beta}: the figure's active dimensions"
        assert {1.0: 20, 4.0: 11, 10.0: 5}.get(beta, active) == active, "20 active at beta 1, 11 at 4, 5 at 10"
for one, next_one in pairwise(beta_figure.measures):
    assert one["recon"] < next_one["recon"] and one["kl"] > next_one["kl"] and one["sigma"] < next_one["sigma"], (
        "reconstruction, KL and sigma move one way as beta grows"
    )

# Units
for beta, rule in versions.items():
    a, b = torch.rand(2, 2, 128, dtype=torch.float64)
    ratio_a, ratio_b = (rule(*c) / vae_loss(*c, beta) for c in (a, b))
    assert torch.isclose(ratio_a, ratio_b), f"the rule is a constant times recon + {beta} kl"
both, pixels, means, dims, batch = trained.values()
with torch.no_grad():
    for model in (pixels, means):
        assert kl_divergence(*model.encode(x_test)).mean(0).max() < 0.05, "BCE averaged: no dimension is active"
        same = model.decode(new_codes).std(0).mean()
        assert 3 * same < both.decode(new_codes).std(0).mean(), "and every code decodes to the same grey picture"
kl_both, kl_dims, kl_batch = (terms_of[b][1] for b in (1, 1 / 20, 1 / 20 / 128))
assert kl_dims > 2 * kl_both and kl_batch > 4 * kl_both, "KL averaged: the KL runs away"
judge = load("judge-10")
noise = torch.randn(1000, 20, generator=torch.Generator().manual_seed(1))
with torch.no_grad():
    share_of = [confident_share(judge, model.decode(noise)) for model in (both, dims, batch, nets[0.0], nets[1.0], ae)]
assert share_of[1] < 0.8 * share_of[0] and share_of[2] < 0.5 * share_of[0], "KL averaged: the samples fall apart"
assert share_of[3] < 0.1 < 0.3 < share_of[4] and share_of[5] < 0.1, "garbage without the price, and not with it"
