"""Measurements over several seeds, which take longer than a notebook may: stored as JSON, made by this module alone.

``python -m latentwalk.tables`` (half an hour on two cores) makes them anew: ``worlds`` and ``digits``, both for chapter 01.
Each row is one network; ``settings`` says how the rows were made. The seed of the test pictures and of the random codes
is the same for all rows: the spread is that of training.
"""

import dataclasses
import json
import statistics
import sys
import time
from pathlib import Path

import torch
from torch import Tensor

from latentwalk import checkpoints, data, evaluation
from latentwalk.training import fit

FOLDER = Path(__file__).parent / "tables"
KINDS = {"AE": "Autoencoder", "VAE": "VAE"}
STEPS = 11  # codes on a path, both ends included
N = 500  # pairs of pictures, and random codes of each sort


def read(name: str) -> dict:
    """A stored table: ``settings`` and ``rows``, a list of dicts."""
    path = FOLDER / f"{name}.json"
    if not path.exists():
        known = ", ".join(sorted(p.stem for p in FOLDER.glob("*.json")))
        raise ValueError(f"name: no table {name!r}; there are: {known}")
    return json.loads(path.read_text())


def mean_and_spread(rows: list[dict], column: str) -> tuple[float, float]:
    """Mean and standard deviation (n - 1) of a column over rows, which differ in their seed."""
    values = [row[column] for row in rows]
    return statistics.mean(values), statistics.stdev(values)


@torch.no_grad()
def pictures_of(model, a: Tensor, b: Tensor) -> dict[str, Tensor]:
    """What a network makes of pairs of pictures a and b, (n, pixels) each, and of random codes.

    ``reconstruction`` (2n), ``path`` (`STEPS` x n: codes evenly spaced on the straight line from a to b), ``midpoint`` (n),
    ``own`` (`N`: codes from the Gaussian fitted to the codes of a and b), ``prior`` (`N`: codes from N(0, I)).
    """
    za, zb = model.codes(a), model.codes(b)
    codes = torch.cat([za, zb])
    t = torch.linspace(0, 1, STEPS)[:, None, None]
    return {
        "reconstruction": model.decode(codes),
        "path": model.decode((za + t * (zb - za)).flatten(0, 1)),
        "midpoint": model.decode((za + zb) / 2),
        "own": model.decode(evaluation.own_cloud(codes, N)),
        "prior": model.decode(evaluation.prior(model.latent_dim, N)),
    }


def measure_world(model, test: Tensor, true: Tensor) -> dict[str, float]:
    """1000 x the mean cosine distance to the nearest true picture, for each sort of picture of `pictures_of`."""
    a, b = test[:N], test[N : 2 * N]
    found = {name: evaluation.cosine_distance(x, true) for name, x in pictures_of(model, a, b).items()}
    return {name: round(1000 * distance.mean().item(), 2) for name, distance in found.items()}


def measure_digits(model, a: Tensor, b: Tensor, judge, true: Tensor) -> dict[str, float]:
    """For each sort of picture: the share that the judge is sure of, and the mean distance to the nearest true digit."""
    found = {}
    for name, x in pictures_of(model, a, b).items():
        if name != "path":
            found |= {f"{name}_sure": evaluation.confident_share(judge, x), **_far(name, x, true)}
    return {name: round(value, 3) for name, value in found.items()}


def _far(name: str, x: Tensor, true: Tensor) -> dict[str, float]:
    return {f"{name}_distance": evaluation.nearest(x, true)[0].mean().item()}


def digit_test(digits: data.Digits) -> tuple[Tensor, Tensor, Tensor]:
    """The pairs a and b of test digits of different classes, and the 20,000 training digits to be near to."""
    a, b = evaluation.pairs_of_classes(digits.test_y, N)
    return digits.test_x[a], digits.test_x[b], digits.train_x[:20_000]


def worlds(seeds: int = 5) -> dict:
    """Crescents, moons and lines x AE, VAE x 2, 8, 64 dimensions x seeds."""
    rows = []
    base = dataclasses.replace(checkpoints.RECIPES["vae-crescents"])
    for name in data.WORLDS:
        train_x, test_x = checkpoints.pictures(name)
        true = data.all_of_world(name)
        blend = evaluation.cosine_distance((test_x[:N] + test_x[N : 2 * N]) / 2, true).mean().item()
        floor = evaluation.cosine_distance(test_x, true).mean().item()
        rows.append({"world": name, "kind": "pixels", "reconstruction": 1000 * floor, "midpoint": 1000 * blend})
        for kind, latent_dim, seed in [(k, d, s) for k in KINDS for d in (2, 8, 64) for s in range(seeds)]:
            recipe = dataclasses.replace(base, kind=KINDS[kind], latent_dim=latent_dim, data=name, seed=seed)
            measured = measure_world(_trained(recipe, train_x), test_x, true)
            rows.append({"world": name, "kind": kind, "latent_dim": latent_dim, "seed": seed, **measured})
            print(rows[-1], flush=True)
    return {"unit": "1000 x cosine distance to the nearest true picture", "recipe": _common(base), "rows": rows}


def digits(seeds: int = 3) -> dict:
    """MNIST x AE, VAE x 2, 20, 128 dimensions: the stored networks, and others trained for 5 epochs x seeds."""
    mnist = data.mnist()
    a, b, true = digit_test(mnist)
    judge = evaluation.digit_classifier(mnist.train_x, mnist.train_y)
    correct = (judge(mnist.test_x).argmax(1) == mnist.test_y).float().mean().item()
    rows = []
    real = {"reconstruction": torch.cat([a, b]), "midpoint": (a + b) / 2}  # the pixels themselves, and their blend
    for name, x in real.items():
        sure = evaluation.confident_share(judge, x)
        rows.append({"kind": "pixels", f"{name}_sure": round(sure, 3), **_far(name, x, true)})
    for seed, kind, latent_dim in [(s, k, d) for s in (None, *range(seeds)) for k in KINDS for d in (2, 20, 128)]:
        name = f"{kind.lower()}-{latent_dim}"
        recipe = checkpoints.RECIPES[name]
        if seed is None:
            model = checkpoints.load(name)
        else:
            recipe = dataclasses.replace(recipe, epochs=5, seed=seed)
            model = _trained(recipe, mnist.train_x)
        made = {"kind": kind, "latent_dim": latent_dim, "epochs": recipe.epochs, "seed": recipe.seed}
        rows.append(made | {"stored": seed is None} | measure_digits(model, a, b, judge, true))
        print(rows[-1], flush=True)
    unit = "share of which the judge is sure, > 0.9; Euclidean distance to the nearest of 20,000 training digits"
    return {"unit": unit, "recipe": _common(recipe), "judge_correct": round(correct, 4), "rows": rows}


def _trained(recipe: checkpoints.Recipe, x: Tensor) -> torch.nn.Module:
    model = recipe.build()
    training = {key: getattr(recipe, key) for key in ("epochs", "batch_size", "lr", "beta", "seed")}
    fit(model, x, **training, progress=False)
    return model


def _common(recipe: checkpoints.Recipe) -> dict:
    """What all networks of a table have in common."""
    return {
        k: v for k, v in dataclasses.asdict(recipe).items() if k in ("hidden", "epochs", "batch_size", "lr", "beta")
    }


TABLES = {"worlds": worlds, "digits": digits}


def main(names: list[str]) -> None:
    """Make the named tables, or all."""
    FOLDER.mkdir(exist_ok=True)
    for name in names or TABLES:
        start = time.perf_counter()
        table = TABLES[name]()
        rows = ",\n".join("  " + json.dumps(row) for row in table.pop("rows"))
        settings = json.dumps({**table, "pairs": N, "steps": STEPS, "torch": torch.__version__}, indent=1)
        (FOLDER / f"{name}.json").write_text(f'{{"settings": {settings},\n "rows": [\n{rows}\n]}}\n')
        print(f"{name}: {time.perf_counter() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
