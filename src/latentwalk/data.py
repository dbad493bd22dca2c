"""The data sets of the book: MNIST, read from the packed copy, and moons and lines with known parameters. And yours: `read`."""

import hashlib
import json
import lzma
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from latentwalk._checks import check_pictures
from latentwalk.page import pictures
from latentwalk.page.arrays import DataError

PACK = Path(__file__).with_name("mnist")
FASHION = Path(__file__).with_name("fashion")  # 1,800 pictures of Fashion-MNIST: sandals, shoes and boots
_REPAIR = (
    "It is part of the package: restore it with `git checkout -- src/latentwalk/mnist`, or install latentwalk again."
)


class Digits(NamedTuple):
    """MNIST as four tensors. Pictures are rows of 784 pixels in [0, 1], labels are the digits 0 to 9."""

    train_x: Tensor  # (60000, 784) float32
    train_y: Tensor  # (60000,) int64
    test_x: Tensor  # (10000, 784) float32
    test_y: Tensor  # (10000,) int64


def mnist(pack: str | Path = PACK) -> Digits:
    """All 70,000 digits, from the copy in ``mnist/`` and without the network.

    ``pack`` is a folder with the four ``.xz`` files and ``checksums.json``. Raises `DataError` if one of them is missing,
    truncated or altered.
    """

    def images(part: str) -> Tensor:
        return _read_idx(f"{part}-images-idx3-ubyte", pack, header=16).view(-1, 784).float().div_(255)

    def labels(part: str) -> Tensor:
        return _read_idx(f"{part}-labels-idx1-ubyte", pack, header=8).long()

    return Digits(images("train"), labels("train"), images("t10k"), labels("t10k"))


def _read_idx(name: str, pack: str | Path, header: int) -> Tensor:
    """The bytes of a file of the pack that follow its header."""
    return torch.frombuffer(bytearray(unpack(name, pack)), dtype=torch.uint8, offset=header)


def unpack(name: str, pack: str | Path = PACK) -> bytes:
    """One file of the pack, as it was before it was packed. Raises `DataError` unless it has the sha256 of ``checksums.json``."""
    pack = Path(pack)
    try:
        expected = json.loads(_read(pack / "checksums.json"))[name]["sha256"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise DataError(
            f"{pack / 'checksums.json'} is not JSON with the sha256 of {name} ({error}). {_REPAIR}"
        ) from None
    path = pack / f"{name}.xz"
    packed = _read(path)
    try:
        content = lzma.decompress(packed)
    except lzma.LZMAError:
        content = b""
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != expected:
        raise DataError(
            f"{path} is truncated or altered: {len(packed):,} bytes, unpacked {len(content):,} with sha256 {sha256}, "
            f"expected sha256 {expected}. {_REPAIR}"
        )
    return content


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path} is missing. {_REPAIR}") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}). {_REPAIR}") from None


def read(path: str | Path, part: str = "train", *, names: list[str] | None = None, size=None) -> pictures.Pictures:
    """Your pictures, from a file or a folder: ``x`` (n, pixels) in [0, 1], ``y`` (n,), ``names`` of the classes, ``shape`` of a picture.

    Parameters
    ----------
    path
        An idx file of pictures, packed (.gz) or not, as MNIST, Fashion-MNIST, KMNIST and EMNIST are (EMNIST's pictures, which lie on
        their side, are set upright); a folder of such files, also torchvision's (``data/FashionMNIST``); an .npy or .npz file, pictures
        (n, height, width), (n, height, width, 3) or (n, 3, height, width), bytes or shares in [0, 1]; or a folder with a folder of
        images for each class, or two such folders, "train" and "test". Labels, numbers or words, are in the same .npz, or in the file
        beside it that has "labels" for "images" in its name; without any, all pictures are of one class.
    part
        "train" or "test", where a folder or an .npz has both.
    names
        What the labels 0, 1, ... mean (or 1, 2, ..., if the largest is their number). By default those of the data set that the path names, the names of a folder's folders, or numbers.
    size
        (height, width): each picture is cut to that shape around its middle and scaled to that size. Figures show 96 x 96 at most.

    Raises `DataError` with the file's name and what is wrong with it.
    """
    return pictures.read(path, part, names, size)


def binarize(x: Tensor, seed: int = 0) -> Tensor:
    """Pictures with each pixel drawn as 0 or 1, its grey value being the probability of 1; (n, pixels) -> (n, pixels).

    Raises ValueError if ``x`` are no pictures.
    """
    x = check_pictures("x", x)
    return (torch.rand(x.shape, generator=torch.Generator().manual_seed(seed)).to(x.device) < x).to(x.dtype)


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
    phase, tilt = torch.broadcast_tensors(torch.as_tensor(phase).float(), torch.as_tensor(tilt).float())
    if phase.dim() != 1 or not ((phase >= 0) & (phase <= 1) & tilt.isfinite()).all():
        raise ValueError("phase and tilt: expected finite numbers (n,), phases in [0, 1]")
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

    Parameters: angle (n,) in radians. Returns (n, size * size) float32, pixels in [0, 1].
    """
    axis = torch.arange(size) + 0.5 - size / 2  # in pixels from the centre
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    pictures = []
    for chunk in torch.as_tensor(angle).float().split(256):
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
