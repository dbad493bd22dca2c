"""Chapter 05's class and loss, and its study's recipe, as written in the notebooks, equal the package's."""

import json
import re

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from latentbook import ROOT
from latentwalk import losses, models, tables


def cells_of(notebook):
    return json.loads((ROOT / "notebooks" / f"{notebook}.ipynb").read_text())["cells"]


@pytest.fixture(scope="module")
def chapter():
    """The names that the cells vae-class and vae-loss of chapter 05 define, and vae-loss-logits of its study of the recipe."""
    cells = cells_of("05_vae") + cells_of("studies/recipe")
    names = {"torch": torch, "nn": nn, "F": F}
    for wanted in ("vae-class", "vae-loss", "vae-loss-logits"):
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


def test_the_loss_on_logits_is_the_loss(chapter):
    torch.manual_seed(0)
    model, x = chapter["VAE"](), torch.rand(6, 784)
    torch.manual_seed(1)
    on_logits = chapter["loss_on_logits"](model, x)
    torch.manual_seed(1)
    recon_x, mu, logvar = model(x)
    assert torch.allclose(on_logits, chapter["loss_function"](recon_x, x, mu, logvar), rtol=1e-6)


def test_the_table_of_losses_has_the_recipe():
    train = "".join(next(cell["source"] for cell in cells_of("studies/recipe") if cell["id"] == "vae-train"))
    train = re.sub(r",\n +", ", ", train)
    recipe = tables.read("loss")["settings"]["recipe"]
    assert f"epochs, batch_size = {recipe['epochs']}, {recipe['batch_size']}\n" in train
    assert f'optimizer, {recipe["lr"]}, total_steps=steps, pct_start=0.1, anneal_strategy="linear"' in train
    assert recipe["schedule"] == "linear" and "logit(x_train.mean(0), eps=1e-4)" in train
