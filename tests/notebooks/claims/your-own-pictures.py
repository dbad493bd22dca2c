"""What the study of one's own pictures says of what its cells compute."""

with torch.no_grad():
    z = model.codes(x_test[chosen])
    pairs = [(a, b) for a in range(6) for b in range(6, 12)]  # each shoe with each boot
    middles = torch.stack([model.decode((z[a] + z[b])[None] / 2)[0] for a, b in pairs])
    blends = torch.stack([(x_test[chosen[a]] + x_test[chosen[b]]) / 2 for a, b in pairs])
nearer = torch.cdist(middles, x).min(1).values < torch.cdist(blends, x).min(1).values
assert nearer.float().mean() > 0.8, "halfway, its picture is mostly nearer than the blend to a real one"
assert {pictures.names[k] for k in y.unique()} == {"sandal", "shoe", "boot"}, "sandals, shoes and boots"
orange = mine.x.view(-1, *mine.shape).amax((0, 2, 3))
assert orange[0] > orange[1] > orange[2], "the same shoes in colour"
assert torch.equal(again.codes(x_test), model.codes(x_test)), "one file holds the weights"
assert len(mine.x) * 3 == len(x), "a third of the shoes once more"
