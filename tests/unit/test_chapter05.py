"""Chapter 05's class and loss, as written in the notebook, equal the package's."""

import json

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from latentwalk import losses, models
from latentwalk.data import PROJECT


@pytest.fixture(scope="module")
def chapter():
    """The names that the notebook's cells vae-class and vae-loss define."""
    cells = json.loads((PROJECT / "notebooks" / "05_vae.ipynb").read_text())["cells"]
    names = {"torch": torch, "nn": nn, "F": F}
    for wanted in ("vae-class", "vae-loss"):
        exec("".join(next(cell["source"] for cell in cells if cell["id"] == wanted)), names)
    return names


def test_the_same_output_for_the_same_state_dict(chapter):
    torch.manual_seed(0)
    theirs, ours = chapter["VAE"](), models.VAE()
    ours.load_state_dict(theirs.state_dict())  # strict: the same names and shapes
    x = torch.rand(6, 1, 28, 28)
    results = []
    for model in (theirs, ours):
        torch.manual_seed(1)
        results.append(model(x))
    for first, second in zip(*results):
        assert torch.equal(first, second)
    z = torch.randn(4, 20)
    assert torch.equal(theirs.decode(z), ours.decode(z))


def test_the_class_has_the_source_chapters_layers(chapter):
    layers = {name: (layer.in_features, layer.out_features) for name, layer in chapter["VAE"]().named_children()}
    assert layers == {"fc1": (784, 400), "fc21": (400, 20), "fc22": (400, 20), "fc3": (20, 400), "fc4": (400, 784)}


def test_the_same_loss(chapter):
    torch.manual_seed(0)
    model = models.VAE()
    x = torch.rand(6, 784)
    mu, logvar = model.encode(x)
    z = model.reparameterize(mu, logvar)
    theirs = chapter["loss_function"](model.decode(z), x, mu, logvar)
    ours = losses.reconstruction(model.decode_logits(z), x).sum() + losses.kl_divergence(mu, logvar).sum()
    assert torch.allclose(theirs, ours, rtol=1e-6)
