"""The Lab's mathematics against PyTorch's, its file, and what it refuses. Its worker's code runs in Node here (WebAssembly)."""

import hashlib
import json
import re
import subprocess

import pytest
import torch
from safetensors.torch import load_file, save, save_file

from latentbook import ROOT
from latentbook.lab import bundle, script
from latentbook.node import node
from latentwalk import checkpoints, losses
from latentwalk.checkpoints import CheckpointError
from latentwalk.models import VAE, Autoencoder
from latentwalk.page import lab as module
from latentwalk.widgets import Lab, which_bug


@pytest.mark.parametrize("dims", [2, 20])
def test_gradients_are_pytorchs(dims, tmp_path):
    torch.manual_seed(dims)
    model, beta = VAE(dims), 0.7
    x, eps = torch.rand(32, 784), torch.randn(32, dims)
    settings = {"dims": dims, "hidden": 400, "batch": 32, "rate": 0.001, "beta": beta, "seed": 1}
    (tmp_path / "settings.json").write_text(json.dumps({**settings, "program": module.LOSS}))
    (tmp_path / "x").write_bytes(x.numpy().tobytes())
    (tmp_path / "eps").write_bytes(eps.numpy().tobytes())
    save_file(model.state_dict(), tmp_path / "network.safetensors")
    command = [*node(), str(ROOT / "tests/unit/lab_slopes.mjs"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

    mu, logvar = model.encode(x)
    logits = model.decode_logits(mu + eps * (0.5 * logvar).exp())
    loss = (losses.reconstruction(logits, x) + beta * losses.kl_divergence(mu, logvar).sum(1)).mean()
    loss.backward()
    assert float(done.stdout) == pytest.approx(loss.item(), rel=1e-5)
    slopes = load_file(tmp_path / "slopes.safetensors")
    assert set(slopes) == set(model.state_dict())
    for name, parameter in model.named_parameters():
        error = (slopes[name] - parameter.grad).norm() / parameter.grad.norm()
        assert error < 1e-4, f"{name}: {error:.1e}"
    for name, weight in load_file(tmp_path / "again.safetensors").items():
        assert torch.equal(weight, model.state_dict()[name]), name


def a_file(path, model, **changes):
    """A network's file as a Lab offers it."""
    content = save(model.state_dict())
    start = 8 + int.from_bytes(content[:8], "little")
    config = {"kind": "VAE", "latent_dim": model.latent_dim, "hidden": model.fc1.out_features, "pixels": 784}
    manifest = {"config": config, "metrics": {}, "sha256": hashlib.sha256(content[start:]).hexdigest(), **changes}
    path.write_bytes(save(model.state_dict(), {"manifest": json.dumps(manifest)}))
    return path


def test_a_downloaded_file_loads(tmp_path):
    model = VAE(8, 100)
    path = a_file(tmp_path / "lab-10.safetensors", model)
    for name in (path, str(path)):
        loaded = checkpoints.load(name)
        assert not loaded.training and loaded.latent_dim == 8
        assert all(torch.equal(a, b) for a, b in zip(loaded.parameters(), model.parameters()))


def test_a_damaged_file_is_named(tmp_path):
    path = a_file(tmp_path / "lab.safetensors", VAE(2, 100))
    content = path.read_bytes()
    for damaged, says in (
        (content[:-1] + bytes([content[-1] ^ 1]), "has changed"),
        (content[:1000], "has changed"),
        (content[:20], "no safetensors file with a manifest"),
        (b"", "no safetensors file with a manifest"),
        (save({"a": torch.zeros(2)}), "no safetensors file with a manifest"),
    ):
        path.write_bytes(damaged)
        with pytest.raises(CheckpointError, match=says):
            checkpoints.load(path)
    with pytest.raises(CheckpointError, match="does not fit its manifest"):
        checkpoints.load(
            a_file(path, VAE(2, 100), config={"kind": "VAE", "latent_dim": 8, "hidden": 100, "pixels": 784})
        )
    with pytest.raises(CheckpointError, match="cannot be read"):
        checkpoints.load(tmp_path / "none.safetensors")


def test_a_lab_begins_with_a_network_and_gives_it_back():
    model = VAE(8, 200)
    lab = Lab(model)
    assert (lab.latent_dim, lab.hidden, lab.latent_dim_index, lab.hidden_index) == (8, 200, 1, 1)
    assert all(torch.equal(lab.params[name], weight) for name, weight in model.state_dict().items())
    x = torch.rand(3, 784)
    assert torch.equal(lab.model().encode(x)[0], model.encode(x)[0])


def test_what_a_lab_refuses():
    for wrong in (Autoencoder(), VAE(3), VAE(20, 401), VAE(20, 400, 1024), "vae-20"):
        with pytest.raises(ValueError, match="model: expected"):
            Lab(wrong)
    with pytest.raises(ValueError, match="no weights yet"):
        Lab().model()
    for name, value in (
        ("latent_dim", 3),
        ("hidden", 401),
        ("digits", "11"),
        ("beta", 0),
        ("rate", 1),
        ("batch", 1),
        ("t", 2),
    ):
        with pytest.raises(Exception, match=name):
            Lab(**{name: value})


def test_each_bug_changes_the_program():
    assert set(module.BUGS) == set(which_bug.NAMES) - {"", "no bug"}, "chapter 8's bugs, by the same names"
    for name, (before, after, _) in module.BUGS.items():
        assert module.LOSS.count(before) == 1, name
        assert module.LOSS.replace(before, after) != module.LOSS


def test_what_the_worker_and_files_can_tell_has_words():
    used = {}
    for path in (*(ROOT / "book" / "lab").glob("*.js"), *(ROOT / "src/latentwalk/widgets").glob("*.js")):
        told = re.findall(r'(?:new Told|new FileTrouble|\blose)\("(\w+)"(?:, \{([^}]*)\})?', path.read_text())
        used |= {key: set(re.findall(r"(\w+)(?=[,:]|\s*$)", values)) for key, values in told}
    assert len(used) > 25
    for key, values in used.items():
        assert set(re.findall(r"\{(\w+)\}", Lab().text[key])) <= values, key


def test_the_digits_are_those_that_the_page_expects():
    content = module.digits()
    assert hashlib.sha256(content).hexdigest() == module.DIGITS_SHA256
    assert len(content) == (module.TRAIN + module.TEST) * 785 and max(content[:12_000]) == 9


class Told(Lab):
    """A Lab whose messages to the page are kept."""

    def send(self, content, buffers=None):
        self.sent = content, buffers


def test_python_sends_what_the_page_asks_for(tmp_path, monkeypatch):
    lab = Told()
    monkeypatch.setattr(module, "BUNDLES", tmp_path)
    lab._bring(lab, {"ask": "worker"}, [])
    assert "make setup" in lab.sent[0]["error"] and not lab.sent[1]
    (tmp_path / "worker.js").write_text(script("worker", "1 + 1"))
    lab._bring(lab, {"ask": "worker"}, [])
    assert lab.sent == ({"name": "worker"}, [b'globalThis.latentwalkLab.worker = "1 + 1";\n'])


def test_the_worker_asks_no_host_and_runs_no_text_as_code():
    text = bundle("worker")
    assert "new Function(" not in text and "eval(" not in text.replace("evalJaxpr(", "")
