import torch

from latentwalk import evaluation
from latentwalk.interpolation import lerp

a_, b_ = digits.test_x[chosen[14]], digits.test_x[chosen[33]]
assert (digits.test_y[chosen[14]], digits.test_y[chosen[33]]) == (3, 8), "The walk leads from a 3 to an 8"
t_ = torch.linspace(0, 1, 11)
middle = {}
with torch.no_grad():
    for name_ in ("ae-20", "vae-20", "ae-128", "vae-128"):
        model_ = load(name_)
        code_a, code_b = model_.codes(torch.stack([a_, b_]))
        row = model_.decode(lerp(code_a, code_b, t_))[3:8]
        middle[name_] = 1000 * evaluation.cosine_distance(row, digits.train_x[:20_000]).max().item()
assert [network.name for network in networks] == ["ae-128", "vae-128"], "Each squeezes a picture into 128 numbers"
assert max(middle[name] for name in ("vae-20", "vae-128")) < 155, "The VAE draws a digit"
assert middle["ae-128"] > 185, "The strokes of the autoencoder break"
assert middle["ae-20"] < 155, "With 20 numbers, its strokes hold on this walk"
sizes = {network.name: sum(p.numel() for p in network.model.parameters()) for network in networks}
assert max(sizes.values()) < 1.25 * min(sizes.values()), "The two networks have nearly the same size"
with torch.no_grad():
    mu_, logvar_ = load("vae-128").encode(digits.test_x)
in_use = (0.5 * (mu_**2 + logvar_.exp() - logvar_ - 1)).mean(0) > 0.05
assert int(in_use.sum()) == 23, "Of its 128 numbers the VAE uses 23"
