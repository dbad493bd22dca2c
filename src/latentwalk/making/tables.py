"""Makes the tables: many networks, trained side by side and measured.

The seed of the test pictures and of the random codes is the same for all rows: the spread is that of training.
"""

import dataclasses
import functools
import json
import statistics
import time
from collections.abc import Callable, Collection, Iterable

import torch
from torch import Tensor
from tqdm import tqdm

from latentwalk import checkpoints, data, evaluation
from latentwalk.making import bugs, datasets, files, learning, workers
from latentwalk.making.gan import GanRecipe
from latentwalk.making.measures import active, measure, measure_beta, measure_digits, measure_world
from latentwalk.making.recipes import RECIPES, Recipe
from latentwalk.making.reference import fit_as_usual, usual_dataset
from latentwalk.tables import DIMENSIONS, FOLDER, STEPS, N, digit_test, pictures_of, read

CLASSES = {"AE": "Autoencoder", "VAE": "VAE"}  # what a table calls a network, and its class
SAMPLES = 10_000
LIKELIHOODS = ("vae-20-binary", "vae-50-binary", "vae-20-static")


def worlds(seeds: int = 3) -> dict:
    """Crescents, moons and lines x AE, VAE x `DIMENSIONS` x seeds."""
    base = RECIPES["vae-crescents"]
    recipes = _recipes(base, data.WORLDS, seeds)
    rows = [*map(_world_of_pixels, data.WORLDS), *side_by_side(_world_row, recipes)]
    return {"unit": "1000 x cosine distance to the nearest true picture", "recipe": _common(base), "rows": rows}


def digits(seeds: int = 3) -> dict:
    """MNIST x AE, VAE x `DIMENSIONS` x seeds, trained for 5 epochs."""
    base = dataclasses.replace(RECIPES["vae-20"], epochs=5)
    rows = [_digits_of_pixels(), *side_by_side(_digits_row, _recipes(base, ["mnist"], seeds))]
    unit = "Euclidean distance to the nearest of 20,000 training digits"
    return {"unit": unit, "recipe": _common(base), "rows": rows}


def beta(seeds: int = 3) -> dict:
    """The chapter's VAE under seven weights of the KL term x seeds, 5 epochs; all measured on the test set."""
    base = dataclasses.replace(RECIPES["vae-20"], epochs=5, batch_size=256, lr=6e-3)
    weights = (0.0, 0.1, 0.5, 1.0, 2.0, 4.0, 10.0)
    rows = side_by_side(_beta_row, [dataclasses.replace(base, beta=b, seed=s) for b in weights for s in range(seeds)])
    unit = "recon and kl: nats per image, one sample of z; active: dimensions with a mean KL above 0.05 nats"
    return {"unit": unit, "recipe": {k: v for k, v in _common(base).items() if k != "beta"}, "rows": rows}


def warm_up(seeds: int = 3) -> dict:
    """The KL term at its full weight at once, or rising to it over half of the epochs: three weights x seeds."""
    base = dataclasses.replace(RECIPES["vae-20"], epochs=6, batch_size=256, lr=6e-3)
    weights = (1.0, 4.0, 40.0)
    recipes = [
        dataclasses.replace(base, beta=b, seed=s, warm_up=w) for b in weights for s in range(seeds) for w in (0, 3)
    ]
    rows = side_by_side(_warm_up_row, recipes)
    unit = (
        "warm_up: epochs over which the weight rises; active_by_epoch: on the test set; the rest as in the table beta"
    )
    return {"unit": unit, "recipe": {k: v for k, v in _common(base).items() if k != "beta"}, "rows": rows}


def loss(seeds: int = 5, usual_seeds: int = 3) -> dict:
    """The test loss after each epoch: chapter 05's own recipe, and the loop of pytorch/examples, x seeds."""
    base = dataclasses.replace(RECIPES["vae-20"], epochs=4, batch_size=384, lr=1.5e-2, schedule="linear")
    jobs = [*((base, seed) for seed in range(seeds)), *((None, seed) for seed in range(1, 1 + usual_seeds))]
    rows = [row for rows in side_by_side(_loss_curve, jobs) for row in rows]
    return {
        "unit": "nats per test image, one sample of z",
        "recipe": _common(base) | {"schedule": base.schedule},
        "rows": rows,
    }


def likelihood(count: int = 10_000, ks: tuple[int, ...] = (1, 10, 100, 1000)) -> dict:
    """The importance-weighted bound of the networks with binary pixels, on binarised test pictures; k = 1 is the -ELBO."""
    jobs = [(name, start, count, ks) for name in LIKELIHOODS for start in range(0, count, 250)]
    parts = side_by_side(_bounds, jobs)
    rows = []
    for name in LIKELIHOODS:
        sums = [part for part in parts if part["network"] == name]
        for i, k in enumerate(ks):
            mean = sum(part["sum"][i] for part in sums) / count
            variance = sum(part["squares"][i] for part in sums) / count - mean**2
            error = (variance / count) ** 0.5
            rows.append({"network": name, "k": k, "nll": round(-mean, 3), "error": round(error, 3)})
    unit = "nats per test image; error: the standard error of the mean over the pictures"
    return {"unit": unit, "pictures": count, "rows": rows}


def bug_runs() -> dict:
    """Chapter 08's ten runs: curves, sigmas, pictures; for the figure `WhichBug`."""
    unit = (
        "curve: recon and KL as reported, then the right ones, nats per test image; sigma, spread of mu and KL: of each "
        "dimension; pictures: 5 reconstructions from mu and 10 samples, (15, 784) uint8, packed"
    )
    recipe = {"epochs": bugs.EPOCHS, "batch_size": 256, "lr": 4e-3, "seed": 0}
    return {"unit": unit, "recipe": recipe, "rows": side_by_side(bugs.row, bugs.BUGS)}


def learning_plane() -> dict:
    """The training of "vae-2", look by look; for the figure `Learning`."""
    (rows,) = side_by_side(learning.rows, [learning.RECIPE])
    unit = (
        "recon and kl: nats per test image; mu: (digits, 2) int16 in units of `step`, packed; map: decoded codes, row by "
        "row, 14 x 14 pixels each, two 4-bit greys a byte, packed"
    )
    shape = {"digits": learning.DIGITS, "step": learning.UNIT, "side": learning.SIDE, "reach": learning.REACH}
    return {"unit": unit, "recipe": dataclasses.asdict(learning.RECIPE), **shape, "rows": rows}


def samples(gan_seeds: int = 5, vae_seeds: int = 3) -> dict:
    """Chapter 08's GAN, and the VAE beside it, x seeds: what a judge makes of 10,000 pictures, from the same codes."""
    recipes = [dataclasses.replace(RECIPES["gan-20"], seed=seed) for seed in range(gan_seeds)]
    recipes += [dataclasses.replace(RECIPES["vae-20"], seed=seed) for seed in range(vae_seeds)]
    unit = "passed: share that judge-11 takes for a digit; digits: how many of each; sharpness: mean length of the gradient"
    return {"unit": unit, "pictures": SAMPLES, "rows": side_by_side(_samples_row, recipes)}


TABLES = {
    "worlds": worlds,
    "digits": digits,
    "beta": beta,
    "warm_up": warm_up,
    "loss": loss,
    "likelihood": likelihood,
    "bugs": bug_runs,
    "learning": learning_plane,
    "samples": samples,
}


def make(names: list[str]) -> None:
    """Make the named tables, and say how far the mean of each column moved from the stored table."""
    for name in names:
        start = time.perf_counter()
        before = means(read(name)["rows"]) if (FOLDER / f"{name}.json").exists() else {}
        table = TABLES[name]()
        after = means(table["rows"])
        rows = ",\n".join("  " + json.dumps(row) for row in table.pop("rows"))
        settings = json.dumps({**table, "pairs": N, "steps": STEPS, "torch": torch.__version__}, indent=1)
        content = f'{{"settings": {settings},\n "rows": [\n{rows}\n]}}\n'
        files.write({FOLDER / f"{name}.json": content.encode()})
        moved = [f"{key} {before[key]:.4g} -> {after[key]:.4g}" for key in after if key in before]
        print(f"{name}: {time.perf_counter() - start:.0f} s; {', '.join(moved) or 'new'}", flush=True)


def means(rows: list[dict]) -> dict[str, float]:
    """Each column that was measured, its mean over the rows that have it."""
    settings = ("beta", "epoch", "k", "latent_dim", "seed", "warm_up")
    names = dict.fromkeys(
        name for row in rows for name, value in row.items() if isinstance(value, int | float) and name not in settings
    )
    return {name: statistics.fmean(row[name] for row in rows if name in row) for name in names}


def side_by_side(measure: Callable, jobs: Collection) -> list[dict]:
    """The row that ``measure``, a function of a module, gives for each job."""
    return list(tqdm(workers.side_by_side(measure, jobs), total=len(jobs), unit="row"))


def _recipes(base: Recipe, names: Iterable[str], seeds: int) -> list[Recipe]:
    return [
        dataclasses.replace(base, kind=kind, latent_dim=latent_dim, data=name, seed=seed)
        for name in names
        for kind in CLASSES.values()
        for latent_dim in DIMENSIONS
        for seed in range(seeds)
    ]


def _identity(recipe: Recipe) -> dict:
    kind = {name: short for short, name in CLASSES.items()}[recipe.kind]
    return {"kind": kind, "latent_dim": recipe.latent_dim, "seed": recipe.seed}


@functools.cache
def _world(name: str) -> tuple[Tensor, Tensor, Tensor]:
    """Training pictures, test pictures and all true ones."""
    return *datasets.pictures(name), data.all_of_world(name)


def _world_of_pixels(name: str) -> dict:
    """The test pictures themselves, and the blends of their pairs."""
    _, test_x, true = _world(name)
    pictures = {"reconstruction": test_x, "midpoint": (test_x[:N] + test_x[N : 2 * N]) / 2}
    distances = {part: 1000 * evaluation.cosine_distance(x, true).mean().item() for part, x in pictures.items()}
    return {"world": name, "kind": "pixels"} | {part: round(value, 2) for part, value in distances.items()}


def _world_row(recipe: Recipe) -> dict:
    train_x, test_x, true = _world(recipe.data)
    return {"world": recipe.data, **_identity(recipe), **measure_world(recipe.train(train_x), test_x, true)}


_mnist = functools.cache(data.mnist)


def _digits_of_pixels() -> dict:
    """The test digits themselves, and the blends of their pairs."""
    a, b, true = digit_test(_mnist())
    return {"kind": "pixels"} | measure_digits({"reconstruction": torch.cat([a, b]), "midpoint": (a + b) / 2}, true)


def _digits_row(recipe: Recipe) -> dict:
    a, b, true = digit_test(_mnist())
    model = recipe.train(_mnist().train_x)
    return _identity(recipe) | measure_digits(pictures_of(model, a, b), true)


def _beta_row(recipe: Recipe) -> dict:
    model = recipe.train(_mnist().train_x)
    return {"beta": recipe.beta, "seed": recipe.seed} | measure_beta(model, _mnist().test_x)


def _warm_up_row(recipe: Recipe) -> dict:
    mnist, curve = _mnist(), []
    model = recipe.train(mnist.train_x, after_epoch=lambda model: curve.append(active(model, mnist.test_x)))
    settings = {"beta": recipe.beta, "warm_up": recipe.warm_up, "seed": recipe.seed}
    return settings | measure_beta(model, mnist.test_x) | {"active_by_epoch": curve}


def _loss_curve(job: tuple[Recipe | None, int]) -> list[dict]:
    """One row an epoch. A recipe is chapter 05's; None is pytorch/examples' loop."""
    recipe, seed = job
    mnist, curve = data.mnist(), []

    def test(model):
        curve.append(measure(model, mnist.test_x))

    if recipe is None:
        fit_as_usual(usual_dataset(), seed, after_epoch=test)
    else:
        recipe = dataclasses.replace(recipe, seed=seed)
        model = recipe.build(784)
        model.fc4.bias.data = torch.logit(mnist.train_x.mean(0), eps=1e-4)
        recipe.fit(model, mnist.train_x, after_epoch=test)
    loop = "chapter 05" if recipe else "pytorch/examples"
    return [{"loop": loop, "seed": seed, "epoch": epoch} | terms for epoch, terms in enumerate(curve, 1)]


@functools.cache
def _binary_digits() -> tuple[Tensor, Tensor]:
    return datasets.pictures("mnist-binary")


def _bounds(job: tuple[str, int, int, tuple[int, ...]]) -> dict:
    """Sums over 250 of the test set's pictures, for each k, of the bound and of its square."""
    name, start, count, ks = job
    _, x = _binary_digits()
    x = x[:: len(x) // count][start : start + 250]
    log_w = evaluation.vae_log_weights(checkpoints.load(name), x, max(ks), start)
    bounds = torch.stack([evaluation.importance_bound(log_w, k) for k in ks]).double()
    return {"network": name, "sum": bounds.sum(1).tolist(), "squares": bounds.pow(2).sum(1).tolist()}


def _samples_row(recipe: Recipe | GanRecipe) -> dict:
    model = recipe.make()
    with torch.no_grad():
        drawn = model.decode(evaluation.prior(recipe.latent_dim, SAMPLES))
        digits = checkpoints.load("judge-11")(drawn).argmax(1).bincount(minlength=11)[:10]
    measures = {"passed": digits.sum() / SAMPLES, "sharpness": evaluation.sharpness(drawn).mean()}
    rounded = {name: round(value.item(), 4) for name, value in measures.items()}
    return {"kind": recipe.kind, "seed": recipe.seed, **rounded, "digits": digits.tolist()}


def _common(recipe: Recipe) -> dict:
    """What all networks of a table have in common."""
    return {
        k: v for k, v in dataclasses.asdict(recipe).items() if k in ("hidden", "epochs", "batch_size", "lr", "beta")
    }
