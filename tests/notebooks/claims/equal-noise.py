for ae_run, vae_run in [*zip(curves["AE"], curves["VAE"]), (shipped["AE"], shipped["VAE"])]:
    assert ae_run[0, 0] < vae_run[0, 0], "Without noise the autoencoder is better"
    assert ae_run[0, 5] > vae_run[0, 5] + 2 and ae_run[0, 8] > vae_run[0, 8] + 30, (
        "From r = 0.5 on the VAE is ahead in every run"
    )
    assert ae_run[0, 5] - ae_run[0, 0] > 1.5 * (vae_run[0, 5] - vae_run[0, 0]), "The autoencoder loses faster"
rise = {name: (runs[:, :, 5] - runs[:, :, 0]).mean(0).tolist() for name, runs in curves.items()}
for j in (0, 1):
    assert 1.5 < rise["AE"][j] / rise["VAE"][j] < 2.7, "The VAE's error rises about half as fast"
for ae_run, vae_run in zip(curves["AE"], curves["VAE"]):
    assert ae_run[0, 2] < vae_run[0, 2] and ae_run[0, 5] > vae_run[0, 5], (
        "In each of three runs the crossing lies somewhere between 0.2 and 0.5"
    )
assert 0.65 < rise["AE with noise"][0] / rise["AE"][0] < 0.75, (
    "The autoencoder that learns with noise: its error rises by more than a quarter less than the plain one's"
)
assert (curves["AE with noise"][:, 0, 0] > curves["AE"][:, 0, 0] + 5).all(), "It also pays at r = 0"
lead = curves["AE"][:, 0] - curves["AE with noise"][:, 0]  # nats: (3 runs, 9 radii)
assert lead[:, 5].abs().max() < 3, "At r = 0.5 the two meet"
assert lead[:, 5:8].abs().max() < 5, "From there to 0.8 neither is clearly better"
assert lead[:, 8].max() < -3, "At r = 1 the one with noise is worse, in nats"
ends = {name: runs.mean(0)[:, 8] / runs.mean(0)[:, 0] for name, runs in curves.items()}
for name in ("AE", "AE with noise"):
    assert ends[name][0] / ends["VAE"][0] > 1.3, "Cross-entropy exaggerates: in it both autoencoders lose most"
ratio_at_end = {name: runs.mean(0)[:, 8] for name, runs in curves.items()}
assert (ratio_at_end["AE"] / ratio_at_end["VAE"])[0] > (ratio_at_end["AE"] / ratio_at_end["VAE"])[1], (
    "Counted as squared error the curves stay closer together"
)
with torch.no_grad():
    mu_all, logvar_all = load("vae-20").encode(x)
share = (0.5 * logvar_all).exp().median() / mu_all.var(0).mean().sqrt()
assert 0.25 < share < 0.35, "Its noise has the size of 0.3 of the spread, about the VAE's"
