assert abs(kl_divergence(narrow, wide) - 1.13) < 0.01, "KL(narrow || wide) is 1.13 nats"
assert abs(kl_divergence(wide, narrow) - 10.39) < 0.01, "KL(wide || narrow) is 10.39 nats"
assert abs(avoiding[0] - 2) < 0.06 and abs(avoiding[1] - 0.7) < 0.06, "KL(q || p) settles on one hill"
mean_p = (p * grid).sum() * step
std_p = ((p * (grid - mean_p) ** 2).sum() * step).sqrt()
assert abs(covering[0] - mean_p) < 0.03 and abs(covering[1] - std_p) < 0.03, "who covers has p's mean and variance"
assert abs(mean_p - 0.4) < 0.005 and abs(std_p - 2.06) < 0.005, "mean 0.4, standard deviation 2.06"
