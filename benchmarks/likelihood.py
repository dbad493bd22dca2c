"""The importance-weighted likelihood of the networks with binary pixels, on binarised MNIST: the table that the book prints.

Published, of one kind with vae-20-binary and vae-50-binary (binarised dynamically; negative log-likelihood in nats): 86.76 for a
VAE with two hidden layers of 200 units and 50 latent dimensions (Burda et al., arXiv 1509.00519, table 1; k = 5000). Some minutes
on 2 cores for the whole test set; ``python benchmarks/likelihood.py 500`` for an evenly spread part of it.
"""

import sys
import time

from _machine import describe

from latentwalk.making.tables import likelihood
from latentwalk.tables import read


def main(count: int) -> None:
    """Compute the bounds anew and print them beside the stored ones."""
    print(describe() + "\n")
    start = time.perf_counter()
    rows = likelihood(count)["rows"]
    print(f"{count} test pictures, {time.perf_counter() - start:.0f} s; nats, ± one standard error")
    stored = {(row["network"], row["k"]): row for row in read("likelihood")["rows"]}
    for row in rows:
        before = stored[row["network"], row["k"]]
        print(
            f"{row['network']:14} k = {row['k']:4}: {row['nll']:6.2f} ± {row['error']:.2f}"
            f"   (stored, all 10,000: {before['nll']:6.2f} ± {before['error']:.2f})"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
