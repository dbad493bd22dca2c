"""What chapter 06 says of what its cells compute."""

from latentwalk.evaluation import prior
from latentwalk.losses import kl_divergence, reconstruction

torch.manual_seed(0)
kls = [torch.tensor(kl) for kl in sliders.kls]
assert round(kls[0].max().item(), 1) == 2.1 and round(kls[0].min().item(), 1) == 0.6, (
    "at beta = 1 from 2.1 down to 0.6 nats"
)
assert (kls[1] < 0.05).sum() == 9, "at beta = 4 nine are idle"
with torch.no_grad():
    mu_4, logvar_4 = strict.model.encode(x_test)
    least = kls[1].argmin()
    assert mu_4[:, least].abs().mean() < 0.1 and (logvar_4[:, least].exp() - 1).abs().mean() < 0.1, (
        "idle: mu = 0 and sigma = 1"
    )

    mu_all, logvar_all = model.encode(x_test)
    turn = torch.linalg.qr(torch.randn(20, 20))[0]
    sigma2 = 1 / ((-logvar_all).exp() @ (turn**2).T)  # the best diagonal cloud in the turned axes
    z = (mu_all @ turn.T + torch.randn_like(mu_all) * sigma2.sqrt()) @ turn
    turned = reconstruction(model.decode_logits(z), x_test) + kl_divergence(mu_all @ turn.T, sigma2.log()).sum(1)
    z = model.reparameterize(mu_all, logvar_all)
    own = reconstruction(model.decode_logits(z), x_test) + kl_divergence(mu_all, logvar_all).sum(1)
assert abs((turned - own).mean() - 3) < 0.6, "turning all the codes at random would cost about 3 nats"

with torch.no_grad():
    drawn = strangeness(flat.model.decode(prior(2, 4000)))
share = (drawn > blended.median()).float().mean()
assert 0.25 < share < 0.33, (
    f"{share}: more than a quarter of the prior lies where pictures are further from any digit than a typical blend"
)
wedge = far.view(61, 61)[5:14, 52:60]  # z1 from -2.5 to -1.7, z2 from 2.2 to 2.9
assert wedge.median() > same.quantile(0.95), "one dark wedge at the upper left"
codes = flat.model.codes(x_test).detach()
inside = (codes[:, 0] > -2.5) & (codes[:, 0] < -1.7) & (codes[:, 1] > 2.2) & (codes[:, 1] < 2.9)
assert inside.float().mean() < 0.002, "where hardly any test digit has its code"
assert same.median() < blended.median(), "reconstructions are nearer to digits than blends are"


def grey(x):
    lit = x > 0.1
    return ((lit & (x < 0.9)).sum(1) / lit.sum(1).clamp(min=1)).mean()


first, second = (part[:2000] for part in pairs_of_classes(y_test, 4000))
with torch.no_grad():
    one, other = mu[first], mu[second]
    middle, ends_1, ends_2 = model.decode(straight(one, other, 0.5)), model.decode(one), model.decode(other)
double = (ends_1 + ends_2) / 2
assert abs((middle - double).norm(dim=1).mean() - 3.1) < 0.06, "the middle lies 3.1 from the blend"
for end in (ends_1, ends_2):
    assert abs((middle - end).norm(dim=1).mean() - 5.6) < 0.06, "and 5.6 from either of them"
assert abs(grey(middle) - grey(double)) < 0.02 < grey(middle) - grey(ends_1), "the middle is as grey as a blend"
assert abs(mu.norm(dim=1).mean() - 4.2) < 0.05, "about 4.2 from the origin for test digits"
assert abs(straight(one, other, 0.5).norm(dim=1).mean() - 3.0) < 0.05, (
    "and the middle of a straight line only about 3.0"
)

measured = slant(x_test)
explained = 1 - (mu @ v + c - measured).pow(2).mean() / measured.var()
assert abs(explained - 0.83) < 0.01, "a linear function of the code explains 83 % of the variance of the slant"
judge = load("judge-10")
with torch.no_grad():
    before = model.decode(mu[:2000])
    for k in (-2, 2):
        after = model.decode(mu[:2000] + k * unit)
        gain = (slant(after) - slant(before)).mean() / (k * v.norm())
        assert 0.45 < gain < 0.7, "a step gives half to two thirds of what the regression promises"
        lost = (judge(after).argmax(1) != judge(before).argmax(1)).float().mean()
        assert 0.07 < lost < 0.15, "after two steps one digit in ten is read as another one"

    read, drawn_slant = mu[:500] @ v + c, slant(model.decode(mu[:500]))
    tilted = (read / v.norm()).abs() > 0.5
    assert 0.8 < (drawn_slant / read)[tilted].median() < 0.97, (
        "the decoded digit is less slanted to begin with than the regression reads"
    )

    correlation = []
    for i in range(10):
        start = mu[y_test == i]
        slants = slant(model.decode(start))
        for j in range(10):
            if i != j:
                pair = torch.stack([slants, slant(model.decode(start - means[i] + means[j]))])
                correlation.append(torch.corrcoef(pair)[0, 1].item())
assert abs(sum(correlation) / 90 - 0.93) < 0.01, "the slant before and after has a correlation of 0.93 on average"
assert round(min(correlation), 2) == 0.69, "and at least 0.69"
