"""Sphinx extension: the book in another language than English, from the same sources, and the way from one language to the other.

Text comes from the catalogues in book/locale, one for each page (Sphinx's own i18n), the words of these extensions, of the templates and
of the pages' scripts from ``sphinx.po`` there, and those of the figures from src/latentwalk/languages. `make translations` brings all of
them up to date.

An edition in another language is built after the English one, in ``_build/<code>``, and comes to lie in its folder ``<code>``: pages, the
words of their figures, and what finds words in them. All else, 30 MB, it takes from the English one.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
from html import escape
from pathlib import Path

import jieba
from address import site
from docutils import nodes
from offline import build_folder, other_edition
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.search.zh import SearchChinese
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import extract_messages
from sphinx_exercise.nodes import (
    exercise_enumerable_node,
    exercise_subtitle,
    exercise_title,
    solution_node,
    solution_title,
)

from latentbook import LANGUAGES, catalogues, tag

# What is the same in every language: formulas, code, numbers.
SAME = re.compile(r"\$\$?[^$]+\$\$?|(`+).+?\1|!\[[^]]*\]\([^)]*\)")
UPRIGHT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # Chinese, Japanese, Korean
# What a script of the pages says: tr("Stop"), tr("{file} is damaged", { file }).
SAID = re.compile(r'\btr\(\s*"([^"]+)"')
SCRIPTS = ("book/_static/*.js", "book/front-end/*.js")
# In the pages of another edition, what refers to files beside them, and which of these are its own.
ATTRIBUTE = re.compile(r'(?<= )(src|href|srcset|content|data-state|data-code|data-words)="[^"]*"')
SHARED = re.compile(r'(?<=[" ])((?:\.\./)*(?:_static|_images|_sources)/)(?!(?:book\.js|search\.js|words\.js|words/))')
LOOSE = re.compile(r'(<span class="caption-number">[^<]*) (</span>\uff08)')  # a space before a full-width bracket
OWN = (
    "_static/book.js",
    "_static/search.js",
    "_static/words.js",
    "_static/words/*.js",
    "_images/words/*",
    "searchindex.js",
)


class descriptions(nodes.Element, nodes.Invisible, addnodes.translatable):
    """What pictures show that a notebook draws when it runs; catalogues are made without running it."""

    def extract_original_messages(self) -> list[str]:
        """The alternative texts of the page's cells."""
        return self["texts"]

    def preserve_original_messages(self) -> None:
        """Nothing is lost."""

    def apply_translated_message(self, original: str, translated: str) -> None:
        """The pictures themselves are translated, not this."""


class Same(SphinxTransform):
    """Formulas, code and numbers are not for translators."""

    default_priority = 4  # before Sphinx's own transforms for translation

    def apply(self, **kwargs) -> None:
        for node in self.document.findall(
            lambda node: isinstance(node, nodes.math_block | exercise_title | solution_title)
        ):
            node["translatable"] = False  # of an exercise's title, what it says by itself is translated below
        for node in self.document.findall(nodes.TextElement):
            text = node.rawsource or node.astext()
            if not isinstance(node, nodes.Inline) and not re.search(r"[^\W\d_]{2}", SAME.sub("", text)):
                node["translatable"] = False


class Titles(SphinxPostTransform):
    """What exercises and their solutions are called, once sphinx-exercise has put their titles together, in English order and signs."""

    default_priority = 25  # after those of sphinx-exercise

    def run(self, **kwargs) -> None:
        if not other_edition(self.app):
            return
        before, after = _("({title})").split("{title}")
        opens, closes = _("Solution to {exercise}").split("{exercise}")
        for title in self.document.findall(nodes.title):
            if not isinstance(title.parent, exercise_enumerable_node | solution_node):
                continue
            solved = isinstance(title.parent, solution_node)
            words = words_of(self.app, name=self.env.docname) | {" (": before, ")": after}
            for text in list(title.findall(nodes.Text)):
                text.parent.replace(text, nodes.Text(words.get(text, text.lstrip() if solved else text)))
            if solved:
                title[0] = nodes.Text(opens)
                title += nodes.Text(closes)


class Collect(SphinxTransform):
    """Note what there is to translate in a page, for the test that compares it with the catalogue."""

    default_priority = 15  # Sphinx translates at 20

    def apply(self, **kwargs) -> None:
        if other_edition(self.app) and self.app.builder.format == "html":
            found = self.env.__dict__.setdefault("messages", {})
            found[self.env.docname] = sorted({text for _node, text in extract_messages(self.document)})


def join(app: Sphinx, doctree: nodes.document) -> None:
    """Make all nodes those of the page, and mark emphasis in letters that have no slanted form.

    What Sphinx has parsed of a translation remembers a document of its own, and by its settings the whole environment: it would be stored
    with each page, 40 MB, and read again by each build.
    """
    if other_edition(app):
        for node in doctree.findall():
            node.document = doctree
            if isinstance(node, nodes.emphasis) and UPRIGHT.search(node.astext()):
                node["classes"].append("lw-upright")


def add_descriptions(app: Sphinx, doctree: nodes.document) -> None:
    """The alternative texts of pictures that code cells draw, for the catalogue of the page."""
    path = Path(app.env.doc2path(app.env.docname))
    if app.builder.name != "gettext" or path.suffix != ".ipynb":
        return
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = [cell["metadata"].get("mystnb", {}).get("image", {}).get("alt") for cell in cells]
    texts += [node.astext() for node in doctree.findall(exercise_subtitle)]
    doctree += descriptions("", texts=[text for text in texts if text])


# Search


class Chinese(SearchChinese):
    """Sphinx's, which splits text with jieba, and a query by the longest words that the index knows."""

    js_splitter_code = r"""
var splitQuery = (query) =>
  query.split(/[^\p{Letter}\p{Number}_]+/gu).flatMap((part) => part.match(/\p{Script=Han}+|\P{Script=Han}+/gu) ?? []).flatMap((run) => {
    const { terms, titleterms } = Search._index;
    const found = [];
    for (let start = 0, end; /\p{Script=Han}/u.test(run) && start < run.length; start = end) {
      for (end = run.length; end > start + 1 && !(run.slice(start, end) in terms || run.slice(start, end) in titleterms); end--);
      if (end > start + 1) found.push(run.slice(start, end));
    }
    return found.length ? found : [run];
  });
"""


def know_terms(app: Sphinx, config) -> None:
    """Tell jieba which words are one: the terms of the field."""
    path = Path(app.srcdir) / "book" / "locale" / config.language / "terms.json"
    if not path.exists():
        return
    glossary = json.loads(path.read_text(encoding="utf-8"))["glossary"].values()
    words = sorted({word for forms in glossary for word in forms if re.fullmatch(r"[\u4e00-\u9fff]+", word)})
    target = Path(app.outdir).parent / "terms.txt"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("".join(f"{word} 100000\n" for word in words), encoding="utf-8")
    config.html_search_options = {"dict": str(target)}


# From one language to the other


def words_of(app: Sphinx, language: str | None = None, name: str = "sphinx") -> dict[str, str]:
    """A catalogue, this edition's or another's; without a name, the words of extensions, templates and scripts."""
    return catalogues.words(language or app.config.language, name, Path(app.srcdir) / app.config.locale_dirs[0])


def said_by_scripts(root: Path) -> list[str]:
    """The words in the pages' scripts."""
    texts = (path.read_text(encoding="utf-8") for pattern in SCRIPTS for path in sorted(root.glob(pattern)))
    return list(dict.fromkeys(word for text in texts for word in SAID.findall(text)))


def words_of_scripts(app: Sphinx) -> dict[str, str]:
    """What the pages' scripts say, in the language of this edition."""
    words = words_of(app)
    return {text: words[text] for text in said_by_scripts(Path(app.srcdir)) if text in words}


def link(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Tell a page where it stands in the other languages, and its scripts their words."""
    up, file = "../" * pagename.count("/"), app.builder.get_target_uri(pagename)
    base, editions = site(app.config.html_theme_options.get("repository_url", "")), []
    for language, code in {"en": "", **LANGUAGES}.items():
        path = f"{code}/{file}" if code else file
        words = words_of(app, language)
        editions.append(
            {
                "lang": tag(language),
                "here": language == app.config.language,
                "href": f"{up}{'../' * other_edition(app)}{path}",
                "address": f"{base}{path}",
                "name": words.get(NAME, NAME),
                "invitation": words.get(INVITATION, INVITATION),
                "close": words.get(CLOSE, CLOSE),
            }
        )
    context["editions"] = editions
    if other_edition(app):
        context["words"] = words_of_scripts(app)
        if doctree is not None:
            context["body"] = with_remarks(app, pagename, context["body"], editions[0]["href"])


def with_remarks(app: Sphinx, pagename: str, body: str, english: str) -> str:
    """A page that is not translated says so, and leads to the English one; the first page says what is English everywhere."""
    known = words_of(app, name=pagename)
    texts = app.env.messages[pagename]
    if sum(text in known for text in texts) < len(texts) / 2:
        said, leads = _("This page is not translated yet."), _("It is easier to read in the English edition.")
        remark = f'<p class="lw-untranslated">{escape(said)} <a href="{english}">{escape(leads)}</a></p>'
        body = body.replace("</h1>", f"</h1>\n{remark}", 1)
    if pagename == app.config.root_doc:
        said = _(
            "Code, what it prints, and the stills that stand for interactive figures on paper are English throughout."
        )
        start, end, rest = body.rpartition("</section>")
        body = f"{start}<p>{escape(said)}</p>\n{end}{rest}"
    return body


# What the theme says in English in every language, or in a Chinese that is not the pages'; as it stands in a page -> English.
FRAME = {text: text for text in ("Main", "Toggle primary sidebar", "Toggle secondary sidebar", "Toggle hidden content")}
FRAME["\u5217\u5370\u6210 PDF"] = "Print to PDF"
NAMES = re.compile(rf'(?<= )(aria-label|title)="({"|".join(FRAME)})"')
# And what is not in Sphinx's own catalogues of every language.
word = str  # marks what is for the catalogues
THEME = (
    word("Link to this heading"),
    word("Link to this image"),
    word("Link to this term"),
    word("Page"),
    word("Click to show"),
    word("Click to hide"),
    word("\u00a9 Copyright %(copyright)s."),
)
# Each edition says these of itself.
NAME, INVITATION, CLOSE = word("English"), word("Read this page in English"), word("Close")


def translate_hints(app: Sphinx, config) -> None:
    """What a fold says, before the extension that makes folds puts it into a script."""
    words = words_of(app)
    for name in ("togglebutton_hint", "togglebutton_hint_hide"):
        config[name] = words.get(config[name], config[name])


def translate_settings(app: Sphinx, config) -> None:
    """What _config.yml says to readers."""
    words = words_of(app)
    config.html_title = words.get(config.html_title, config.html_title)
    config.author = words.get(config.author, config.author)
    captions = words_of(app, name=config.root_doc)
    for part in config.external_site_map.root.subtrees:
        part.caption = captions.get(part.caption, part.caption)
    options = config.html_theme_options
    for name in ("search_bar_text", "extra_footer"):
        if name in options:
            options[name] = words.get(options[name], options[name])
    if "text" in options.get("logo", {}):
        options["logo"] = {**options["logo"], "text": words.get(options["logo"]["text"], options["logo"]["text"])}


def translate_folds(app: Sphinx, doctree: nodes.document) -> None:
    """The titles of folded cells, which a notebook keeps beside them."""
    words = words_of(app)
    for node in doctree.findall(nodes.container):
        for name in ("prompt_show", "prompt_hide"):
            if node.get(name) in words:
                node[name] = words[node[name]]


# After the pages


def publish(app: Sphinx, exception: Exception | None) -> None:
    """Put another edition beside the English one."""
    if exception or app.builder.format != "html" or not other_edition(app):
        return
    made, book = Path(app.outdir), build_folder(app) / "html"
    target = book / LANGUAGES[app.config.language]
    shutil.rmtree(target, ignore_errors=True)
    words = words_of(app)
    (made.parent / "messages.json").write_text(json.dumps(app.env.messages), encoding="utf-8")
    for path in (path for pattern in OWN for path in made.glob(pattern)):
        copy = target / path.relative_to(made)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    missing = set()
    for path in made.rglob("*.html"):
        name = path.relative_to(made)
        if name.parts[0] == "_static":
            continue
        text = ATTRIBUTE.sub(lambda found: SHARED.sub(r"../\1", found[0]), path.read_text(encoding="utf-8"))
        text = LOOSE.sub(r"\1\2", text)
        text = NAMES.sub(lambda found: f'{found[1]}="{words.get(FRAME[found[2]], FRAME[found[2]])}"', text)
        page = target / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, encoding="utf-8")
        for attribute in ATTRIBUTE.finditer(text):
            files = re.findall(r'(?<=[" ])\.\.[^" ?#]*(?:_static|_images|_sources)/[^" ?#]+', attribute[0])
            missing |= {file for file in files if not (page.parent / file).exists()}
    if missing:
        raise ExtensionError(
            f"the English edition lacks files that this one takes from it: {', '.join(sorted(missing)[:5])}"
        )


def setup(app: Sphinx) -> dict:
    """Register the events above."""
    jieba.setLogLevel(logging.WARNING)
    app.add_node(descriptions)
    app.add_transform(Same)
    app.add_transform(Collect)
    app.add_post_transform(Titles)
    app.add_search_language(Chinese)
    app.connect("doctree-read", join)
    app.connect("config-inited", translate_hints, priority=400)
    app.connect("config-inited", translate_settings, priority=910)  # after the table of contents has been read
    app.connect("config-inited", know_terms)
    app.connect("doctree-read", add_descriptions)
    app.connect("doctree-read", translate_folds)
    app.connect("html-page-context", link)
    app.connect("build-finished", publish, priority=999)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
