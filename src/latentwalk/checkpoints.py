"""The trained networks of the book, by name.

Each is one safetensors file (float16; no pickle) and one manifest (JSON: recipe, metrics, sha256), made by
`latentwalk.making` (``make checkpoints``).
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as from_safetensors

from latentwalk.models import VAE, Autoencoder, DeepVAE, Generator, Judge

FOLDER = Path(__file__).parent / "networks"
NETWORKS = {network.__name__: network for network in (Autoencoder, VAE, DeepVAE, Generator, Judge)}
SIZES = ("latent_dim", "classes", "hidden", "pixels")  # of a network, as its class and its manifest name them
_REPAIR = "restore it with `git checkout -- src/latentwalk/networks`, or train it again with `make checkpoints`."


class CheckpointError(RuntimeError):
    """A stored network is missing, or is not what its manifest says."""


def load(name: str | Path, folder: Path = FOLDER) -> torch.nn.Module:
    """The trained network of that name, in float32 and eval mode; or the one of a file that was downloaded from a Lab.

    Parameters
    ----------
    name
        A stored network's name, or the path of a ``.safetensors`` file that carries its manifest.

    Raises `CheckpointError` if the network is not there, or its file is not the one that the manifest names.
    """
    if str(name).endswith(".safetensors"):
        return _load_file(Path(name).expanduser())
    name = str(name)
    manifest = read_manifest(name, folder)
    path = folder / f"{name}.safetensors"
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CheckpointError(f"{path} is missing; {_REPAIR}") from None
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read ({error.strerror}); {_REPAIR}") from None
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != manifest["sha256"]:
        raise CheckpointError(f"{path} has changed: sha256 {sha256}, expected {manifest['sha256']}; {_REPAIR}")
    return _build(path, manifest["config"], content, _REPAIR)


def _build(path: Path, config: dict, content: bytes, repair: str) -> torch.nn.Module:
    try:
        model = NETWORKS[config["kind"]](**{name: config[name] for name in SIZES if name in config})
        model.load_state_dict({k: v.float() for k, v in from_safetensors(content).items()})
    except (KeyError, TypeError, ValueError, RuntimeError, SafetensorError) as error:
        raise CheckpointError(f"{path} does not fit its manifest ({error}); {repair}") from error
    return model.eval()


def _load_file(path: Path) -> torch.nn.Module:
    """A network with its manifest in the file's own header, under ``__metadata__``; its sha256 is that of the numbers."""
    repair = "download it from the Lab again."
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read ({error.strerror}); {repair}") from None
    start = 8 + int.from_bytes(content[:8], "little")
    try:
        manifest = json.loads(json.loads(content[8:start])["__metadata__"]["manifest"])
        config, expected = manifest["config"], manifest["sha256"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise CheckpointError(
            f"{path} is no safetensors file with a manifest in its header ({error}); {repair}"
        ) from None
    sha256 = hashlib.sha256(content[start:]).hexdigest()
    if sha256 != expected:
        raise CheckpointError(
            f"{path} has changed: its numbers have the sha256 {sha256}, expected {expected}; {repair}"
        )
    return _build(path, config, content, repair)


def half(name: str, model: torch.nn.Module) -> dict[str, torch.Tensor]:
    """The weights of a network as they are stored, in float16. ValueError if one of them is not finite then."""
    weights = {key: value.detach().half().contiguous() for key, value in model.state_dict().items()}
    if not all(value.isfinite().all() for value in weights.values()):
        raise ValueError(f"model: {name} has weights that are not finite in half precision")
    return weights


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
