"""Wrong input from Python: each figure refuses it, names what was wrong and what it expected, and stays as it was."""

import math

import pytest
import torch
import traitlets

from latentwalk.models import VAE, Autoencoder
from latentwalk.widgets import (
    KL,
    Beta,
    Draw,
    Figure,
    Fit,
    Interpolation,
    LatentCloud,
    Learning,
    Machine,
    Moons,
    Network,
    Plane,
    Reparameterization,
    SliderBank,
    WhichBug,
    YourLoss,
)

BOTH = ("encode", "decode")
NAN = math.nan


def network(kind, latent_dim, pixels=784, parts=BOTH):
    return Network(kind(latent_dim, 8, pixels), f"{kind.__name__}-{latent_dim}-{pixels}", parts=parts)


torch.manual_seed(0)
X, LABELS = torch.rand(12, 784), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]
VAE2, VAE3, AE2, AE3 = network(VAE, 2), network(VAE, 3), network(Autoencoder, 2), network(Autoencoder, 3)
SMALL, HALF, WIDE = network(VAE, 3, 100), network(VAE, 3, parts=("encode",)), network(VAE, 30)
PAIR = [network(Autoencoder, 3, 1024), network(VAE, 3, 1024)]
BAD_X = X.clone()
BAD_X[0, 0] = NAN

GOOD = {  # arguments with which each figure can be made
    Interpolation: {"networks": [AE3, VAE2], "pictures": X, "labels": LABELS, "clouds": X},
    Moons: {"crescents": PAIR, "moons": PAIR},
    LatentCloud: {"networks": [VAE2, AE2], "pictures": X, "labels": LABELS, "crowd": X, "crowd_labels": LABELS},
    Reparameterization: {"networks": [VAE2], "code": [0.0, 1.0]},
    KL: {},
    Beta: {"networks": [VAE3, VAE3], "betas": [0, 1], "x": X, "labels": LABELS},
    SliderBank: {"networks": [VAE3, network(VAE, 3)], "pictures": X, "labels": LABELS, "x": X},
    Plane: {"network": VAE2, "x": X, "labels": LABELS},
    Draw: {"network": VAE3, "pictures": X, "labels": LABELS},
    Fit: {},
    YourLoss: {"x": X},
    Machine: {"network": VAE3, "pictures": X, "labels": LABELS},
    Learning: {"x": torch.rand(500, 784), "labels": [i % 10 for i in range(500)]},
    WhichBug: {},
}

# What else a trait refuses, beside what `wrong` below makes up for every one of them.
TRAITS = [
    (Interpolation, "a", 12, "from 0 to 11, got 12"),
    (Interpolation, "z", [[0.0] * 3], r"codes of \[3, 2\] numbers, got \[3\]"),
    (Interpolation, "z", [[0.0] * 2, [0.0] * 2], r"codes of \[3, 2\] numbers, got \[2, 2\]"),
    (Interpolation, "z", [[0.0] * 3, [0.0, NAN]], "finite"),
    (Interpolation, "networks", ["vae-20"], "Network"),
    (LatentCloud, "digit", 12, "from 0 to 11, got 12"),
    (Reparameterization, "eps", [], "length"),
    (Reparameterization, "eps", [0.0, NAN], "finite"),
    (Reparameterization, "chosen", 6, "from 0 to 5, got 6"),
    (Beta, "index", 2, "from 0 to 1, got 2"),
    (SliderBank, "z", [0.0] * 4, "expected 3 numbers, got 4"),
    (SliderBank, "z", [0.0, 0.0, math.inf], "finite"),
    (SliderBank, "z", [0.0, 0.0, 99.0], "between -4 and 4"),
    (SliderBank, "s0", 99.0, "within 4"),
    (SliderBank, "digit", 12, "from -1 to 11, got 12"),
    (SliderBank, "network", "vae-3", "one of"),
    (SliderBank, "network_index", 2, "from 0 to 1, got 2"),
    (Plane, "z", [0.0], "expected 2 numbers, got 1"),
    (Plane, "z", [0.0, NAN], "finite"),
    (Plane, "z", [0.0, 4.1], "between -4 and 4"),
    (Draw, "pixels", [0.0] * 783, "784 numbers"),
    (Draw, "pixels", [NAN] * 784, "finite"),
    (Draw, "pixels", [0.0] * 783 + [255.0], "between 0 and 1"),
    (Draw, "z", [0.0] * 2, "expected 3 numbers, got 2"),
    (Draw, "target", 10, "target: expected one of .*, got 10"),
    (YourLoss, "loss", NAN, "finite"),
    (YourLoss, "error", "mse", "any of"),
    (YourLoss, "batch", 0, "batch"),
    (Machine, "z", [0.0] * 2, "expected 3 numbers, got 2"),
    (Machine, "digit", 12, "from 0 to 11, got 12"),
    (Machine, "lit", "everything", "any of"),
    (Learning, "frame", 251, "from 0 to 250, got 251"),
    (Learning, "digit", 40, "from -1 to 39, got 40"),
    (WhichBug, "run", 10, "any of"),
    (WhichBug, "guess", "overfitting", "any of"),
    (WhichBug, "step", 11, "from 0 to 10, got 11"),
]

ARGUMENTS = [
    (Interpolation, {"networks": []}, "'networks' trait.*length"),
    (Interpolation, {"networks": VAE2}, "'networks' trait.*a list"),
    (Interpolation, {"networks": [VAE(2)]}, "'networks' trait.*a Network.*VAE"),
    (Interpolation, {"networks": [SMALL]}, r"pictures: expected a float tensor \(n, 100\)"),
    (
        Interpolation,
        {"networks": [VAE3, SMALL]},
        r"networks: expected pictures of one shape, got \[\(1, 10, 10\), \(1, 28, 28\)\]",
    ),
    (Interpolation, {"networks": [HALF]}, r"networks: expected parts \['decode'\]"),
    (Interpolation, {"pictures": X[:, :100]}, "pictures: expected a float tensor"),
    (Interpolation, {"pictures": X.tolist()}, "pictures: expected a float tensor"),
    (Interpolation, {"pictures": BAD_X}, r"pictures: expected pixels in \[0, 1\]"),
    (Interpolation, {"pictures": 255 * X}, r"pictures: expected pixels in \[0, 1\]"),
    (Interpolation, {"labels": LABELS[:3]}, "labels: expected a digit from 0 to 9 for each of 12, got 3"),
    (Interpolation, {"labels": [99] * 12}, "labels: expected a digit from 0 to 9"),
    (
        Interpolation,
        {"labels": ["shoe", "hat"] * 6, "names": ["shoe", "boot"]},
        "labels: expected one of 2 names, or its place",
    ),
    (Interpolation, {"clouds": X[:, :10]}, "clouds: expected a float tensor"),
    (Interpolation, {"a": 12}, "a: expected a whole number from 0 to 11, got 12"),
    (Interpolation, {"b": "x"}, "'b' trait.*int"),
    (Moons, {"moons": PAIR[::-1]}, "networks: expected ae, vae, ae, vae, got ae, vae, vae, ae"),
    (Moons, {"crescents": [AE3, VAE3]}, "networks: expected pixels 1024, got 784"),
    (Moons, {"crescents": [PAIR[0], Network(PAIR[1].model, "half")]}, "parts.*half"),
    (LatentCloud, {"networks": [AE2, VAE2]}, "networks: expected vae, ae, got ae, vae"),
    (LatentCloud, {"networks": [VAE3, AE2]}, "networks: expected latent_dim 2, got 3"),
    (LatentCloud, {"crowd_labels": []}, "crowd_labels: expected a digit"),
    (LatentCloud, {"digit": 12}, "digit: expected a whole number from 0 to 11"),
    (Reparameterization, {"networks": [VAE2, VAE2]}, "'networks' trait.*length"),
    (Reparameterization, {"code": [0.0] * 3}, "code: expected 2 numbers, got 3"),
    (Reparameterization, {"code": [0.0, NAN]}, "code.*finite"),
    (Reparameterization, {"axis": 2}, "axis: expected a whole number from 0 to 1"),
    (Beta, {"betas": [1, 0]}, "betas: expected one growing beta for each"),
    (Beta, {"betas": [0]}, "betas: expected one growing beta for each"),
    (Beta, {"networks": [AE3, VAE3]}, "networks: expected kind vae, got ae"),
    (Beta, {"networks": [VAE2, VAE3]}, r"networks: expected codes of one length, got \[2, 3\]"),
    (Beta, {"labels": [1] * 12}, "labels: expected 6 classes among the first 120"),
    (Beta, {"index": 2}, "index: expected a whole number from 0 to 1"),
    (SliderBank, {"networks": [AE3]}, "networks: expected kind vae, got ae"),
    (SliderBank, {"networks": [WIDE]}, "networks: expected codes of at most 20"),
    (SliderBank, {"networks": [VAE2, VAE3]}, "networks: expected codes of one length"),
    (SliderBank, {"x": X[:, :3]}, "x: expected a float tensor"),
    (SliderBank, {"digit": -2}, "'digit' trait.*-1"),
    (Plane, {"network": VAE3}, "network: expected latent_dim 2, got 3"),
    (Plane, {"labels": LABELS[1:]}, "labels: expected a digit"),
    (Plane, {"z": (0.0, 5.0)}, "z: expected numbers between -4 and 4"),
    (Plane, {"z": (0.0,)}, "z: expected 2 numbers, got 1"),
    (Draw, {"network": AE3}, "network: expected kind vae, got ae"),
    (Draw, {"network": Network(VAE3.model, "half")}, "expected parts.*half"),
    (Draw, {"labels": [1] * 12}, "labels: expected all digits"),
    (Draw, {"labels": ["shoe"] * 12}, "labels: expected two to ten classes, got 1"),
    (Draw, {"digit": 12}, "digit: expected a whole number from 0 to 11"),
    (YourLoss, {"x": 255 * X}, r"x: expected pixels in \[0, 1\]"),
    (YourLoss, {"loss": NAN}, "loss.*a finite number"),
    (Machine, {"network": AE3}, "network: expected kind vae, got ae"),
    (Machine, {"network": HALF}, "network: expected parts"),
    (Machine, {"labels": LABELS[1:]}, "labels: expected a digit"),
    (Machine, {"digit": 12}, "digit: expected a whole number from 0 to 11"),
    (Learning, {"x": X, "labels": LABELS}, "x: expected the first 500 test pictures, got 12"),
    (Learning, {"frame": 251}, "frame: expected a whole number from 0 to 250"),
    (WhichBug, {"run": 10}, "run"),
    (KL, {"mu": 5.0}, "mu"),
    (KL, {"sigma": NAN}, "sigma.*a finite number"),
    (Fit, {"sigma": 0.0}, "sigma"),
    (Fit, {"x": "two"}, "x.*a finite number"),
]


def wrong(trait: traitlets.TraitType) -> list:
    """Values that a trait of this kind must refuse."""
    made = {
        traitlets.Float: [NAN, math.inf, "x", None],
        traitlets.Int: [1.5, "x", None],
        traitlets.Enum: ["no such mode", None],
        traitlets.Bool: ["x", None],
        traitlets.Unicode: [3, None],
        traitlets.Bytes: ["x", None],
        traitlets.List: [3, None, [object()]],
        traitlets.Dict: [3, None],
        traitlets.Instance: ["x", 3],
    }
    values = next(values for kind, values in made.items() if isinstance(trait, kind))
    if isinstance(trait, traitlets.List) and type(trait._trait) in (traitlets.Any, type(None)):
        values = values[:-1]  # a list of anything
    ends = [(getattr(trait, "min", None), -1), (getattr(trait, "max", None), 1)]
    return values + [end + beyond for end, beyond in ends if end is not None and math.isfinite(end)]


@pytest.fixture(scope="module", params=GOOD, ids=lambda kind: kind.__name__)
def one(request):
    """Each kind of figure, and a figure of it."""
    return request.param, request.param(**GOOD[request.param])


def refuses(figure, name, value, words):
    before = getattr(figure, name)
    with pytest.raises((traitlets.TraitError, ValueError), match=words or None) as caught:
        setattr(figure, name, value)
    assert name in str(caught.value), f"{caught.value} does not name {name}"
    assert getattr(figure, name) == before


def test_no_trait_takes_what_it_cannot_use(one):
    kind, figure = one
    traits = {**kind.class_own_traits(), **Figure.class_own_traits()}
    names = [name for name in traits if not name.startswith("_")]
    assert len(names) >= 5
    for name in names:
        for value in wrong(traits[name]):
            refuses(figure, name, value, "")
    for cls, name, value, words in TRAITS:
        if cls is kind:
            refuses(figure, name, value, words)


@pytest.mark.parametrize("kind, changed, words", ARGUMENTS, ids=lambda p: getattr(p, "__name__", ""))
def test_arguments_are_refused_by_name(kind, changed, words):
    with pytest.raises((traitlets.TraitError, ValueError), match=words):
        kind(**{**GOOD[kind], **changed})


@pytest.mark.parametrize("kind", GOOD)
def test_a_misspelled_trait_is_named(kind):
    with pytest.raises(TypeError, match=f"{kind.__name__} has no sigmma"):
        kind(**GOOD[kind], sigmma=1.0)


def test_a_bad_network_is_refused():
    model = VAE(2)
    with pytest.raises(ValueError, match="parts"):
        Network(model, "vae", parts=("decoder",))
    with pytest.raises(ValueError, match="shape: 2 numbers are no square picture"):
        Network(torch.nn.Linear(2, 2), "linear")
    wide = VAE(2, 4, 48 * 64)
    with pytest.raises(ValueError, match=r"shape: 3071 numbers are no square picture.*\(height, width\)"):
        Network(VAE(2, 4, 3071), "wide")
    with pytest.raises(ValueError, match=r"shape: expected .* of 3072 numbers, got \(1, 48, 48\)"):
        Network(wide, "wide", shape=(48, 48))
    with pytest.raises(ValueError, match=r"shape: .*96 x 96 pixels at most, got \(1, 97, 97\)"):
        Network(VAE(2, 4, 97 * 97), "large")
    with torch.no_grad():
        model.fc3.weight[0, 0] = NAN
    with pytest.raises(ValueError, match="not finite"):
        Network(model, "vae")
