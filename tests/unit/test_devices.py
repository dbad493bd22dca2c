"""Training and measuring where the network lies, on a device that no test machine needs to have (see elsewhere.py)."""

import pytest
import torch
from elsewhere import DEVICE, Elsewhere, There

from latentwalk import data, evaluation
from latentwalk.models import VAE, Autoencoder, Judge
from latentwalk.training import fit
from latentwalk.widgets import Network


@pytest.fixture(autouse=True)
def device():
    with Elsewhere():
        yield


X = torch.rand(60, 16, generator=torch.Generator().manual_seed(0))


def of(kind, *sizes):
    torch.manual_seed(1)
    return kind(*sizes)


def test_the_device_refuses_what_a_gpu_refuses():
    there = torch.ones(3).to(DEVICE)
    assert isinstance(there + 1, There) and (there + 1).device.type == DEVICE.type and there.cpu().tolist() == [1, 1, 1]
    with pytest.raises(RuntimeError, match="mixed"):
        there + torch.ones(3)


@pytest.mark.parametrize("kind", [VAE, Autoencoder])
@pytest.mark.parametrize("place", ["cpu", DEVICE])
@pytest.mark.parametrize("binarize", [False, True])
def test_fit_trains_there_wherever_the_pictures_lie_and_gives_the_same(kind, place, binarize):
    options = {"epochs": 2, "batch_size": 16, "progress": False, "warm_up": 1, "binarize": binarize}
    here, there = of(kind, 2, 8, 16), of(kind, 2, 8, 16).to(DEVICE)
    expected, found = fit(here, X, **options), fit(there, X.to(place), **options)
    assert found == expected
    for weight, other in zip(there.parameters(), here.parameters()):
        assert isinstance(weight.data, There) and torch.equal(weight.detach().cpu(), other.detach())


def test_fit_trains_in_the_models_own_type():
    model = of(VAE, 2, 8, 16).double()
    history = fit(model, X, epochs=1, progress=False)
    assert model.fc1.weight.dtype == torch.float64 and history["recon"][0] > 0


def test_measurements_are_the_same_there():
    there = X.to(DEVICE)
    vae, judge = of(VAE, 2, 8, 16), of(Judge, 11, 8, 16)
    bits = (X > 0.5).float()
    here = [
        *evaluation.nearest(X[:5], X[5:]), evaluation.cosine_distance(X[:5], X[5:]), evaluation.own_cloud(X, 7),
        *evaluation.controls(X[:9], X[9:18]).values(), evaluation.sharpness(X), evaluation.blurred(X, 0.8), data.binarize(X),
        evaluation.confident_share(judge, X, 0.1), evaluation.digit_share(judge, X), evaluation.vae_log_weights(vae, bits, 4),
        Network(vae, "vae", parts=("encode",)).codes(X),
    ]  # fmt: skip
    vae, judge = vae.to(DEVICE), judge.to(DEVICE)
    found = [
        *evaluation.nearest(there[:5], there[5:]), evaluation.cosine_distance(there[:5], there[5:]), evaluation.own_cloud(there, 7),
        *evaluation.controls(there[:9], there[9:18]).values(), evaluation.sharpness(there), evaluation.blurred(there, 0.8), data.binarize(there),
        evaluation.confident_share(judge, X, 0.1), evaluation.digit_share(judge, there),
        evaluation.vae_log_weights(vae, bits, 4), Network(vae, "vae", parts=("encode",)).codes(there),
    ]  # fmt: skip
    for a, b in zip(here, found):
        assert torch.allclose(a, b.cpu()) if isinstance(a, torch.Tensor) else a == b
    log_w = evaluation.importance_bound(found[-2], 2)
    assert torch.allclose(log_w.cpu(), evaluation.importance_bound(here[-2], 2))
    pairs = evaluation.pairs_of_classes(torch.arange(60).to(DEVICE) % 5, 8)
    assert torch.equal(pairs[0], evaluation.pairs_of_classes(torch.arange(60) % 5, 8)[0])
