"""What the study of the VAE with convolutions says of what its cells compute."""

assert weights == {"dense": 652_824, "convolutions": 651_773}, "652,000 weights"
assert abs(weights["convolutions"] / weights["dense"] - 1) < 0.00165, "the numbers of weights differ by 0.16%"
conv_weights = sum(p.numel() for name, p in networks["convolutions"].named_parameters() if "conv" in name)
assert conv_weights == 16_961, "the four convolutions have 16,961 together"
