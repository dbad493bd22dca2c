"""What the study of the VAE with convolutions says of what its cells compute."""

assert weights == {"dense": 652_824, "convolutions": 651_773}, "652,000 weights"
assert abs(weights["convolutions"] / weights["dense"] - 1) < 0.00165, "the numbers of weights differ by 0.16%"
conv_weights = sum(p.numel() for name, p in networks["convolutions"].named_parameters() if "conv" in name)
assert conv_weights == 16_961, "the four convolutions have 16,961 together"
layers = {name: [type(layer).__name__ for layer in model.children()] for name, model in networks.items()}
assert layers["convolutions"].count("Conv2d") == layers["convolutions"].count("ConvTranspose2d") == 2, (
    "the network is two layers deeper each way"
)
assert layers["convolutions"].count("Linear") == layers["dense"].count("Linear") == len(layers["dense"]), (
    "and has all the dense layers of the other one"
)
widest = {name: model.fc1.out_features for name, model in networks.items()}
assert abs(widest["convolutions"] / widest["dense"] - 0.5) < 0.01, "the dense layer is half as wide"

sums = {name: recon + kl for name, (recon, kl) in loss.items()}
assert abs(sums["dense"] - sums["convolutions"] - 5.9) < 0.06, "5.9 nats fewer"
assert all(a > b for a, b in zip(loss["dense"], loss["convolutions"])), "in both terms"
assert round(sums["convolutions"]) == 96 and round(sums["dense"]) == 102, "96 nats in place of 102"
