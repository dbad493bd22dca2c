"""Networks as a learner would build them: their description, the page's numbers against PyTorch's, and what is refused by name."""

import contextlib
import json
import re
from collections import namedtuple
from unittest.mock import patch

import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import save as to_safetensors
from torch import nn
from torch.nn.utils import prune

from latentwalk import checkpoints, models
from latentwalk.making.files import half as half_precision
from latentwalk.page import graph
from latentwalk.page.script import FOLDER
from latentwalk.page.tracing import SUPPORTED, Unsupported, trace
from latentwalk.widgets import Interpolation, Network, SliderBank

ACTIVATIONS = {
    "relu": nn.ReLU(),
    "leaky": nn.LeakyReLU(0.3),
    "prelu": nn.PReLU(init=0.1),
    "elu": nn.ELU(0.7),
    "silu": nn.SiLU(inplace=True),
    "gelu": nn.GELU(),
    "gelu-tanh": nn.GELU(approximate="tanh"),
    "softplus": nn.Softplus(3.0),
    "hardtanh": nn.Hardtanh(-0.5, 2.0),
    "relu6": nn.ReLU6(),
    "selu": nn.SELU(),
    "tanh": nn.Tanh(),
    "sigmoid": nn.Sigmoid(),
    "identity": nn.Identity(),
    "dropout": nn.Dropout(0.4),
}
# Layers on maps of 6 channels, 9 x 7.
MAPS = {
    "conv": nn.Conv2d(6, 4, 3),
    "conv, stride and padding": nn.Conv2d(6, 4, (3, 4), stride=(2, 3), padding=(1, 2)),
    "conv, dilated": nn.Conv2d(6, 4, 3, padding=2, dilation=(2, 1)),
    "conv, groups": nn.Conv2d(6, 9, 3, groups=3, bias=False),
    "conv, each channel alone": nn.Conv2d(6, 6, 3, padding="same", groups=6),
    "transposed": nn.ConvTranspose2d(6, 4, 3),
    "transposed, stride": nn.ConvTranspose2d(6, 4, 4, stride=2, padding=1),
    "transposed, output padding": nn.ConvTranspose2d(6, 4, 3, stride=(2, 3), padding=(1, 0), output_padding=(1, 2)),
    "transposed, dilated, groups": nn.ConvTranspose2d(6, 4, 3, stride=2, dilation=(1, 2), groups=2, bias=False),
    "batch norm": nn.BatchNorm2d(6),
    "batch norm without weights": nn.BatchNorm2d(6, affine=False),
    "group norm": nn.GroupNorm(3, 6),
    "layer norm": nn.LayerNorm((9, 7)),
    "max pool": nn.MaxPool2d((3, 2), stride=2, padding=1),
    "mean pool": nn.AvgPool2d(3, stride=2, padding=1),
    "mean pool without its padding": nn.AvgPool2d(3, 2, 1, count_include_pad=False),
    "adaptive pool": nn.AdaptiveAvgPool2d((4, 3)),
    "one number a map": nn.AdaptiveAvgPool2d(1),
    "nearest": nn.Upsample((13, 21)),
    "twice as large": nn.Upsample(scale_factor=2),
    "bilinear": nn.Upsample((13, 5), mode="bilinear"),
    "bilinear, corners": nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True),
}


class Residual(nn.Module):
    """Written with functions and methods, and with branches on shapes."""

    latent_dim = 6

    def __init__(self):
        super().__init__()
        self.first, self.second, self.last = nn.Linear(6, 54), nn.Conv2d(6, 6, 3, padding=1), nn.Conv2d(12, 3, 1)
        self.into = nn.Linear(108, 12)

    def decode(self, z):
        assert z.shape[1] == 6
        h = torch.relu(self.first(z)).view(z.size(0), 6, 3, 3)
        if h.dim() == 4:
            h = F.interpolate(h, scale_factor=2)
        shortcut = h
        h = F.leaky_relu(self.second(h), 0.1) + shortcut
        h = torch.cat([h, shortcut * 0.5 - 1], dim=1)
        return (self.last(h).tanh() + 1) / 2

    def encode(self, x):
        both = self.into(x.flatten(1))
        return both[:, :6], 1 - both.narrow(1, 6, 6)


class Tied(nn.Module):
    """Weights and other fixed numbers that are no layers', and a gate for each channel."""

    latent_dim = 5

    def __init__(self):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.randn(48, 5) / 5), nn.Parameter(torch.randn(48))
        self.gate = nn.Linear(3, 3)
        self.register_buffer("mean", torch.rand(1, 3, 1, 1))
        self.register_buffer("spread", torch.rand(3, 4, 4))

    def encode(self, x):
        return torch.addmm(self.bias[:5], (x.flatten(1) - 0.5) / (1 + self.bias**2), self.weight)

    def decode(self, z):
        h = (z @ self.weight.T + self.bias).view(-1, 3, 4, 4).clamp(min=0)
        h = h * self.gate(h.mean((2, 3))).sigmoid()[:, :, None, None]
        h = torch.cat([h, h[..., 1:2, 1:2].expand_as(h)], 1)
        return 1 - (self.mean + h[:, :3] * self.spread - h[:, 3:]).clamp(-1, 2)


def around(wrap) -> nn.Module:
    """A network in, or with, what others put around layers."""
    model = nn.Sequential(nn.Linear(5, 20), nn.ReLU(), nn.Linear(20, 30), nn.Sigmoid())
    return wrap(model) or model


def parallel(model: nn.Module) -> nn.Module:
    """DataParallel as on a machine without accelerators, whatever device test_devices pretends."""
    with patch("torch.nn.parallel.data_parallel._get_available_device_type", lambda: None):
        return nn.DataParallel(model)


def chain(seed: int) -> nn.Module:
    """An autoencoder that a seed makes up: dense layers or convolutions, with norms and activations of any kind."""
    torch.manual_seed(seed)
    draw = lambda n: int(torch.randint(n, ()))  # noqa: E731
    some = list(ACTIVATIONS.values())
    width, d, channels = 10 + draw(20), 2 + draw(5), 2 + 2 * draw(3)
    model = nn.Module()
    if seed % 2:
        model.encoder = nn.Sequential(
            *(nn.Flatten(), nn.Linear(64, width), nn.BatchNorm1d(width), some[draw(len(some))]),
            *(nn.Linear(width, width), nn.LayerNorm(width), some[draw(len(some))], nn.Linear(width, d)),
        )
        model.decoder = nn.Sequential(
            nn.Linear(d, width), some[draw(len(some))], nn.Linear(width, 64), nn.Sigmoid(), nn.Unflatten(1, (1, 8, 8))
        )
    else:
        model.encoder = nn.Sequential(
            *(
                nn.Conv2d(1, channels, 3 + draw(2), 2, 1),
                nn.BatchNorm2d(channels),
                some[draw(len(some))],
                nn.MaxPool2d(2, 1),
            ),
            *(nn.Conv2d(channels, 2, 1 + draw(2)), some[draw(len(some))], nn.Flatten(), nn.LazyLinear(d)),
        )
        model.decoder = nn.Sequential(
            *(nn.Linear(d, channels * 4), some[draw(len(some))], nn.Unflatten(1, (channels, 2, 2))),
            *(nn.ConvTranspose2d(channels, 4, 4, 2, 1, groups=2), nn.GroupNorm(2, 4), some[draw(len(some))]),
            *(nn.Upsample(scale_factor=2, mode=["nearest", "bilinear"][draw(2)]), nn.Conv2d(4, 1, 3, padding=1)),
        )
        model.encoder(torch.zeros(2, 1, 8, 8))
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            module.running_mean.normal_(), module.running_var.uniform_(0.3, 2)
            nn.init.normal_(module.weight), nn.init.normal_(module.bias)
    return model


def alone(layer: nn.Module) -> nn.Module:
    """A decoder of one layer on maps, or between two numbers."""
    return nn.Sequential(nn.Linear(5, 378), nn.Unflatten(1, (6, 9, 7)), layer, nn.Sigmoid())


ALL = {
    **{name: nn.Sequential(nn.Linear(5, 40), layer, nn.Linear(40, 30)) for name, layer in ACTIVATIONS.items()},
    **{name: alone(layer) for name, layer in MAPS.items()},
    "residual": Residual(),
    "tied": Tied(),
    "weight norm": around(lambda model: torch.nn.utils.parametrizations.weight_norm(model[0]) and None),
    "spectral norm": around(lambda model: torch.nn.utils.spectral_norm(model[2]) and None),
    "pruned": around(lambda model: prune.l1_unstructured(model[0], "weight", 0.5) and None),
    "compiled": around(torch.compile),
    "compiled inside": around(lambda model: nn.Sequential(torch.compile(model[:2]), model[2])),
    "on several devices": around(parallel),
    "a generator": nn.Sequential(nn.ConvTranspose2d(4, 3, 4), nn.ReLU(), nn.ConvTranspose2d(3, 1, 4, 2, 1)),
    **{f"chain {seed}": chain(seed) for seed in range(8)},
    "conv vae": models.ConvVAE(),
    "deep vae": models.DeepVAE(4, 30),
}


def test_the_page_computes_what_pytorch_does(tmp_path, run_javascript):
    """Every layer and activation, in one run of Node; the same numbers to float32's accuracy, with weights that float16 holds."""
    torch.manual_seed(1)
    jobs, expected, rounded = {}, {}, set()
    for name, model in ALL.items():
        model.load_state_dict({key: value.half().float() for key, value in model.state_dict().items()})
        parts = ("decode", "encode") if hasattr(model, "encode") or hasattr(model, "encoder") else ("decode",)
        model = graph.portable(model)
        for part, half in graph.describe(model, parts).items():
            path = f"{len(jobs)}.safetensors"
            (tmp_path / path).write_bytes(to_safetensors(half_precision(name, half.tensors)))
            if any(not torch.equal(one, one.half().float()) for one in half.tensors.values()):
                rounded.add(f"{name}: {part}")  # weights that are worked out, such as BatchNorm's
            x = torch.randn(1, *half.ops[0]["shape"])
            jobs[f"{name}: {part}"] = [part, half.ops, path, x.flatten().tolist()]
            with torch.no_grad():
                given = graph.half_of(model, part)(x)
            given = [given] if isinstance(given, torch.Tensor) else given
            expected[f"{name}: {part}"] = torch.cat([one.flatten() for one in given])
    (tmp_path / "jobs.json").write_text(json.dumps(jobs))
    answers = run_javascript(
        f"import {{ learn, readNetwork }} from '{(FOLDER / 'network.js').as_uri()}';"
        f"\nimport {{ layers }} from '{(FOLDER / 'layers.js').as_uri()}';"
        "\nimport { readFileSync } from 'node:fs';"
        "\nlearn(layers);"
        "\nconst answers = {};"
        "\nfor (const [name, [part, steps, path, input]] of Object.entries(JSON.parse(readFileSync('jobs.json')))) {"
        "\n  const bytes = readFileSync(path);"
        "\n  const views = { [part]: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };"
        "\n  answers[name] = [...readNetwork(name, { [part]: steps }, views).run(part, Float32Array.from(input))];"
        "\n}"
        "\nconsole.log(JSON.stringify(answers));"
    )
    assert answers.keys() == expected.keys()
    for name, numbers in expected.items():
        assert numbers.std() > 0, f"{name} gives the same everywhere"
        off = (torch.tensor(answers[name]) - numbers).abs().max() / numbers.abs().max().clamp(min=1)
        assert off < (2e-3 if name in rounded else 2e-5), f"{name} is off by {off}"


def test_any_device_precision_and_mode_and_the_model_stays_as_it_is():
    model = Residual().double().train()
    model.second = nn.Sequential(model.second, nn.BatchNorm2d(6).double())
    before = {name: value.clone() for name, value in model.state_dict().items()}
    network = Network(model, "mine", parts=("decode", "encode"))
    assert model.training and model.second[1].training
    assert all(
        torch.equal(value, before[name]) and value.dtype == before[name].dtype
        for name, value in model.state_dict().items()
    )
    assert (network.kind, network.latent_dim, network.pixels) == ("vae", 6, 108)
    mu, logvar = network.encode(torch.rand(3, 108))
    assert mu.shape == logvar.shape == (3, 6) and mu.dtype == torch.float32
    if torch.cuda.is_available():
        assert Network(Residual().cuda(), "there").kind == "vae"


def test_a_code_may_be_a_map():
    model = nn.Module()
    model.encoder = nn.Sequential(nn.Conv2d(1, 3, 3, 2, 1), nn.ReLU(), nn.Conv2d(3, 2, 3, 2, 1))
    model.decoder = nn.Sequential(nn.ConvTranspose2d(2, 3, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(3, 1, 4, 2, 1))
    network = Network(model, "maps", parts=("decode", "encode"))
    assert (network.kind, network.latent_dim, network.pixels) == ("ae", 98, 784)
    assert [network.layers[part][0]["shape"] for part in ("decode", "encode")] == [[2, 7, 7], [1, 28, 28]]


def test_two_heads_may_be_one_layer_cut_in_two():
    class OneLayer(nn.Module):
        def __init__(self, cut):
            super().__init__()
            self.into, self.decoder, self.cut = nn.Linear(64, 6), nn.Linear(3, 64), cut

        def encode(self, x):
            return self.cut(self.into(x))

    for cut in (lambda h: h.chunk(2, dim=1), lambda h: (h[:, :3], h[..., 3:]), lambda h: h.split(3, -1), lambda h: h):
        assert Network(OneLayer(cut), "cut", parts=("encode",)).kind == "vae"


def test_only_what_needs_more_layers_brings_them_along():
    plain, conv = Network(checkpoints.load("vae-2"), "vae-2"), Network(models.ConvVAE(), "conv")
    assert len(plain._esm) < 30 and plain._anywidget_id == "latentwalk.page.network.Network"
    assert "conv_transpose2d" in conv._esm and conv._anywidget_id == "latentwalk.widgets.layers.Network"


def test_figures_take_such_networks():
    x, y = torch.rand(3, 784), [1, 2, 3]
    network = Network(models.ConvVAE(4, 8), "conv", parts=("encode", "decode"))
    Interpolation([network], x, y, clouds=torch.rand(9, 784))
    assert len(SliderBank([network], x, y, x).sliders) == 4


class Wrong(nn.Module):
    latent_dim = 4

    def __init__(self, way):
        super().__init__()
        self.first, self.odd, self.memory, self.bell = nn.Linear(4, 9), nn.Hardswish(), nn.LSTM(9, 9), nn.BatchNorm1d(9)
        self.way = way

    def decode(self, z):
        return self.way(self, self.first(z))


WRONG = {
    "odd (Hardswish): hardswish()": lambda model, h: model.odd(h),
    "memory (LSTM): lstm()": lambda model, h: model.memory(h)[0],
    "Wrong: gt()": lambda model, h: h if (h > 0).all() else -h,
    "Wrong: numpy() makes its way depend on the numbers": lambda model, h: torch.as_tensor(h.numpy()),
    "Wrong: randn_like() draws at random": lambda model, h: h + torch.randn_like(h),
    "Wrong: dropout()": lambda model, h: F.dropout(h),
    "Wrong: flip()": lambda model, h: h.flip(1),
    "Wrong: add() is called in a way": lambda model, h: h + torch.ones(len(h), 9),
    "Wrong: div() is called in a way that is not supported (by what": lambda model, h: h / h,
    "Wrong: clamp() is called in a way": lambda model, h: h.clamp(max=3),
    "Wrong: mean() is called in a way": lambda model, h: h - h.mean(),
    "bell (BatchNorm1d): batch_norm() is called in a way": lambda model, h: model.bell.train()(h),
    "expected one tensor or two": lambda model, h: {"x": h},
}


@pytest.mark.parametrize("words", WRONG)
def test_what_cannot_run_is_named(words):
    with pytest.raises(ValueError, match=r"^model: a page cannot run decode: ") as told:
        Network(Wrong(WRONG[words]), "wrong")
    assert words in str(told.value)


class Giving(nn.Module):
    """Gives what ``as_codes`` and ``as_pixels`` make of its layers' numbers."""

    latent_dim = 4

    def __init__(self, as_codes=lambda mu, logvar: (mu, logvar), as_pixels=torch.sigmoid):
        super().__init__()
        self.into, self.out, self.as_codes, self.as_pixels = nn.Linear(64, 8), nn.Linear(4, 64), as_codes, as_pixels

    def encode(self, x):
        return self.as_codes(*self.into(x).chunk(2, 1))

    def decode(self, z):
        return self.as_pixels(self.out(z))


def test_what_would_be_shown_otherwise_than_it_is_meant_is_refused():
    both = ("decode", "encode")
    assert Network(Giving(namedtuple("Codes", "mu logvar")), "named", parts=both).kind == "vae"
    for model, words in {
        Giving(as_pixels=torch.tanh): "decode ends with tanh, at -1 to 1",
        Giving(as_pixels=lambda x: 255 * x.sigmoid()): r"numbers up to 2\d\d; divide by 255",
        Giving(as_pixels=lambda x: (x, x.sigmoid())): "expected one tensor from decode, the pixels, got 2",
        Giving(lambda mu, logvar: (mu, F.softplus(logvar))): "got softplus, which is never negative, for logvar",
        Giving(lambda mu, logvar: (mu, mu, logvar)): "expected one tensor, or mu and logvar, got 3",
    }.items():
        with pytest.raises(ValueError, match=f"^model: .*{words}"):
            Network(model, "odd", parts=both)


def made(kind: type[nn.Module]) -> list[nn.Module]:
    """Layers of a kind for 6 channels, with whichever of some arguments it takes."""
    found = []
    for given in ({}, {"scale_factor": 2}):
        for values in ((), (6,), (6, 6), (6, 6, 3), (2, 6), (1, (2, 3))):
            with contextlib.suppress(Exception):
                found.append(kind(*values, **given).eval())
    return found


def runs(layer: nn.Module, shape: tuple[int, ...]) -> bool:
    """Whether PyTorch runs it on pictures of this shape, and a page as well."""
    x = torch.rand(2, *shape)
    try:
        layer(x)
    except Exception:  # whatever PyTorch says of such pictures
        return False
    with contextlib.suppress(Unsupported):
        trace(layer, layer, x)
        return True
    return False


OPERATIONS = {
    "matmul with weights": lambda x: x.flatten(1) @ torch.ones(378, 4),
    "mean over height and width": lambda x: x.mean((2, 3)),
    "clamp from 0 or between two numbers": lambda x: x.clamp(min=0).clip(0.2, 0.7),
    "reshape": lambda x: x.view(2, 9, 42).squeeze(1)[:, None],
    "expand": lambda x: x[:, :, :1, :1].expand_as(x),
    "slices": lambda x: x[:, 1:3, ..., 0],
    "chunk": lambda x: x.chunk(2, 1)[0],
    "split": lambda x: x.split(2, 1)[0],
    "unbind": lambda x: x.unbind(1)[0],
    "cat": lambda x: torch.cat([x, x], 1),
    "clone": lambda x: x.clone(),
    "detach": lambda x: x.detach(),
    "to": lambda x: x.float().to(torch.float32),
    "+ - * of two of these": lambda x: x * x + x - x,
    "+ - * / with a number": lambda x: -(1 - (2 * x + 1) / 3),
}


@pytest.mark.filterwarnings("ignore")  # PyTorch's, of layers that are made to be tried
def test_a_refusal_names_exactly_what_runs():
    for do in OPERATIONS.values():
        trace(Giving(), do, torch.rand(2, 6, 9, 7))
    words = set(re.sub(r" (\(.*?\)|in eval mode|with one slope)", "", SUPPORTED).split(", "))
    kinds = sorted(name for name in nn.modules.__all__ if not name.startswith(("Lazy", "Sync", "Upsampling")))
    tried = [(name, layer) for name in kinds for layer in made(getattr(nn, name))]
    found = {name for name, layer in tried if any(runs(layer, shape) for shape in ((6,), (6, 9, 7)))}
    found = {re.sub("(?<=Norm|pout)[12]d$", "", name) for name in found - {"Identity", "Sequential"}}
    assert found == words - set(OPERATIONS) and set(OPERATIONS) < words


@pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")
def test_what_is_no_network_is_named():
    for model, words in {
        Giving: "expected a network, .*, got the class Giving",
        lambda z: z: "got function",
        torch.jit.trace(nn.Linear(4, 64), torch.zeros(1, 4)): "torch.jit hides the layers",
        nn.Sequential(nn.LazyLinear(9)): "some of its weights have no numbers yet",
        nn.Linear(4, 64, device="meta"): "some of its weights have no numbers yet",
    }.items():
        with pytest.raises(ValueError, match=f"^model: .*{words}"):
            Network(model, "none")


def test_numbers_that_float16_changes_are_named():
    model = nn.Sequential(nn.Linear(1, 2), nn.Tanh(), nn.Linear(2, 9))
    nn.init.ones_(model[0].weight), nn.init.zeros_(model[0].bias)
    model[2].weight.data = torch.tensor([[1000.3, -1000.0]] * 9)  # float16 knows 1000.5
    with pytest.raises(ValueError, match=r"model: 2 \(Linear\) gives other numbers .* decode is off by \d+ of 255"):
        Network(model, "loud")


def test_inputs_that_cannot_be_found_are_asked_for():
    model = nn.Module()
    model.decode = lambda z: z
    with pytest.raises(ValueError, match=r"set model\.latent_dim, the numbers in a code$"):
        Network(model, "nothing")
    model.latent_dim, model.decode = 3, lambda z, label: z
    with pytest.raises(ValueError, match=r"\(of 3, it says TypeError: .* argument: 'label'\)$"):
        Network(model, "conditional")
    model = nn.Module()
    model.decoder, model.encoder = nn.Linear(6, 64), nn.LSTM(3, 3)
    with pytest.raises(ValueError, match=r"say its shape=\(channels, height, width\)"):
        Network(model, "other", parts=("encode",))
    with pytest.raises(ValueError, match="expected a method 'encode' or a layer 'encoder'; Sequential has neither"):
        Network(nn.Sequential(nn.Linear(2, 9)), "half", parts=("encode",))
    model.decoder, model.encoder = nn.Linear(6, 64), nn.Linear(64, 5)
    with pytest.raises(ValueError, match="expected 6 numbers from encode, or twice as many, got 5"):
        Network(model, "five", parts=("encode",))
    with pytest.raises(ValueError, match="got 5"):
        Network(model, "five").codes(torch.rand(2, 64))


def test_a_decoder_is_shown_whatever_its_encoder_is():
    """One that also wants a label, and one that gives a distribution."""

    class Conditional(nn.Module):
        latent_dim = 3

        def __init__(self):
            super().__init__()
            self.out, self.into = nn.Linear(3, 64), nn.Linear(74, 6)

        def encode(self, x, label):
            return self.into(torch.cat([x, label], 1)).chunk(2, 1)

        def decode(self, z):
            return self.out(z).sigmoid()

    class Bell(Conditional):
        def encode(self, x):
            return torch.distributions.Normal(x[:, :3], 1.0)

    for model in (Conditional(), Bell()):
        assert Network(model, "decoder").pixels == 64
        with pytest.raises(ValueError, match=r"^model: "):
            Network(model, "both", parts=("encode",))
