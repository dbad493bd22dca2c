"""Files of arrays that people have: idx, as MNIST's, and NumPy's, and which of their arrays are pictures and labels."""

import gzip
import io
import math
import zipfile
import zlib
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from latentwalk._checks import picture_shape

PARTS = {"train": ("train",), "test": ("t10k", "test")}  # what files call them
_IDX = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}  # the third byte of an idx file


class DataError(RuntimeError):
    """Data are missing, or are not what they should be."""


def file_in_folder(folder: Path, part: str) -> Path:
    """The file of pictures in a folder such as torchvision's (FashionMNIST or FashionMNIST/raw), or the folder itself."""
    for place in (folder, folder / "raw"):
        files = (p for p in place.glob("*images*idx3*") if p.suffix in ("", ".gz", ".idx3-ubyte"))
        files = sorted(files, reverse=True)
        mine = {p.name.removesuffix(".gz"): p for p in files if any(word in p.name for word in PARTS[part])}
        if len(mine) > 1:
            raise DataError(f"{place} has several files of pictures: {', '.join(sorted(mine))}; give the path of one")
        if mine:
            return next(iter(mine.values()))
        if files:
            raise DataError(f"{place} has no pictures for part={part!r}: {', '.join(p.name for p in files)}")
    return folder


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """The arrays in a file by name; of an idx or an npy file, one without a name."""
    try:
        content = path.read_bytes()  # what is in it tells it, whatever its name ends with
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        if content[:4] == b"PK\3\4":
            with zipfile.ZipFile(io.BytesIO(content)) as file:
                if not any(name.endswith(".npy") for name in file.namelist()):
                    raise DataError(f"{path} is an archive, of {file.namelist()[0]} and so on: unpack it")
            with np.load(io.BytesIO(content), allow_pickle=False) as file:
                return {name: file[name] for name in file.files}
        if content[:6] == b"\x93NUMPY":
            return {"": np.load(io.BytesIO(content), allow_pickle=False)}
        return {"": _idx(path, content)}
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
            f"{path} is neither NumPy's nor an idx file, which begins with 00 00 08 03, and not with "
            f"{content[:4].hex(' ') or 'nothing'}; single pictures go into a folder for each class, an archive is unpacked first"
        )
    start, kind = 4 + 4 * content[3], np.dtype(_IDX[content[2]])
    shape = [int.from_bytes(content[i : i + 4], "big") for i in range(4, start, 4)]
    expected = start + kind.itemsize * math.prod(shape)
    if len(content) != expected:
        raise DataError(f"{path} is cut off or damaged: {len(content):,} bytes, expected {expected:,}")
    return np.frombuffer(bytearray(content), kind, offset=start).reshape(shape)  # of bytes that may be written to


def pictures_of(path: Path, arrays: dict[str, np.ndarray], part: str) -> tuple[Tensor, str]:
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
    if x.ndim == 3 and x.shape[2] == 3:
        raise DataError(f"{path}: expected several pictures, (n, height, width, 3), got {array.shape}, one in colour")
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
    """Numbers of any type as float32 in [0, 1]; whole ones go from 0 to 255, or are 0 and 1 alone."""
    if array.dtype.kind not in "buif":
        raise DataError(f"{path}: expected whole numbers from 0 to 255 or shares from 0 to 1, got {array.dtype}")
    most = 255 if array.dtype.kind in "ui" and array.max() > 1 else 1
    if not ((array >= 0) & (array <= most)).all():  # so that NaN is found as well
        raise DataError(f"{path}: expected {array.dtype} from 0 to {most}, got {array.min():g} to {array.max():g}")
    x = torch.from_numpy(np.ascontiguousarray(array, array.dtype.newbyteorder("=")))
    return x.float().div_(most)


def labels_of(path: Path, arrays: dict[str, np.ndarray], pictures: str) -> tuple[Tensor | None, list[str] | None]:
    """The labels that go with the pictures: in the same file, or in the one beside it whose name says so; None without any.

    And the names of the classes, where labels are words.
    """
    if len(arrays) > 1:
        count = len(arrays[pictures])
        words = [word for words in PARTS.values() for word in words if word in pictures.lower()]
        fitting = [name for name, array in arrays.items() if array.size == count and name != pictures]
        fitting = [name for name in fitting if all(word in name.lower() for word in words)]
        label = arrays[fitting[0]] if len(fitting) == 1 else None
    else:
        beside = _beside(path)
        label = next(iter(read_arrays(beside).values())) if beside else None
    if label is None:
        return None, None
    label = label.reshape(-1)
    if label.dtype.kind == "U":
        words, label = np.unique(label, return_inverse=True)
        return torch.from_numpy(label), words.tolist()
    if label.dtype.kind not in "buif" or (label != label.astype(np.int64)).any():
        raise DataError(f"{path}: expected labels that are whole numbers or words, got {label.dtype}")
    return torch.from_numpy(label.astype(np.int64)), None


def _beside(path: Path) -> Path | None:
    for word, other in {
        "images-idx3": "labels-idx1",
        "images.idx3": "labels.idx1",
        "images": "labels",
        "imgs": "labels",
    }.items():
        if word in path.name:
            name = path.name.replace(word, other)
            names = (name, f"{name}.gz", name.removesuffix(".gz"))
            return next((path.with_name(n) for n in names if path.with_name(n).is_file()), None)
    return None
