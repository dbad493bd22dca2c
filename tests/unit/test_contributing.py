"""CONTRIBUTING.md: its exercise, its network and its figure are tried as they stand there."""

import re

import pytest
import torch

from latentbook import ROOT
from latentwalk import checkpoints, exercises
from latentwalk.making import answers, datasets, networks, recipes
from latentwalk.page import script

TEXT = (ROOT / "CONTRIBUTING.md").read_text()


def block(language: str, word: str) -> str:
    """The one block of code in that language with a word in it."""
    (only,) = [code for code in re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.M | re.S) if word in code]
    return only


def test_the_files_that_it_names_are_there():
    named = re.findall(r"`((?:src|book|tests|notebooks)/[\w./]+)`", TEXT)
    assert len(named) > 10
    for name in named:
        assert (ROOT / name).exists() or name == "notebooks/09_name.ipynb", name
    for word, file in {
        "BROKEN": "tests/book/test_broken.py",
        "FIGURES": "tests/book/test_jupyterlab.py",
        "CALLS": "tests/unit/test_link.py",
        "RIGHT": "tests/unit/test_exercises.py",
        "DATASETS": "src/latentwalk/making/datasets.py",
        "EXERCISES": "src/latentwalk/making/answers.py",
        "RECIPES": "src/latentwalk/making/recipes.py",
        "SAYS": "tests/notebooks/solutions.py",
    }.items():
        assert re.search(rf"^{word}\b.*= \{{", (ROOT / file).read_text(), re.M), f"{word} in {file}"


def test_the_exercise(monkeypatch, capsys):
    monkeypatch.setattr(exercises, "EXERCISES", dict(exercises.EXERCISES))
    exec(block("python", "EXERCISES"), vars(answers) | {"EXERCISES": exercises.EXERCISES})
    exercises.check("half", lambda x: 0.5 * x)
    exercises.check("half", lambda x: x + x)
    right, wrong = capsys.readouterr().out.splitlines()
    assert right in TEXT
    assert right == "Right: half of two numbers."
    assert "twice the number: divide by 2" in wrong


def test_the_data_set(monkeypatch, tmp_path):
    from PIL import Image

    monkeypatch.chdir(tmp_path)
    for i in range(20):
        folder = tmp_path / "my-pictures" / f"class-{i % 2}"
        folder.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 30), (255, 255, 255) if i % 2 else (0, 0, 0)).save(folder / f"{i}.png")
    monkeypatch.setattr(datasets, "DATASETS", dict(datasets.DATASETS))
    exec(block("python", "DATASETS["), vars(datasets) | {"DATASETS": datasets.DATASETS})
    train_x, test_x = datasets.pictures("mine")
    assert train_x.shape == (18, 784) and test_x.shape == (2, 784)
    assert set((255 * train_x).round().unique().tolist()) == {0.0, 255.0}


def test_the_network(monkeypatch, tmp_path):
    monkeypatch.setattr(networks, "RECIPES", dict(recipes.RECIPES))
    code = block("python", "RECIPES[")
    (name,) = re.findall(r'RECIPES\["(.+)"\]', code)
    exec(code, vars(recipes) | {"RECIPES": networks.RECIPES})
    assert f"make checkpoints NAMES={name}`" in TEXT and f'load("{name}")' in TEXT
    networks.train(name, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.safetensors", f"{name}.json"}
    z = torch.zeros(1, 8)
    assert checkpoints.load(name, tmp_path).decode(z).shape == (1, 1024)


def test_the_figure_in_python(monkeypatch, tmp_path):
    for path in [*script.FOLDER.glob("*.js"), script.FOLDER / "latentwalk.css"]:
        (tmp_path / path.name).write_text(path.read_text())
    (tmp_path / "bar.js").write_text(block("js", "defineFigure"))
    monkeypatch.setattr(script, "FOLDER", tmp_path)
    names = {"__name__": "bar"}
    exec(block("python", "class Bar"), names)
    figure = names["Bar"](share=0.3)
    assert figure.share == 0.3 and figure.title == "A bar"
    assert len(figure.card.children) == 2, "canvas and slider"
    assert '"bar"' in figure._esm and "function defineFigure" in figure._esm and "\nimport" not in figure._esm
    for value in (1.5, float("nan")):
        with pytest.raises(Exception, match="share"):
            figure.share = value
