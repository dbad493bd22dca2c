"""Train networks from their recipes, store them, and say what moved."""

import dataclasses
import hashlib
import json
import time
from pathlib import Path

import torch
from safetensors.torch import save as to_safetensors

from latentwalk.checkpoints import FOLDER, CheckpointError, load, read_manifest
from latentwalk.making.files import half, write
from latentwalk.making.recipes import RECIPES
from latentwalk.making.workers import side_by_side

# A network that is trained anew, on any machine, has the sum of its metrics (of a VAE recon + KL) within this share of the stored one's.
TOLERANCE = 0.01


def make(names: list[str]) -> None:
    """Train the named networks, compare their metrics with the stored ones, and verify what is stored now."""
    if not names:
        return
    names = sorted(names, key=lambda name: -RECIPES[name].epochs)
    stored = {name: read_manifest(name)["metrics"] for name in names if (FOLDER / f"{name}.json").exists()}
    print(f"training {len(names)} networks, the longest first; it is the first to be reported", flush=True)
    start, moved = time.perf_counter(), []
    for name, (metrics, seconds) in zip(names, side_by_side(_train_timed, names)):
        verify(name)
        text, share = _compare(stored.get(name), metrics)
        print(f"{name:20} {seconds:6.0f} s   {text}", flush=True)
        if abs(share) > TOLERANCE:
            moved.append(name)
    seconds = time.perf_counter() - start
    print(f"{len(names)} networks in {seconds:.0f} s; every file is what its manifest and its recipe say.")
    print(f"Moved by more than {TOLERANCE:.0%}: {', '.join(moved) or 'none'}.", flush=True)


def _compare(before: dict | None, after: dict) -> tuple[str, float]:
    """The metrics before and now as text, and how far their sum moved, as a share."""
    if before is None:
        return ", ".join(f"{name} {value:.2f}" for name, value in after.items()) + "   new", 0.0
    share = sum(after.values()) / sum(before.values()) - 1
    text = ", ".join(f"{name} {before[name]:.2f} -> {value:.2f}" for name, value in after.items())
    return f"{text}   {100 * share:+.2f}%", share


def _train_timed(name: str) -> tuple[dict, float]:
    start = time.perf_counter()
    return train(name)["metrics"], time.perf_counter() - start


def train(name: str, folder: Path = FOLDER) -> dict:
    """Train the network of that name from its recipe and store it; returns its manifest."""
    recipe = RECIPES[name]
    model = recipe.make()
    model.load_state_dict({k: v.half().float() for k, v in model.state_dict().items()})  # as it will be stored
    return save(name, model, dataclasses.asdict(recipe), recipe.measure(model), folder)


def save(name: str, model: torch.nn.Module, config: dict, metrics: dict, folder: Path = FOLDER) -> dict:
    """Store a network and its manifest; returns the manifest.

    A process that is killed just between their two renames leaves a pair that `load` refuses; a full disk leaves the old pair.

    Raises
    ------
    ValueError
        If a weight is not finite in half precision.
    """
    content = to_safetensors(half(name, model))
    config = {**config, "pixels": model.pixels}
    manifest = {"config": config, "metrics": metrics, "sha256": hashlib.sha256(content).hexdigest()}
    text = json.dumps(manifest, indent=2) + "\n"
    write({folder / f"{name}.safetensors": content, folder / f"{name}.json": text.encode()})
    return manifest


def verify(name: str, folder: Path = FOLDER) -> None:
    """Raise `CheckpointError` if a stored network's file, manifest and recipe do not belong together."""
    config = read_manifest(name, folder)["config"]
    load(name, folder)
    if name not in RECIPES:
        raise CheckpointError(f"{folder / name}.json: no recipe of that name in latentwalk.making.recipes.RECIPES")
    for key, value in dataclasses.asdict(RECIPES[name]).items():
        stored = config.get(key, getattr(type(RECIPES[name]), key))  # what a manifest does not name is as in the class
        if stored != value:
            raise CheckpointError(
                f"{folder / name}.json: {key} is {stored!r}, in the recipe {value!r}; train it again with "
                f"`make checkpoints NAMES={name}`"
            )
