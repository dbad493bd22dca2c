"""The book in other languages: every word is in a catalogue; the switch, the offer, and search."""

import json
import re
import shutil
import subprocess
import sys

import imagesize
import polib
import pytest
import translations
from built import PAGES, models, places

from latentbook import HTML, LANGUAGES, ROOT, notebooks
from latentwalk import widgets
from latentwalk.page import language

LOCALE = ROOT / "book" / "locale"


@pytest.mark.parametrize(("language", "code"), LANGUAGES.items())
def test_the_catalogues_hold_what_the_pages_say(language, code):
    """Neither more nor less: what is new is translated, what has gone takes no translator's time."""
    pages = json.loads((HTML.parent / code / "messages.json").read_text())
    captions = set(re.findall(r"caption: (.+)", (ROOT / "_toc.yml").read_text()))
    wrong = {}
    pages.pop("book/licences")  # what is installed, by name
    for page, said in pages.items():
        known = {entry.msgid for entry in polib.pofile(str(LOCALE / language / "LC_MESSAGES" / f"{page}.po"))}
        titles = {
            text for text in known if re.match(r"(Warm-up|Middle|Hard): ", text)
        }  # of exercises: not in Sphinx's way
        if known - captions - titles != set(said):
            wrong[page] = {"new": sorted(set(said) - known), "gone": sorted(known - captions - titles - set(said))}
    assert wrong == {}, "run `make translations`"


def test_the_catalogues_hold_what_the_figures_say(monkeypatch):
    """What a trait with words has in the built book; a sentence may have its {places} filled."""
    words = [word for group in translations.of_figures().values() for word in group]
    monkeypatch.setattr(language, "sentences", lambda code, pictures=False: dict.fromkeys(words, "known"))
    language.patterns.cache_clear()
    missing = set()
    for name in PAGES:
        for figure in places(name):
            for model in models(figure).values():
                module, _, kind = model["state"].get("_anywidget_id", "").rpartition(".")
                traits = getattr(widgets, kind).class_traits() if module else {}
                for trait in (*language.worded(traits), *language.CONTROLS):
                    missing |= {
                        text for text in strings(model["state"].get(trait)) if language.translate(text, "xx") == text
                    }
    language.patterns.cache_clear()
    assert sorted(text for text in missing if translations.has_words(text)) == []


def test_the_catalogues_hold_what_the_pictures_say():
    """As they were drawn when the notebooks were run."""
    pictures = translations.of_pictures()
    assert len(pictures) == len(notebooks()), "each was run as it is now"
    for code in LANGUAGES.values():
        known = json.loads((translations.WORDS / f"{code}.json").read_text())
        wanted = translations.with_pictures(translations.of_figures(), pictures, {})
        assert {name: list(group) for name, group in known.items()} == wanted, "run `make translations`"


PICTURE = re.compile(r'<img class="[^"]*lw-(day|night)[^"]*"[^>]*? src="([^"]*_images/words/[^"]+)"[^>]*>')


def test_pictures_with_words_are_drawn_in_each_language():
    """By the same run of the notebooks, in both themes, in their own size; all other pictures are those of the English book."""
    drawn = {file.name for file in (HTML / "zh" / "_images" / "words").glob("*.webp")}
    shown = {"day": set(), "night": set()}
    for name in PAGES:
        assert "_images/words/" not in (HTML / name).read_text()
        text = (HTML / "zh" / name).read_text()
        for element in PICTURE.finditer(text):
            path = (HTML / "zh" / name).parent / element[2]
            size = tuple(int(re.search(rf' {side}="(\d+)"', element[0])[1]) for side in ("width", "height"))
            assert imagesize.get(path) == size, (name, path.name)
            shown[element[1]].add(path.name)
    assert len(shown["day"]) > 50
    assert {name.replace(".webp", "-dark.webp") for name in shown["day"]} == shown["night"]
    assert shown["day"] | shown["night"] == drawn


def strings(value) -> list[str]:
    """All strings in lists and values of dicts."""
    if isinstance(value, dict | list):
        return [text for part in (value.values() if isinstance(value, dict) else value) for text in strings(part)]
    return [value] if isinstance(value, str) else []


# A language that is English with an accent on every vowel, to see what is in no catalogue


PLAIN, ACCENTED = "aeiouAEIOU", "\u00e1\u00e9\u00ed\u00f3\u00fa\u00c1\u00c9\u00cd\u00d3\u00da"
TERM = r"\{term\}`([^`<]+?)(?: <([^>]+)>)?`"
KEPT = r"%\(\w+\)s|\{[\w:-]+\}`[^`]*`|`[^`]+`|\$\$?[^$]+\$\$?|\]\([^)]*\)|\{\w*[^{}]*\}|<[^>]+>|&\w+;"
PIECE = re.compile(rf"{TERM}|({KEPT})|(.)", re.S)
ACCENTS = str.maketrans(PLAIN, ACCENTED)
READ = ("notebooks/00_walk", "notebooks/02_distributions", "book/glossary", "book/references")
ALONE = "embed/02_distributions-latentcloud"
BUILD = """
import sys
from pathlib import Path
import latentbook
from latentwalk.page import language
from jupyter_book.sphinx import build_sphinx

folder, *pages = sys.argv[1:]
latentbook.LANGUAGES["la"] = "la"
language.FOLDER = Path(folder) / "languages"
others = [str(path) for pattern in ("notebooks/**/*.ipynb", "book/*.md") for path in Path().glob(pattern) if str(path.with_suffix("")) not in pages]
sys.exit(not isinstance(build_sphinx(
    ".", f"{folder}/la/html", path_config="_config.yml", noconfig=True, doctreedir=f"{folder}/doctrees", quiet=True,
    confoverrides={"language": "la", "latex_individualpages": False, "locale_dirs": [f"{folder}/locale"],
        "exclude_patterns": ["*.md", ".*", "**/.*", "_build", "benchmarks", "book/node_modules", "data", "shared", "src", "tests", *others]},
), int))
"""


def accent(text: str) -> str:
    """The text with accents, but for what is the same in every language."""

    def other(piece: re.Match) -> str:
        shown, target, kept, letter = piece.groups()
        return f"{{term}}`{accent(shown)} <{target or shown}>`" if shown else kept or letter.translate(ACCENTS)

    return PIECE.sub(other, text)


@pytest.fixture(scope="module")
def accented(tmp_path_factory):
    """Three pages in that language, made from the run of the notebooks that the book was made from."""
    folder = tmp_path_factory.mktemp("accented")
    for name in ("_static", "_images", "_sources"):
        (folder / "html").mkdir(exist_ok=True)
        (folder / "html" / name).symlink_to(HTML / name)
    for name in (".jupyter_cache", "ipython"):  # copies: a notebook that is run here is not one of the book's
        shutil.copytree(HTML.parent / name, folder / name)
    shutil.copy(HTML.parent / ".formulas.json", folder)
    source, target = LOCALE / "zh_CN" / "LC_MESSAGES", folder / "locale" / "la" / "LC_MESSAGES"
    for path in (*(source / f"{name}.po" for name in READ), source / "sphinx.po"):
        catalogue = polib.pofile(str(path))
        for entry in catalogue:
            entry.msgstr, entry.flags = accent(entry.msgid).replace("\\ ", "\\\n"), []
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(copy))
    words = {text: accent(text) for group in translations.of_figures().values() for text in group}
    (folder / "languages").mkdir()
    (folder / "languages" / "la.json").write_text(json.dumps({"all": words}))
    done = subprocess.run([sys.executable, "-c", BUILD, str(folder), *READ], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder / "html"


# Texts and names that a reader meets, without code, formulas, what cells print, works that are cited, and languages' own names.
SEEN = """() => {
  const apart = "pre, code, .math, svg, script, style, .output, .cell_output > :not(.lw-place), .citation, [href*='references.html'], template, .lw-language, .lw-offer, kbd, noscript";
  const found = [];
  const walk = document.createTreeWalker(document.querySelector("article.bd-article") ?? document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (node.nodeType === 3 && !node.parentElement.closest(apart)) found.push(node.data);
    if (node.nodeType === 1 && !node.matches(apart))
      for (const name of ["title", "aria-label", "aria-description", "alt", "placeholder"]) found.push(node.getAttribute(name) ?? "");
  }
  return found;
}"""
# Names, which are no one's language; the theme's frame is looked at in Chinese (questions/language.py).
NAMES = re.compile(r"sigmoid|softmax|relu|ipynb|logvar|mu|eps|null|index|Exercise( \d\.\d)?|.*content", re.I | re.S)


@pytest.mark.parametrize("name", [*READ, ALONE])
def test_no_word_of_a_page_is_in_no_catalogue(accented, visit, name):
    with visit(accented.as_uri(), f"la/{name}.html", make=False) as page:
        page.evaluate("globalThis.latentwalk?.all()")
        page.evaluate("document.querySelectorAll('.lw-share > button').forEach((one) => one.click())")
        said = page.evaluate(SEEN)
    texts = {
        text.strip()
        for text in said
        if re.search(r"\b[a-z]*[aeiou][a-z]*[a-z]{2}\b", text) and not re.search(f"[{ACCENTED}]", text)
    }
    assert sorted(text for text in texts if not NAMES.fullmatch(text)) == []


TOLD = re.compile(r"""new \w*(?:Error|Trouble)\([^;]*;|\btr\([^)]*\)|"[^"\n]*"|`[^`]*`""", re.S)
SENTENCE = re.compile(r"^[^{}<>=#.]*\b[A-Za-z]{2,} [a-z]{2,}\b[^{}<>=#;]*$")


def test_no_script_has_a_sentence_of_its_own():
    """What the figures, the Lab and the pages say comes from Python or through tr(); errors of the program itself are English."""
    found = []
    for pattern in ("src/latentwalk/widgets/*.js", "book/front-end/*.js", "book/lab/*.js", "book/_static/*.js"):
        for path in ROOT.glob(pattern):
            code = re.sub(r"(?m)^\s*//.*$|\s//\s.*$", "", path.read_text())
            for text in TOLD.findall(code):
                plain = re.sub(r"\$\{[^}]*\}", "0", text[1:-1])
                if text[0] in '"`' and SENTENCE.match(plain) and not re.search(r"\blw-|^use |px\b|-src ", plain):
                    found.append((path.name, plain))
    assert found == [("which_bug.js", "no bug")], "the name of a run, which is translated where it is shown"


def test_a_figure_alone_speaks_the_language_of_its_page(visit, server):
    """Its words, its controls, and what a reader is told of a damaged file."""
    name = f"zh/{ALONE}.html"
    with visit(server, name, locale="zh-CN") as page:
        said = page.evaluate(
            """() => [document.title, document.querySelector(".lw-title").textContent, tr("Play or pause"),
              latentwalk.tr("{file} is damaged", { file: "x.js" }), document.querySelector(".lw-share button").title]"""
        )
        assert [words for words in said if not re.search("[\u4e00-\u9fff]", words)] == []
        assert page.locator(".lw-source a").get_attribute("href").startswith("../notebooks/02_distributions.html#")


# The switch, the offer, search


def test_another_language_is_offered_once(browser, server):
    """To whom the browser says that they would rather read it; a word closes it, and it does not come again."""
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{server}/book/notation.html?a=1#x")
    offer = page.locator(".lw-offer")
    assert offer.get_attribute("lang") == "zh-CN" and "\u4e2d\u6587" in offer.inner_text()
    page.set_viewport_size({"width": 360, "height": 640})
    assert offer.evaluate("(e) => getComputedStyle(e).position") == "static", "it would lie over a figure's slider"
    offer.get_by_role("link").click()
    page.wait_for_url("**/zh/book/notation.html?a=1#x")
    assert page.locator(".lw-offer").count() == 0, "it is read already"
    page.locator(".lw-language").click()
    page.wait_for_url("**/where/book/notation.html?a=1#x")
    assert page.locator(".lw-offer").count() == 0, "it was offered"
    context.close()


def test_nothing_is_offered_to_who_reads_english_and_no_storage_is_no_fault(visit, server):
    with visit(server, "book/notation.html", locale="en-GB") as page:
        assert page.locator(".lw-offer").count() == 0
    deny = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"
    with visit(server, "book/notation.html", locale="zh-CN", before=lambda page: page.add_init_script(deny)) as page:
        page.locator(".lw-offer button").click()
        assert page.locator(".lw-offer").count() == 0


@pytest.mark.parametrize(
    ("asked", "page"), [("\u540e\u9a8c\u574d\u7f29", "book/glossary"), ("KL \u6563\u5ea6", "notebooks/04_kl")]
)
def test_search_finds_chinese_words(visit, server, asked, page):
    with visit(server, "zh/search.html", locale="zh-CN") as found:
        found.goto(f"{found.url}?q={asked}")
        found.locator(f"#search-results a[href*='{page}.html']").first.wait_for()
