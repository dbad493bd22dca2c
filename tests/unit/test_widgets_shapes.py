"""Figures of pictures that are no digits: not square, in colour, with words for labels; as tensors of any natural shape."""

import numpy as np
import pytest
import torch

from latentwalk import plots
from latentwalk.models import VAE, Autoencoder
from latentwalk.widgets import (
    Beta,
    Draw,
    Interpolation,
    LatentCloud,
    Machine,
    Network,
    Plane,
    Reparameterization,
    SliderBank,
)

SHAPE = (3, 48, 64)
WORDS = ["boot", "hat", "shoe"]
BOTH = ("encode", "decode")


@pytest.fixture(scope="module")
def x():
    return torch.rand(9, *SHAPE, generator=torch.Generator().manual_seed(0))


@pytest.fixture(scope="module")
def networks():
    torch.manual_seed(0)
    kinds = {"vae": VAE(2, 8, 48 * 64 * 3), "ae": Autoencoder(2, 8, 48 * 64 * 3)}
    return {kind: Network(model, kind, parts=BOTH, shape=SHAPE) for kind, model in kinds.items()}


def test_every_figure_takes_them(x, networks):
    vae, ae = networks["vae"], networks["ae"]
    labels = [*WORDS, *WORDS, *WORDS]
    figures = [
        Interpolation([vae, ae], x, labels, clouds=x),
        Plane(vae, x, labels),
        LatentCloud([vae, ae], x, labels, x, labels),
        SliderBank([vae], x, labels, x),
        Machine(vae, x, labels),
        Draw(vae, x, labels),
        Beta([vae], [1], x, labels),
        Reparameterization([vae], [0.0, 1.0]),
    ]
    flat = (x.flatten(1) * 255).round().to(torch.uint8).numpy().tobytes()
    for figure in figures[:-1]:
        assert figure.class_names == WORDS
        assert "digit" not in figure.text.get("digit", "") and "digit" not in figure.text["seen"]
    for figure in (figures[0], *figures[2:6]):
        assert figure.pictures == flat and figure.labels == [0, 1, 2] * 3
    draw, beta = figures[5:7]
    assert (draw.classes, draw.target, draw.target_index) == ([0, 1, 2], 2, 2) and len(draw.pixels) == 48 * 64 * 3
    assert len(beta.pictures) == 3 * x[0].numel() and len(beta.codes[0]) == 3 * 2 * 4
    assert vae.shape == list(SHAPE)
    with torch.no_grad():
        assert torch.allclose(vae.codes(x), vae.model.encode(x)[0])
    with pytest.raises(Exception, match="drawn: expected 9216 numbers, got 784"):
        figures[4].drawn = [0.0] * 784


def test_labels_are_numbers_with_names_or_words(x, networks):
    numbers = torch.tensor([0, 1, 2] * 3)
    for labels, names in ((numbers, WORDS), (np.array(WORDS * 3), None), (WORDS * 3, WORDS)):
        figure = Interpolation([networks["vae"]], x, labels, names=names)
        assert figure.labels == numbers.tolist() and figure.class_names == WORDS
        assert figure.text["digit"] == "{label}, picture number {index}"
    assert Interpolation([networks["vae"]], x, numbers).text["digit"] == "test digit {label}, number {index}"


def test_a_shape_is_told_from_the_network_where_it_can_be():
    for pixels, shape in ((784, [1, 28, 28]), (3 * 96 * 96, [3, 96, 96]), (9, [1, 3, 3])):
        assert Network(VAE(2, 3, pixels), "square").shape == shape
    assert Network(VAE(2, 3, 48 * 64), "wide", shape=(48, 64)).shape == [1, 48, 64]


def test_colours_of_classes_are_those_of_digits_up_to_ten_and_differ_beyond():
    assert plots.class_colors(3)[:3] == plots.DIGIT_COLORS[:3]
    for count in (11, 26, 62):
        rgb = np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in plots.class_colors(count)])
        apart = np.abs(rgb[:, None] - rgb[None]).sum(2) + 999 * np.eye(count, dtype=int)
        assert len(rgb) == count and apart.min() >= 6
        assert np.abs(np.diff(rgb, axis=0)).sum(1).min() > 100  # neighbours are unlike


def test_stills_of_any_shape(x):
    assert [len(plots.digits(pictures).axes) for pictures in (x, x[:, 0], torch.rand(4, 784))] == [9, 9, 4]
    plots.digits(x.flatten(1), shape=SHAPE)
    assert plots.digits(x).axes[0].images[0].get_array().shape == (48, 64, 3)
    with pytest.raises(ValueError, match="shape: 101 numbers"):
        plots.digits(torch.rand(2, 101))
    plots.plt.close("all")
