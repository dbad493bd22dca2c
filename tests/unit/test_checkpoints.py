"""Networks of a reader's own: saved in a folder of the reader's, and loaded again."""

import os
import re

import pytest
import torch
import torch.nn as nn

from latentwalk import checkpoints, models
from latentwalk.checkpoints import CheckpointError, load, save


class MyVAE(nn.Module):
    """With a buffer that holds a whole number, and weights that two layers share."""

    def __init__(self, width=6):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(9, width), nn.BatchNorm1d(width), nn.ReLU())
        self.decoder = nn.Linear(width, width)
        self.again = nn.Linear(width, width)
        self.again.weight = self.decoder.weight


def same(a, b):
    a, b = a.state_dict(), b.state_dict()
    return a.keys() == b.keys() and all(torch.equal(a[k], b[k]) and a[k].dtype == b[k].dtype for k in a)


@pytest.mark.parametrize(
    "model",
    [
        models.VAE(3, 7, 9), models.Autoencoder(3, 7, 9), models.DeepVAE(3, 7, 9), models.Generator(3, 7, 9),
        models.Judge(4, 7, 9),
    ],
    ids=lambda model: type(model).__name__,
)  # fmt: skip
def test_the_books_classes_need_no_model(tmp_path, model):
    path = save(model, tmp_path / "new folder" / "mine")
    assert path == tmp_path / "new folder" / "mine.safetensors"
    found = load(path)
    assert type(found) is type(model) and same(found, model) and not found.training
    assert os.listdir(path.parent) == ["mine.safetensors"]


def test_a_class_of_ones_own_is_filled(tmp_path):
    model = MyVAE()
    model.encoder(torch.rand(4, 9))
    path = save(model, str(tmp_path / "mine.safetensors"))
    assert same(load(path, model=MyVAE()), model)
    double = save(MyVAE().double(), path)
    assert load(double, model=MyVAE().double()).decoder.weight.dtype == torch.float64
    with pytest.raises(CheckpointError, match=r"mine.safetensors holds a MyVAE, .*load it with model=MyVAE\(\)"):
        load(path)
    with pytest.raises(
        CheckpointError, match=r"mine.safetensors does not fit model, a MyVAE .*size mismatch for encoder.0"
    ):
        load(path, model=MyVAE(7))
    with pytest.raises(CheckpointError, match=r"does not fit model, a VAE .*Missing key"):
        load(path, model=models.VAE(3, 7, 9))


@pytest.mark.parametrize(
    "damage, said",
    [
        (lambda content: content[:-9], "has changed: sha256"),
        (lambda content: content[:-1] + bytes([content[-1] ^ 1]), "has changed"),
        (lambda content: content[:30], "is no safetensors file with a manifest in its header"),
        (lambda content: b"", "is no safetensors file with a manifest in its header"),
    ],
)
def test_a_damaged_file_is_named(tmp_path, damage, said):
    path = save(MyVAE(), tmp_path / "mine")
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(CheckpointError, match=f"{re.escape(str(path))} {said}"):
        load(path, model=MyVAE())


def test_what_cannot_be_written_leaves_the_old_file(tmp_path, monkeypatch):
    path = save(models.VAE(3, 7, 9), tmp_path / "mine")
    before = path.read_bytes()
    broken = models.VAE(3, 7, 9)
    with torch.no_grad():
        broken.fc3.bias[2] = torch.nan
    with pytest.raises(ValueError, match=r"model: fc3.bias has numbers that are not finite"):
        save(broken, path)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(CheckpointError, match=r"mine.safetensors cannot be written \(No space left on device\)"):
        save(models.VAE(3, 7, 9), path)
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["mine.safetensors"]
    with pytest.raises(CheckpointError, match="cannot be written"):
        save(MyVAE(), path / "below a file")


def test_the_books_networks_are_found_as_before():
    assert load("vae-2").hidden == 400
    assert same(load("vae-2", model=models.VAE(latent_dim=2)), load("vae-2")), "a class of one's own may take them"
    with pytest.raises(CheckpointError, match=r"nothing.safetensors cannot be read"):
        load(checkpoints.FOLDER / "nothing.safetensors")
