"""matplotlib's pictures for the dark theme and in other languages: drawn beside the light English ones, which they travel in and leave as they were."""

import base64
import io
import json
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib import font_manager
from matplotlib.figure import Figure
from PIL import Image

from latentbook import ROOT, dark
from latentbook.wording import FORMULA
from latentwalk import plots
from latentwalk.page import labels, language


def draw(figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png", facecolor=figure.get_facecolor())
    return file.getvalue()


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"), int)


@pytest.fixture
def figure():
    with plt.style.context([]):
        plots.use_style()
        figure, (left, right) = plt.subplots(1, 2, figsize=(4, 2))
        left.plot([0, 1], [0, 1], "o-", color="black", label="a line")
        left.fill_between([0, 1], [0, 0.5], color=plots.COLORS["vae"])
        left.scatter([0.2, 0.8], [0.8, 0.2], c=[0.0, 1.0], cmap="viridis")
        left.scatter([0.4], [0.6], color=plots.COLORS["vae"])
        left.legend()
        left.annotate("words", (0.5, 0.5), (0.2, 0.9), bbox={"fc": "white"}, arrowprops={"arrowstyle": "->"})
        right.imshow(np.eye(5), cmap="gray")
        right.set(title="a picture")
        figure.canvas.draw()
        figure.set_layout_engine("none")  # which moves things a little with every drawing
        yield figure
        plt.close(figure)


def test_two_pictures_in_one_file(figure):
    light = draw(figure)
    both = base64.b64decode(dark.again(draw)(figure))
    assert pixels(both).shape == pixels(light).shape, "whoever does not know sees the light one"
    assert dark.split(both)[0] == light == draw(figure), "the figure is as it was"
    assert dark.split(light) == (light, None)
    with pytest.raises(ValueError, match="expected a PNG"):
        dark.split(b"GIF89a")


def test_nothing_dark_is_left_on_dark_ground(figure):
    light, night = (pixels(part) for part in dark.split(base64.b64decode(dark.again(draw)(figure))))
    assert (night[..., 3] == 0).mean() > 0.3, "the page shows through"
    half = light.shape[1] // 2
    ink = (light[:, :half, :3].max(2) < 60) & (light[:, :half, 3] > 0)
    assert ink.sum() > 500 and night[:, :half][ink][:, :3].mean() > 180, "letters, axes, the line, the box's words"
    blue = (np.abs(night[..., :3] - [0x5A, 0xB4, 0xF0]).max(2) < 3).sum()
    assert blue > 500, "the book's blue has its dark theme's"
    black = (night[:, half:, :3].max(2) == 0) & (night[:, half:, 3] == 255)
    assert black.sum() > 1000, "a picture stays as it is"


def test_level_lines_of_a_given_colour_are_turned_over_and_those_that_say_numbers_stay():
    figure, axes = plt.subplots()
    given, mapped = axes.contour(np.eye(3), [0.5], colors="black"), axes.contour(np.eye(3), 3, cmap="viridis")
    before = mapped.get_edgecolor()
    restore = dark.darken(figure)
    draw(figure)
    assert given.get_edgecolor().min() > 0.8 and (mapped.get_edgecolor() == before).all()
    restore()
    assert given.get_edgecolor()[0].tolist() == [0, 0, 0, 1]
    plt.close(figure)


@pytest.fixture
def chinese(monkeypatch):
    """A catalogue with words of the figure."""
    known = {"a line": "\u4e00\u6761\u7ebf", "a picture": "\u4e00\u5f20\u56fe"}
    monkeypatch.setattr(language, "sentences", lambda code, pictures=False: known)
    language.patterns.cache_clear()
    yield known
    language.patterns.cache_clear()


def test_the_same_picture_in_another_language(figure, chinese):
    """In both themes; English is as it was, and the words are noted, so that new translations are seen."""
    light = draw(figure)
    png = base64.b64decode(dark.again(draw)(figure))
    assert dark.split(png)[0] == light == draw(figure)
    assert dark.words(png) == {"zh": {**chinese, "words": "words"}}
    day, night = dark.split(dark.others(png)["zh"])
    changed = (np.abs(pixels(day) - pixels(light)).max(2) > 0).mean()
    assert 0.005 < changed < 0.1, "letters, and nothing else"
    assert (pixels(night)[..., 3] == 0).mean() > 0.3, "the page shows through"
    assert not dark.stale(png)
    chinese["words"] = "\u8bcd"
    assert dark.stale(png)


def test_a_picture_stays_english_where_no_word_has_a_translation_or_no_font_its_letters(figure, chinese, monkeypatch):
    monkeypatch.setattr(labels, "font", lambda code: None)
    assert dark.others(base64.b64decode(dark.again(draw)(figure))) == {}
    monkeypatch.undo()
    monkeypatch.setattr(language, "sentences", lambda code, pictures=False: {})
    assert dark.others(base64.b64decode(dark.again(draw)(figure))) == {}


def test_the_font_has_all_letters_of_the_words_in_pictures():
    """A letter that it has not is a box in the picture; formulas have a font of their own."""
    path = font_manager.findfont(labels.font("zh"), fallback_to_default=False)
    letters = font_manager.get_font(path).get_charmap()
    groups = json.loads((language.FOLDER / "zh.json").read_text())
    said = [text for group, words in groups.items() if group.endswith(language.PICTURES) for text in words.values()]
    assert len(said) > 200
    missing = [text for text in said if any(ord(one) not in letters for one in FORMULA.sub("", text).replace("\n", ""))]
    assert not missing


def test_the_palette_is_that_of_the_figures():
    css = (ROOT / "src/latentwalk/widgets/latentwalk.css").read_text()
    light, night = (
        dict(re.findall(r"--lw-(\w+): (#\w{6})", block)) for block in re.findall(r"\.lw-card \{\n(.*?)\n", css)[:2]
    )
    assert {light[name]: night[name] for name in plots.COLORS} == dark.PALETTE
    assert {value.lower() for value in plots.COLORS.values()} == set(dark.PALETTE)


def test_a_kernel_draws_twice_from_its_first_figure_on(figure):
    shell = InteractiveShell()
    dark.install(shell)
    pictures = shell.display_formatter.formatters["image/png"]
    shell.run_cell("1")  # no matplotlib yet
    pictures.for_type(Figure, draw)
    for _ in range(2):
        shell.run_cell("2")
        assert dark.split(base64.b64decode(pictures(figure)))[1], "twice, and once only"
    InteractiveShell.clear_instance()
