"""Whatever is put in: good input gives what the docstring says, and bad input the error that names it. Hypothesis looks for the cases.

The same cases on every run (`derandomize`): a failure here is a failure everywhere.
"""

import contextlib
import itertools
import json
import math
import string
import tempfile
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
import traitlets
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from latentwalk import checkpoints, data, evaluation, exercises, interpolation, losses, models
from latentwalk.making import measures
from latentwalk.making import networks as made
from latentwalk.training import fit
from latentwalk.widgets import Figure

settings.register_profile("book", derandomize=True, deadline=None, max_examples=40, database=None)
settings.load_profile("book")

NAN, INF = math.nan, math.inf
SEED = st.integers(0, 2**31)


@st.composite
def tensors(draw, *shape, low=-10.0, high=10.0, dtype=torch.float32):
    """A tensor of that shape, a number or a range (low, high) for each dimension, of numbers from low to high."""
    shape = [draw(st.integers(*size)) if isinstance(size, tuple) else size for size in shape]
    count = math.prod(shape)
    numbers = draw(st.lists(st.floats(low, high, width=32), min_size=count, max_size=count))
    return torch.tensor(numbers, dtype=dtype).reshape(shape)


def pictures(n, width):
    return tensors(n, width, low=0.0, high=1.0)


@st.composite
def pairs(draw, *shape, **options):
    """Two tensors of one shape."""
    first = draw(tensors(*shape, **options))
    return first, draw(tensors(*first.shape, **options))


def not_pixels(x):
    """Pictures that are none: their like of the wrong type, shape or range, and things that are no tensors."""
    x = x.clone()
    spoilt = [x.clone() for _ in range(4)]
    for one, value in zip(spoilt, (NAN, INF, -0.01, 255.0)):
        one[-1, -1] = value
    return [*spoilt, (255 * x).byte(), x.long(), x.bool(), x[0], x[None, None, None], x.to("meta"), x.tolist(), None]


# The two terms of the loss


@given(pairs((0, 4), (1, 4), low=-30, high=30, dtype=torch.float64))
@example((torch.zeros(1, 1, dtype=torch.float64), torch.zeros(1, 1, dtype=torch.float64)))
@example((torch.zeros(1, 1, dtype=torch.float64), torch.full((1, 1), 1e-4, dtype=torch.float64)))
def test_the_kl_is_zero_at_the_prior_and_above_its_bound_elsewhere(pair):
    mu, logvar = pair
    kl = losses.kl_divergence(mu, logvar)
    rounding = 1e-14 * (1 + mu**2 + logvar.abs() + logvar.exp())
    assert kl.shape == mu.shape
    assert (kl >= 0.5 * (mu**2 + logvar**2 / (2 + logvar.abs())) - rounding).all()  # 0 only where mu = logvar = 0
    assert torch.allclose(kl, 0.5 * (mu**2 + torch.expm1(logvar) - logvar), rtol=1e-9, atol=1e-13)
    assert torch.allclose(kl, losses.kl_divergence(-mu, logvar))


@given(tensors((1, 4), (1, 4)), st.sampled_from([NAN, INF, -INF]), st.data())
def test_what_is_not_finite_stays_visible_in_the_losses(a, value, pick):
    at = pick.draw(st.integers(0, a.numel() - 1))
    bad = a.clone().flatten().index_fill(0, torch.tensor(at), value).view_as(a)
    for out in (losses.kl_divergence(bad, a), losses.kl_divergence(a, bad)):
        assert (~out.isfinite()).nonzero().tolist() == [list(divmod(at, a.shape[1]))]
    row = ~losses.reconstruction(bad, a.sigmoid()).isfinite()
    if value != value:
        assert row.nonzero().flatten().tolist() == [at // a.shape[1]]


@given(pairs((0, 4), (1, 6), low=-1e4, high=1e4))
def test_the_reconstruction_is_finite_and_its_slope_is_the_error(pair):
    logits, x = pair[0].requires_grad_(), pair[1].sigmoid()
    nats = losses.reconstruction(logits, x)
    assert nats.shape == (len(x),) and nats.isfinite().all() and (nats >= 0).all()
    nats.sum().backward()
    assert torch.allclose(logits.grad, logits.detach().sigmoid() - x, atol=1e-6)


@given(pairs((0, 4), (1, 4), low=-8, high=8), SEED)
def test_reparameterize_is_mu_plus_sigma_eps_with_these_slopes(pair, seed):
    mu, logvar = (part.double().requires_grad_() for part in pair)
    torch.manual_seed(seed)
    eps = torch.randn(mu.shape, dtype=torch.float64)
    torch.manual_seed(seed)
    z = models.VAE.reparameterize(None, mu, logvar)
    assert torch.allclose(z, mu + (0.5 * logvar).exp() * eps)
    for slope, expected in zip(torch.autograd.grad(z.sum(), (mu, logvar)), (torch.ones_like(mu), 0.5 * (z - mu))):
        assert torch.allclose(slope, expected)


# Ways between codes


@given(pairs((2, 6), low=-100, high=100), st.floats(0, 1), st.lists(st.floats(-1, 2), max_size=4))
def test_both_ways_begin_at_a_and_end_at_b(pair, t, more):
    a, b = pair
    cosine = F.cosine_similarity(a.double(), b.double(), dim=0)
    assume(cosine > -0.999)
    size = max(1.0, a.norm().item(), b.norm().item())
    for path in (interpolation.lerp, interpolation.slerp):
        assert torch.allclose(path(a, b, 0), a, atol=1e-5 * size) and torch.allclose(
            path(a, b, 1.0), b, atol=1e-5 * size
        )
        walk = path(a, b, torch.tensor(more))
        assert walk.shape == (len(more), len(a))
        for z, s in zip(walk, more):
            assert torch.allclose(z, path(a, b, s), atol=1e-4 * size)
        assert torch.allclose(path(a, b, t), path(b, a, 1 - t), atol=1e-3 * size)
    if min(a.norm(), b.norm()) > 1e-3:
        length = interpolation.slerp(a, b, t).norm()
        assert length.item() == pytest.approx(((1 - t) * a.norm() + t * b.norm()).item(), rel=1e-3, abs=1e-4)


@given(tensors((2, 6), low=2**-10, high=100), st.floats(2**-7, 100, width=32), st.floats(0, 1))
def test_opposite_codes_have_no_arc_between_them(a, factor, t):
    with pytest.raises(ValueError, match=r"^a and b: opposite"):
        interpolation.slerp(a, -factor * a, t)


@given(tensors((1, 5)), st.sampled_from([NAN, INF]))
def test_what_is_not_finite_stays_visible_on_the_way(a, value):
    bad = a.clone()
    bad[0] = value
    for path in (interpolation.lerp, interpolation.slerp):
        for z in (path(a, bad, 0.5), path(bad, a, 0.5), path(a, 2 * a, NAN)):
            assert not z.isfinite().all()


# Data


@given(pictures((1, 4), (1, 6)), SEED)
def test_binary_pictures_keep_black_and_white(x, seed):
    drawn = data.binarize(x, seed)
    assert drawn.shape == x.shape and drawn.dtype == x.dtype and set(drawn.unique().tolist()) <= {0.0, 1.0}
    assert (drawn[x == 0] == 0).all() and (drawn[x == 1] == 1).all()
    assert torch.equal(drawn, data.binarize(x, seed))


@given(tensors((0, 5), low=0, high=1), st.floats(-100, 100), st.integers(4, 20))
def test_moons_are_pictures_that_grow_with_their_phase(phase, tilt, size):
    phase = phase.sort().values
    moons, lines = data.moons(phase, tilt, size), data.lines(tilt + phase, size)
    for x in (moons, lines):
        assert x.shape == (len(phase), size * size) and x.dtype == torch.float32
        assert ((x >= 0) & (x <= 1)).all()
    assert (moons.diff(dim=0) >= 0).all()  # what is lit stays lit
    assert ((lines.sum(1) > 0) if len(lines) else torch.tensor(True)).all()


@given(st.sampled_from(list(data.WORLDS)), st.integers(0, 5), SEED)
def test_worlds_are_made_of_pictures(name, n, seed):
    x = data.world(name, n, seed)
    assert x.shape == (n, 1024) and ((x >= 0) & (x <= 1)).all() and torch.equal(x, data.world(name, n, seed))


GOOD_PHASE = torch.tensor([0.5, 0.7])


@pytest.mark.parametrize(
    "arguments",
    [(GOOD_PHASE + value, GOOD_PHASE) for value in (NAN, INF, -INF, 0.6, -0.6)]
    + [(GOOD_PHASE, GOOD_PHASE + value) for value in (NAN, INF)]
    + [(GOOD_PHASE, torch.zeros(2, 2)), (GOOD_PHASE, torch.zeros(1, 2)), (0.5, 0.5)],
)
def test_moons_that_cannot_be_are_refused(arguments):
    with pytest.raises(ValueError, match=r"^phase and tilt: expected"):
        data.moons(*arguments)


# Networks


@st.composite
def networks(draw):
    torch.manual_seed(draw(SEED))
    return draw(st.sampled_from([models.Autoencoder, models.VAE, models.DeepVAE]))(
        draw(st.integers(1, 4)), draw(st.integers(1, 6)), draw(st.integers(1, 5)) ** 2
    )


@given(networks(), st.integers(0, 4), SEED)
def test_networks_give_codes_and_pictures(model, n, seed):
    torch.manual_seed(seed)
    x, side = torch.rand(n, model.pixels), math.isqrt(model.pixels)
    codes, z = model.codes(x), 10 * torch.randn(n, model.latent_dim)
    assert codes.shape == (n, model.latent_dim)
    for same in (x.view(n, side, side), x.view(n, 1, side, side), x.T.contiguous().T):
        assert torch.allclose(model.codes(same), codes, atol=1e-6)
    y = model.decode(z)
    assert y.shape == (n, model.pixels) and ((y >= 0) & (y <= 1)).all()
    assert torch.allclose(y, model.decode_logits(z).sigmoid())
    recon, kl = losses.terms(model, x)
    assert recon.shape == kl.shape == (n,) and (recon >= 0).all() and (kl >= -1e-5).all()
    out = model(x)
    assert (out[0] if isinstance(out, tuple) else out).shape == x.shape


@given(networks())
def test_what_a_network_cannot_take_is_refused_by_torch(model):
    x, z = torch.rand(2, model.pixels), torch.rand(2, model.latent_dim)
    wide = torch.cat([z, z], 1)
    for bad in (x.double(), x.long(), x.tolist(), None):
        for call in (model.encode, model, model.codes):
            with pytest.raises((RuntimeError, TypeError, AttributeError)):
                call(bad)
    for bad in (wide, z.double(), z.long(), z.tolist(), None):
        for call in (model.decode, model.decode_logits):
            with pytest.raises((RuntimeError, TypeError, AttributeError)):
                call(bad)


@given(st.integers(0, 4), st.integers(1, 4), st.integers(1, 6), st.integers(1, 25))
def test_a_generator_draws_as_a_decoder_does_and_a_judge_answers(n, latent_dim, hidden, pixels):
    vae, generator = models.VAE(latent_dim, hidden, pixels), models.Generator(latent_dim, hidden, pixels)
    generator.load_state_dict({k: v for k, v in vae.state_dict().items() if k in generator.state_dict()})
    z = torch.randn(n, latent_dim)
    assert torch.equal(generator.decode(z), vae.decode(z))
    assert models.Judge(11, hidden, pixels)(torch.rand(n, pixels)).shape == (n, 11)


# Measurements


@given(pictures((0, 5), 4), pictures((1, 6), 4), st.integers(1, 7))
def test_the_nearest_picture_is_the_nearest(x, true, chunk):
    distance, index = evaluation.nearest(x, true, chunk)
    every = (x[:, None] - true[None]).norm(dim=2)
    assert distance.shape == index.shape == (len(x),)
    assert torch.allclose(distance, every.min(1).values, atol=2e-3)  # the root of a difference of squares
    assert torch.equal(distance, (x - true[index]).norm(dim=1))
    far = evaluation.cosine_distance(x, true, chunk)
    assert far.shape == (len(x),) and ((far >= 0) & (far <= 1)).all()
    assert (evaluation.cosine_distance(true, true) < 1e-6)[true.norm(dim=1) > 1e-3].all()


@given(st.integers(0, 3), st.floats(0, 1, width=32), SEED)
def test_sharpness_scales_with_contrast(n, factor, seed):
    torch.manual_seed(seed)
    x = torch.rand(n, 784)
    sharp = evaluation.sharpness(x)
    assert sharp.shape == (len(x),) and ((sharp >= 0) & (sharp <= 2**0.5)).all()
    assert torch.allclose(evaluation.sharpness(factor * x), factor * sharp, atol=1e-6)
    assert torch.allclose(evaluation.sharpness(1 - x), sharp, atol=1e-6)
    assert (evaluation.sharpness(0 * x + factor) == 0).all()


@given(tensors((2, 6), (1, 4)), st.integers(0, 5), SEED)
def test_clouds_of_codes(codes, n, seed):
    cloud = evaluation.own_cloud(codes, n, seed)
    assert cloud.shape == evaluation.prior(codes.shape[1], n, seed).shape == (n, codes.shape[1])
    assert torch.equal(cloud, evaluation.own_cloud(codes, n, seed))
    assert torch.allclose(evaluation.own_cloud(codes + 5, n, seed), cloud + 5, atol=1e-3)
    still = codes[:1].expand(4, -1)
    assert torch.allclose(evaluation.own_cloud(still, n, seed), codes[:1].expand(n, -1), atol=1e-4)


@given(st.lists(st.integers(0, 3), min_size=2, max_size=30), st.integers(0, 10), SEED)
def test_pairs_are_of_two_classes(labels, n, seed):
    y = torch.tensor(labels)
    assume(min((y != one).sum() for one in y.unique()) * 5 > len(y))
    a, b = evaluation.pairs_of_classes(y, n, seed)
    assert a.shape == b.shape == (n,) and (y[a] != y[b]).all()


@given(tensors((1, 6), 10, low=-20, high=20), st.floats(0, 1), st.floats(0, 1))
def test_fewer_pictures_pass_a_harder_judge(logits, one, other):
    low, high = sorted((one, other))
    shares = [evaluation.confident_share(torch.nn.Identity(), logits, level) for level in (low, high)]
    assert 1 >= shares[0] >= shares[1] >= 0


@given(tensors((1, 12), (0, 3), low=-500, high=500), st.floats(-100, 100), st.data())
def test_the_bound_is_between_mean_and_maximum(log_w, shift, pick):
    k = pick.draw(st.integers(1, len(log_w)))
    used = log_w[: len(log_w) // k * k]
    bound = evaluation.importance_bound(log_w, k)
    assert bound.shape == log_w.shape[1:]
    assert ((bound >= used.mean(0) - 1e-2) & (bound <= used.max(0).values + 1e-2)).all()  # Jensen, for every draw
    assert torch.allclose(evaluation.importance_bound(log_w + shift, k), bound + shift, atol=1e-2)
    assert (evaluation.importance_bound(torch.full_like(log_w, -INF), k) == -INF).all()


@given(tensors(3, low=-20, high=20, dtype=torch.float64))
def test_the_expected_bound_never_falls_as_k_grows(values):
    """Exactly, over all that k draws from three equally likely weights can be; a single draw may fall."""
    expected = [
        evaluation.importance_bound(
            torch.tensor(list(itertools.product(values.tolist(), repeat=k)), dtype=torch.float64).T, k
        ).mean()
        for k in range(1, 6)
    ]
    limit = values.logsumexp(0) - math.log(3)
    assert all(one <= other + 1e-5 for one, other in itertools.pairwise([*expected, limit]))


@given(st.integers(0, 3), st.integers(1, 3), st.integers(1, 9), SEED)
def test_the_prior_weighs_nothing_against_itself(n, d, k, seed):
    zeros = torch.zeros(n, d)
    weights = evaluation.log_weights(zeros, zeros, lambda z: torch.zeros(z.shape[:2]), k, seed)
    assert weights.shape == (k, n) and weights.abs().max().item() < 1e-5 if n else weights.shape == (k, 0)


X = torch.rand(3, 784)
JUDGE = torch.nn.Linear(784, 10)
VAE = models.VAE(2, 4, 784)
NAMED = [
    *(("x", data.binarize, (bad,)) for bad in [*not_pixels(X), X[:0]]),
    *(("x", measures.measure, (VAE, bad)) for bad in [*not_pixels(X), X[:0]]),
    *(("x", evaluation.vae_log_weights, (VAE, bad, 2)) for bad in (0.5 * X, NAN * X, 2 * X.bernoulli())),
    ("codes", evaluation.own_cloud, (X[:1], 2)),
    *(("x", share, (JUDGE, X[:0])) for share in (evaluation.confident_share, evaluation.digit_share)),
    *(("k", evaluation.importance_bound, (X, k)) for k in (0, 4, -1, NAN)),
]  # fmt: skip


@pytest.mark.parametrize("name, function, arguments", NAMED)
def test_what_a_measurement_cannot_use_is_named(name, function, arguments):
    with pytest.raises(ValueError, match=f"^{name}: expected"):
        function(*arguments)


# Training


@given(
    networks(),
    st.integers(1, 9),
    st.integers(1, 2),
    st.integers(1, 5),
    st.floats(0, 5),
    st.integers(0, 2),
    st.booleans(),
)
@settings(max_examples=15)
def test_training_gives_a_history_and_finite_weights(model, n, epochs, batch_size, beta, warm_up, binarize):
    history = fit(
        model, torch.rand(n, model.pixels), epochs=epochs, batch_size=batch_size, beta=beta, warm_up=warm_up,
        binarize=binarize, progress=False,
    )  # fmt: skip
    assert set(history) == {"recon", "kl"} and all(len(values) == epochs for values in history.values())
    assert all(math.isfinite(value) and value >= -1e-4 for values in history.values() for value in values)
    assert not model.training and all(weight.isfinite().all() for weight in model.parameters())


@pytest.mark.parametrize("schedule", ["cos", "linear"])
def test_training_of_any_number_of_steps(schedule):
    for steps in range(1, 22):
        fit(models.VAE(1, 2, 4), torch.rand(steps, 4), epochs=1, batch_size=1, schedule=schedule, progress=False)


WRONG_OPTIONS = {
    "epochs": (0, -1, 1.5, NAN, None),
    "batch_size": (0, -1, 2.0, None),
    "warm_up": (-1, 0.5, None),
    "lr": (0, -1, NAN, INF),
    "beta": (-1, NAN, INF),
    "schedule": ("flat", "", None),
}


@pytest.mark.parametrize("name", WRONG_OPTIONS)
def test_what_training_cannot_use_is_named_and_the_network_stays(name):
    model, x = models.VAE(2, 4, 9), torch.rand(3, 9)
    before = {key: value.clone() for key, value in model.state_dict().items()}
    for value in WRONG_OPTIONS[name]:
        with pytest.raises(ValueError, match=rf"\b{name}\b"):
            fit(model, x, progress=False, **{name: value})
    for bad in [*not_pixels(x), x[:0], x[:, :8]]:
        with pytest.raises(ValueError, match=r"^x: expected"):
            fit(model, bad, progress=False)
    assert all(torch.equal(before[key], value) for key, value in model.state_dict().items())


# Stored networks


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A stored network, and what it was."""
    folder = tmp_path_factory.mktemp("networks")
    torch.manual_seed(0)
    model = models.VAE(2, 3, 4)
    made.save("small", model, {"kind": "VAE", "latent_dim": 2, "hidden": 3}, {"recon": 1.0, "kl": 2.0}, folder)
    return folder, {key: value.half().float() for key, value in model.state_dict().items()}


def load_or_refuse(files: dict[str, bytes], expected: dict) -> None:
    """These files are the network, or are refused by the one error, which names one of them and says what helps."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        try:
            loaded, text = checkpoints.load("small", Path(folder)).state_dict(), None
        except checkpoints.CheckpointError as error:
            loaded, text = {}, str(error)
    if text is None:
        assert loaded.keys() == expected.keys() and all(torch.equal(loaded[key], expected[key]) for key in expected)
    else:
        assert f"{folder}/small." in text and "git checkout" in text and "make checkpoints" in text


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 1000)
    | st.just(2**63)
    | st.just(10**30)
    | st.floats()
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
@example(b"[" * 100_000)
@example(b"\xff\xfe{}")
@example(b'{"config": {}, "metrics": {}, "sha256": ""}')
@settings(max_examples=150)
def test_no_manifest_brings_another_error(stored, content):
    folder, expected = stored
    load_or_refuse({"small.json": content, "small.safetensors": (folder / "small.safetensors").read_bytes()}, expected)


@given(
    st.sampled_from(
        [("config",), ("metrics",), ("sha256",), *(("config", k) for k in ("kind", "latent_dim", "hidden", "pixels"))]
    ),
    JSON | st.sampled_from(["VAE", "DeepVAE", "Autoencoder"]),
)
@settings(max_examples=150)
def test_no_value_in_a_manifest_brings_another_error(stored, place, value):
    folder, expected = stored
    manifest = inner = json.loads((folder / "small.json").read_text())
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    weights = (folder / "small.safetensors").read_bytes()
    load_or_refuse({"small.json": json.dumps(manifest).encode(), "small.safetensors": weights}, expected)


@st.composite
def damage(draw):
    """A function that cuts bytes off, or changes, removes or adds some anywhere."""
    kind, where = draw(st.sampled_from(["cut", "flip", "remove", "add"])), draw(st.floats(0, 1, exclude_max=True))
    bit, length = draw(st.integers(0, 7)), draw(st.integers(1, 9))

    def apply(content: bytes) -> bytes:
        at = int(where * len(content))
        return {
            "cut": lambda: content[:at],
            "flip": lambda: content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :],
            "remove": lambda: content[:at] + content[at + length :],
            "add": lambda: content[:at] + bytes(length) + content[at:],
        }[kind]()

    return apply


@given(st.sampled_from(["small.json", "small.safetensors"]), damage(), st.booleans())
@settings(max_examples=150)
def test_no_damage_to_a_stored_network_goes_unseen(stored, name, change, stamped):
    """``stamped``: the manifest has the damaged file's checksum, so that the reader of the weights meets it, too."""
    folder, expected = stored
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    files[name] = change(files[name])
    if stamped and name == "small.safetensors":
        manifest = json.loads(files["small.json"])
        manifest["sha256"] = checkpoints.hashlib.sha256(files[name]).hexdigest()
        files["small.json"] = json.dumps(manifest).encode()
        with tempfile.TemporaryDirectory() as other:
            for path, content in files.items():
                (Path(other) / path).write_bytes(content)
            with contextlib.suppress(checkpoints.CheckpointError):  # or other numbers in the right shapes
                checkpoints.load("small", Path(other))
        return
    load_or_refuse(files, expected)


@pytest.mark.parametrize("value", [NAN, INF, 1e6])
def test_weights_that_half_precision_cannot_hold_are_not_stored(tmp_path, value):
    model = models.VAE(2, 3, 4)
    model.fc3.bias.data[1] = value
    with pytest.raises(ValueError, match=r"^model: small has weights that are not finite"):
        made.save("small", model, {}, {}, tmp_path)
    assert list(tmp_path.iterdir()) == []


# The packed data


NAME = "t10k-labels-idx1-ubyte"


@pytest.fixture(scope="module")
def pack():
    """The smallest file of the pack: packed, its checksums, and its content."""
    sums = json.loads((data.PACK / "checksums.json").read_text())[NAME]
    return (data.PACK / f"{NAME}.xz").read_bytes(), sums, data.unpack(NAME)


def unpack_or_refuse(files: dict[str, bytes], content: bytes) -> None:
    """The right data, or the one error, which names the file and says what helps."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_bytes(text)
        try:
            unpacked, text = data.unpack(NAME, Path(folder)), None
        except data.DataError as error:
            unpacked, text = None, str(error)
        assert unpacked == content if text is None else folder in text and "git checkout" in text


@given(damage())
@settings(max_examples=150)
def test_no_damage_to_the_pack_goes_unseen(pack, change):
    packed, sums, content = pack
    unpack_or_refuse({"checksums.json": json.dumps({NAME: sums}).encode(), f"{NAME}.xz": change(packed)}, content)


@given(damage())
@settings(max_examples=100)
def test_no_damage_to_the_checksums_goes_unseen(pack, change):
    packed, sums, content = pack
    unpack_or_refuse({"checksums.json": change(json.dumps({NAME: sums}).encode()), f"{NAME}.xz": packed}, content)


@given(
    st.binary(max_size=40)
    | JSON.map(lambda value: json.dumps(value).encode())
    | st.fixed_dictionaries({NAME: JSON | st.fixed_dictionaries({"sha256": JSON})}).map(
        lambda value: json.dumps(value).encode()
    )
)
@example(b"{}")
@example(b"[" * 100_000)
@settings(max_examples=100)
def test_no_checksums_bring_another_error(pack, text):
    packed, _, _ = pack
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "checksums.json").write_bytes(text)
        (Path(folder) / f"{NAME}.xz").write_bytes(packed)
        with pytest.raises(data.DataError, match="git checkout"):
            data.unpack(NAME, Path(folder))


# Exercises


STRANGE = [
    None, "text", 3, True, NAN, INF, 10**400, 2j, [1.0], (torch.zeros(2),), {}, object(), X.numpy(), torch.tensor([]),
    torch.tensor(True), torch.zeros(3, 0), torch.rand(2, 2, 2, 2), torch.rand(4, 3, dtype=torch.cfloat),
    torch.rand(4, 3).to_sparse(), torch.rand(4, 3, device="meta"), torch.rand(4, 3).half(), torch.rand(4, requires_grad=True),
    torch.full((4,), NAN), torch.full((4,), INF), torch.zeros(4, dtype=torch.uint8), torch.empty(40_000, 2).fill_(INF),
    torch.zeros(40_000, 2), torch.zeros(40_000, 2, dtype=torch.long), torch.zeros(40_000, 2, device="meta"),
]  # fmt: skip


@pytest.mark.parametrize("name", ["kl_divergence", "reparameterize", "active_dimensions", "blend"])
def test_no_answer_to_an_exercise_raises(name, capsys):
    for answer in STRANGE:
        exercises.check(name, lambda *_, answer=answer: answer)
        told = capsys.readouterr().out
        assert told.startswith("Not yet: ") and told.count("\n") == 1, (answer, told)
    exercises.check(name, lambda *inputs: exercises.EXERCISES[name].right(*inputs) + 1j)
    assert "got torch.complex" in capsys.readouterr().out
    for function in (3, None, "text", lambda: 1, lambda *_: 1 / 0):
        exercises.check(name, function)
        assert capsys.readouterr().out.startswith("Not yet: your function stops with ")


@given(st.text(string.printable, max_size=8))
def test_no_other_name_is_an_exercise(name):
    assume(name not in exercises.EXERCISES)
    with pytest.raises(ValueError, match=r"^name: expected one of"):
        exercises.check(name, lambda: 0)


# What figures take from Python


@pytest.fixture(scope="module")
def figures():
    from test_widgets_refuse import GOOD

    return {kind.__name__: kind(**arguments) for kind, arguments in GOOD.items()}


VALUES = (
    JSON
    | st.lists(st.floats(-5, 5), min_size=2, max_size=3)
    | st.floats(-5, 5)
    | st.sampled_from(["ae", "prior", "linear"])
)


@given(st.data(), VALUES)
@settings(max_examples=400)
def test_whatever_is_set_a_figure_stays_one_that_the_page_can_draw(figures, pick, value):
    """A value is taken, and is then finite and in its range, or is refused, and then nothing has changed."""
    figure = figures[pick.draw(st.sampled_from(sorted(figures)))]
    kinds = (traitlets.Float, traitlets.Int, traitlets.Enum, traitlets.Bool)
    own = {name: trait for name, trait in figure.traits().items() if name not in Figure.class_trait_names()}
    traits = {name: trait for name, trait in own.items() if isinstance(trait, kinds) or name == "z"}
    name = pick.draw(st.sampled_from(sorted(traits)))
    before = {key: getattr(figure, key) for key in traits}
    try:
        setattr(figure, name, value)
    except (traitlets.TraitError, ValueError):
        assert {key: getattr(figure, key) for key in traits} == before
    for key in traits:
        now, trait = getattr(figure, key), traits[key]
        for end, sign in (("min", 1), ("max", -1)):
            if isinstance(limit := getattr(trait, end, None), int | float):
                assert sign * now >= sign * limit
        json.dumps(now, allow_nan=False)
        if f"{key}_index" in traits:
            values = traits[key].values if isinstance(traits[key], traitlets.Enum) else figure.classes
            assert values[getattr(figure, f"{key}_index")] == now
