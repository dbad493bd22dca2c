"""Every file of the built book has an owner whose licence is named, with its text; and no owner is named who owns nothing."""

import base64
import hashlib
import html
import json
import re
from importlib import metadata

import licences
import pytest

from latentbook import HTML, ROOT

NPM = ROOT / "book" / "node_modules"
PIP = [name for group in (licences.PAGES, licences.FIGURES) for name in group if not (NPM / name).exists()]

# What the book's style sheet and scripts are made of, where a template or a change made the part; whose it is.
MADE = {
    "basic.css": "Sphinx",
    "documentation_options.js": "Sphinx",
    "language_data.js": "Sphinx",
    "copybutton.js": "sphinx-copybutton",
    "pygments.css": "Pygments",
}
# The book's own: pictures that cells drew, notebooks, stills, the states and the code of figures, networks; and what Sphinx lists.
OWN = (
    "_static/words/",
    "_images/",
    "_sources/",
    "_static/stills/",
    "_static/figures/",
    "_static/weights/",
    "_static/lab/digits-",
    "_static/licences.txt",
    "_static/words.js",
)
LISTS = {".buildinfo", ".nojekyll", "objects.inv", "searchindex.js"}
BUNDLES = {"_static/book.css": "book.css", "_static/book.js": "book.js", "_static/search.js": "search.js"}
FRONT_END = {f"_static/runtime/{name}" for name in ("places.js", "front-end.js", "front-end.css", "gif.js", "embed.js")}
FRONT_END |= {"_static/lab/worker.js", "_static/lab/editor.js"}


def digest(content: bytes) -> str:
    """As in the RECORD of an installed package."""
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


@pytest.fixture(scope="module")
def owners() -> dict[str, set[str | None]]:
    """Each file of the built book that is not one of its pages, and the packages that it comes from; None is the book itself."""
    by_content, by_name = {}, {}
    for name in PIP:
        for file in metadata.files(name):
            if file.hash:
                by_content[file.hash.value] = name
            if file.suffix in (".css", ".js"):
                by_name[file.name] = name
    for file in (ROOT / "book/_static").rglob("*"):
        if file.is_file():
            by_content[digest(file.read_bytes())] = None
            by_name[file.name] = None
    parts = json.loads((ROOT / "_build/.theme.json").read_text())

    def of_part(part: str) -> str | None:
        if part.startswith("inline: "):
            return None  # settings
        name = re.sub(r"\.[0-9a-f]{64}(?=\.css$)", "", part.rpartition("/")[2])  # myst-nb puts a digest into the name
        return MADE.get(name, by_name.get(name, "nobody"))

    found = {}
    for path in HTML.rglob("*"):
        name = path.relative_to(HTML).as_posix().removeprefix("zh/")  # made of the same parts
        if path.is_dir() or path.suffix == ".html":
            continue
        if name in BUNDLES:
            found[name] = {of_part(part) for part in parts[BUNDLES[name]]}
        elif name == "_static/embed.css":  # the book's own, and of the icons those of a figure's buttons
            assert path.read_text().startswith((ROOT / "book/_static/embed.css").read_text())
            found[name] = {None, "pydata-sphinx-theme"}
        elif name in FRONT_END or name in LISTS or name.startswith(OWN):
            found[name] = {None}
        else:
            found[name] = {by_content.get(digest(path.read_bytes()), "nobody")}
    assert len(found) > 100
    return found


def test_no_file_is_without_an_owner(owners):
    assert {name: whose for name, whose in owners.items() if "nobody" in whose} == {}
    assert {*BUNDLES, *FRONT_END, *LISTS} <= set(owners), "written no more"
    assert {"pydata-sphinx-theme", "sphinx-book-theme", "Sphinx", "Pygments", None} <= owners["_static/book.css"]


def test_every_owner_is_listed_and_every_listed_package_owns_something(owners):
    listed = set(licences.PAGES)
    drawn_with = {"accessible-pygments"}  # pygments.css is Pygments' output with its colours
    assert set.union(*owners.values()) - {None} == listed - drawn_with
    colours = (ROOT / "_build/whole.css").read_text().lower()
    for theme in ("light", "dark"):
        style = licences._file("accessible-pygments", f"a11y_high_contrast_{theme}/style.py").lower()
        assert sum(colour in colours for colour in set(re.findall(r"#[0-9a-f]{6}", style))) > 5


def test_what_lies_in_the_front_end_is_listed():
    """By the bundler's account; and what the account names is what the bundle holds."""
    text = (HTML / "_static/runtime/front-end.js").read_text()
    listed = {part.name for part in [*licences.GROUPS["figures"](), *licences.GROUPS["front-end"]()]}
    for name, mark in {
        "jquery": "jQuery",
        "backbone": "Backbone",
        "nouislider": "noUi",
        "@lumino/widgets": "lm-",
    }.items():
        assert mark in text and name in listed
    lab = {part.name for part in licences.GROUPS["lab"]()}
    for name, file, mark in (("@jax-js/jax", "worker", "wasm"), ("@codemirror/view", "editor", "cm-content")):
        assert mark in (HTML / f"_static/lab/{file}.js").read_text() and name in lab
    assert "@jupyter-widgets/base" in listed and "@jupyter-widgets/controls" in listed


def test_the_page_names_all_of_them():
    page = html.unescape((HTML / "book/licences.html").read_text())
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.partition('<article class="bd-article"')[2]))
    for group, parts in licences.GROUPS.items():
        parts = parts()
        assert parts
        for part in parts:
            assert f"{part.name} {part.version}".strip() in text, f"{group}: {part.name}"
            assert part.licence in text
            assert group in ("front-end", "lab") or part.role in text
    assert "CC BY-SA 3.0" in text and "MNIST" in text
    assert 'href="../_static/licences.txt"' in page


def test_all_texts_are_there_with_their_notices():
    text = (HTML / "_static/licences.txt").read_text()
    assert (ROOT / "LICENSE").read_text().strip() in text
    for parts in licences.GROUPS.values():
        for part in parts():
            assert f"\n{f'{part.name} {part.version}'.strip()}: {part.licence}\n" in text
            assert part.text.strip() in text
            # A licence that a reader can tell, and somebody whose it is.
            words = " ".join(part.text.split())
            for licence in part.licence.split(" AND "):
                assert re.search(WORDS[licence], words), f"{part.name}: the text is not that of {licence}"
            assert re.search(r"copyright|\(c\)|©", words, re.I) or part.name in WITHOUT_NOTICE, part.name
    for word in ("SIL OPEN FONT LICENSE", "DISCLAIMER THE FONT SOFTWARE"):
        assert word in " ".join(text.split())
    assert "/root/" not in text and str(ROOT) not in text


WORDS = {
    "MIT": "Permission is hereby granted, free of charge|MIT License",
    "ISC": "Permission to use, copy, modify, and/or distribute",
    "BSD-2-Clause": "Redistribution and use in source and binary forms",
    "BSD-3-Clause": "(?i)neither the name|names of any contributors may not",
    "Apache-2.0": "Apache License Version 2.0",
    "CC-BY-4.0": "CC BY 4.0",
    "OFL-1.1": "SIL OPEN FONT LICENSE|SIL OFL 1.1",
}
WITHOUT_NOTICE = {"minimist", "@fortawesome/fontawesome-free"}  # their own texts have none


def test_a_package_without_a_licence_stops_the_build(tmp_path, monkeypatch):
    (tmp_path / "nameless").mkdir()
    (tmp_path / "nameless/package.json").write_text('{"version": "1.0", "license": "MIT"}')
    monkeypatch.setattr(licences, "MODULES", tmp_path)
    with pytest.raises(licences.ExtensionError, match="nameless: no licence, or no text"):
        licences.npm_package("nameless", "")
    with pytest.raises(licences.ExtensionError, match="no file LICENSE-OF-NOTHING"):
        licences._file("anywidget", "LICENSE-OF-NOTHING")
