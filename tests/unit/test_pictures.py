"""Pictures that people have: files and folders that `data.read` reads, and what it says of those that it cannot."""

import gzip
import hashlib
import json
import re
import shutil
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from latentwalk import data
from latentwalk.page import pictures

GREY = np.random.default_rng(0).integers(0, 256, (6, 5, 4), np.uint8)  # 6 pictures, 5 high, 4 wide
LABELS = np.array([0, 1, 2, 0, 1, 9], np.uint8)


def idx(array, kind=8) -> bytes:
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, kind, array.ndim, *array.shape) + array.tobytes()


def put(folder, part="train", grey=GREY, labels=LABELS, prefix="", pack=lambda content: content, end=""):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{prefix}{part}-images-idx3-ubyte{end}"
    path.write_bytes(pack(idx(grey)))
    if labels is not None:
        (folder / path.name.replace("images-idx3", "labels-idx1")).write_bytes(pack(idx(labels)))
    return path


def is_grey(read, grey=GREY, labels=LABELS):
    x, y, _, shape = read
    assert x.dtype == torch.float32 and y.dtype == torch.int64 and shape == (1, *grey.shape[1:])
    assert torch.equal((x * 255).round().to(torch.uint8), torch.from_numpy(grey.reshape(len(grey), -1).copy()))
    assert y.tolist() == labels.tolist()


@pytest.mark.parametrize("pack, end", [(lambda content: content, ""), (gzip.compress, ".gz")])
def test_idx_files_with_their_labels(tmp_path, pack, end):
    path = put(tmp_path, pack=pack, end=end)
    read = data.read(path)
    is_grey(read)
    assert read.names == list("0123456789")
    is_grey(data.read(str(tmp_path)))  # the folder


def test_torchvisions_own_folders_as_torchvision_reads_them(tmp_path):
    from latentwalk.making._torchvision import import_torchvision

    square = GREY[:, :4]
    for name, names in (("FashionMNIST", pictures.FASHION), ("KMNIST", pictures.KMNIST)):
        put(tmp_path / name / "raw", grey=square)
        put(tmp_path / name / "raw", "t10k", square[:3], LABELS[:3])
        usual = getattr(import_torchvision().datasets, name)(tmp_path, train=False)
        read = data.read(tmp_path / name, "test")
        is_grey(read, usual.data.numpy(), usual.targets.numpy())
        is_grey(data.read(tmp_path / name / "raw"), square)
        assert read.names == names
    assert [pictures.FASHION[i] for i in (7, 9)] == ["shoe", "boot"]


def test_emnist_is_set_upright_and_its_letters_begin_with_a(tmp_path):
    put(tmp_path, grey=GREY, labels=LABELS + 1, prefix="emnist-letters-")
    read = data.read(tmp_path)
    is_grey(read, GREY.transpose(0, 2, 1))
    assert [read.names[i] for i in read.y] == ["a", "b", "c", "a", "b", "j"]
    put(tmp_path, prefix="emnist-balanced-")
    with pytest.raises(
        data.DataError, match=r"several files .*emnist-balanced-train.*, emnist-letters-train.*give the path of one"
    ):
        data.read(tmp_path)
    assert len(data.read(tmp_path / "emnist-balanced-train-images-idx3-ubyte").names) == 47


def test_npy_and_npz_of_any_shape(tmp_path):
    np.save(tmp_path / "alone.npy", GREY)
    is_grey(data.read(tmp_path / "alone.npy"), labels=np.zeros(6, int))
    assert data.read(tmp_path / "alone.npy").names == ["picture"]
    np.savez(tmp_path / "keras.npz", x_train=GREY, y_train=LABELS, x_test=GREY[:2], y_test=LABELS[:2])
    is_grey(data.read(tmp_path / "keras.npz"))
    is_grey(data.read(tmp_path / "keras.npz", "test"), GREY[:2], LABELS[:2])
    colour = np.random.default_rng(1).random((6, 5, 4, 3))
    np.savez_compressed(tmp_path / "med.npz", train_images=colour, train_labels=LABELS[:, None], val_images=colour[:1])
    read = data.read(tmp_path / "med.npz", names=list("abcdefghij"))
    assert read.shape == (3, 5, 4) and read.y.tolist() == LABELS.tolist() and read.names[9] == "j"
    assert torch.allclose(read.x.view(6, 3, 5, 4)[2, :, 1, 3], torch.tensor(colour[2, 1, 3], dtype=torch.float32))
    np.save(tmp_path / "first.npy", colour.transpose(0, 3, 1, 2).astype(">f4"))
    assert torch.allclose(data.read(tmp_path / "first.npy").x, read.x)
    (tmp_path / "alone.npy").write_bytes(gzip.compress((tmp_path / "first.npy").read_bytes()))  # what is in it counts
    (tmp_path / "keras.npz").rename(tmp_path / "keras.npy")
    assert torch.equal(data.read(tmp_path / "alone.npy").x, data.read(tmp_path / "first.npy").x)
    is_grey(data.read(tmp_path / "keras.npy"))
    np.savez(tmp_path / "k49-train-imgs.npz", GREY)
    np.savez(tmp_path / "k49-train-labels.npz", LABELS)
    is_grey(data.read(tmp_path / "k49-train-imgs.npz"))


def test_labels_are_numbers_from_0_or_1_or_words(tmp_path):
    for labels, names in {
        (1, 2, 3, 3, 2, 1): ["ant", "bee", "cat"],
        (0.0, 1.0, 2.0, 2.0, 1.0, 0.0): ["ant", "bee", "cat"],
        ("ant", "bee", "cat", "cat", "bee", "ant"): None,
    }.items():
        np.savez(tmp_path / "a.npz", x=GREY, y=np.array(labels))
        read = data.read(tmp_path / "a.npz", names=names)
        assert read.y.tolist() == [0, 1, 2, 2, 1, 0] and read.names == ["ant", "bee", "cat"]


def test_bytes_that_are_0_and_1_are_black_and_white(tmp_path):
    np.save(tmp_path / "bits.npy", (GREY > 127).astype(np.uint8))
    assert data.read(tmp_path / "bits.npy").x.unique().tolist() == [0, 1]


def test_files_as_kaggle_names_them(tmp_path):
    (tmp_path / "train-images.idx3-ubyte").write_bytes(idx(GREY))
    (tmp_path / "train-labels.idx1-ubyte").write_bytes(idx(LABELS))
    is_grey(data.read(tmp_path))


@pytest.fixture
def album(tmp_path):
    """Two classes of pictures in colour, 8 wide and 6 high; png and jpeg."""
    for k, name in enumerate(["boot", "shoe"]):
        (tmp_path / name).mkdir()
        for i in range(2):
            Image.new("RGB", (8, 6), (200 * k, 30, 10 * i)).save(tmp_path / name / f"{i}.{'png' if i else 'jpg'}")
    return tmp_path


def test_a_folder_of_images_is_a_class_a_folder(album):
    read = data.read(album)
    assert read.names == ["boot", "shoe"] and read.y.tolist() == [0, 0, 1, 1] and read.shape == (3, 6, 8)
    assert torch.equal(read.x[1].view(3, -1)[:, 0], torch.tensor([0, 30, 10]) / 255)
    small = data.read(album, size=(4, 4), names=["a boot", "a shoe"])
    assert small.shape == (3, 4, 4) and small.names == ["a boot", "a shoe"]
    for path in album.glob("*/*"):
        Image.open(path).convert("L").save(path)
    assert data.read(album).shape == (1, 6, 8)


def test_folders_of_two_parts_and_what_systems_leave_in_them(album):
    for part, names in (("train", ["boot", "shoe"]), ("test", ["boot"])):
        (album / part / "__MACOSX").mkdir(parents=True)
        for name in names:
            shutil.copytree(album / name, album / part / name)
    assert data.read(album).y.tolist() == [0, 0, 1, 1] and data.read(album, "test").names == ["boot"]


def test_a_picture_is_read_as_it_is_seen(tmp_path):
    """Photographs that lie on their side and say so, 16 bits a pixel, and ink on nothing."""
    folder = tmp_path / "all" / "one"
    folder.mkdir(parents=True)

    def read(picture, name, **options):
        picture.save(folder / name, **options)
        read = data.read(folder.parent)
        (folder / name).unlink()
        return read.x.view(-1, *read.shape[1:])

    lying = Image.new("L", (16, 8))
    lying.paste(255, (0, 0, 8, 8))  # its left half is white; turned, as tag 274 says, it is above
    lying.getexif()[274] = 6
    upright = read(lying, "a.jpg", exif=lying.getexif(), quality=95)
    assert upright.shape == (1, 16, 8) and upright[0, :7].min() > 0.9 and upright[0, 9:].max() < 0.1
    deep = np.linspace(0, 65535, 64).reshape(8, 8)
    assert np.allclose(read(Image.fromarray(deep.astype(np.uint16)), "a.png")[0], deep / 65535, atol=1e-4)
    assert np.allclose(read(Image.fromarray((deep / 65535).astype(np.float32)), "a.tif")[0], deep / 65535)
    for ink, paper in ((0, 1), (255, 0)):
        clear = np.zeros((8, 8, 4), np.uint8)
        clear[2:5, 2:5] = (ink, ink, ink, 255)
        seen = read(Image.fromarray(clear), "a.png")[0]
        assert seen[3, 3] == ink / 255 and seen[0, 0] == paper
    Image.fromarray(np.full((8, 8), 7, np.float32)).save(folder / "a.tif")
    with pytest.raises(data.DataError, match="its numbers are not from 0 to 1"):
        data.read(folder.parent)


def test_size_cuts_the_middle_and_scales_it(tmp_path):
    wide = np.zeros((1, 4, 8), np.uint8)
    wide[:, :, 2:6] = 255  # the middle square is white
    np.save(tmp_path / "wide.npy", wide)
    assert data.read(tmp_path / "wide.npy", size=(2, 2)).x.min() > 0.8
    assert data.read(tmp_path / "wide.npy", size=(8, 16)).shape == (1, 8, 16)
    for size in (8, (0, 5), (1, 8, 8), (8.0, 8.0), "ab"):
        with pytest.raises(ValueError, match=r"size: expected \(height, width\) in pixels, got"):
            data.read(tmp_path / "wide.npy", size=size)


def test_the_shoes_are_those_of_the_readme():
    readme = (data.FASHION / "README.md").read_text()
    for path in data.FASHION.glob("*.gz"):
        assert hashlib.sha256(gzip.decompress(path.read_bytes())).hexdigest() in readme
    x, y, names, shape = data.read(data.FASHION)
    assert x.shape == (1800, 784) and shape == (1, 28, 28)
    assert {names[i]: int((y == i).sum()) for i in y.unique()} == {"sandal": 600, "shoe": 600, "boot": 600}


def cut(path):
    path.write_bytes(path.read_bytes()[:-7])


def empty_folder(path):
    path.unlink()
    path.mkdir()


def pack(path):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a/b.png", b"")


def save(**arrays):
    return lambda path: np.savez(path.open("wb"), **arrays)


@pytest.mark.parametrize(
    "name, damage, said",
    [
        ("train-images-idx3-ubyte", cut, "cut off or damaged: 129 bytes, expected 136"),
        ("train-images-idx3-ubyte", lambda p: p.write_bytes(b"\0\0\x08"), "which begins with 00 00 08 03, and not with 00 00 08;"),
        ("train-images-idx3-ubyte", lambda p: p.write_bytes(b"<html>"), "which begins with 00 00 08 03, and not with 3c 68 74 6d"),
        ("train-images-idx3-ubyte", lambda p: p.write_bytes(idx(GREY[:0])), "holds no pictures"),
        ("train-images-idx3-ubyte", lambda p: p.write_bytes(idx(LABELS)), "expected (n, height, width), got an array (6,)"),
        ("train-images-idx3-ubyte", lambda p: p.write_bytes(idx(GREY[:3])), "3 pictures, and there are 6 labels"),
        ("train-images-idx3-ubyte", lambda p: p.write_bytes(idx((300.0 * GREY).astype(">f4"), 13)), "expected >f4 from 0 to 1"),
        ("train-images-idx3-ubyte", lambda p: p.unlink(), "is missing"),
        ("train-images-idx3-ubyte", empty_folder, "a folder of pictures for each class"),
        ("a.gz", lambda p: p.write_bytes(gzip.compress(idx(GREY))[:-20]), "cut off or damaged"),
        ("a.gz", lambda p: p.write_bytes(b"\x1f\x8b" + bytes(30)), "cut off or damaged"),
        ("a.npy", lambda p: p.write_bytes(b"\x93NUMPY\x01\x00v\x00nothing"), "is no array of numbers"),
        ("a.npy", lambda p: np.save(p, np.array([{"a": 1}], object), allow_pickle=True), "is no array of numbers"),
        ("a.npy", lambda p: np.save(p, np.full((2, 3, 3), "x")), "expected whole numbers from 0 to 255 or shares from 0 to 1, got <U1"),
        ("a.npy", lambda p: np.save(p, np.full((2, 3, 3), np.nan)), "expected float64 from 0 to 1, got nan"),
        ("a.npy", lambda p: np.save(p, np.zeros((2, 4, 4, 5))), "with or without 3 colours, got (2, 4, 4, 5)"),
        ("a.npy", lambda p: np.save(p, np.zeros((2, 10))), "rows of 10 numbers are no square pictures"),
        ("a.npy", lambda p: np.save(p, np.zeros((20, 20, 3))), "expected several pictures, (n, height, width, 3), got (20, 20, 3)"),
        ("a.zip", pack, "is an archive, of a/b.png and so on: unpack it"),
        ("a.npz", save(a=GREY, b=GREY), "or several, that could be the pictures"),
        ("a.npz", save(x=GREY, y=LABELS + 0.5), "expected labels that are whole numbers or words, got float64"),
        ("a.npz", lambda p: p.write_bytes(b"PK\x03\x04" + bytes(50)), "cut off or damaged"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_with_the_reason(tmp_path, name, damage, said):
    put(tmp_path)
    damage(tmp_path / name)
    with pytest.raises(data.DataError, match=re.escape(said)) as caught:
        data.read(tmp_path / name)
    assert name in str(caught.value)


def test_a_folder_of_images_that_do_not_go_together_is_refused(album):
    with pytest.raises(data.DataError, match="a label 1, and there are 1 names"):
        data.read(album, names=["shoe"])
    Image.new("RGB", (9, 6)).save(album / "shoe" / "2.png")
    with pytest.raises(data.DataError, match=r"shoe/2.png has 6 x 9 pixels, .*boot/0.jpg has 6 x 8: give size="):
        data.read(album)
    Image.new("RGB", (97, 6)).save(album / "boot" / "0.jpg")
    with pytest.raises(data.DataError, match=r"boot/0.jpg has 6 x 97 pixels; figures show 96 x 96 at most: give size="):
        data.read(album)
    (album / "boot" / "0.jpg").write_bytes(b"\xff\xd8\xff no more")
    with pytest.raises(data.DataError, match=r"boot/0.jpg is no picture that can be opened"):
        data.read(album, size=(6, 6))


def test_part_is_one_of_two(tmp_path):
    with pytest.raises(ValueError, match="part: expected 'train' or 'test', got 'valid'"):
        data.read(put(tmp_path), "valid")
    with pytest.raises(data.DataError, match="no pictures for part='test'"):
        data.read(tmp_path, "test")


def test_twenty_lines_from_a_file_of_ones_own_to_a_walk(tmp_path, monkeypatch):
    """The study's own cells, on pictures that are drawn here: shoes and boots of 8 x 8 pixels, in Fashion-MNIST's format."""
    cells = json.loads((Path(__file__).parents[2] / "notebooks/studies/your-own-pictures.ipynb").read_text())["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"][1:4]
    assert len([line for line in "\n".join(code).splitlines() if line.strip()]) == 20
    random = np.random.default_rng(0)
    labels = random.choice([5, 7, 9], 1600).astype(np.uint8)
    grey = np.zeros((1600, 8, 8), np.uint8)
    for picture, label, wide, high in zip(grey, labels, random.integers(4, 8, 1600), random.integers(3, 6, 1600)):
        picture[6, :wide] = 255  # the sole
        picture[4:6, : 3 if label == 5 else wide] = 200
        picture[6 - high : 6, : 3 * (label == 9)] = 200  # the shaft of a boot
    put(tmp_path, grey=grey, labels=labels, pack=gzip.compress, end=".gz")
    monkeypatch.setattr(data, "FASHION", tmp_path)
    names = {}
    for cell in code:
        exec(compile(cell, "cell", "exec"), names)
    assert names["pictures"].shape == (1, 8, 8) and names["model"].pixels == 64
    assert names["run"]["recon"][-1] < 0.5 * names["run"]["recon"][0]
    assert names["y_test"][names["chosen"]].tolist() == [7] * 6 + [9] * 6 + [5] * 6
