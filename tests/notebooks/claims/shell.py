"""What the study of the shell says of what its cells compute."""

for d, lengths_of in radius.items():
    expected = math.exp(log_c(d + 1) - log_c(d))
    assert abs(lengths_of.mean() - expected) < 0.03, f"d = {d}: the mean length is the formula's"
    assert abs(lengths_of.std() - math.sqrt(d - expected**2)) < 0.03, f"d = {d}: and so is its spread"
grid = torch.linspace(1e-3, 60, 60_000)
for d in (1, 2, 20, 128, 784):
    assert abs(torch.trapezoid(chi(grid, d), grid) - 1) < 1e-2, f"d = {d}: the density integrates to 1"
short = torch.linspace(1e-4, 1, 10_000)
assert torch.trapezoid(chi(short, 20), short) < 1e-9, "of a billion draws hardly one is shorter than 1"
assert abs(drawn.pow(2).sum(1).mean() - 20) < 0.3, "the squared length of a draw is d on average"
assert abs(lengths["test digits, mu"].mean() - 4.2) < 0.06, "test digits: about 4.2 from the origin"
assert abs(lengths["mu, halfway straight"].mean() - 3.0) < 0.06, "the middle of a straight line: about 3.0"
assert shorter < 0.01, "midpoints of straight lines are too short for the shell"
assert (square - 1).abs().max() < 0.2 and abs(square.sum() - 20) < 1, (
    "the mean of mu^2 + sigma^2 is close to 1 in every dimension"
)
assert (square - 1).abs().max() < 0.13, "within about a tenth"
