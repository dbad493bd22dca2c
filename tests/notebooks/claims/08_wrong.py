"""What chapter 08 says of what its cells compute."""

from latentwalk.checkpoints import read_manifest

assert min(true, key=true.get) == "no bug", "the right ruler finds the right run"
assert min(said.values()) < said["no bug"] < max(said.values()), "the reported one does not"
stopped = {row["bug"] for row in tables.read("bugs")["rows"]} - set(said)
assert stopped == {"KL sign flipped", "pixels 0 to 255"}, "two runs are missing, because their numbers overflowed"
good = [
    row
    for row in tables.read("bugs")["rows"]
    if "stopped" not in row and row["curve"][-1][0] < 125 and row["curve"][-1][0] > 1
]
assert len(good) == 5, "half of the runs reconstruct well"

checked = {}
for bug in [row["bug"] for row in tables.read("bugs")["rows"]]:
    torch.manual_seed(0)
    model = Buggy()
    model.bug = bug
    checked[bug] = failing(model, lambda m, x: terms(m, x, m.bug), pixels(x_test[:500], bug))
assert checked.pop("no bug") == [], "the right network passes all four checks"
assert all(checked.values()) and len(checked) == 9, "four checks catch all nine"
assert sorted(len(failed) for failed in checked.values()) == 8 * [1] + [2], (
    "one bug fails two checks, the others one each"
)


class VAE5(torch.nn.Module):  # chapter 5's interface and nothing more
    def __init__(self):
        super().__init__()
        self.inner = VAE()
        self.fc21, self.fc22 = self.inner.fc21, self.inner.fc22
        self.encode, self.decode, self.reparameterize = self.inner.encode, self.inner.decode, self.inner.reparameterize


def terms_of_chapter_5(model, x):
    mu, logvar = model.encode(x)
    recon_x = model.decode(model.reparameterize(mu, logvar))
    bce = F.binary_cross_entropy(recon_x, x, reduction="sum") / len(x)
    return bce, -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp()) / len(x)


assert failing(VAE5(), terms_of_chapter_5, x_test[:500]) == [], "the checks are written for chapter 5's class"

torch.manual_seed(0)
model = VAE()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for _ in range(21):
    recon, kl = terms(model, x_train[torch.randint(len(x_train), (256,))], "KL sign flipped")
    optimizer.zero_grad()
    (recon + kl).backward()
    optimizer.step()
assert recon + kl < 0, "with the wrong sign the sum falls below 0"

mean = strokes.mean(0)
for answer in (bce, squared):
    assert (answer - mean).abs().max() < 0.03, "the mean of the nine, by both losses"
assert sharing["vae-2"] > 100 > 1.1 > sharing["vae-20"], (
    "more than a hundred pictures share a code of vae-2, one owns one of vae-20"
)
assert abs(sharp["vae-20, best possible"] / sharp["the digits"] - 1) < 0.02, (
    "the best possible decoder of vae-20 is as sharp as the digits"
)
assert sharp["vae-20, as trained"] < 0.9 * sharp["the digits"], "the trained one is softer"
assert sharp["vae-2, best possible"] < 0.75 * sharp["the digits"], "in vae-2 the best possible answer is already soft"
assert sharp["vae-2, best possible"] - sharp["vae-2, as trained"] < 0.01, "and the trained decoder is close to it"
assert round(read_manifest("vae-20")["metrics"]["kl"]) == 25 and round(math.log(60_000)) == 11, (
    "a KL of 25 nats exceeds ln 60,000 = 11"
)

sharp_of = {name: round(sharpness(x).mean().item(), 2) for name, x in {**drawn, "digits": x_test}.items()}
assert sharp_of == {"vae-20": 0.09, "gan-20": 0.10, "digits": 0.11}, (
    "the GAN's pictures are sharper, 0.10 against 0.09 (digits: 0.11)"
)
assert [round(sum(counts[name]) / 100) for name in ("gan-20", "vae-20")] == [26, 17], (
    "the judge passes 26 of 100 of the GAN's pictures, 17 of the VAE's"
)
assert min(counts["gan-20"]) > 0 and 18 < counts["gan-20"][9] / counts["gan-20"][0] < 25, (
    "the GAN draws all ten digits, but twenty 9s for each 0"
)
assert counts["gan-20"].index(max(counts["gan-20"])) == 9 and counts["gan-20"].index(min(counts["gan-20"])) == 0, (
    "9 is its commonest digit, 0 its rarest"
)
assert 1.8 < max(counts["vae-20"]) / min(counts["vae-20"]) < 2.3, (
    "the VAE's commonest is twice as frequent as its rarest"
)

seeds = tables.read("samples")["rows"]
passed = [round(100 * row["passed"]) for row in seeds]
assert (len(seeds), min(passed), max(passed)) == (4, 25, 27), "over four seeds 25 to 27 pass"
uneven = [round(max(row["digits"]) / min(row["digits"])) for row in seeds]
assert (min(uneven), max(uneven)) == (12, 23), "the commonest digit comes 12 to 23 times as often as the rarest"
assert seeds[0]["digits"] == counts["gan-20"], "gan-20 is the one of seed 0"
