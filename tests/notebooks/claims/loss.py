"""What the page of losses says of what its cells compute."""

assert round(total) == 105, "about 105 after a short training"
assert (round(total / 784, 2), round(total / 784 / math.log(2), 2)) == (0.13, 0.19), "0.13 per pixel, 0.19 in bits"
assert round(128 * total, -2) == 13_400 and round(10_000 * total, -4) == 1_050_000, (
    "13,400 over a batch, 1,050,000 over the test set"
)
assert round(784 * math.log(2)) == 543, "543: every pixel at even odds"
assert round(landmarks["the mean picture for every image"][0]) == 206, "206: the mean picture"
assert abs(free["recon"] - 60) < 6 and free["kl"] > 200, "near 60, with a KL that is large: an autoencoder"
assert round(landmarks["a perfect copy of every image"][0], 1) == 45.5, "the perfect copy costs 45.5"
assert free["recon"] + free["kl"] > 784 * math.log(2), "without the KL term: by far the worst VAE of the table"
assert free["recon"] < stored["recon"], "although it reconstructs best"

bands = {loop: over_seeds(loop, epoch, "loss") for loop, epoch in (("chapter 05", 4), ("pytorch/examples", 10))}
ends = {loop: (round(b.min().item(), 1), round(b.max().item(), 1)) for loop, b in bands.items()}
assert ends == {"chapter 05": (104.7, 105.0), "pytorch/examples": (105.5, 105.9)}, "104.7 to 105.0, and 105.5 to 105.9"
seventh = over_seeds("pytorch/examples", 7, "loss")
assert (round(seventh.min().item(), 1), round(seventh.max().item(), 1)) == (106.8, 107.3), (
    "after the seventh epoch 106.8 to 107.3"
)
assert [round(stored["recon"], 1), round(stored["kl"], 1)] == [76.5, 25.4], "vae-20 has 76.5 and 25.4 nats"
assert abs(stored["recon"] + stored["kl"] - 101.9) < 0.06, "which are 101.9"

assert mean_of_epoch > test + 20, "in the first epoch the test loss is far below the training loss"
assert abs(afterwards - test) < 3, "measured at the same moment, training and test pictures cost about the same"

assert abs(2 * (squares["vae-20"] / 784) - 0.02) < 0.005, (
    "the KL deserves a weight of about 0.02 beside a summed squared error"
)
assert 35 < 784 / (2 * squares["vae-20"]) < 48, "with a weight of 1 it is charged some forty times too much"
second = []
for batch in torch.randperm(len(x_train)).split(128):
    loss = sum(losses.vae_terms(network, x_train[batch])).mean()
    second.append(loss.item())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
with torch.no_grad():
    test_2 = sum(losses.vae_terms(network, x_test)).mean().item()
gap_2 = sum(second) / len(second) - test_2
assert 0 < gap_2 < 10, f"in the second epoch the gap shrinks to a few nats: {gap_2:.1f}"

assert 6 < trained[0.02][1] / trained[1][1] < 11, "at a weight of 1 the codes tell about an eighth as much"
assert 1.7 < trained[1][0] / trained[0.02][0] < 2.6, "and the squared error is twice as large"
sigma = torch.linspace(0.01, 1, 10_000)
gaussian = squares["vae-20"] / (2 * sigma**2) + 784 * sigma.log()
assert abs(sigma[gaussian.argmin()] - (squares["vae-20"] / 784) ** 0.5) < 1e-3, (
    "the best sigma_x is the root of the mean squared error"
)
x = x_test[:1]
x_hat = load("vae-20")(x)[0].detach()
by_torch = -torch.distributions.Normal(x_hat, 0.3).log_prob(x).sum()
by_formula = (x - x_hat).pow(2).sum() / (2 * 0.3**2) + 784 * math.log(0.3) + 392 * math.log(2 * math.pi)
assert torch.allclose(by_torch, by_formula, rtol=1e-4), (
    "equation loss-gaussian is the density of a Gaussian for each pixel"
)
assert 64 * 64 * 3 == 12_288 and round(12_288 * 0.00025, 2) == 3.07, (
    "0.00025 times the KL at 64 x 64 x 3 is a weight of 3.07"
)

best = [round(nll[name][1000], 1) for name in ("vae-20-static", "vae-20-binary", "vae-50-binary")]
assert best == [92.6, 91.9, 85.2], "at k = 1000 it is 92.6, 91.9 and 85.2 nats"
assert nll["vae-50-binary"][1000] < 86.76 < nll["vae-20-binary"][1000] < nll["vae-20-static"][1000], (
    "vae-50-binary gets below the VAE of Burda et al., vae-20-binary stays several nats behind"
)
assert all(0.2 < row["error"] < 0.3 for row in likelihood), "the standard error is about a quarter of a nat"
assert all(rows[1] - rows[1000] > 3 for rows in nll.values()), "from k = 1 to 1000 the same network gains several nats"
