"""The loop that most people start from, to compare the book's with: nothing in the book is trained with it."""

import tempfile
from pathlib import Path

import torch
import torch.nn.functional as F

from latentwalk.data import PACK, unpack
from latentwalk.making._torchvision import import_torchvision
from latentwalk.models import VAE


def usual_dataset():
    """The training digits as ``torchvision.datasets.MNIST`` with ToTensor: pairs of a picture (1, 28, 28) and its label."""
    torchvision = import_torchvision()
    with tempfile.TemporaryDirectory() as root:  # torchvision reads the raw files from there into memory
        raw = Path(root, "MNIST", "raw")
        raw.mkdir(parents=True)
        for path in PACK.glob("*.xz"):
            (raw / path.stem).write_bytes(unpack(path.stem))
        return torchvision.datasets.MNIST(root, train=True, transform=torchvision.transforms.ToTensor())


def fit_as_usual(dataset, seed: int = 1, epochs: int = 10, after_epoch=None) -> VAE:
    """The VAE of pytorch/examples, its loop written again from its description; returns the trained network.

    ``dataset``, such as `usual_dataset`, through a DataLoader, shuffled batches of 128, Adam with learning rate 1e-3, binary
    cross-entropy on probabilities plus KL, both summed. ``after_epoch`` is called with the model after each epoch.
    """
    torch.manual_seed(seed)
    loader = torch.utils.data.DataLoader(dataset, batch_size=128, shuffle=True)
    model = VAE()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(epochs):
        model.train()
        for data, _label in loader:
            optimizer.zero_grad()
            recon_batch, mu, logvar = model(data)
            bce = F.binary_cross_entropy(recon_batch, data.view(-1, 784), reduction="sum")
            kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
            (bce + kld).backward()
            optimizer.step()
        model.eval()
        if after_epoch is not None:
            after_epoch(model)
    return model
