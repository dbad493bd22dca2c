# The two equations of the autoencoder, written out.
layers = list(Autoencoder().children())
net = Autoencoder()
weights, biases = zip(*((layer.weight, layer.bias) for layer in net.children()))
grey = torch.rand(5, 1024, generator=torch.Generator().manual_seed(0))
inner = (grey @ weights[0].T + biases[0]).clamp(min=0) @ weights[1].T + biases[1]
outer = 1 / (1 + torch.exp(-((inner @ weights[2].T + biases[2]).clamp(min=0) @ weights[3].T + biases[3])))
assert torch.allclose(outer, net.decode(net.encode(grey)), atol=1e-5), (
    "The formula of the autoencoder is what the class computes"
)
entropy = -(grey * outer.log() + (1 - grey) * (1 - outer).log()).sum(1)
assert torch.allclose(entropy, reconstruction(net.decode_logits(inner), grey), rtol=1e-4), (
    "The formula of the loss is the loss that fit minimises"
)

# What was trained in the cells.
with torch.no_grad():
    for trained, seen in ((moon_net, moons), (crescent_net, crescents), (half_net, true["half moons"])):
        logits = trained.decode_logits(trained.encode(seen))
        assert reconstruction(logits, seen).mean() < 50, "Each autoencoder copies the pictures that it has seen"

# The ruler.
picture = rows["full to half moon"][5]
delta = 1 - max((picture @ y) / (picture.norm() * y.norm()) for y in true["moons"])
assert torch.allclose(1000 * delta, distance(picture[None], "moons")[0], atol=0.01), (
    "Equation holes-distance is what evaluation.cosine_distance computes"
)
assert torch.allclose(distance(0.3 * picture[None], "moons"), distance(picture[None], "moons"), atol=0.01), (
    "The ruler does not see brightness"
)
assert distance(rows["full to half moon"][5:6], "moons") < 5, "For the moons, C is as true as a moon can be"
turned = walk(moon_net, half, moon(0.5, 120)), blend(half, moon(0.5, 120))
assert distance(turned[0][5:6], "moons") < 15 and distance(turned[1][5:6], "moons") > 50, (
    "Between half moons that are turned by 120 degrees the autoencoder draws a moon, and the pixel blend does not"
)
assert distance(rows["crescents"][5:6], "crescents") > distance(rows["their pixel blend"][5:6], "crescents") > 100, (
    "For the crescents, C is further from any crescent than the pixel blend is"
)
assert rows["crescents"][5].max() < 0.3, "Between the crescents lies next to nothing"

# Overlap.
for overlap, value in torch.cat(list(measured.values())).tolist():
    assert overlap < 0.15 or value < 25, "As long as A and B share an overlap of 0.15, C is within 25 of a true picture"
ends = [found[-1] for found in measured.values()]
assert all(end[0] < 0.02 and end[1] > 90 for end in ends), "Without any overlap, C is at 100 and more"
at = {name: [found[k, 1].item() for k in (9, 12, 15)] for name, found in measured.items()}
assert at["crescents"][1] > 30 and at["crescents"][2] > 100 > 25 > at["half moons only"][2], (
    "Turned by the same angle, crescents break long before half moons"
)
import numpy as np

where = [
    (np.interp(25, found[:, 1], turns), np.interp(25, found[:, 1], found[:, 0]))
    for found in (found.numpy() for found in measured.values())
]
assert 45 < where[1][0] - where[0][0] < 75, "By the angle, the two pass a distance of 25 some 60 degrees apart"
assert all(0.05 < overlap < 0.15 for _, overlap in where), "By the overlap, both pass a distance of 25 near 0.1"

# Shuffled pixels.
with torch.no_grad():
    for turn, most in ((60, 15), (180, None)):
        pair = moons_at(0.06, starts), moons_at(0.06, starts + turn)
        plain, shuffled = (
            net_.decode((net_.encode(pair[0][:, by]) + net_.encode(pair[1][:, by])) / 2)
            for net_, by in ((crescent_net, torch.arange(1024)), (shuffled_net, order))
        )
        values = (
            distance(plain, "crescents").mean().item(),
            distance(shuffled[:, order.argsort()], "crescents").mean().item(),
        )
        assert max(values) < most if most else min(values) > 300, (
            f"Turned by {turn} degrees, a network of shuffled pixels does as the other one does"
        )

# Random codes.
with torch.no_grad():
    for trained, seen, world in ((moon_net, moons, "moons"), (crescent_net, crescents, "crescents")):
        z_seen = trained.encode(seen)
        from_prior = distance(trained.decode(evaluation.prior(64, 500)), world).mean()
        from_own = distance(trained.decode(evaluation.own_cloud(z_seen, 500)), world).mean()
        assert from_prior > 80 and from_own < 0.6 * from_prior, (
            "N(0, I) means nothing to an autoencoder; a Gaussian fitted to its own codes serves it much better"
        )
        assert z_seen.norm(dim=1).mean() > 14, "The codes of an autoencoder are longer than draws from N(0, I)"

# Digits.
real, blended = reference.values()
assert abs(real - 118) < 1 and abs(blended - 165) < 1, "Real test digits lie at 118, pixel blends at 165"
assert [round(v) for v in digits_far["ae-20"][:2]] == [142, 193] and [round(v) for v in digits_far["ae-128"][:2]] == [
    183,
    229,
], "Autoencoder, 20-D: midpoints at 142, random codes at 193; 128-D: 183 and 229"
assert all(
    abs(digits_far[name][0] - 124) < 1 and abs(digits_far[name][1] - 145) < 3 for name in ("vae-20", "vae-128")
), "VAE: midpoints near 124 and random codes near 145, at 20 and at 128 dimensions"
assert digits_far["ae-20"][0] < blended < digits_far["ae-128"][0], (
    "At 20 numbers the autoencoder's midpoints are nearer to real digits than pixel blends are; at 128 they are further away"
)
assert all((digits_far[n][0] < digits_far[n][2]) == (n != "ae-128") for n in digits_far), (
    "Only the midpoints of the autoencoder with 128 numbers are further away than blends of its own reconstructions"
)
assert all(139 < values[2] < 164 for values in digits_far.values()), "Those blends lie between 140 and 163"
assert used == {"ae-20": 20, "vae-20": 20, "ae-128": 128, "vae-128": 23}, "The VAE uses 23 of the 128 numbers"
sharp = {name: evaluation.sharpness(decoded[name]["midpoint"]).mean().item() for name in digit_nets}
assert sharp["ae-20"] > 1.05 * sharp["vae-20"], "At 20 numbers the autoencoder's midpoints are crisper than the VAE's"
with torch.no_grad():
    wide = digit_nets["vae-128"]
    mu_a, mu_b = wide.codes(ends_a), wide.codes(ends_b)
    centre = (mu_a + mu_b) / 2
    mu_all, logvar_all = wide.encode(digits.test_x)
    idle_ones = (0.5 * (mu_all**2 + logvar_all.exp() - logvar_all - 1)).mean(0) < 0.05
    held = torch.where(idle_ones, mu_all.mean(0), centre)
    change = (wide.decode(centre) - wide.decode(held)).abs().max().item()
assert int(idle_ones.sum()) == 105 and change < 0.01, (
    "Hold the 105 idle numbers at their means, and no pixel of any midpoint changes by more than 0.01"
)

# The box.
with torch.no_grad():
    a_, b_ = moons_at(0.5, starts), moons_at(0.5, starts + 180)
    fuller = nets["ae-moons"].decode((nets["ae-moons"].codes(a_) + nets["ae-moons"].codes(b_)) / 2)
    to_moons, to_halves = distance(fuller, "moons").mean().item(), distance(fuller, "half moons").mean().item()
assert round(to_moons) == 27 and to_halves > 150, (
    "Between opposite half moons a network of all phases draws a fuller moon, 27 from a true one"
)
with torch.no_grad():
    a_, b_ = moons_at(0.06, starts), moons_at(0.06, starts + 180)
    opposite_far = [
        distance(nets[n].decode((nets[n].codes(a_) + nets[n].codes(b_)) / 2), "crescents").mean().item()
        for n in ("ae-crescents", "vae-crescents")
    ]
assert opposite_far[0] > 3 * opposite_far[1] > 150, "The VAE's hole is smaller, not gone"
