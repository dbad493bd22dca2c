"""What the study of logits says of what its cells compute."""

assert (torch.sigmoid(torch.tensor([16.0, 17.4])) == 1).tolist() == [False, True], "a sigmoid rounds to 1 past about 17"
past = log_odds > 17.5
assert (cost["on probabilities"][past] == 100).all(), "PyTorch puts -100 in the place of the logarithm of 0"
assert (slope["on probabilities"][past] == 0).all(), (
    "on probabilities the gradient vanishes where the network is most wrong"
)
assert (slope["on logits"][past] > 0.999).all(), "on logits it stays 1"

ell = torch.cat([torch.linspace(-300, 300, 601), torch.tensor([0.0])])
assert naive(torch.tensor(89.0), 0.0).isinf() and not naive(torch.tensor(88.0), 0.0).isinf(), (
    "in float32 e to the logit becomes infinite where the logit passes 88"
)
for pixel in (0.0, 0.3, 1.0):
    target = torch.full_like(ell, pixel)
    by_torch = F.binary_cross_entropy_with_logits(ell, target, reduction="none")
    assert torch.allclose(stable(ell, target), by_torch, atol=1e-6), "the last formula is what PyTorch computes"
slopes = torch.func.vmap(torch.func.grad(lambda one: stable(one, torch.tensor(0.3))))(ell[ell != 0])
assert torch.allclose(slopes, ell[ell != 0].sigmoid() - 0.3, atol=1e-6), "its slope is the error itself"
assert torch.allclose(on_probabilities, on_logits, rtol=1e-5), "the two losses agree for a trained network"
