"""How `latentwalk.data.read` reads the files that people have: idx, NumPy's, and folders of pictures. No chapter needs this read."""

import gzip
import math
import string
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from latentwalk._checks import MOST, picture_shape


class DataError(RuntimeError):
    """Data are missing, or are not what they should be."""


class Pictures(NamedTuple):
    """Pictures with their classes, as figures take them."""

    x: Tensor  # (n, pixels) float32 in [0, 1]; a picture in colour is its red, its green and its blue numbers
    y: Tensor  # (n,) int64, the class of each
    names: list[str]  # of the classes
    shape: tuple[int, int, int]  # channels, height and width of a picture


FASHION = ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "shoe", "bag", "boot"]
KMNIST = list("おきすつなはまやれを")
_CAPITALS = string.digits + string.ascii_uppercase
# The names of the classes, by what the path of a file says. EMNIST's splits: G. Cohen et al., arXiv 1702.05373, section II.
KNOWN = {
    "fashion": FASHION,
    "kmnist": KMNIST,
    "letters": list(string.ascii_lowercase),
    "balanced": list(_CAPITALS + "abdefghnqrt"),
    "bymerge": list(_CAPITALS + "abdefghnqrt"),
    "byclass": list(_CAPITALS + string.ascii_lowercase),
}
PARTS = {"train": ("train",), "test": ("t10k", "test")}  # what files call them
_IDX = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}  # the third byte of an idx file


def read(path: str | Path, part: str = "train", names: list[str] | None = None, size=None) -> Pictures:
    """See `latentwalk.data.read`."""
    if part not in PARTS:
        raise ValueError(f"part: expected 'train' or 'test', got {part!r}")
    path = Path(path).expanduser()
    if not path.exists():
        raise DataError(f"{path} is missing")
    if path.is_dir() and not (path := _file_of_folder(path, part)).is_file():
        return _folder(path, names, size)
    arrays = _arrays(path)
    x, where = _pictures(path, arrays, part)
    y = _labels(path, arrays, where)
    if "emnist" in path.name.lower():  # its pictures lie on their side
        x = x.transpose(-1, -2)
        if "letters" in path.name.lower() and y is not None and y.min() >= 1:
            y = y - 1  # a is 1 there
    if y is None:
        y, names = torch.zeros(len(x), dtype=torch.int64), names or ["picture"]
    if len(y) != len(x):
        raise DataError(f"{path} has {len(x):,} pictures, and there are {len(y):,} labels")
    return _as_rows(path, x, y, names, size)


def _as_rows(path: Path, x: Tensor, y: Tensor, names: list[str] | None, size) -> Pictures:
    """Pictures (n, channels, height, width) and their classes, as `Pictures`."""
    names = _names(path, int(y.max()) + 1, names)
    if int(y.min()) < 0 or int(y.max()) >= len(names):
        raise DataError(
            f"{path}: a label {int(y.max() if y.min() >= 0 else y.min())}, and there are {len(names)} names"
        )
    if size is not None:
        x = _resized(x, size)
    channels, height, width = x.shape[1:]
    return Pictures(x.flatten(1), y, names, (channels, height, width))


def _names(path: Path, count: int, names: list[str] | None) -> list[str]:
    if names is not None:
        return [str(name) for name in names]
    where = "/".join(path.parts[-3:]).lower()
    return next((known for word, known in KNOWN.items() if word in where), [str(i) for i in range(max(10, count))])


def _resized(x: Tensor, size) -> Tensor:
    """The middle of each picture, as much of it as has the new shape, at its new size; (n, channels, height, width)."""
    height, width = size
    scale = max(height / x.shape[2], width / x.shape[3])
    larger = [max(new, round(scale * old)) for new, old in zip((height, width), x.shape[2:])]
    x = torch.nn.functional.interpolate(x, larger, mode="bilinear", antialias=True).clamp(0, 1)
    top, left = (larger[0] - height) // 2, (larger[1] - width) // 2
    return x[:, :, top : top + height, left : left + width]


# Files of arrays


def _file_of_folder(folder: Path, part: str) -> Path:
    """The file of pictures in a folder such as torchvision's (FashionMNIST or FashionMNIST/raw), or the folder itself."""
    for place in (folder, folder / "raw"):
        files = sorted((p for p in place.glob("*images*idx3*") if p.suffix in ("", ".gz")), reverse=True)
        mine = {p.name.removesuffix(".gz"): p for p in files if any(word in p.name for word in PARTS[part])}
        if len(mine) > 1:
            raise DataError(f"{place} has several files of pictures: {', '.join(sorted(mine))}; give the path of one")
        if mine:
            return next(iter(mine.values()))
        if files:
            raise DataError(f"{place} has no pictures for part={part!r}: {', '.join(p.name for p in files)}")
    return folder


def _arrays(path: Path) -> dict[str, np.ndarray]:
    """The arrays in a file by name; of an idx or an npy file, one without a name."""
    try:
        if path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as file:
                return {name: file[name] for name in file.files}
        if path.suffix == ".npy":
            return {"": np.load(path, allow_pickle=False)}
        content = path.read_bytes()
        return {"": _idx(path, gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content)}
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is cut off or damaged ({error})") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror or error})") from None
    except (ValueError, SyntaxError) as error:  # from NumPy
        raise DataError(f"{path} is no array of numbers ({str(error).splitlines()[0]})") from None


def _idx(path: Path, content: bytes) -> np.ndarray:
    """An idx file: two bytes 0, the kind of number, how many axes, their lengths (four bytes each, big-endian), the numbers."""
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in _IDX or not 1 <= content[3] <= 4:
        raise DataError(
            f"{path} is no idx file: it begins with {content[:4].hex(' ') or 'nothing'}, expected 00 00 08 03"
        )
    start, kind = 4 + 4 * content[3], np.dtype(_IDX[content[2]])
    shape = [int.from_bytes(content[i : i + 4], "big") for i in range(4, start, 4)]
    expected = start + kind.itemsize * math.prod(shape)
    if len(content) != expected:
        raise DataError(f"{path} is cut off or damaged: {len(content):,} bytes, expected {expected:,}")
    return np.frombuffer(bytearray(content), kind, offset=start).reshape(shape)  # of bytes that may be written to


def _pictures(path: Path, arrays: dict[str, np.ndarray], part: str) -> tuple[Tensor, str]:
    """The pictures among the arrays, (n, channels, height, width), and the array's name."""
    several = {
        name: array for name, array in arrays.items() if array.ndim > 2 or (array.ndim == 2 and array.shape[1] > 3)
    }
    mine = {k: v for k, v in several.items() if any(word in k.lower() for word in PARTS[part])} or several
    if len(mine) != 1:
        shapes = ", ".join(f"{name or 'an array'} {array.shape}" for name, array in arrays.items()) or "none"
        raise DataError(
            f"{path} has no array, or several, that could be the pictures; expected (n, height, width), got {shapes}"
        )
    ((name, array),) = mine.items()
    if not array.size:
        raise DataError(f"{path} holds no pictures: {name or 'its array'} is {array.shape}")
    x = _shares(path, array)
    if x.ndim == 2:
        try:
            x = x.unflatten(1, picture_shape(x.shape[1]))
        except ValueError:
            raise DataError(
                f"{path}: rows of {x.shape[1]} numbers are no square pictures; store (n, height, width)"
            ) from None
    elif x.ndim == 3:
        x = x[:, None]
    elif x.ndim == 4 and x.shape[1] not in (1, 3) and x.shape[3] in (1, 3):
        x = x.movedim(3, 1)
    if x.ndim != 4 or x.shape[1] not in (1, 3):
        raise DataError(f"{path}: expected pictures (n, height, width), with or without 3 colours, got {array.shape}")
    return x, name


def _shares(path: Path, array: np.ndarray) -> Tensor:
    """Numbers of any type as float32 in [0, 1]; whole ones go from 0 to 255."""
    if array.dtype.kind not in "buif":
        raise DataError(f"{path}: expected whole numbers from 0 to 255 or shares from 0 to 1, got {array.dtype}")
    most = 255 if array.dtype.kind in "ui" else 1
    if not ((array >= 0) & (array <= most)).all():  # so that NaN is found as well
        raise DataError(f"{path}: expected {array.dtype} from 0 to {most}, got {array.min():g} to {array.max():g}")
    x = torch.from_numpy(np.ascontiguousarray(array, array.dtype.newbyteorder("=")))
    return x.float().div_(most)


def _labels(path: Path, arrays: dict[str, np.ndarray], pictures: str) -> Tensor | None:
    """The labels that go with the pictures: in the same file, or in the one beside it whose name says so; None without any."""
    if len(arrays) > 1:
        count = len(arrays[pictures])
        words = [word for words in PARTS.values() for word in words if word in pictures.lower()]
        fitting = [name for name, array in arrays.items() if array.size == count and name != pictures]
        fitting = [name for name in fitting if all(word in name.lower() for word in words)]
        label = arrays[fitting[0]] if len(fitting) == 1 else None
    else:
        beside = _beside(path)
        label = next(iter(_arrays(beside).values())) if beside else None
    if label is None:
        return None
    label = label.reshape(-1)
    if label.dtype.kind not in "bui":
        raise DataError(f"{path}: expected labels that are whole numbers, got {label.dtype}")
    return torch.from_numpy(label.astype(np.int64))


def _beside(path: Path) -> Path | None:
    for word in ("images-idx3", "images", "imgs"):
        if word in path.name:
            name = path.name.replace(word, {"images-idx3": "labels-idx1"}.get(word, "labels"))
            names = (name, f"{name}.gz", name.removesuffix(".gz"))
            return next((path.with_name(n) for n in names if path.with_name(n).is_file()), None)
    return None


# Folders of pictures


def _folder(folder: Path, names: list[str] | None, size) -> Pictures:
    """A folder of pictures, one class a folder: torchvision's ImageFolder finds them and opens each."""
    from PIL import Image

    from latentwalk.making._torchvision import import_torchvision

    def load(path: str) -> Tensor:
        try:
            with Image.open(path) as file:
                picture = torch.from_numpy(np.array(file.convert("RGB"))).movedim(2, 0)[None] / 255
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise DataError(f"{path} is no picture that can be opened ({error})") from None
        if size is None and max(picture.shape) > MOST:
            raise DataError(
                f"{path} has {picture.shape[2]} x {picture.shape[3]} pixels; figures show {MOST} x {MOST} at most: give size=(28, 28), for example"
            )
        return picture if size is None else _resized(picture, size)

    try:
        found = import_torchvision().datasets.ImageFolder(str(folder), loader=load)
    except FileNotFoundError as error:
        raise DataError(f"{folder}: expected idx files, or a folder of pictures for each class ({error})") from None
    pictures = [picture for picture, _ in found]
    first = pictures[0].shape
    for (path, _), picture in zip(found.samples, pictures):
        if picture.shape != first:
            raise DataError(
                f"{path} has {picture.shape[2]} x {picture.shape[3]} pixels, {found.samples[0][0]} has {first[2]} x {first[3]}: give size=(height, width)"
            )
    x = torch.cat(pictures)
    if (x[:, :1] == x).all():
        x = x[:, :1]  # grey
    return _as_rows(folder, x, torch.tensor(found.targets), names or found.classes, None)
