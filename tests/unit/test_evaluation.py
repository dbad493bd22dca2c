"""The rulers of chapter 01 against slow, literal versions of themselves, and its stored tables."""

import json

import pytest
import torch

from latentwalk import checkpoints, data, evaluation, models, tables
from latentwalk.making import datasets, judge
from latentwalk.making import tables as making
from latentwalk.making.measures import measure_world


@pytest.fixture
def pictures():
    torch.manual_seed(0)
    return torch.rand(7, 50), torch.rand(23, 50)


def test_nearest_is_the_nearest(pictures):
    x, true = pictures
    distance, index = evaluation.nearest(x, true, chunk=3)
    every = (x[:, None] - true[None]).norm(dim=2)
    assert torch.equal(index, every.argmin(1))
    assert torch.allclose(distance, every.min(1).values)


def test_a_true_picture_is_at_distance_zero(pictures):
    _, true = pictures
    assert evaluation.nearest(true[4:6], true)[0].tolist() == [0, 0]
    assert evaluation.cosine_distance(true, true).max() < 1e-6


def test_cosine_distance_is_its_formula_and_ignores_brightness(pictures):
    x, true = pictures
    literal = [1 - max((a @ b / (a.norm() * b.norm())).item() for b in true) for a in x]
    assert torch.allclose(evaluation.cosine_distance(x, true, chunk=2), torch.tensor(literal), atol=1e-6)
    assert torch.allclose(evaluation.cosine_distance(0.1 * x, true), torch.tensor(literal), atol=1e-6)
    assert evaluation.cosine_distance(torch.zeros(1, 50), true).item() == 1


def test_own_cloud_has_the_mean_and_covariance_of_the_codes():
    torch.manual_seed(0)
    codes = torch.randn(300, 2) @ torch.tensor([[2.0, 1.0, 0.5], [0.0, 0.3, -1.0]]) + torch.tensor([1.0, -2.0, 0.0])
    cloud = evaluation.own_cloud(codes, 20_000, seed=3)
    assert torch.allclose(cloud.mean(0), codes.mean(0), atol=0.06)
    assert torch.allclose(cloud.T.cov(), codes.T.cov(), atol=0.15)
    assert torch.linalg.svdvals(cloud - cloud.mean(0))[2] < 0.01  # codes in a plane: so is their cloud
    assert torch.equal(cloud, evaluation.own_cloud(codes, 20_000, seed=3))
    with pytest.raises(ValueError, match="codes"):
        evaluation.own_cloud(codes[:1], 5)


def test_blur_spreads_a_point_as_a_gaussian_and_keeps_the_channels_apart():
    point = torch.zeros(3, 12, 10)
    point[1, 6, 5] = 1
    spread = evaluation.blurred(point.view(1, -1), 0.8, (3, 12, 10)).view(3, 12, 10)
    along = [torch.exp(-((torch.arange(n) - at) ** 2) / (2 * 0.8**2)) for n, at in ((12, 6), (10, 5))]
    expected = torch.outer(*(one / one.sum() for one in along))
    assert torch.allclose(spread[1], expected, atol=1e-4) and not spread[::2].any()
    assert torch.equal(evaluation.blurred(torch.zeros(3, 784), 1.0), torch.zeros(3, 784))


def test_sharpness_is_the_mean_length_of_the_finite_differences():
    torch.manual_seed(0)
    x = torch.rand(2, 784)
    pixels = x.view(2, 28, 28).tolist()
    literal = [
        sum(((p[i][j + 1] - p[i][j]) ** 2 + (p[i + 1][j] - p[i][j]) ** 2) ** 0.5 for i in range(27) for j in range(27))
        / 27**2
        for p in pixels
    ]
    assert torch.allclose(evaluation.sharpness(x), torch.tensor(literal))
    ramp = (torch.arange(28) / 28).repeat(28)  # rises by 1/28 a pixel to the right, not at all downwards
    assert torch.allclose(evaluation.sharpness(torch.stack([ramp, torch.ones(784)])), torch.tensor([1 / 28, 0]))


def test_pairs_are_of_different_classes():
    y = torch.arange(10).repeat(30)
    a, b = evaluation.pairs_of_classes(y, 200)
    assert len(a) == len(b) == 200 and (y[a] != y[b]).all()
    with pytest.raises(ValueError, match="different classes"):
        evaluation.pairs_of_classes(torch.zeros(9), 2)


def test_shares_of_what_a_judge_says():
    answers = torch.eye(11)[[3, 3, 0, 10, 9]] * torch.tensor([20.0, 1.0, 20.0, 20.0, 20.0])[:, None]
    assert evaluation.confident_share(torch.nn.Identity(), answers) == pytest.approx(0.8)  # the second hesitates
    assert evaluation.digit_share(torch.nn.Identity(), answers) == pytest.approx(0.8)  # the fourth is none


@pytest.fixture(scope="module")
def mnist():
    return data.mnist()


def test_the_stored_judges_are_asked_about_pictures_of_which_the_answer_is_known(mnist):
    a, b, _ = tables.digit_test(mnist)
    of_ten, of_eleven = checkpoints.load("judge-10"), checkpoints.load("judge-11")
    controls = evaluation.controls(a, b)
    passed = {name: evaluation.digit_share(of_eleven, x) for name, x in controls.items()}
    sure = {name: evaluation.confident_share(of_ten, x) for name, x in controls.items()}
    assert passed.pop("real digits") > 0.94 and sure.pop("real digits") > 0.94
    assert max(passed.values()) < 0.06, "of what is no digit, overlaid digits are passed most often, and hardly ever"
    assert sum(sure.values()) / len(sure) > 0.3, "who knows only digits sees them everywhere"


def test_controls_are_what_their_names_say():
    a, b = torch.rand(2, 3, 784)
    controls = evaluation.controls(a, b)
    assert all(x.shape == a.shape and x.min() >= 0 and x.max() <= 1 for x in controls.values())
    left, upper = (controls[f"{sides} halves"].view(-1, 28, 28) for sides in ("left and right", "upper and lower"))
    assert torch.equal(left[:, :, :14], a.view(-1, 28, 28)[:, :, :14])
    assert torch.equal(left[:, :, 14:], b.view(-1, 28, 28)[:, :, 14:])
    assert torch.equal(upper[:, :14], a.view(-1, 28, 28)[:, :14])
    assert torch.equal(upper[:, 14:], b.view(-1, 28, 28)[:, 14:])
    assert torch.equal(controls["rotated by 90°"].view(-1, 28, 28)[0], a[0].view(28, 28).T.flip(0))
    assert torch.equal(controls["shuffled pixels"].sort(1).values, a.sort(1).values)
    assert not torch.equal(controls["shuffled pixels"], a)


def test_no_digits_are_made_of_digits(mnist):
    x, y = mnist.test_x[:601], mnist.test_y[:601]
    none = judge.no_digits(x, y, seed=3)
    assert none.shape == x.shape and none.min() >= 0 and none.max() <= 1
    assert torch.equal(none, judge.no_digits(x, y, seed=3)) and not torch.equal(none, judge.no_digits(x, y, seed=4))
    held = judge.with_a_hole(torch.ones(50, 784), torch.Generator().manual_seed(0))
    assert (held.sum(1) == 784 - 144).all()


@pytest.mark.parametrize("name", data.WORLDS)
def test_a_world_lies_in_all_of_its_world(name):
    x = data.world(name, 40, seed=5)
    assert x.shape == (40, 1024) and x.min() >= 0 and x.max() <= 1
    assert torch.equal(x, data.world(name, 40, seed=5)) and not torch.equal(x, data.world(name, 40, seed=6))
    assert 1000 * evaluation.cosine_distance(x, data.all_of_world(name)).mean() < 2  # the grain of the dense set


def test_quarter_turns_of_the_dense_set_are_the_moons_they_stand_for():
    dense = data.all_of_world("crescents").view(4, 360, 1024)
    tilt = 2 * torch.pi * torch.tensor([7, 360 + 7, 720 + 100, 1080 + 359]) / 1440
    rendered = data.moons(torch.full((4,), 0.06), tilt, 32)
    turned = dense[[0, 1, 2, 3], [7, 7, 100, 359]]
    assert (rendered - turned).abs().max() <= 1 / 16


def test_a_line_points_where_its_angle_says():
    right, down = data.lines(torch.tensor([0.0, torch.pi / 2])).view(2, 32, 32)
    assert right[:, :15].sum() == 0 and right[15:17, 20].min() > 0.5
    assert torch.allclose(down, right.T, atol=1e-5)
    with pytest.raises(ValueError, match="crescents, moons, lines"):
        data.world("squares", 3, seed=0)


def test_what_a_network_makes_of_pairs():
    torch.manual_seed(0)
    model = models.Autoencoder(3, 10, 1024)
    a, b = torch.rand(2, 4, 1024)
    pictures = tables.pictures_of(model, a, b)
    assert {name: len(x) for name, x in pictures.items()} == {
        "reconstruction": 8, "path": 44, "midpoint": 4, "own": tables.N, "prior": tables.N,
    }  # fmt: skip
    path = pictures["path"].view(tables.STEPS, 4, -1)
    assert torch.allclose(path[0], pictures["reconstruction"][:4], atol=1e-6)
    assert torch.allclose(path[5], pictures["midpoint"], atol=1e-6)
    assert torch.allclose(path[10], pictures["reconstruction"][4:], atol=1e-6)


@pytest.mark.parametrize("name, seeds, networks", [("worlds", 3, 30), ("digits", 3, 10)])
def test_a_table_has_every_network_with_every_seed(name, seeds, networks):
    table = tables.read(name)
    rows = [row for row in table["rows"] if row["kind"] != "pixels"]
    keys = [(row.get("world"), row["kind"], row["latent_dim"], row["seed"]) for row in rows]
    assert len(set(keys)) == len(keys) == seeds * networks
    assert {"unit", "recipe", "pairs", "torch"} <= table["settings"].keys()


def test_the_table_of_warm_ups_is_whole():
    rows = tables.read("warm_up")["rows"]
    keys = {(row["beta"], row["warm_up"], row["seed"]) for row in rows}
    assert keys == {(b, w, s) for b in (1.0, 4.0, 40.0) for w in (0, 3) for s in range(3)} and len(rows) == 18
    assert all(row["active_by_epoch"][-1] == row["active"] for row in rows)


def test_no_such_table():
    with pytest.raises(ValueError, match="beta, bugs, digits"):
        tables.read("weather")


@pytest.mark.parametrize("kind", ["AE", "VAE"])
def test_a_stored_network_gives_its_row_of_the_table(kind):
    """The stored network of crescents has the recipe of seed 0; half precision and threads move it a little."""
    (row,) = (
        row
        for row in tables.read("worlds")["rows"]
        if (row["world"], row["kind"], row.get("latent_dim"), row.get("seed")) == ("crescents", kind, 64, 0)
    )
    name = f"{kind.lower()}-crescents"
    measured = measure_world(checkpoints.load(name), datasets.pictures("crescents")[1], data.all_of_world("crescents"))
    for column in ("reconstruction", "path", "midpoint"):
        assert measured[column] == pytest.approx(row[column], rel=0.25), column


def test_mean_and_spread():
    rows = [{"a": 1.0}, {"a": 2.0}, {"a": 3.0}]
    assert tables.mean_and_spread(rows, "a") == (2.0, 1.0)


def test_tables_are_written_by_the_module(tmp_path, monkeypatch):
    for module in (tables, making):
        monkeypatch.setattr(module, "FOLDER", tmp_path / "tables")
    monkeypatch.setattr(making, "TABLES", {"small": lambda: {"unit": "none", "rows": [{"a": 1}, {"a": 2}]}})
    making.make(["small"])
    assert json.loads((tmp_path / "tables/small.json").read_text())["rows"] == [{"a": 1}, {"a": 2}]
    assert tables.read("small")["settings"]["pairs"] == tables.N
