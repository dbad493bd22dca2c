"""The trained networks of the book, by name.

Each is one safetensors file (float16; no pickle) and one manifest (JSON: recipe, metrics, sha256), made from its recipe by
``python -m latentwalk.checkpoints`` (``make checkpoints``).
"""

import contextlib
import dataclasses
import hashlib
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_bytes
from safetensors.torch import save as save_bytes
from torch import Tensor

from latentwalk import data
from latentwalk._checks import check_rows
from latentwalk.losses import terms
from latentwalk.models import VAE, Autoencoder, DeepVAE
from latentwalk.training import fit

FOLDER = Path(__file__).parent / "networks"
KINDS = {"Autoencoder": Autoencoder, "VAE": VAE, "DeepVAE": DeepVAE}
BAND = 0.01  # a network that is trained anew, on any machine, has the stored one's recon + KL within this share of it


class CheckpointError(RuntimeError):
    """A stored network is missing, or is not what its manifest says."""


@dataclasses.dataclass(frozen=True)
class Recipe:
    """All that a network is made of. ``data`` is a name in `pictures`; the rest are arguments of the class and of `fit`."""

    kind: str = "VAE"
    latent_dim: int = 20
    hidden: int = 400
    data: str = "mnist"
    beta: float = 1.0
    epochs: int = 15
    batch_size: int = 128
    lr: float = 4e-3
    schedule: str = "cos"
    warm_up: int = 0
    precision: str = "highest"  # of matrix products; "medium" may use bfloat16, twice as fast on many new processors
    seed: int = 0

    def build(self) -> torch.nn.Module:
        """The untrained network; its first weights follow from the seed."""
        torch.manual_seed(self.seed)
        pixels = 784 if self.data.startswith("mnist") else pictures(self.data)[0].shape[1]
        return KINDS[self.kind](self.latent_dim, self.hidden, pixels)

    def fit(self, model: torch.nn.Module, x: Tensor, **options) -> torch.nn.Module:
        """Train ``model`` on ``x`` in place, and return it; ``options`` are further ones of `fit`."""
        names = ("epochs", "batch_size", "lr", "schedule", "beta", "warm_up", "seed")
        own = {name: getattr(self, name) for name in names} | {"binarize": self.data == "mnist-binary"}
        before = torch.get_float32_matmul_precision()
        torch.set_float32_matmul_precision(self.precision)
        try:
            fit(model, x, **own, progress=False, **options)
        finally:
            torch.set_float32_matmul_precision(before)
        return model


RECIPES: dict[str, Recipe] = {
    "vae-20": Recipe(epochs=20),
    "vae-2": Recipe(latent_dim=2, epochs=20),
    "vae-128": Recipe(latent_dim=128, epochs=20),
    "ae-2": Recipe(kind="Autoencoder", latent_dim=2, epochs=20),
    "ae-20": Recipe(kind="Autoencoder", epochs=20),
    "ae-128": Recipe(kind="Autoencoder", latent_dim=128, epochs=20),
    # Chapter 01: thin crescents, and moons of any phase; see `data.world`.
    **{
        f"{short}-{world}": Recipe(kind, latent_dim=64, hidden=200, data=world, epochs=30)
        for world in ("crescents", "moons")
        for short, kind in (("ae", "Autoencoder"), ("vae", "VAE"))
    },
    # Chapter 04: the same network under other weights of the KL term; "vae-20" is the one with beta = 1.
    **{f"vae-20-beta-{beta:g}": Recipe(beta=beta, epochs=20) for beta in (0.0, 0.1, 0.5, 2.0, 4.0, 10.0)},
    # Chapter 07: pixels that are 0 or 1, so that there is a likelihood to speak of.
    "vae-20-binary": Recipe(data="mnist-binary", epochs=60),
    "vae-20-static": Recipe(data="mnist-static", epochs=60),
    # The best of half a dozen recipes, by the bounds of 5,000 training pictures that were held out for the choice.
    "vae-50-binary": Recipe(
        "DeepVAE", 50, 500, "mnist-binary", epochs=180, batch_size=256, warm_up=70, precision="medium"
    ),
}


def pictures(name: str) -> tuple[Tensor, Tensor]:
    """The training and the test pictures of a data set by name, each (n, pixels) in [0, 1].

    "mnist-binary" has grey training pictures, from which `fit` draws black and white ones, and test pictures drawn once;
    in "mnist-static" the training pictures are drawn once, too.
    """
    if name in data.WORLDS:
        return data.world(name, 4000, seed=1), data.world(name, 1000, seed=2)
    if name not in ("mnist", "mnist-binary", "mnist-static"):
        raise ValueError(f"data: expected mnist, mnist-binary, mnist-static, {', '.join(data.WORLDS)}, got {name!r}")
    train_x, _, test_x, _ = data.mnist()
    if name == "mnist-static":
        train_x = data.binarize(train_x, seed=1)
    return train_x, test_x if name == "mnist" else data.binarize(test_x)


def load(name: str, folder: Path = FOLDER) -> torch.nn.Module:
    """The trained network of that name, in float32 and eval mode.

    Raises
    ------
    CheckpointError
        If the network is not there, or its file is not the one that the manifest names.
    """
    manifest = read_manifest(name, folder)
    path = folder / f"{name}.safetensors"
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CheckpointError(f"{path} is missing; {_REPAIR}") from None
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read ({error.strerror}); {_REPAIR}") from None
    found = hashlib.sha256(content).hexdigest()
    if found != manifest["sha256"]:
        raise CheckpointError(f"{path} has changed: sha256 {found}, expected {manifest['sha256']}; {_REPAIR}")
    config = manifest["config"]
    try:
        model = KINDS[config["kind"]](config["latent_dim"], config["hidden"], config["pixels"])
        model.load_state_dict({k: v.float() for k, v in load_bytes(content).items()})
    except (KeyError, TypeError, ValueError, RuntimeError, SafetensorError) as error:
        raise CheckpointError(f"{path} does not fit its manifest ({error}); {_REPAIR}") from error
    return model.eval()


_REPAIR = "restore it with `git checkout -- src/latentwalk/networks`, or train it again with `make checkpoints`."


def read_manifest(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """The manifest of a stored network: ``config``, ``metrics`` (nats per test image) and ``sha256``."""
    path = folder / f"{name}.json"
    try:
        manifest = json.loads(path.read_bytes())
    except FileNotFoundError:
        known = ", ".join(sorted(p.stem for p in folder.glob("*.json"))) or "none"
        raise CheckpointError(f"no network named {name!r}; there are: {known}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise CheckpointError(f"{path} is not readable as JSON ({error}); {_REPAIR}") from None
    kinds = {"config": dict, "metrics": dict, "sha256": str}
    if not isinstance(manifest, dict) or not all(isinstance(manifest.get(key), kind) for key, kind in kinds.items()):
        raise CheckpointError(f"{path} lacks config, metrics or sha256; {_REPAIR}")
    return manifest


def save(name: str, model: torch.nn.Module, config: dict, metrics: dict, folder: Path = FOLDER) -> dict:
    """Store a network and its manifest, each by one atomic rename; returns the manifest.

    A process that is killed just between the two leaves a pair that `load` refuses; a full disk leaves the old pair.

    Raises
    ------
    ValueError
        If a weight is not finite in half precision.
    """
    weights = {k: v.detach().half().contiguous() for k, v in model.state_dict().items()}
    if not all(torch.isfinite(v).all() for v in weights.values()):
        raise ValueError(f"model: {name} has weights that are not finite in half precision")
    content = save_bytes(weights)
    config = {**config, "pixels": model.pixels}
    manifest = {"config": config, "metrics": metrics, "sha256": hashlib.sha256(content).hexdigest()}
    text = json.dumps(manifest, indent=2) + "\n"
    _write({folder / f"{name}.safetensors": content, folder / f"{name}.json": text.encode()})
    return manifest


def write(path: Path, content: bytes) -> None:
    """Put a file in its place by one atomic rename: there is the old one, or the whole new one."""
    _write({path: content})


def _write(files: dict[Path, bytes]) -> None:
    """All of them beside their places first, so that a full disk leaves every old one; then each by its rename."""
    ready = {}
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            for left in path.parent.glob(f".{path.name}-*"):  # by a process that was killed
                with contextlib.suppress(FileNotFoundError):  # another process clears it away, too
                    if time.time() - left.stat().st_mtime > 3600:
                        left.unlink()
            handle, ready[path] = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.chmod(ready[path], 0o644)
        for path, temporary in ready.items():
            os.replace(temporary, path)
    finally:
        for temporary in ready.values():
            Path(temporary).unlink(missing_ok=True)


@torch.no_grad()
def measure(model: torch.nn.Module, x: Tensor, seed: int = 0) -> dict[str, float]:
    """Mean reconstruction and KL over pictures ``x``, with one sample of z each: nats per image."""
    check_rows("x", x, pixels=True)
    if not len(x):
        raise ValueError("x: expected one picture at least")
    with torch.random.fork_rng():  # measured between two epochs, it leaves the training's own noise as it was
        torch.manual_seed(seed)
        parts = [torch.stack(terms(model, batch), 1) for batch in x.split(2000)]
    recon, kl = torch.cat(parts).mean(0).tolist()
    return {"recon": round(recon, 3), "kl": round(kl, 3)}


def train(name: str, folder: Path = FOLDER) -> dict:
    """Train the network of that name from its recipe and store it; returns its manifest."""
    recipe = RECIPES[name]
    train_x, test_x = pictures(recipe.data)
    model = recipe.fit(recipe.build(), train_x)
    model.load_state_dict({k: v.half().float() for k, v in model.state_dict().items()})  # as it will be stored
    return save(name, model, dataclasses.asdict(recipe), measure(model, test_x), folder)


def verify(name: str, folder: Path = FOLDER) -> None:
    """Raise `CheckpointError` if a stored network's file, manifest and recipe do not belong together."""
    config = read_manifest(name, folder)["config"]
    load(name, folder)
    if name not in RECIPES:
        raise CheckpointError(f"{folder / name}.json: no recipe of that name in latentwalk.checkpoints.RECIPES")
    for key, value in dataclasses.asdict(RECIPES[name]).items():
        if config.get(key, getattr(Recipe, key)) != value:  # what a manifest does not name is as in the class
            raise CheckpointError(
                f"{folder / name}.json: {key} is {config.get(key)!r}, in the recipe {value!r}; {_REPAIR}"
            )


def side_by_side(function: Callable, jobs: Iterable) -> Iterator:
    """What ``function``, one of a module, gives for each job, in their order.

    One process for each core, with one thread: faster than threads at these sizes, and the same on any number of cores.
    """
    with ProcessPoolExecutor(
        min(4, os.cpu_count() or 1),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_set_up_worker,
    ) as pool:
        yield from pool.map(function, jobs)


def _set_up_worker() -> None:
    torch.set_num_threads(1)
    # Numbers below 1e-38 count as 0. Adam's averages for pixels that are black in every picture come to lie there, and the
    # processor takes so long over them that an epoch takes twice as long from the tenth on.
    torch.set_flush_denormal(True)


def _timed(name: str) -> tuple[dict, float]:
    start = time.perf_counter()
    return train(name)["metrics"], time.perf_counter() - start


def main(names: list[str]) -> None:
    """Train the named networks, or all, say what moved against the stored manifests, and verify what is stored now."""
    unknown = set(names) - set(RECIPES)
    if unknown:
        sys.exit(f"no recipe named {', '.join(sorted(unknown))}; there are: {', '.join(RECIPES)}")
    names = sorted(names or RECIPES, key=lambda name: -RECIPES[name].epochs)  # the longest first
    known = {path.stem for path in FOLDER.glob("*.json")}
    stored = {name: read_manifest(name)["metrics"] for name in names if name in known}
    print(f"training {len(names)} networks, the longest first; it is the first to be reported", flush=True)
    start, far = time.perf_counter(), []
    for name, (after, seconds) in zip(names, side_by_side(_timed, names)):
        verify(name)
        before = stored.get(name)
        said = "new"
        if before:
            share = sum(after.values()) / sum(before.values()) - 1
            said = f"{100 * share:+.2f}%"
            if abs(share) > BAND:
                far.append(name)
        figures = ", ".join(f"{k} {before[k]:.2f} -> {v:.2f}" if before else f"{k} {v:.2f}" for k, v in after.items())
        print(f"{name:20} {seconds:6.0f} s   {figures}   {said}", flush=True)
    print(
        f"{len(names)} networks in {time.perf_counter() - start:.0f} s; every file is what its manifest and its recipe say."
    )
    print(f"Moved by more than {BAND:.0%} of recon + KL: {', '.join(far) or 'none'}.", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
