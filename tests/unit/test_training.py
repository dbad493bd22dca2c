"""The training loop and the stored networks."""

import dataclasses
import functools
import json
import os

import pytest
import torch

from latentwalk import checkpoints, data, models
from latentwalk.making import datasets, gan, judge, measures, networks, recipes, reference, workers
from latentwalk.making.__main__ import main
from latentwalk.training import fit


@pytest.fixture(scope="module")
def pictures():
    torch.manual_seed(0)
    return data.moons(torch.rand(600), 6 * torch.rand(600), size=12)


def test_training_lowers_the_loss_and_is_deterministic(pictures):
    runs = []
    for _ in range(2):
        torch.manual_seed(3)
        model = models.VAE(2, hidden=32, pixels=144)
        history = fit(model, pictures, epochs=8, batch_size=50, seed=5, progress=False)
        runs.append((history, model.state_dict()))
    (first, weights), (second, again) = runs
    assert first == second and all(torch.equal(weights[k], again[k]) for k in weights)
    assert len(first["recon"]) == 8
    assert first["recon"][-1] + first["kl"][-1] < 0.8 * (first["recon"][0] + first["kl"][0])


def test_measuring_after_each_epoch_leaves_the_training_as_it_was(pictures):
    losses = []
    for after_epoch in (None, lambda model: measures.measure(model, pictures)):
        torch.manual_seed(3)
        model = models.DeepVAE(3, hidden=16, pixels=144)
        history = fit(model, pictures, epochs=4, schedule="linear", seed=5, progress=False, after_epoch=after_epoch)
        losses.append(history["recon"][:4])
    # the measured terms have the same names, and follow the training's own in the list
    assert losses[0] == history["recon"][::2] and losses[0][-1] < losses[0][0]


def test_the_loop_to_compare_with_gives_the_plain_network():
    pairs = [(torch.rand(1, 28, 28), 0) for _ in range(8)]
    seen = []
    model = reference.fit_as_usual(pairs, epochs=2, after_epoch=seen.append)
    assert type(model) is models.VAE and seen == [model, model] and not model.training


def test_sigma_dies_without_the_kl_term(pictures):
    def mean_sigma(model):
        return {"sigma": (0.5 * model.encode(pictures)[1]).exp().mean().item()}

    sigma = {}
    for beta in (0.0, 1.0):
        torch.manual_seed(0)
        model = models.VAE(2, hidden=32, pixels=144)
        history = fit(model, pictures, epochs=60, batch_size=50, beta=beta, progress=False, after_epoch=mean_sigma)
        sigma[beta] = history["sigma"]
    assert len(sigma[0.0]) == 60
    assert sigma[0.0][-1] < 0.05 < 0.15 < sigma[1.0][-1]


@pytest.mark.parametrize("steps, same", [(1, True), (2, False)])
def test_warm_up_starts_without_the_kl_term(pictures, steps, same):
    after = []
    for beta in (0.0, 10.0):
        torch.manual_seed(0)
        model = models.VAE(2, hidden=32, pixels=144)
        fit(model, pictures, epochs=1, batch_size=len(pictures) // steps, beta=beta, warm_up=1, progress=False)
        after.append(model.fc22.weight)
    assert torch.equal(*after) is same


def test_warm_up_ends_with_all_of_the_kl_term(pictures):
    kl = []
    for warm_up in (0, 10, 10_000):  # never, early, and so slowly that beta hardly rises
        torch.manual_seed(0)
        model = models.VAE(2, hidden=32, pixels=144)
        kl.append(fit(model, pictures, epochs=40, batch_size=50, beta=4.0, warm_up=warm_up, progress=False)["kl"])
    never, early, hardly = kl
    assert abs(early[-1] / never[-1] - 1) < 0.15 and hardly[-1] > 2 * never[-1]


@pytest.mark.parametrize(
    "x, options, name",
    [
        (torch.zeros(4, 144, dtype=torch.uint8), {}, "x"),
        (torch.full((4, 144), 255.0), {}, "x"),
        (torch.full((4, 144), float("nan")), {}, "x"),
        (torch.zeros(0, 144), {}, "x"),
        (torch.zeros(4, 144), {"epochs": 0}, "epochs"),
        (torch.zeros(4, 144), {"lr": float("nan")}, "lr"),
        (torch.zeros(4, 144), {"schedule": "flat"}, "schedule"),
    ],
)
def test_bad_input_is_named(x, options, name):
    with pytest.raises(ValueError, match=f"^{name}"):
        fit(models.VAE(2, 8, 144), x, progress=False, **options)


def test_a_diverging_run_stops(pictures):
    with pytest.raises(FloatingPointError, match="lr"):
        fit(models.VAE(2, 32, 144), pictures, epochs=6, batch_size=50, lr=1e4, progress=False)


# Stored networks


@pytest.fixture
def stored(tmp_path, pictures):
    torch.manual_seed(0)
    model = models.VAE(2, 16, 144)
    config = {"kind": "VAE", "latent_dim": 2, "hidden": 16, "seed": 0}
    networks.save("small", model, config, {"recon": 1.0, "kl": 2.0}, tmp_path)
    return tmp_path, model


def test_save_and_load(stored, pictures):
    folder, model = stored
    loaded = checkpoints.load("small", folder)
    assert not loaded.training
    for name, value in model.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], value.half().float())
    assert sorted(p.name for p in folder.iterdir()) == ["small.json", "small.safetensors"]


def test_a_changed_or_missing_file_is_refused(stored):
    folder, _ = stored
    path = folder / "small.safetensors"
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)
    with pytest.raises(checkpoints.CheckpointError, match=r"has changed.*expected"):
        checkpoints.load("small", folder)
    path.unlink()
    with pytest.raises(checkpoints.CheckpointError, match="cannot be read"):
        checkpoints.load("small", folder)
    with pytest.raises(checkpoints.CheckpointError, match="no network named 'other'; there are: small"):
        checkpoints.load("other", folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m["config"].update(kind="GAN"),
        lambda m: m["config"].update(latent_dim=3),
        lambda m: m["config"].update(hidden="many"),
        lambda m: m.pop("metrics"),
    ],
)
def test_a_wrong_manifest_is_refused(stored, change):
    folder, _ = stored
    manifest = json.loads((folder / "small.json").read_text())
    change(manifest)
    (folder / "small.json").write_text(json.dumps(manifest))
    with pytest.raises(checkpoints.CheckpointError, match="small"):
        checkpoints.load("small", folder)


def test_a_failed_save_leaves_the_old_network(stored, monkeypatch):
    folder, model = stored

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full_disk)
    with pytest.raises(OSError, match="No space"):
        networks.save("small", models.VAE(2, 16, 144), {"kind": "VAE", "latent_dim": 2, "hidden": 16}, {}, folder)
    assert sorted(p.name for p in folder.iterdir()) == ["small.json", "small.safetensors"]
    assert torch.equal(checkpoints.load("small", folder).fc1.weight, model.fc1.weight.half().float())


@pytest.fixture(scope="module")
def unpacked_once():
    """The digits are read from their pack once for all networks, which takes longer than to measure one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "unpack", functools.cache(data.unpack))
        yield


@pytest.mark.usefixtures("unpacked_once")
@pytest.mark.parametrize("name", sorted(recipes.RECIPES))
def test_every_network_of_the_book_loads_and_has_its_metrics(name):
    manifest, recipe = checkpoints.read_manifest(name), recipes.RECIPES[name]
    measured = recipe.measure(checkpoints.load(name))
    assert set(manifest["metrics"]) == set(measured)
    for key, value in manifest["metrics"].items():
        assert measured[key] == pytest.approx(value, rel=2e-3, abs=0.02), key


def test_no_stored_network_is_without_a_recipe():
    assert {p.stem for p in checkpoints.FOLDER.glob("*.safetensors")} == set(recipes.RECIPES)


@pytest.fixture
def tiny(monkeypatch, pictures):
    """A recipe of a few seconds, called "tiny", the only one."""
    recipe = recipes.Recipe(latent_dim=2, hidden=8, data="tiny", epochs=2)
    monkeypatch.setattr(recipes, "RECIPES", {"tiny": recipe})
    monkeypatch.setattr(networks, "RECIPES", recipes.RECIPES)
    monkeypatch.setitem(datasets.DATASETS, "tiny", lambda: (pictures, pictures[:100]))
    return recipe


def test_a_recipe_makes_the_same_network_twice(tmp_path, tiny):
    first, second = (networks.train("tiny", tmp_path / folder) for folder in "ab")
    assert first == second and first["metrics"]["recon"] > 0


def test_a_recipe_makes_the_same_network_in_any_process():
    """Two fresh processes, a thread each, as `make checkpoints` trains."""
    first, second = workers.side_by_side(train_a_little, range(2))
    assert first == second


@pytest.mark.parametrize(
    "module, recipe",
    [
        (gan, gan.GanRecipe(hidden=8, epochs=2)),
        (judge, judge.JudgeRecipe(hidden=8, epochs=2)),
        (judge, judge.JudgeRecipe(classes=10, hidden=8, epochs=2)),
    ],
)
def test_a_game_and_a_judge_are_the_same_twice(module, recipe, monkeypatch):
    x, y = torch.rand(300, 784).bernoulli(), torch.arange(10).repeat(30)
    monkeypatch.setattr(module, "mnist", lambda: data.Digits(x, y, x, y))
    first, second = (recipe.make() for _ in range(2))
    assert all(torch.equal(first.state_dict()[name], weight) for name, weight in second.state_dict().items())
    assert recipe.measure(first) == recipe.measure(second) and not first.training


def train_a_little(_job) -> list[float]:
    recipe = recipes.Recipe(latent_dim=2, hidden=16, epochs=1, data="crescents")
    model = recipe.train(datasets.pictures("crescents")[0])
    return model.fc4.weight.flatten().tolist()


def test_fit_by_a_recipe_leaves_the_precision_as_it_was(tiny, pictures):
    recipe = dataclasses.replace(tiny, precision="medium", lr=1e9)
    with pytest.raises(FloatingPointError):
        recipe.train(pictures)
    assert torch.get_float32_matmul_precision() == "highest"


@pytest.mark.parametrize("name", sorted(recipes.RECIPES))
def test_every_stored_network_is_what_its_manifest_and_recipe_say(name):
    networks.verify(name)


def test_a_network_of_another_recipe_is_found(tmp_path, tiny, monkeypatch):
    networks.train("tiny", tmp_path)
    networks.verify("tiny", tmp_path)
    monkeypatch.setitem(recipes.RECIPES, "tiny", dataclasses.replace(tiny, lr=0.5))
    with pytest.raises(checkpoints.CheckpointError, match="recipe 0"):
        networks.verify("tiny", tmp_path)
    monkeypatch.delitem(recipes.RECIPES, "tiny")
    with pytest.raises(checkpoints.CheckpointError, match="no recipe"):
        networks.verify("tiny", tmp_path)


def test_retraining_says_what_moved(tmp_path, tiny, monkeypatch, capsys):
    for function in (networks.train, networks.verify, checkpoints.read_manifest):
        elsewhere = functools.partial(lambda function, name, folder=tmp_path: function(name, folder), function)
        monkeypatch.setattr(networks, function.__name__, elsewhere)
    monkeypatch.setattr(networks, "FOLDER", tmp_path)
    monkeypatch.setattr(networks, "side_by_side", map)  # in this process, where the recipes are the tiny ones
    for expected in ("new", "+0.00%"):
        main(["tiny"])
        printed = capsys.readouterr().out
        assert expected in printed and "1%: none." in printed
    path = tmp_path / "tiny.json"
    manifest = json.loads(path.read_text())
    manifest["metrics"]["recon"] *= 1.05
    path.write_text(json.dumps(manifest))
    main(["tiny"])
    assert "1%: tiny." in capsys.readouterr().out
    with pytest.raises(SystemExit, match="no network or table named vae-7"):
        main(["vae-7"])
