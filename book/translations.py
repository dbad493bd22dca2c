"""Keep the book's catalogues in step with its sources (`make translations`), and check what translators wrote.

    python book/translations.py update           new and changed sentences into the catalogues of all languages
    python book/translations.py check [FILE...]  each translation against its English: numbers, formulas, code, links, terms, punctuation
    python book/translations.py show FILE        a page in the other languages, as text; Sphinx's warnings come with it
    python book/translations.py stat             how much is translated

The text of each page is in book/locale/<language>/LC_MESSAGES/<page>.po, with the words of templates, extensions and drawings in sphinx.po
beside them; the words of figures, exercises and matplotlib's pictures are in src/latentwalk/languages/<language>.json. Those of pictures
are known once a notebook has been run: `update` takes them from the last build of the book. A sentence whose English has changed is kept as
a remark ("fuzzy") and shows in English until somebody has looked at it.
"""

from __future__ import annotations

import ast
import json
import pickle
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

import nbformat
import polib
import yaml

from latentbook import LANGUAGES, dark, notebooks
from latentbook.wording import FORMULA, has_words
from latentwalk.page.language import BRACES, PICTURES

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "book" / "locale"
WORDS = ROOT / "src" / "latentwalk" / "languages"
HEADER = {"MIME-Version": "1.0", "Content-Type": "text/plain; charset=UTF-8", "Content-Transfer-Encoding": "8bit"}
WIDE = 10_000  # a message is one line


# What there is to translate


def text_of(node: ast.AST) -> str | None:
    """A string, or an f-string with its values in {braces}; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            part.value
            if isinstance(part, ast.Constant)
            else f"{{{re.sub(r'[^a-z]+', '_', ast.unparse(part.value).lower()).strip('_')}}}"
            for part in node.values
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = text_of(node.left), text_of(node.right)
        return left + right if left is not None and right is not None else None
    return None


def strings(node: ast.AST) -> Iterator[str]:
    """All strings in a node, but the keys of dicts."""
    if (text := text_of(node)) is not None:
        yield text
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from strings(value)
    elif isinstance(node, ast.List | ast.Tuple | ast.Set):
        for part in node.elts:
            yield from strings(part)
    elif isinstance(node, ast.IfExp):
        yield from strings(node.body)
        yield from strings(node.orelse)


SHOWN = {"description", "tooltip", "label", "placeholder", "title", "options"}  # keywords whose value a reader sees


def in_code(path: Path) -> Iterator[str]:
    """The words in a Python file that readers see: of figures, their controls, and of exercises."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in ("Words", "Choice"):
                words = node.args if name == "Words" else node.args[:1]  # then comes one of the choice's values
                for part in [*words, *(keyword.value for keyword in node.keywords)]:
                    yield from strings(part)
            elif name in ("slider", "choice"):
                for part in node.args[1:]:
                    yield from strings(part)
            elif name in ("say", "translate") and node.args:
                yield from strings(node.args[0])
            elif name == "Exercise":
                yield from strings(node.args[2])
                for part in ast.walk(node.args[3]):
                    if isinstance(part, ast.Dict):
                        yield from (key.value for key in part.keys if isinstance(key, ast.Constant))
            for keyword in node.keywords:
                if keyword.arg in SHOWN:
                    yield from strings(keyword.value)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            if ast.unparse(node.targets[0].value) == "words":
                yield from strings(node.value)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            target = node.targets[0].id
            if target == "title" and isinstance(node.value, ast.Call):
                for call in ast.walk(node.value):
                    if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "Unicode" and call.args:
                        yield from strings(call.args[0])
            elif target in TABLES:
                yield from TABLES[target](node.value)


def keys(node: ast.Dict) -> list[str]:
    """The keys of a dict."""
    return [key.value for key in node.keys if isinstance(key, ast.Constant)]


# Constants that hold words which are shown, and where in them.
TABLES = {
    "NAMES": strings,
    "TRACES": strings,
    "LIT": strings,
    "CLASSES": strings,
    "STATISTICS": strings,
    "choices": strings,
    "shared": strings,
    "_NOISE": keys,
}


WORKED_OUT = {"01_holes": ["AE, 20-D", "AE, 128-D"]}  # names of networks that a cell puts together


def of_figures() -> dict[str, list[str]]:
    """The words of figures and exercises, by the file in which they stand."""
    package = ROOT / "src" / "latentwalk"
    files = [*sorted(package.glob("widgets/*.py")), *sorted(package.glob("page/*.py")), package / "exercises.py"]
    files += [package / "making" / name for name in ("checker.py", "answers.py", "scores.py")]
    found, seen = {}, set()

    def add(name: str, texts) -> None:
        for text in texts:
            if has_words(text) and text not in seen:
                seen.add(text)
                found.setdefault(name, []).append(text)

    for file in files:
        add(file.relative_to(package).as_posix(), in_code(file))
    for path in sorted(ROOT.glob("notebooks/**/*.ipynb")):
        for cell in cells(path):
            if cell["cell_type"] == "code":
                add(path.relative_to(ROOT).as_posix(), in_cell("".join(cell["source"])))
        add(path.relative_to(ROOT).as_posix(), WORKED_OUT.get(path.stem, []))
    return found


def cells(path: Path) -> list[dict]:
    """The cells of a notebook."""
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def tree_of(source: str) -> ast.AST | None:
    """The code of a cell without its %magic; None where it is no Python, as with !commands."""
    try:
        return ast.parse("\n".join(line for line in source.splitlines() if not line.lstrip().startswith("%")))
    except SyntaxError:
        return None


def in_cell(source: str) -> Iterator[str]:
    """What a cell says to a figure: titles, and names of networks."""
    tree = tree_of(source)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Dict) and "Network(" in source:
            yield from strings(node)
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name == "Network":
                for part in node.args[2:3]:
                    yield from strings(part)
            if name[:1].isupper():  # a figure, a network
                for keyword in node.keywords:
                    if keyword.arg in ("title", "label"):
                        yield from strings(keyword.value)


def of_pictures() -> dict[str, list[str]]:
    """What the pictures say that each notebook draws, where the last build of the book has run it as it is now."""
    from myst_nb.core.execute.cache import get_cache

    folders = sorted((ROOT / "_build" / ".jupyter_cache").glob("*"), key=lambda path: path.stat().st_mtime)
    found, cache = {}, get_cache(folders[-1]) if folders else None
    for path in notebooks(ROOT) if cache else ():
        try:
            known = cache.match_cache_notebook(nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)).pk
        except KeyError:
            continue
        drawn = dark.pictures(cache.get_cache_bundle(known).nb)
        texts = [text for png in drawn for said in dark.words(png).values() for text in said]
        found[path.relative_to(ROOT).as_posix() + PICTURES] = as_written(path, list(dict.fromkeys(texts)))
    return found


def with_pictures(figures: dict, pictures: dict, groups: dict) -> dict[str, list[str]]:
    """The words of figures, then those that pictures alone have; of notebooks that were not run, those that a catalogue has already."""
    said = {text for texts in figures.values() for text in texts}
    found = dict(figures)
    for name in (path.relative_to(ROOT).as_posix() + PICTURES for path in notebooks(ROOT)):
        texts = [text for text in pictures.get(name, groups.get(name, ())) if text not in said]
        said.update(texts)
        found |= {name: texts} if texts else {}
    return found


def as_written(path: Path, texts: list[str]) -> list[str]:
    """What pictures say, as the cells of a notebook have it: "draw {k}" for "draw 1" and "draw 2"."""
    trees = filter(None, (tree_of("".join(cell["source"])) for cell in cells(path) if cell["cell_type"] == "code"))
    written = {(text_of(node) or "").strip() for tree in trees for node in ast.walk(tree)}
    places = [text for text in written if BRACES.search(text) and has_words(text)]
    places.sort(key=lambda text: (-len(BRACES.sub("", text)), text))
    patterns = {text: re.compile("(.+?)".join(map(re.escape, BRACES.split(text)[::2]))) for text in places}

    def known(text: str) -> Iterator[str]:
        for place, pattern in patterns.items() if text not in written else ():
            if match := pattern.fullmatch(text):
                yield place
                for part in match.groups():
                    yield from known(part)
                return
        if has_words(FORMULA.sub("", text)):
            yield text

    return list(dict.fromkeys(word for text in texts for word in known(text)))


def of_extensions() -> list[str]:
    """The words of book/_ext, of book/_templates and of drawings, the folds' titles, and what _config.yml says."""
    found = []
    for path in (
        *sorted((ROOT / "book" / "_ext").glob("*.py")),
        *(ROOT / "book" / name for name in ("pdf.py", "pack.py")),
    ):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "word") and node.args:
                found += strings(node.args[0])
    for path in sorted((ROOT / "book" / "_templates").glob("*.html")):
        found += re.findall(r"""\b_\(["'](.+?)["']\)""", path.read_text(encoding="utf-8"))
    sys.path.append(str(ROOT / "book" / "_ext"))
    from languages import FRAME, said_by_scripts
    from narrow import said

    found += [*said_by_scripts(ROOT), *FRAME.values()]
    for path in sorted(ROOT.glob("notebooks/images/*.svg")):
        found += filter(has_words, said(path.read_text(encoding="utf-8")))
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    theme = config["sphinx"]["config"]["html_theme_options"]
    found += [config["title"], config["author"], theme["search_bar_text"], theme["extra_footer"]]
    for path in sorted(ROOT.glob("notebooks/**/*.ipynb")):
        for cell in cells(path):
            settings = cell["metadata"].get("mystnb", {})
            found += [settings[name] for name in ("code_prompt_show", "code_prompt_hide") if name in settings]
    return list(dict.fromkeys(found))


# Into the catalogues


def sphinx(folder: Path, builder: str, sources: Iterable[Path] = (), **settings) -> int:
    """Read the book with another builder of Sphinx's than the book's own; no notebook is run. Returns 0 where that went well."""
    from jupyter_book.sphinx import build_sphinx

    return build_sphinx(
        str(ROOT),
        str(folder),
        path_config=str(ROOT / "_config.yml"),
        noconfig=True,
        confoverrides={"nb_execution_mode": "off", "latex_individualpages": False, **settings},
        doctreedir=str(folder / ".doctrees"),
        filenames=[str(path) for path in sources],
        builder=builder,
        quiet=True,
    )


def show(source: Path) -> int:
    """Print a page as it reads in the other languages, without its code."""
    from docutils import nodes

    with tempfile.TemporaryDirectory() as name:
        for language in LANGUAGES:
            if code := sphinx(Path(name), "dummy", [source], language=language):
                return code
            sys.path.append(str(ROOT / "book" / "_ext"))  # where some nodes of the page are defined
            page = (Path(name) / ".doctrees" / source.relative_to(ROOT)).with_suffix(".doctree")
            for node in pickle.loads(page.read_bytes()).findall(nodes.TextElement):
                if not isinstance(node, nodes.Inline | nodes.literal_block | nodes.math_block):
                    print(node.astext(), end="\n\n")
    return 0


def save(catalogue: polib.POFile, path: Path) -> None:
    """A catalogue without dates, places and names: what changes in it is a translation, or an English sentence."""
    catalogue.metadata = {"Language": path.relative_to(LOCALE).parts[0], **HEADER}
    catalogue.header = catalogue.metadata_is_fuzzy = ""
    catalogue.wrapwidth = WIDE
    for entry in catalogue:
        entry.occurrences = []
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{catalogue}\n".lstrip("#\n"), encoding="utf-8")


def merge(path: Path, wanted: list[str]) -> None:
    """Bring one catalogue to these sentences, in their order. One that is new and like one that has gone takes its words, as a remark."""
    known = {entry.msgid: entry for entry in polib.pofile(str(path), wrapwidth=WIDE)} if path.exists() else {}
    gone = {id: entry for id, entry in known.items() if id not in wanted and entry.msgstr and not entry.obsolete}
    catalogue = polib.POFile()
    for text in wanted:
        entry = known.get(text) or polib.POEntry(msgid=text)
        if text not in known and (like := get_close_matches(text, gone, 1, 0.7)):
            entry.msgstr, entry.previous_msgid = gone[like[0]].msgstr, gone[like[0]].msgid
            entry.flags.append("fuzzy")
        catalogue.append(entry)
    save(catalogue, path)


def update() -> None:
    """All catalogues of all languages."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if code := sphinx(folder, "gettext"):
            sys.exit(f"error: the text of the pages could not be read: {code}")
        pages = {}
        for path in sorted(folder.rglob("*.pot")):
            page = path.relative_to(folder).with_suffix(".po")
            pages[page] = [entry.msgid for entry in polib.pofile(str(path)) if entry.msgid]
    pages[Path("sphinx.po")] = of_extensions()
    figures, pictures = of_figures(), of_pictures()
    for folder, code in LANGUAGES.items():
        for page, wanted in pages.items():
            merge(LOCALE / folder / "LC_MESSAGES" / page, wanted)
        for path in set((LOCALE / folder / "LC_MESSAGES").rglob("*.po")):
            if path.relative_to(LOCALE / folder / "LC_MESSAGES") not in pages:
                path.unlink()
        path = WORDS / f"{code}.json"
        groups = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        known = {english: other for group in groups.values() for english, other in group.items()}
        wanted = with_pictures(figures, pictures, groups)
        words = {file: {text: known.get(text, "") for text in texts} for file, texts in wanted.items()}
        path.write_text(json.dumps(words, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


# A translation against its English

CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.S)
ROLE = re.compile(r"\{([\w:-]+)\}`([^`]*)`")
LINK = re.compile(r"(!?)\[((?:[^][]|\[[^][]*\])*)\]\(([^()\s]*(?:\([^()]*\)[^()\s]*)*)\)")
TARGET = re.compile(r"(.*?)\s*<([^<>]+)>", re.S)
TAG = re.compile(r"</?\w+[^<>]*>")
NUMBER = re.compile(r"(?<![\w.])\d(?:[\d,]*\d)?(?:\.\d+)?")
HAN = "\u3400-\u4dbf\u4e00-\u9fff"
TIGHT = re.compile(rf"[{HAN}][A-Za-z0-9α-ωΑ-Ωσμβε\ue000\ue001]|[A-Za-z0-9%°α-ωΑ-Ω\ue000\ue001][{HAN}]")
NARROW = re.compile(
    rf"[{HAN}][,;:?!]|[{HAN}]\.(?!\.)|[,;:?!][{HAN}]|[{HAN}]\s?\(|\([{HAN}]|[{HAN}]\)|[{HAN}]\"|\"[{HAN}]"
)
LOOSE = re.compile(r"[，。；：？！、（）《》] | [，。；：？！、）》]")
DASH = re.compile(rf"[{HAN}]-{{1,3}}[{HAN}]")


def parts(text: str) -> dict[str, Counter]:
    """What has to be the same in a translation, and ``left``, the words that a reader sees, with a sign for each formula and code span."""
    found = {name: Counter() for name in ("formulas", "code", "roles", "links", "tags", "numbers", "places")}
    shown = []

    def role(match: re.Match) -> str:
        name, inside = match.groups()
        target = TARGET.fullmatch(inside)
        found["roles"][name, " ".join((target[2] if target else inside).split())] += 1
        shown.append((name, " ".join((target[2] if target else inside).split()), target[1] if target else inside))
        return (
            target[1]
            if target
            else ("\ue001" if name in ("numref", "eq", "cite:p", "cite:t", "ref", "doc") else inside)
        )

    def keep(kind: str, sign: str, group: int):
        def act(match: re.Match) -> str:
            found[kind][match[group]] += 1
            return sign

        return act

    def link(match: re.Match) -> str:
        found["links"][match[1], match[3]] += 1
        return match[2]

    left = ROLE.sub(role, text)
    left = CODE.sub(keep("code", "\ue000", 2), left)
    left = FORMULA.sub(keep("formulas", "\ue000", 2), left)
    left = LINK.sub(link, LINK.sub(link, left))
    left = TAG.sub(lambda match: found["tags"].update([match[0]]) or "", left)
    left = BRACES.sub(lambda match: found["places"].update([match[0]]) or "\ue000", left)
    found["numbers"].update(NUMBER.findall(left))
    return {**found, "left": left, "shown": shown}


def marks(text: str) -> str:
    """Stars that Markdown shows instead of taking them for emphasis: a star between a letter and a full-width sign."""
    from markdown_it import MarkdownIt

    plain = FORMULA.sub("x", CODE.sub("x", ROLE.sub("x", text)))
    tokens = MarkdownIt().parseInline(plain)[0].children or []
    return "".join(token.content for token in tokens if token.type == "text" and "*" in token.content)


def faults(english: str, other: str, terms: dict) -> Iterator[str]:
    """What is wrong with a translation."""
    one, two = parts(english), parts(other)
    for kind in ("formulas", "code", "roles", "links", "tags", "numbers", "places"):
        missing, added = one[kind] - two[kind], two[kind] - one[kind]
        if missing or added:
            words = [
                f"{'missing' if part is missing else 'not in the English'}: {list(part.elements())}"
                for part in (missing, added)
                if part
            ]
            yield f"{kind}: {'; '.join(words)}"
    if english.count("\\ ") and other.count("\\\n") != len(re.findall(r"\\ (?=\S)", english)):
        yield "line breaks: a backslash and a space of the English is a backslash and a line break (\\\\\\n in the file)"
    if (stars := marks(other)) and not marks(english):
        yield f"a star that is shown as it is: {stars!r}; put punctuation outside of the emphasis, or a space beside it"
    if re.match(r"\d+[.)] ", other):
        yield "a number with a dot begins a list: write a backslash before the dot"
    if english.count("**") != other.count("**"):
        yield f"emphasis: {english.count('**') // 2} bold passages in the English, {other.count('**') // 2} here"
    left = two["left"].replace("*", "")
    rules = (
        (TIGHT, "a space is missing between Chinese and Latin letters, digits, code or a formula"),
        (NARROW, "half-width punctuation or quotation marks beside Chinese"),
        (LOOSE, "a space beside full-width punctuation"),
        (DASH, "a hyphen between Chinese: use —— or 、"),
    )
    for rule, words in rules if re.search(f"[{HAN}]", left) else ():
        if found := rule.search(left):
            yield f"{words}: …{left[max(0, found.start() - 12) : found.end() + 12]!r}".replace("\\ue000", "▢")
    for name, target, words in two["shown"]:
        allowed = terms["glossary"].get(target, [])
        if name == "term" and words not in allowed and not any(form in words for form in allowed):
            yield f"term: {target} is {' or '.join(allowed) or 'not in terms.json'}, got {words!r}"
    said = one["left"].replace("*", "")
    for term, forms in terms["text"].items():
        used = re.search(rf"(?<![\w-]){re.escape(term)}(?:s|es)?(?![\w-])", said, re.I)
        if used and not any(form in left for form in forms):
            yield f"term: {term} is {' or '.join(forms)}"


def messages(path: Path) -> Iterator[tuple[str, str]]:
    """The translated sentences of a catalogue."""
    if path.suffix == ".json":
        for group in json.loads(path.read_text(encoding="utf-8")).values():
            yield from ((english, other) for english, other in group.items() if other)
    else:
        for entry in polib.pofile(str(path)):
            if entry.msgstr and not entry.fuzzy and not entry.obsolete:
                yield entry.msgid, entry.msgstr


def catalogues() -> list[Path]:
    """All of all languages."""
    return [*sorted(LOCALE.rglob("*.po")), *sorted(WORDS.glob("*.json"))]


def terms_of(path: Path) -> dict:
    """The list of terms for the language of a catalogue."""
    folder = next(name for name, code in LANGUAGES.items() if path.stem == code or name in path.parts)
    file = LOCALE / folder / "terms.json"
    if not file.exists():
        sys.exit(
            f"error: there is no {file.relative_to(ROOT)}: write the language's list of terms first (CONTRIBUTING.md, Another language)"
        )
    return json.loads(file.read_text(encoding="utf-8"))


def check(paths: list[Path]) -> list[str]:
    """What is wrong in these catalogues, a line each."""
    found = []
    for path in paths:
        terms = terms_of(path)
        for english, other in messages(path):
            found += [f"{path.name}: {english[:60]!r}: {fault}" for fault in faults(english, other, terms)]
    return found


def stat() -> Iterator[tuple[str, int, int, int]]:
    """Of each catalogue its name, how many sentences are translated, how many fuzzy, and how many there are."""
    for path in catalogues():
        if path.suffix == ".json":
            groups = json.loads(path.read_text(encoding="utf-8")).values()
            all_ = [other for group in groups for other in group.values()]
            yield path.name, sum(map(bool, all_)), 0, len(all_)
        else:
            entries = [entry for entry in polib.pofile(str(path)) if not entry.obsolete]
            fuzzy = sum(entry.fuzzy for entry in entries)
            done = sum(bool(entry.msgstr) and not entry.fuzzy for entry in entries)
            yield path.relative_to(LOCALE).as_posix(), done, fuzzy, len(entries)


def main(arguments: list[str]) -> int:
    """Do what the caller wants; return an exit code."""
    match arguments:
        case ["update"]:
            update()
        case ["check", *names]:
            wrong = check([Path(name).resolve() for name in names] or catalogues())
            print("\n".join([*wrong, f"{len(wrong)} faults"]))
            return bool(wrong)
        case ["show", name]:
            return show(ROOT / name)
        case ["stat"]:
            for name, done, fuzzy, count in stat():
                print(f"{name:70} {done:4} of {count:4}" + (f", {fuzzy} fuzzy" if fuzzy else ""))
        case _:
            sys.exit(__doc__)
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # also where it is a file on Windows
    sys.exit(main(sys.argv[1:]))
