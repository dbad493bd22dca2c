"""The packed MNIST and the moons."""

import json
import shutil
import subprocess
import sys

import pytest
import torch

from latentwalk import data
from latentwalk.making import datasets, reference


@pytest.fixture
def pack(tmp_path):
    """A copy of the small half of the pack, that a test may damage."""
    folder = tmp_path / "pack"
    folder.mkdir()
    sums = json.loads((data.PACK / "checksums.json").read_text())
    small = {name: value for name, value in sums.items() if name.startswith("t10k")}
    (folder / "checksums.json").write_text(json.dumps(small))
    for name in small:
        shutil.copy(data.PACK / f"{name}.xz", folder)
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
    sums = json.loads((data.PACK / "checksums.json").read_text())
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
        (damage_altered, "t10k-images-idx3-ubyte.xz", "expected sha256 0fa7898d"),
        (damage_sums, "checksums.json", "JSON"),
    ],
)
def test_a_bad_pack_is_named(pack, damage, name, what):
    damage(pack)
    with pytest.raises(data.DataError) as caught:
        data.unpack("t10k-images-idx3-ubyte", pack)
    message = str(caught.value)
    assert name in message and what in message and "git checkout" in message


def test_reading_the_digits_leaves_nothing_on_the_disk_and_one_copy_in_memory(tmp_path):
    code = (
        "import resource, torch\n"
        "from latentwalk import data\n"
        "def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000\n"
        "before = peak(); digits = data.mnist(); print(peak() - before)"
    )
    before = sorted(data.PACK.iterdir())
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert list(tmp_path.iterdir()) == [] and sorted(data.PACK.iterdir()) == before
    assert float(done.stdout) < 300  # MB, of which the digits themselves are 220


def test_the_usual_data_set_has_the_same_digits():
    """torchvision's MNIST, which the loop to compare with reads, against ours."""
    usual, digits = reference.usual_dataset(), data.mnist()
    assert len(usual) == 60_000
    for i in (0, 7, 59_999):
        picture, label = usual[i]
        assert torch.equal(picture.flatten(), digits.train_x[i]) and label == digits.train_y[i]


def test_a_data_set_is_one_function_and_one_line(monkeypatch):
    monkeypatch.setitem(datasets.DATASETS, "grey", lambda: (torch.full((5, 9), 0.5), torch.full((2, 9), 0.5)))
    train_x, test_x = datasets.pictures("grey")
    assert train_x.shape == (5, 9) and test_x.shape == (2, 9)
    with pytest.raises(ValueError, match=r"^name: expected one of mnist, .*, grey, got 'gray'"):
        datasets.pictures("gray")


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
    "phase, tilt",
    [
        (torch.tensor([1.2]), torch.tensor([0.0])),
        (torch.tensor([float("nan")]), torch.tensor([0.0])),
        (torch.tensor([0.5]), torch.tensor([float("inf")])),
        (torch.tensor([[0.5]]), torch.tensor([[0.0]])),
    ],
)
def test_moons_name_the_bad_argument(phase, tilt):
    with pytest.raises(ValueError, match=r"^phase and tilt: expected"):
        data.moons(phase, tilt)


def test_torchvision_imports_in_a_fresh_process():
    """Also with the CPU build of torch, whose torchvision has operators that do not load."""
    code = (
        "from latentwalk.making._torchvision import import_torchvision as f, _declared\n"
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
    code = "from latentwalk.making._torchvision import import_torchvision as f; f()"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": str(tmp_path), "PATH": ""}
    )
    assert result.returncode != 0 and "something else" in result.stderr
