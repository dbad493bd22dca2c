"""What the Lab (`latentwalk.widgets.Lab`) brings into a page: the program that it begins with, bugs for it, digits, and scripts."""

import gzip

from latentwalk import data
from latentwalk.page.script import FOLDER

BUNDLES = FOLDER / "bundles"  # made by `make setup` (latentbook.lab)
TRAIN, TEST = 10_000, 2_000  # digits of MNIST's two parts, the first ones
DIGITS_SHA256 = "3d45dca3db255b742591cdbeeba43956df7ca9345405245757386860e7483129"
PARTS = 16  # files that the digits are cut into, so that a page can show how far it is

LOSS = """\
function loss(params, x, eps, beta) {
  const h1 = relu(linear(x, params.fc1));  // (B, 784) -> (B, hidden)
  const mu = linear(h1, params.fc21);  // (B, dims)
  const logvar = linear(h1, params.fc22);  // (B, dims)
  const std = exp(logvar.mul(0.5));  // sigma
  const z = mu.add(eps.mul(std));  // z = mu + eps * sigma
  const h3 = relu(linear(z, params.fc3));  // (B, dims) -> (B, hidden)
  const logits = linear(h3, params.fc4);  // (B, 784), log-odds
  const BCE = softplus(logits).sub(x.mul(logits)).sum();
  const KLD = exp(logvar).add(mu.pow(2)).sub(logvar).sub(1).sum().mul(0.5);
  return { BCE, KLD: KLD.mul(beta) };  // nats, summed over the batch
}
"""

# Chapter 08's bugs: what each changes in the program, and the chapter's check that catches it.
BUGS = {
    "KL sign flipped": (".sum().mul(0.5)", ".sum().mul(-0.5)", "KL"),
    "KL mean over pixels": (".sum().mul(0.5)", ".sum().mul(0.5).div(784)", "KL"),
    "BCE mean over pixels": ("sub(x.mul(logits)).sum()", "sub(x.mul(logits)).sum().div(784)", "first loss"),
    "pixels 0 to 255": ("beta) {\n", "beta) {\n  x = x.mul(255);  // grey values as a file has them\n", "first loss"),
    "z = mu": ("mu.add(eps.mul(std))", "mu", "noise and gradient"),
    "z detached": ("mu.add(eps.mul(std))", "detach(mu.add(eps.mul(std)))", "gradient"),
    "one eps for the batch": ("eps.mul(std)", "eps.slice(0, 1, 0).mul(std)", "noise"),
    "sigma is exp(logvar)": ("exp(logvar.mul(0.5))", "exp(logvar)", "noise"),
    "sigmoid twice": ("linear(h3, params.fc4)", "sigmoid(linear(h3, params.fc4))", "first loss"),
}


def digits() -> bytes:
    """The Lab's digits: 12,000 labels, then as many pictures of 784 bytes; the first 10,000 are MNIST's first training digits."""
    labels, pictures = [], []
    for part, count in (("train", TRAIN), ("t10k", TEST)):
        labels.append(data.unpack(f"{part}-labels-idx1-ubyte")[8 : 8 + count])
        pictures.append(data.unpack(f"{part}-images-idx3-ubyte")[16 : 16 + 784 * count])
    return b"".join(labels + pictures)


def answer(ask: str) -> tuple[dict, list[bytes]] | None:
    """What a page gets that asks a notebook for a part: a message, and the part's bytes. (In the built book the parts are files.)"""
    if ask == "digits":
        return {"name": ask}, [gzip.compress(digits(), 1)]
    if ask not in ("worker", "editor"):
        return None
    path = BUNDLES / f"{ask}.js"
    try:
        return {"name": ask}, [path.read_bytes()]
    except OSError:
        return {
            "name": ask,
            "error": f"{path} is missing: run `make setup` in the book's folder, which makes it with npm's packages",
        }, []
