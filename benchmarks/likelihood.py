"""The importance-weighted likelihood of `vae-20-binary` on binarised MNIST, over the whole test set (chapter 07 takes 500).

Published, of one kind with it (binarised dynamically, negative log-likelihood in nats): 86.76 for a VAE with two hidden
layers of 200 and 50 latent dimensions (Burda et al., arXiv 1509.00519, table 1; k = 5000). Some minutes on 2 cores;
``python benchmarks/likelihood.py 500`` for an evenly spread part of the test set.
"""

import sys
import time

import torch

from latentwalk.checkpoints import load
from latentwalk.data import binarize, mnist
from latentwalk.evaluation import importance_bound, vae_log_weights

K = 1000


def main(count: int) -> None:
    model, x = load("vae-20-binary"), binarize(mnist().test_x)
    x = x[:: len(x) // count]
    start, bounds = time.perf_counter(), []
    for seed, part in enumerate(x.split(500)):
        log_w = vae_log_weights(model, part, K, seed)  # (K, 500)
        bounds.append(torch.stack([importance_bound(log_w, k) for k in (1, 10, 100, K)]))
    bounds = torch.cat(bounds, 1)  # (4, count)
    means, errors = -bounds.mean(1), bounds.std(1) / bounds.shape[1] ** 0.5
    print(f"{bounds.shape[1]} test pictures, {time.perf_counter() - start:.0f} s")
    for k, mean, error in zip((1, 10, 100, K), means, errors):
        print(f"k = {k:4}: {mean:.2f} ± {error:.2f} nats")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
