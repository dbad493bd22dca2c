"""The two data sets of the book: MNIST, read from the packed copy, and moons with known parameters."""

import contextlib
import hashlib
import json
import lzma
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from latentwalk._checks import check_rows
from latentwalk._torchvision import import_torchvision

PROJECT = Path(__file__).resolve().parents[2]


class DataError(RuntimeError):
    """The packed data are missing or are not what they should be, or cannot be unpacked."""


class Digits(NamedTuple):
    """MNIST as four tensors. Pictures are rows of 784 pixels in [0, 1], labels are the digits 0 to 9."""

    train_x: Tensor  # (60000, 784) float32
    train_y: Tensor  # (60000,) int64
    test_x: Tensor  # (10000, 784) float32
    test_y: Tensor  # (10000,) int64


def cache_folder() -> Path:
    """Where unpacked data are kept: ``LATENTWALK_CACHE``, or ``.cache`` inside the project."""
    return Path(os.environ.get("LATENTWALK_CACHE") or PROJECT / ".cache" / "latentwalk")


def mnist(pack: Path | None = None, cache: Path | None = None) -> Digits:
    """All 70,000 digits, through ``torchvision.datasets.MNIST``, without the network.

    The first call checks and unpacks the copy in ``data/``; later calls read the unpacked files.

    Parameters
    ----------
    pack
        Folder with the four ``.xz`` files and ``checksums.json``; by default the project's ``data``.
    cache
        Folder to unpack into; by default `cache_folder`.

    Raises
    ------
    DataError
        If a packed file is missing, truncated or altered, or the cache cannot be written. Nothing broken is left there.
    """
    root = unpack_mnist(Path(pack or PROJECT / "data"), Path(cache or cache_folder()))
    dataset = import_torchvision().datasets.MNIST
    parts = []
    for train in (True, False):
        part = dataset(root, train=train, download=False)
        parts += [part.data.view(-1, 784).float().div_(255), part.targets.long()]
    return Digits(*parts)


def binarize(x: Tensor, seed: int = 0) -> Tensor:
    """Pictures with each pixel drawn as 0 or 1, its grey value being the probability of 1; (n, pixels) -> (n, pixels)."""
    check_rows("x", x, pixels=True)
    return (torch.rand(x.shape, generator=torch.Generator().manual_seed(seed)) < x).to(x.dtype)


def unpack_mnist(pack: Path, cache: Path) -> Path:
    """Unpack MNIST into ``cache/MNIST/raw`` and return ``cache``, the ``root`` that torchvision expects.

    Safe against two processes at once and against being killed: the files are unpacked into a temporary folder beside
    the final one, checked there, and moved into place by one rename. Who comes second uses the first one's folder.
    """
    sums = _checksums(pack)
    raw = cache / "MNIST" / "raw"
    if not _is_intact(raw, sums):
        try:
            _fill(cache, raw, pack, sums)
        except OSError as error:
            raise DataError(
                f"{cache} cannot take the unpacked data ({error}). Make room for 60 MB there and let yourself write, "
                "or name another folder in the environment variable LATENTWALK_CACHE."
            ) from error
    return cache


def _fill(cache: Path, raw: Path, pack: Path, sums: dict) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    for left in cache.glob("unpacking-*"):  # by a process that was killed
        with contextlib.suppress(FileNotFoundError):  # another process clears it away, too
            if time.time() - left.stat().st_mtime > 3600:
                shutil.rmtree(left, ignore_errors=True)
    temporary = Path(tempfile.mkdtemp(prefix="unpacking-", dir=cache))
    try:
        ready = temporary / "raw"
        ready.mkdir()
        for name, expected in sums.items():
            (ready / name).write_bytes(_unpack(pack / f"{name}.xz", expected))
        raw.parent.mkdir(exist_ok=True)
        if raw.exists() and not _is_intact(raw, sums):  # an altered cache is replaced
            with contextlib.suppress(FileNotFoundError):  # another process has just done so
                raw.rename(temporary / "altered")
        try:
            ready.rename(raw)
        except OSError:  # another process was faster
            if not _is_intact(raw, sums):
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _checksums(pack: Path) -> dict:
    path = pack / "checksums.json"
    try:
        sums = json.loads(_read(path))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is not readable as JSON ({error}). {_REPAIR}") from None
    if not (
        isinstance(sums, dict) and sums and all(isinstance(v, dict) and v.keys() >= _FIELDS for v in sums.values())
    ):
        raise DataError(f"{path} lacks {', '.join(sorted(_FIELDS))} of the packed files. {_REPAIR}")
    return sums


_FIELDS = {"bytes", "sha256", "packed_sha256"}
_REPAIR = "It is part of the repository: restore it with `git checkout -- data` or clone again."


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path} is missing. {_REPAIR}") from None
    except (OSError, ValueError) as error:  # ValueError: checksums.json names what no file can be called
        raise DataError(f"{path} cannot be read ({error}). {_REPAIR}") from None


def _unpack(path: Path, expected: dict) -> bytes:
    packed = _read(path)
    found = hashlib.sha256(packed).hexdigest()
    if found != expected["packed_sha256"]:
        raise DataError(
            f"{path} is truncated or altered: {len(packed):,} bytes with sha256 {found}, "
            f"expected sha256 {expected['packed_sha256']}. {_REPAIR}"
        )
    try:
        content = lzma.decompress(packed)
    except lzma.LZMAError:
        content = b""
    if hashlib.sha256(content).hexdigest() != expected["sha256"]:
        raise DataError(f"{path} does not unpack to the bytes that checksums.json names. {_REPAIR}")
    return content


def _is_intact(raw: Path, sums: dict) -> bool:
    try:
        return all(
            (raw / name).stat().st_size == expected["bytes"]
            and hashlib.sha256((raw / name).read_bytes()).hexdigest() == expected["sha256"]
            for name, expected in sums.items()
        )
    except (OSError, ValueError):
        return False


def moons(phase: Tensor, tilt: Tensor, size: int = 28) -> Tensor:
    """Anti-aliased moons with known parameters: the true picture between two moons is known too.

    The lit part of a disc of radius 0.4 (in units of the picture) is bounded by half of its edge and by the
    terminator, half an ellipse; this is how the real moon shows its phases.

    Parameters
    ----------
    phase
        (n,) lit fraction of the disc, in [0, 1]: 0.06 a thin crescent, 0.5 a half moon, 1 a full moon.
    tilt
        (n,) angle in radians by which the moon is turned; any number.
    size
        Pictures have ``size`` x ``size`` pixels.

    Returns
    -------
    (n, size * size) float32, pixels in [0, 1].
    """
    phase, tilt = torch.as_tensor(phase).float(), torch.as_tensor(tilt).float()
    try:
        phase, tilt = torch.broadcast_tensors(phase, tilt)
    except RuntimeError as error:
        raise ValueError(f"phase and tilt: expected one shape (n,); {error}") from None
    if phase.dim() != 1:
        raise ValueError(f"phase and tilt: expected shape (n,), got {tuple(phase.shape)}")
    if not ((phase >= 0) & (phase <= 1)).all():
        raise ValueError("phase: expected numbers in [0, 1]")
    if not torch.isfinite(tilt).all():
        raise ValueError("tilt: expected finite angles in radians")
    if not isinstance(size, int) or size < 4:
        raise ValueError(f"size: expected at least 4 pixels, a whole number, got {size!r}")
    fine = 4  # 4 x 4 samples a pixel
    axis = (torch.arange(size * fine) + 0.5) / (size * fine) - 0.5
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    pictures = []
    for chunk in torch.arange(len(phase)).split(64):
        c, s = tilt[chunk].cos()[:, None, None], tilt[chunk].sin()[:, None, None]
        u, v = c * x + s * y, c * y - s * x  # turned coordinates
        half_width = (0.4**2 - v**2).clamp(min=0).sqrt()
        terminator = (1 - 2 * phase[chunk])[:, None, None] * half_width
        lit = (u <= half_width) & (u >= terminator) & (v.abs() < 0.4)
        pictures.append(torch.nn.functional.avg_pool2d(lit.float()[:, None], fine).flatten(1))
    return torch.cat(pictures) if pictures else torch.empty(0, size * size)


def lines(angle: Tensor, size: int = 32) -> Tensor:
    """Anti-aliased lines, about one and a half pixels wide, from the picture's centre towards its edge.

    After the lines of Berthelot et al., *Understanding and Improving Interpolation in Autoencoders via an Adversarial
    Regularizer*, arXiv 1807.07543, section 4.

    Parameters
    ----------
    angle
        (n,) in radians; any number.
    size
        Pictures have ``size`` x ``size`` pixels.

    Returns
    -------
    (n, size * size) float32, pixels in [0, 1].
    """
    angle = torch.as_tensor(angle).float()
    if angle.dim() != 1 or not torch.isfinite(angle).all():
        raise ValueError(f"angle: expected finite numbers of shape (n,), got shape {tuple(angle.shape)}")
    if not isinstance(size, int) or size < 4:
        raise ValueError(f"size: expected at least 4 pixels, a whole number, got {size!r}")
    axis = torch.arange(size) + 0.5 - size / 2  # in pixels from the centre
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    pictures = []
    for chunk in angle.split(256):
        c, s = chunk.cos()[:, None, None], chunk.sin()[:, None, None]
        along = (c * x + s * y).clamp(0, size / 2 - 1)  # the nearest point of the line
        distance = torch.hypot(x - along * c, y - along * s)
        pictures.append((1.25 - distance).clamp(0, 1).flatten(1))
    return torch.cat(pictures) if pictures else torch.empty(0, size * size)


# Chapter 01's worlds, in which every true picture is known: the phases that occur (None: lines); any tilt, 32 x 32 pixels.
WORLDS: dict[str, tuple[float, float] | None] = {"crescents": (0.06, 0.06), "moons": (0.1, 1.0), "lines": None}


def world(name: str, n: int, seed: int) -> Tensor:
    """``n`` random pictures of a world, (n, 1024): thin "crescents", "moons" of any phase from 0.1 to 1, or "lines"."""
    generator = torch.Generator().manual_seed(seed)
    tilt = 2 * torch.pi * torch.rand(n, generator=generator)
    if (phases := _phases(name)) is None:
        return lines(tilt)
    low, high = phases
    return moons(low + (high - low) * torch.rand(n, generator=generator), tilt, 32)


def all_of_world(name: str) -> Tensor:
    """A dense set of a world's true pictures: 1,440 tilts, or for moons 60 phases x 360 tilts. (m, 1024)."""
    if (phases := _phases(name)) is None:
        return lines(2 * torch.pi * torch.arange(1440) / 1440)
    low, high = phases
    n_phases, n_tilts = (1, 1440) if low == high else (60, 360)
    quarter = 2 * torch.pi * torch.arange(n_tilts // 4) / n_tilts
    phase, tilt = torch.meshgrid(torch.linspace(low, high, n_phases), quarter, indexing="ij")
    pictures = moons(phase.flatten(), tilt.flatten(), 32).view(n_phases, n_tilts // 4, 32, 32)
    turned = [pictures.rot90(-k, (2, 3)) for k in range(4)]  # a quarter turn moves pixels, and renders nothing anew
    return torch.cat(turned, 1).reshape(-1, 1024)


def _phases(name: str) -> tuple[float, float] | None:
    if name not in WORLDS:
        raise ValueError(f"name: expected one of {', '.join(WORLDS)}, got {name!r}")
    return WORLDS[name]
