"""The packed MNIST and the moons."""

import json
import multiprocessing
import shutil
import subprocess
import sys
import time

import pytest
import torch

from latentwalk import data


@pytest.fixture
def pack(tmp_path):
    """A copy of the small half of the pack, that a test may damage."""
    folder = tmp_path / "pack"
    folder.mkdir()
    sums = json.loads((data.PROJECT / "data" / "checksums.json").read_text())
    small = {name: value for name, value in sums.items() if name.startswith("t10k")}
    (folder / "checksums.json").write_text(json.dumps(small))
    for name in small:
        shutil.copy(data.PROJECT / "data" / f"{name}.xz", folder)
    return folder


def test_mnist_is_mnist():
    digits = data.mnist()
    assert digits.train_x.shape == (60000, 784) and digits.test_x.shape == (10000, 784)
    assert digits.train_x.dtype == torch.float32 and digits.train_y.dtype == torch.int64
    assert digits.train_x.min() == 0 and digits.train_x.max() == 1
    # Mean and standard deviation of the training pixels, as everyone's Normalize((0.1307,), (0.3081,)) has them.
    assert round(digits.train_x.mean().item(), 4) == 0.1307
    assert round(digits.train_x.std().item(), 4) == 0.3081
    assert digits.test_y[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert digits.train_y.bincount().tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]


def test_the_pack_has_the_md5_that_torchvision_users_know():
    sums = json.loads((data.PROJECT / "data" / "checksums.json").read_text())
    assert {name: value["md5"] for name, value in sums.items()} == {
        "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
        "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
        "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
        "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
    }


def damage_missing(pack):
    (pack / "t10k-images-idx3-ubyte.xz").unlink()


def damage_truncated(pack):
    path = pack / "t10k-images-idx3-ubyte.xz"
    path.write_bytes(path.read_bytes()[:1000])


def damage_altered(pack):
    path = pack / "t10k-images-idx3-ubyte.xz"
    content = bytearray(path.read_bytes())
    content[5000] ^= 1
    path.write_bytes(content)


def damage_sums(pack):
    (pack / "checksums.json").write_text("{")


@pytest.mark.parametrize(
    "damage, name, what",
    [
        (damage_missing, "t10k-images-idx3-ubyte.xz", "is missing"),
        (damage_truncated, "t10k-images-idx3-ubyte.xz", "1,000 bytes"),
        (damage_altered, "t10k-images-idx3-ubyte.xz", "expected sha256 b8afd12a"),
        (damage_sums, "checksums.json", "JSON"),
    ],
)
def test_a_bad_pack_is_named_and_leaves_nothing(pack, tmp_path, damage, name, what):
    damage(pack)
    cache = tmp_path / "cache"
    with pytest.raises(data.DataError) as caught:
        data.unpack_mnist(pack, cache)
    message = str(caught.value)
    assert name in message and what in message and "git checkout" in message
    assert not cache.exists() or list(cache.rglob("*")) == [] or [p.name for p in cache.rglob("*")] == ["MNIST"]


def test_an_altered_cache_is_made_anew(pack, tmp_path):
    cache = tmp_path / "cache"
    data.unpack_mnist(pack, cache)
    images = cache / "MNIST" / "raw" / "t10k-images-idx3-ubyte"
    good = images.read_bytes()
    images.write_bytes(good[:-1] + b"\1")
    data.unpack_mnist(pack, cache)
    assert images.read_bytes() == good
    assert sorted(p.name for p in cache.iterdir()) == ["MNIST"]


def test_an_intact_cache_is_not_unpacked_again(pack, tmp_path):
    cache = tmp_path / "cache"
    data.unpack_mnist(pack, cache)
    before = (cache / "MNIST" / "raw").stat().st_ino
    shutil.rmtree(pack)
    with pytest.raises(data.DataError):  # the checksums are still needed
        data.unpack_mnist(pack, cache)
    assert (cache / "MNIST" / "raw").stat().st_ino == before


def _unpack_at(arguments):
    pack, cache, start = arguments
    time.sleep(max(0, start - time.time()))
    return str(data.unpack_mnist(pack, cache))


def test_two_processes_at_once(pack, tmp_path):
    cache = tmp_path / "cache"
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.map(len, [[], []])  # both are up
        roots = pool.map(_unpack_at, [(pack, cache, time.time() + 0.5)] * 2)
    assert set(roots) == {str(cache)}
    assert sorted(p.name for p in (cache / "MNIST" / "raw").iterdir()) == [
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
    ]
    assert [p.name for p in cache.iterdir()] == ["MNIST"]


def test_what_a_killed_process_left_is_cleared_away(pack, tmp_path):
    import os

    cache = tmp_path / "cache"
    old, new = cache / "unpacking-old", cache / "unpacking-new"
    for folder in (old, new):
        folder.mkdir(parents=True)
    os.utime(old, (0, 0))
    data.unpack_mnist(pack, cache)
    assert not old.exists() and new.exists()  # the new one may belong to a process at work


def test_the_cache_folder_can_be_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("LATENTWALK_CACHE", str(tmp_path))
    assert data.cache_folder() == tmp_path
    monkeypatch.delenv("LATENTWALK_CACHE")
    assert data.PROJECT in data.cache_folder().parents


def test_moons_have_the_right_area_and_side():
    phase = torch.tensor([0.06, 0.25, 0.5, 0.75, 1.0])
    pictures = data.moons(phase, torch.zeros(5), size=64)
    disc = torch.pi * (0.4 * 64) ** 2
    assert torch.allclose(pictures.sum(1) / disc, phase, atol=0.01)  # the lit fraction is the phase
    x = torch.arange(64).repeat(64).float()
    centre = (pictures * x).sum(1) / pictures.sum(1)
    assert (centre[:-1].diff() < 0).all() and abs(
        centre[-1] - 31.5
    ) < 0.1  # lit on the right, the full moon in the middle


def test_moons_turn():
    upright = data.moons(torch.tensor([0.3]), torch.tensor([0.0])).view(28, 28)
    turned = data.moons(torch.tensor([0.3]), torch.tensor([torch.pi / 2])).view(28, 28)
    assert torch.allclose(turned, upright.rot90(-1), atol=0.3) and (turned - upright.rot90(-1)).abs().mean() < 0.01
    assert torch.allclose(data.moons(torch.tensor([0.3]), torch.tensor([2 * torch.pi])).view(28, 28), upright, atol=0.2)


def test_moons_are_anti_aliased_and_in_range():
    pictures = data.moons(torch.rand(70), 6 * torch.rand(70), size=20)
    assert pictures.shape == (70, 400) and pictures.dtype == torch.float32
    assert pictures.min() >= 0 and pictures.max() <= 1
    assert ((pictures > 0) & (pictures < 1)).any()


@pytest.mark.parametrize(
    "phase, tilt, size, name",
    [
        (torch.tensor([1.2]), torch.tensor([0.0]), 28, "phase"),
        (torch.tensor([float("nan")]), torch.tensor([0.0]), 28, "phase"),
        (torch.tensor([0.5]), torch.tensor([float("inf")]), 28, "tilt"),
        (torch.tensor([[0.5]]), torch.tensor([[0.0]]), 28, "phase and tilt"),
        (torch.tensor([0.5]), torch.tensor([0.0]), 2, "size"),
    ],
)
def test_moons_name_the_bad_argument(phase, tilt, size, name):
    with pytest.raises(ValueError, match=f"^{name}"):
        data.moons(phase, tilt, size)


def test_torchvision_imports_in_a_fresh_process():
    """Also with the CPU build of torch, whose torchvision has operators that do not load."""
    code = (
        "from latentwalk._torchvision import import_torchvision as f, _declared\n"
        "import torch; tv = f(); assert f() is tv\n"
        "assert tv.utils.make_grid(torch.zeros(4, 1, 5, 5), nrow=2).shape == (3, 16, 16)\n"
        "loaded = tv.extension._has_ops()\n"
        "assert not (loaded and _declared), 'declared although the operators load'\n"
        "print('operators load' if loaded else f'declared {len(_declared)}')"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    print(result.stdout)


def test_another_failure_of_torchvision_is_not_hidden(tmp_path):
    package = tmp_path / "torchvision"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('something else')")
    code = "from latentwalk._torchvision import import_torchvision as f; f()"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": str(tmp_path), "PATH": ""}
    )
    assert result.returncode != 0 and "something else" in result.stderr
