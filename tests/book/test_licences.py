"""Every file of the built book has an owner whose licence is named, with its text; and no owner is named who owns nothing."""

import base64
import hashlib
import html
import re
import sys
from importlib import metadata

import pytest
from conftest import HTML, ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
import licences
import offline

NPM = ROOT / "book" / "node_modules"
PIP = [name for group in (licences.PAGES, licences.FIGURES) for name in group if not (NPM / name).exists()]

# What the build writes, by a template or with a change, and whose it is. `None`: the book's own.
WRITTEN = {
    "_static/basic.css": "Sphinx",
    "_static/documentation_options.js": "Sphinx",
    "_static/language_data.js": "Sphinx",
    "_static/copybutton.js": "sphinx-copybutton",
    "_static/pygments.css": "Pygments",
    "_static/webpack-macros.html": "pydata-sphinx-theme",
    f"_static/runtime/{offline.MANAGER}": licences.HTML_MANAGER,
    "_static/runtime/anywidget.js": "anywidget",
    "_static/licences.txt": None,
    ".buildinfo": None,
    "objects.inv": None,
    "searchindex.js": None,
}
OWN = ("_images/", "_sources/", "_static/stills/", "_static/weights/")  # pictures that cells drew, notebooks, networks


def digest(content: bytes) -> str:
    """As in the RECORD of an installed package."""
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


@pytest.fixture(scope="module")
def owners() -> dict[str, str | None]:
    """Each file of the built book that is not one of its pages, and the package that it comes from."""
    known = {}
    for name in PIP:
        known |= {file.hash.value: name for file in metadata.files(name) if file.hash}
    for source in offline.NPM_FILES:
        name = "/".join(source.split("/")[: 2 if source.startswith("@") else 1])
        name = licences.HTML_MANAGER if name == "@jupyter-widgets/schema" else name  # its LICENSE alone
        files = [NPM / source] if (NPM / source).is_file() else (NPM / source).rglob("*")
        known |= {digest(file.read_bytes()): name for file in files if file.is_file()}
    known |= {
        digest(file.read_bytes()): None
        for folder in ("_static", "_ext")
        for file in (ROOT / "book" / folder).rglob("*")
        if file.is_file()
    }
    found = {}
    for path in HTML.rglob("*"):
        name = path.relative_to(HTML).as_posix()
        if path.is_dir() or (path.suffix == ".html" and not name.startswith("_static/")):
            continue
        if name in WRITTEN or name.startswith(OWN):
            found[name] = WRITTEN.get(name)
        else:
            found[name] = known.get(digest(path.read_bytes()), "nobody")
    assert len(found) > 100
    return found


def test_no_file_is_without_an_owner(owners):
    assert [name for name, owner in owners.items() if owner == "nobody"] == []
    # The pictures in the folders of the book's own are its own: the theme's logos do not lie there.
    assert owners["_static/images/logo_colab.png"] == "sphinx-book-theme"
    assert owners["_static/vendor/fontawesome/webfonts/fa-solid-900.woff2"] == "pydata-sphinx-theme"
    assert owners["_static/runtime/require.js"] == "requirejs"
    assert set(WRITTEN) <= set(owners), "written no more"


def test_every_owner_is_listed_and_every_listed_package_owns_something(owners):
    listed = {*licences.PAGES, *licences.FIGURES}
    # pygments.css is Pygments' output with its colours; the pages' formulas are drawn with MathJax's font
    drawn_with = {"accessible-pygments", "@mathjax/mathjax-newcm-font"}
    assert set(owners.values()) - {None} == listed - drawn_with
    colours = (HTML / "_static/pygments.css").read_text().lower()
    for theme in ("light", "dark"):
        style = licences._file("accessible-pygments", f"a11y_high_contrast_{theme}/style.py").lower()
        assert sum(colour in colours for colour in set(re.findall(r"#[0-9a-f]{6}", style))) > 5


def test_the_page_names_all_of_them():
    page = html.unescape((HTML / "book/licences.html").read_text())
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.partition('<article class="bd-article"')[2]))
    for group, parts in licences.GROUPS.items():
        parts = parts()
        assert len(parts) > 3
        for part in parts:
            assert f"{part.name} {part.version}".strip() in text, f"{group}: {part.name}"
            assert part.licence in text
            assert group == "manager" or part.role in text
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
