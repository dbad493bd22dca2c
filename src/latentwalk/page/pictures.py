"""How `latentwalk.data.read` reads pictures: files of arrays (see ``arrays``), and folders of pictures."""

import string
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from latentwalk._checks import MOST
from latentwalk.page.arrays import PARTS, DataError, file_in_folder, labels_of, pictures_of, read_arrays


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


def read(path: str | Path, part: str = "train", names: list[str] | None = None, size=None) -> Pictures:
    """See `latentwalk.data.read`."""
    if part not in PARTS:
        raise ValueError(f"part: expected 'train' or 'test', got {part!r}")
    path = Path(path).expanduser()
    if not path.exists():
        raise DataError(f"{path} is missing")
    if path.is_dir() and not (path := file_in_folder(path, part)).is_file():
        return _folder(path, part, names, size)
    arrays = read_arrays(path)
    x, where = pictures_of(path, arrays, part)
    y, words = labels_of(path, arrays, where)
    names = names or words
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
    if y.min() >= 1 and y.max() == len(names):
        y = y - 1  # they begin with 1
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
    if not (isinstance(size, tuple | list) and [type(side) for side in size] == [int, int] and min(size) > 0):
        raise ValueError(f"size: expected (height, width) in pixels, got {size!r}")
    height, width = size
    scale = max(height / x.shape[2], width / x.shape[3])
    larger = [max(new, round(scale * old)) for new, old in zip((height, width), x.shape[2:])]
    x = torch.nn.functional.interpolate(x, larger, mode="bilinear", antialias=True).clamp(0, 1)
    top, left = (larger[0] - height) // 2, (larger[1] - width) // 2
    return x[:, :, top : top + height, left : left + width]


def _opened(path: str) -> Tensor:
    """A file's picture as it is seen, (1, 3, height, width): upright, and on white or black where it is transparent."""
    from PIL import Image, ImageOps

    with Image.open(path) as file:
        file = ImageOps.exif_transpose(file)
        if file.mode[0] in "IF":  # one number of 16 or 32 bits a pixel
            grey = np.array(file).astype(np.float32)
            grey /= 1 if file.mode[0] == "F" else 65535
            if not (grey.min() >= 0 and grey.max() <= 1):
                raise ValueError(f"its numbers are not from 0 to {1 if file.mode[0] == 'F' else 65535}")
            return torch.from_numpy(grey).expand(1, 3, -1, -1)
        if "A" in file.getbands() or "transparency" in file.info:
            colours = file.convert("RGBA")
            ink = np.array(colours.convert("L"))[np.array(colours)[..., 3] > 0]
            paper = Image.new("RGBA", file.size, "black" if ink.size and ink.mean() > 127 else "white")
            file = Image.alpha_composite(paper, colours)
        return torch.from_numpy(np.array(file.convert("RGB"))).movedim(2, 0)[None] / 255


def _folder(folder: Path, part: str, names: list[str] | None, size) -> Pictures:
    """A folder of pictures, one class a folder: torchvision's ImageFolder finds them and opens each."""
    from PIL import Image

    from latentwalk.making._torchvision import import_torchvision

    class Album(import_torchvision().datasets.ImageFolder):
        def find_classes(self, directory):
            """Without what systems and programs put beside them, such as .git and __MACOSX."""
            classes = sorted(p.name for p in Path(directory).iterdir() if p.is_dir() and p.name[0] not in "._")
            if not classes:
                raise FileNotFoundError("it has no folders")
            return classes, {name: i for i, name in enumerate(classes)}

    if any(child.is_dir() for child in (folder / part).glob("*")):
        folder = folder / part

    def load(path: str) -> Tensor:
        try:
            picture = _opened(path)
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise DataError(f"{path} is no picture that can be opened ({error})") from None
        if size is None and max(picture.shape) > MOST:
            raise DataError(
                f"{path} has {picture.shape[2]} x {picture.shape[3]} pixels; figures show {MOST} x {MOST} at most: give size=(28, 28), for example"
            )
        return picture if size is None else _resized(picture, size)

    try:
        found = Album(str(folder), loader=load)
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
