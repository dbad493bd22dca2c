"""The catalogues of the book in other languages are whole, in step with the sources, and say what the English says."""

import io
import json
import re
import sys

import polib
import pytest
import translations

import latentwalk
from latentbook import LANGUAGES, ROOT
from latentwalk import exercises
from latentwalk.page import language
from latentwalk.widgets import KL, Moons, Network

WALK = re.compile(r"notebooks/(0\d_\w+|lab|loss)\.po|sphinx\.po|\w+\.json")
ENOUGH = 0.98


@pytest.fixture(autouse=True)
def english():
    """Each test begins and ends in English, with the catalogues as they are."""
    yield
    for known in (language.sentences, language.patterns):
        known.cache_clear()
    latentwalk.language("en")


@pytest.fixture
def chinese(tmp_path, monkeypatch):
    """Gives the catalogue zh these sentences."""

    def write(sentences: dict[str, str]) -> None:
        (tmp_path / "zh.json").write_text(json.dumps({"all": sentences}))
        monkeypatch.setattr(language, "FOLDER", tmp_path)
        for known in (language.sentences, language.patterns):
            known.cache_clear()

    return write


# The catalogues


def test_the_walk_is_translated(record_property):
    """What is missing, or has changed since, is English on the page. Of the walk that may be one sentence in fifty."""
    done = {name: counts for name, *counts in translations.stat() if WALK.search(name)}
    missing = {
        name: f"{whole - right} of {whole}, {fuzzy} changed"
        for name, (right, fuzzy, whole) in done.items()
        if right < whole
    }
    print("English in another language's walk:", *(f"{name}: {text}" for name, text in missing.items()), sep="\n  ")
    right, whole = (sum(counts[i] for counts in done.values()) for i in (0, 2))
    files = len([*ROOT.glob("notebooks/*.ipynb"), "sphinx.po", "zh.json"])
    assert len(done) == files * len(LANGUAGES)
    assert right >= ENOUGH * whole, f"{whole - right} of {whole} sentences are missing: {missing}"


def test_what_is_translated_says_what_the_english_says():
    """Numbers, formulas, code, links, terms; spaces and punctuation."""
    assert translations.check(translations.catalogues()) == []


def test_figures_exercises_and_frame_are_in_the_catalogues():
    words = translations.of_figures()
    for folder, code in LANGUAGES.items():
        known = json.loads((translations.WORDS / f"{code}.json").read_text())
        figures = {file: list(group) for file, group in known.items() if not file.endswith(translations.PICTURES)}
        assert figures == words, "run `make translations`"
        frame = polib.pofile(str(translations.LOCALE / folder / "LC_MESSAGES" / "sphinx.po"))
        assert [entry.msgid for entry in frame] == translations.of_extensions(), "run `make translations`"


def test_the_words_of_pictures_are_taken_as_the_cells_have_them(tmp_path):
    path = tmp_path / "a.ipynb"
    source = """%matplotlib inline
axis.set(xlabel="epoch", title=f"draw {k:d} of {n}", ylabel=f"{a}: {b}")"""
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": [text]} for text in ("!ls", source)]}))
    said = ["epoch", "draw 1 of 8", "draw 2 of 8", "made: elsewhere", "VAE", "$\\mathrm{recon}$"]
    assert translations.as_written(path, said) == ["epoch", "draw {k} of {n}", "{a}: {b}", "made", "elsewhere"]


def test_a_picture_that_is_drawn_no_more_takes_its_words_along():
    name = "notebooks/00_walk.ipynb" + language.PICTURES
    before = {name: {"an old label": "旧"}}
    assert translations.with_pictures({}, {name: []}, before) == {}
    assert translations.with_pictures({}, {}, before) == {name: ["an old label"]}, "of a notebook that was not run"


def test_each_term_of_the_glossary_has_a_form():
    text = (ROOT / "book/glossary.md").read_text()
    terms = re.findall(r"^(\S.*)$", text.partition(":sorted:")[2].partition("```")[0], re.M)
    assert len(terms) > 50
    for folder in LANGUAGES:
        forms = json.loads((translations.LOCALE / folder / "terms.json").read_text())["glossary"]
        assert sorted(forms) == sorted(terms) and all(forms.values())


@pytest.mark.parametrize(
    ("english", "other", "fault"),
    [
        ("About 60,000 digits.", "大约 60000 个数字。", "numbers"),
        ("As $x$ grows", "当 $y$ 变大时", "formulas"),
        ("Call `fit`", "调用 `fits`", "code"),
        ("See [there](04_kl.ipynb).", "见[那里](05_vae.ipynb)。", "links"),
        ("[0.50](#fig:t) of it", "其中的 [0.5](#fig:t)", "numbers"),
        ("The {term}`nat`", "{term}`奈特 <bit>`", "roles"),
        ("The {term}`nat`", "{term}`纳特 <nat>`", "term"),
        ("The latent space", "隐空间", "term"),
        ("The latent space", "Der Raum", "term"),
        ("A **hole** here", "这里有一个**空洞，**它", "star"),
        ("A **hole** here", "这里有一个空洞", "emphasis"),
        ("step {step}", "第 {stop} 步", "places"),
        ("step {step}", "第{step}步", "space is missing"),
        ("20 numbers", "20个数", "space is missing"),
        ("Yes, it does", "是的,它会", "half-width"),
        ("Yes, it does", "是的， 它会", "beside full-width"),
        ("One.\\ **Two**", "一。\\ **二**", "line breaks"),
    ],
)
def test_a_fault_in_a_translation_is_found(english, other, fault):
    terms = json.loads((translations.LOCALE / "zh_CN" / "terms.json").read_text())
    assert any(fault in found for found in translations.faults(english, other, terms))


@pytest.mark.parametrize(
    ("english", "other"),
    [
        ("About 60,000 **digits**, $x$ and `fit`.", "大约 60,000 个**数字**、$x$ 和 `fit`。"),
        (
            "See [chapter 4](04_kl.ipynb): 96% of them {cite:p}`a2019`",
            "见[第 4 章](04_kl.ipynb)：其中的 96% {cite:p}`a2019`",
        ),
        ("The {term}`latent space`, 20-D", "{term}`潜空间 <latent space>`，20-D"),
        ("One.\\ **Two**", "一。\\\n**二**"),
        ("VAE", "VAE"),
    ],
)
def test_a_right_translation_passes(english, other):
    terms = json.loads((translations.LOCALE / "zh_CN" / "terms.json").read_text())
    assert list(translations.faults(english, other, terms)) == []


def test_a_changed_sentence_keeps_its_translation_as_a_remark(tmp_path, monkeypatch):
    monkeypatch.setattr(translations, "LOCALE", tmp_path)
    path = tmp_path / "zh_CN" / "page.po"
    translations.merge(path, ["What lies between two points?", "Summary", "Gone for good"])
    catalogue = polib.pofile(str(path))
    for entry, text in zip(catalogue, ["两个点之间有什么？", "小结", "走了"]):
        entry.msgstr = text
    catalogue.save()
    translations.merge(path, ["Summary", "What lies between these two points?", "New"])
    entries = list(polib.pofile(str(path)))
    assert [entry.msgid for entry in entries] == ["Summary", "What lies between these two points?", "New"]
    assert [entry.msgstr for entry in entries] == ["小结", "两个点之间有什么？", ""]
    assert [entry.fuzzy for entry in entries] == [False, True, False]
    before = path.read_bytes()
    translations.merge(path, [entry.msgid for entry in entries])
    assert path.read_bytes() == before, "nothing has changed"


# In a kernel


def test_figures_speak_the_language_that_is_chosen(chinese):
    chinese(
        {
            "What a Gaussian costs": "一个高斯的代价",
            "recon = {recon}": "重建 = {recon}",
            "tilt {end}": "倾角 {end}",
            "all phases": "所有月相",
        }
    )
    before = KL()
    latentwalk.language("zh")
    after = KL()
    for figure in (before, after):
        assert figure.title == "一个高斯的代价" and figure.text["recon"] == "重建 = {recon}"
        assert figure.text["kl"] == "KL = {kl}", "what is not translated stays English"
    before.title = "Mine"
    latentwalk.language("en")
    assert (before.title, after.title) == ("Mine", "What a Gaussian costs")


def test_controls_and_networks_speak_it_too(chinese):
    from latentwalk.checkpoints import load

    chinese({"tilt {end}": "倾角 {end}", "all phases": "所有月相", "crescents": "月牙", "autoencoder": "自编码器"})
    latentwalk.language("zh")
    networks = {
        name: [
            Network(load(f"{kind}-{name}"), f"{kind}-{name}", label, ("encode", "decode"))
            for kind, label in (("ae", "autoencoder"), ("vae", "VAE"))
        ]
        for name in ("crescents", "moons")
    }
    figure = Moons(**networks)
    controls = {control.description: control for control in figure.find(figure.card) if hasattr(control, "description")}
    assert {"倾角 A", "倾角 B"} <= set(controls)
    buttons = next(control for control in controls.values() if "所有月相" in getattr(control, "_options_labels", ()))
    assert networks["moons"][0].label == "自编码器"
    buttons.index = 1
    assert (buttons.label, buttons.value) == ("所有月相", "all phases")


def test_exercises_speak_it_too(chinese, capsys, monkeypatch):
    monkeypatch.setattr(exercises, "checked", {})
    chinese(
        {
            "Not yet: {mistake}.": "还不对：{mistake}。",
            "this looks like {mistake}": "这看起来像{mistake}",
            "a forgotten 0.5": "忘了 0.5",
            "{right} right of {count} checked; the book has {all}.": "检查 {count}，正确 {right}，全书 {all}。",
        }
    )
    latentwalk.language("zh")
    result = exercises.check("kl_divergence", exercises.EXERCISES["kl_divergence"].mistakes["a forgotten 0.5"])
    assert result.message == "还不对：这看起来像忘了 0.5。" and capsys.readouterr().out == f"{result.message}\n"
    assert exercises.report().sum().startswith("检查 1，正确 0，")


def test_a_pipe_that_has_no_letters_for_it_gets_question_marks(chinese, monkeypatch):
    """As on Windows."""
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), "cp1252"))
    chinese({"Not yet: {mistake}.": "还不对：{mistake}。"})
    latentwalk.language("zh")
    result = exercises.check("kl_divergence", exercises.EXERCISES["kl_divergence"].mistakes["a forgotten 0.5"])
    print(exercises.report())
    sys.stdout.flush()
    assert result.message.startswith("还不对：") and sys.stdout.buffer.getvalue().startswith(b"????")


def test_pictures_that_are_drawn_later_speak_it_too(chinese):
    import matplotlib.pyplot as plt

    chinese({"epoch": "\u8f6e", "draw {k}": "\u7b2c {k} \u6b21\u62bd\u6837"})
    _, axis = plt.subplots()
    axis.set(xlabel="epoch", xticks=[0, 1], xticklabels=["draw 1", " epoch "], title="0.5")
    latentwalk.language("zh")
    ticks = [label.get_text() for label in axis.get_xticklabels()]
    assert (axis.get_xlabel(), ticks, axis.get_title()) == (
        "\u8f6e",
        ["\u7b2c 1 \u6b21\u62bd\u6837", " \u8f6e "],
        "0.5",
    )
    latentwalk.language("en")
    assert axis.get_xlabel() == "epoch", "the figure itself has not changed"
    plt.close()


def test_a_filled_sentence_is_found_by_its_own_words_and_so_are_those_in_its_places(chinese):
    chinese(
        {
            "{name}: {moon}": "{name}：{moon}",
            "{network}: distance = {distance}": "{network}：距离 = {distance}",
            "autoencoder": "自编码器",
        }
    )
    said = {
        "autoencoder: distance = 333": "自编码器：距离 = 333",
        "A: autoencoder": "A：自编码器",
        "t = 0.5": "t = 0.5",
    }
    assert language.translate(list(said), "zh") == list(said.values())


def test_a_sentence_of_a_reader_is_not_taken_for_a_text_of_a_picture(tmp_path, chinese):
    chinese({})
    groups = {"a.ipynb": {"{n} digits": "{n}个"}, "a.ipynb, pictures": {"draw {k}": "第{k}次"}}
    (tmp_path / "zh.json").write_text(json.dumps(groups))
    assert language.translate(["draw a circle", "3 digits"], "zh") == ["draw a circle", "3个"]
    assert language.translate(["draw 2", "3 digits"], "zh", pictures=True) == ["第2次", "3个"]


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="code: expected one of en, zh, got 'tlh'"):
        latentwalk.language("tlh")
