"""The trained networks of the book, by name, and yours, by path: `load` and `save`.

Each of the book's is one safetensors file (float16; no pickle) and one manifest (JSON: recipe, metrics, sha256), made by
`latentwalk.making` (``make checkpoints``).
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as from_safetensors
from safetensors.torch import save as to_safetensors

from latentwalk.making.files import write
from latentwalk.models import VAE, Autoencoder, ConvVAE, DeepVAE, Generator, Judge

FOLDER = Path(__file__).parent / "networks"
NETWORKS = {network.__name__: network for network in (Autoencoder, VAE, DeepVAE, ConvVAE, Generator, Judge)}
SIZES = ("latent_dim", "classes", "hidden", "pixels")  # of a network, as its class and its manifest name them
_REPAIR = "restore it with `git checkout -- src/latentwalk/networks`, or train it again with `make checkpoints`."


class CheckpointError(RuntimeError):
    """A stored network is missing, or is not what its manifest says."""


def load(name: str | Path, folder: Path = FOLDER, *, model: torch.nn.Module | None = None) -> torch.nn.Module:
    """The trained network of that name, in float32 and eval mode; or the one of a file that `save` wrote, or a Lab.

    Parameters
    ----------
    name
        A stored network's name, or the path of a ``.safetensors`` file that carries its manifest.
    model
        A network of your own class, such as ``MyVAE()``, to be filled; one of the book's classes is built from the manifest.

    Raises `CheckpointError` if the network is not there, or its file is not the one that the manifest names.
    """
    if str(name).endswith(".safetensors"):
        path, repair = Path(name).expanduser(), "save it, or download it from the Lab, again."
        content = _read(path, repair)
        start = _start(content)
        manifest, numbers = _header(path, content[8:start], repair), content[start:]
    else:
        path, repair = folder / f"{name}.safetensors", _REPAIR
        manifest = read_manifest(str(name), folder)
        content = numbers = _read(path, repair)
    sha256 = hashlib.sha256(numbers).hexdigest()
    if sha256 != manifest["sha256"]:
        raise CheckpointError(f"{path} has changed: sha256 {sha256}, expected {manifest['sha256']}; {repair}")
    config, wanted = manifest["config"], "its manifest" if model is None else f"model, a {type(model).__name__}"
    kind = str(config.get("kind"))
    if model is None and kind not in NETWORKS:
        raise CheckpointError(
            f"{path} holds a {kind}, no class of this book: load it with model={kind}(); else {repair}"
        )
    try:
        if model is None:
            model = NETWORKS[kind](**{name: config[name] for name in SIZES if name in config})
        model.load_state_dict(from_safetensors(content))
    except (TypeError, ValueError, RuntimeError, SafetensorError) as error:
        raise CheckpointError(f"{path} does not fit {wanted} ({' '.join(str(error).split())}); {repair}") from error
    return model.eval()


def save(model: torch.nn.Module, path: str | Path) -> Path:
    """Store a network of any class in one safetensors file, its manifest in the header, whole or not at all; returns the file's path.

    The weights keep their type; buffers, such as BatchNorm's means, are stored with them. `load` reads the file.

    Raises ValueError if a weight is not finite, and `CheckpointError` if the file cannot be written; what was there before stays then.
    """
    path = Path(path).expanduser()
    path = path if path.suffix == ".safetensors" else path.with_name(f"{path.name}.safetensors")
    weights = {
        name: value.detach().cpu().clone(memory_format=torch.contiguous_format)
        for name, value in model.state_dict().items()
    }
    for name, value in weights.items():
        if value.is_floating_point() and not value.isfinite().all():
            raise ValueError(f"model: {name} has numbers that are not finite")
    sizes = {name: getattr(model, name) for name in SIZES if isinstance(getattr(model, name, None), int)}
    content = to_safetensors(weights)
    numbers = content[_start(content) :]
    manifest = {"config": {"kind": type(model).__name__, **sizes}, "sha256": hashlib.sha256(numbers).hexdigest()}
    try:
        write({path: to_safetensors(weights, {"manifest": json.dumps(manifest)})})
    except OSError as error:
        raise CheckpointError(f"{path} cannot be written ({error.strerror})") from None
    return path


def _start(content: bytes) -> int:
    """Where the numbers of a safetensors file begin."""
    return 8 + int.from_bytes(content[:8], "little")


def _read(path: Path, repair: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read ({error.strerror}); {repair}") from None


def _header(path: Path, header: bytes, repair: str) -> dict[str, Any]:
    """The manifest that `save` puts into a file's own header, under ``__metadata__``; its sha256 is that of the numbers behind it."""
    try:
        manifest = json.loads(json.loads(header)["__metadata__"]["manifest"])
        return {"config": dict(manifest["config"]), "sha256": str(manifest["sha256"])}
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise CheckpointError(
            f"{path} is no safetensors file with a manifest in its header ({error}); {repair}"
        ) from None


def read_manifest(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """The manifest of a stored network: ``config``, ``metrics`` (of a VAE recon and kl, nats per test image) and ``sha256``.

    Raises `CheckpointError` if there is no network of that name, or its manifest is not one.
    """
    path = folder / f"{name}.json"
    try:
        manifest = json.loads(path.read_bytes())
    except FileNotFoundError:
        known = ", ".join(sorted(p.stem for p in folder.glob("*.json"))) or "none"
        raise CheckpointError(f"no network named {name!r}; there are: {known}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise CheckpointError(f"{path} is not readable as JSON ({error}); {_REPAIR}") from None
    parts = {"config": dict, "metrics": dict, "sha256": str}
    if not isinstance(manifest, dict) or not all(isinstance(manifest.get(key), kind) for key, kind in parts.items()):
        raise CheckpointError(f"{path} lacks config, metrics or sha256; {_REPAIR}")
    return manifest
