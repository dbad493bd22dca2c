"""Sphinx extension: what the theme sends to a page, and no more.

Sphinx would link a dozen style sheets and a dozen scripts of the theme and of extensions, most of it for things that no page has. Here

- ``_static/book.css`` is the one style sheet of the book: all of them, without the rules that nothing in the built pages can match
  (PurgeCSS, in theme.mjs), with the icons that the pages show;
- ``_static/book.js`` is the one script: all of them, run when the page has been read; ``_static/search.js`` is for the page of search alone;
- pictures have their size in the page, and those further down are fetched when they come near: nothing moves while a page loads;
- in code, tokens that look like any other text have no element of their own: half as many for a browser to lay out;
- what no page refers to any more leaves ``_static``.

The templates in book/_templates link these files. Both are made when the pages are written, from what stands in them.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import imagesize
from icons import Icons
from offline import RUNTIME, esbuild, other_edition
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES, Text
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from latentbook import LANGUAGES
from latentbook.node import node

# The theme links these by itself; its theme.css only imports Sphinx's basic.css.
IMPORTS = "styles/theme.css"
FIRST_SHEETS = ["basic.css", "styles/pydata-sphinx-theme.css"]
FIRST_SCRIPTS = ["documentation_options.js", "scripts/bootstrap.js", "scripts/pydata-sphinx-theme.js"]
# What finds words in the book. `Search` has to be there before sphinx_highlight.js asks for it.
TRANSLATIONS = "translations.js"  # its words, where the book is not in English
SEARCH_SCRIPTS = ["doctools.js", TRANSLATIONS, "searchtools.js", "language_data.js", "sphinx_highlight.js"]
MINIFY = ["--minify", "--legal-comments=none"]
INLINE = "inline: "
NOT_NEEDED = "DOCUMENTATION_OPTIONS."  # the theme tells a page its name, for versions of a book; there is one
COMMENTS = re.compile(r'^@charset "[^"]*";|^/[/*]# sourceMappingURL=.*', re.M)

OWN = {"runtime", "figures", "weights", "lab"}  # folders of _static that other extensions look after
REFERENCE = re.compile(r'(?:src|href|content)="(?:[^"?#]*/)?_static/([^"?#]+)')
PICTURE_OF_A_RULE = re.compile(r"url\([\"']?(?!data:)([^)\"'?#]+)")
PICTURE = re.compile(r'<img (?=[^>]*\bsrc="[^"]*_images/([^"]+)")(?![^>]*\bwidth=)')
CODE = re.compile(r'(?<=<div class="highlight">).*?(?=</div>)', re.S)
TOKEN = re.compile(r'<span class="(\w+)">([^<]*)</span>')


# In each page


def link_two_files(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Take the links of what the two files hold out of a page, and note what they have to hold."""
    inline = {body for _, attributes in app.registry.js_files if (body := attributes.get("body"))}
    sheets, scripts, left = [], [], []
    for sheet in in_order(context.get("css_files", [])):
        sheets.append(str(sheet.filename).removeprefix("_static/"))
    for script in in_order(context.get("script_files", [])):
        file, body = str(script.filename or ""), script.attributes.get("body", "")
        if file.startswith("_static/") and not file.startswith(RUNTIME.as_posix()):
            scripts.append(file.removeprefix("_static/"))
        elif body.startswith(NOT_NEEDED):
            continue
        elif body in inline:
            scripts.append(f"{INLINE}{body}")
        else:
            left.append(script)
    scripts.sort(key=lambda one: not one.startswith(INLINE))  # settings first
    context |= {"css_files": [], "script_files": left, "book_version": app.config.looks[:8]}
    if doctree is None:  # Sphinx's own pages have the same, in another order
        return
    files = {
        "book.css": [*FIRST_SHEETS, *(sheet for sheet in sheets if sheet not in [*FIRST_SHEETS, IMPORTS])],
        "book.js": [*FIRST_SCRIPTS, *(one for one in scripts if one not in [*FIRST_SCRIPTS, *SEARCH_SCRIPTS])],
        "search.js": [one for one in SEARCH_SCRIPTS if one in scripts or one != TRANSLATIONS],
    }
    account(app).write_text(json.dumps(files), encoding="utf-8")


def in_order(assets: list) -> list:
    """As Sphinx would link them: it sorts them after all extensions have seen the page."""
    return sorted(assets, key=lambda asset: asset.priority)


def account(app: Sphinx) -> Path:
    """Of what the files are made: for the end of this build, a later one, and the licences."""
    return Path(app.outdir).parent / ".theme.json"


def lighten(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Prepare the body of a page for being laid out once and quickly."""
    sources = {file: Path(app.srcdir) / path for path, (_, file) in app.env.images.items()}
    options = app.builder.theme.get_options(app.config.html_theme_options)
    plain = plain_tokens(options["pygments_light_style"], options["pygments_dark_style"])

    def with_size(match: re.Match) -> str:
        width, height = imagesize.get(sources[unquote(unescape(match[1]))])
        return f'<img width="{width}" height="{height}" '

    def with_few_elements(match: re.Match) -> str:
        return TOKEN.sub(lambda token: token[2] if token[1] in plain else token[0], match[0])

    body = PICTURE.sub(with_size, context.get("body", ""))
    first, picture, others = body.partition("<img ")
    body = first + picture + others.replace("<img ", '<img loading="lazy" ')
    context["body"] = CODE.sub(with_few_elements, body)


def plain_tokens(*styles: str) -> set[str]:
    """The classes of tokens that look like plain text in all of these styles of Pygments."""
    looks = [get_style_by_name(style).style_for_token for style in styles]
    return {name for token, name in STANDARD_TYPES.items() if all(look(token) == look(Text) for look in looks)}


# The style sheet


def text_of(static: Path, parts: list[str]) -> Iterator[str]:
    """The text of each file or inline script."""
    for part in parts:
        inline = part.startswith(INLINE)
        text = part.removeprefix(INLINE) if inline else (static / part).read_text(encoding="utf-8")
        yield words_in_place(text) if part == TRANSLATIONS else COMMENTS.sub("", text)


def words_in_place(text: str) -> str:
    """Sphinx's words without its call, which makes a function of a text: a strict policy forbids that."""
    given = json.loads(text.partition("(")[2].rpartition(")")[0])
    words = json.dumps(given["messages"])
    return f"Object.assign(Documentation.TRANSLATIONS, {words});\nDocumentation.PLURAL_EXPR = (n) => Number({given['plural_expr']})"


def read(paths: list[Path]) -> str:
    """All files, as one text."""
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def prune(css: str, **files: list[Path]) -> tuple[str, str]:
    """A style sheet, and its rules that some element of a page can match, now or after a script has run."""
    task = {"css": css, **{kind: [str(path) for path in paths] for kind, paths in files.items()}}
    command = [*node(), str(Path(__file__).with_suffix(".mjs"))]
    done = subprocess.run(command, input=json.dumps(task), capture_output=True, encoding="utf-8")
    if done.returncode:
        raise ExtensionError(f"theme.mjs: {done.stderr.strip()}")
    found = json.loads(done.stdout)
    return found["whole"], found["pruned"]


# After the pages


def write_files(app: Sphinx, exception: Exception | None) -> None:
    """Make the book's style sheet and scripts; remove what they were made of."""
    if exception or app.builder.format != "html":
        return
    out = Path(app.outdir)
    static = out / "_static"
    others = {static.name, *LANGUAGES.values()}  # files, and pages that stand beside these
    pages = [path for path in sorted(out.rglob("*.html")) if path.relative_to(out).parts[0] not in others]
    changed = (static / "basic.css").exists()  # Sphinx has copied all there is: some page has changed
    files = json.loads(account(app).read_text(encoding="utf-8"))
    if changed:
        make_scripts(Path(app.srcdir), static, files)
    if other_edition(app):  # its style is that of the English one (languages.py)
        return
    if changed:
        make_style(Path(app.srcdir), static, pages, files)
    sweep(static, [*pages, *out.glob("embed/*.html")])
    (out / ".nojekyll").touch()  # where a copy is published from a branch, folders that begin with _ are kept


def make_scripts(root: Path, static: Path, files: dict[str, list[str]]) -> None:
    """The two scripts."""
    for name in ("book.js", "search.js"):
        text = ";\n".join(text_of(static, files[name]))  # the last line of a script may lack its semicolon
        (static / name).write_text(esbuild(root, *MINIFY, text=text), encoding="utf-8")


def make_style(root: Path, static: Path, pages: list[Path], files: dict[str, list[str]]) -> None:
    """The style sheet."""
    css = "\n".join(text_of(static, files["book.css"]))
    scripts = [static / "book.js", static / "search.js"]
    widgets = [*static.glob("runtime/*.js"), *static.glob("figures/*.js")]
    whole, pruned = prune(css, pages=pages, scripts=scripts, widgets=widgets)
    icons = Icons(static / "vendor" / "fontawesome" / "webfonts", css)
    in_widgets = read(widgets)
    buttons = icons.masks(icons.used("", in_widgets))
    masks, letters = icons.masks(icons.used(read(pages), f"{read(scripts)}\n{in_widgets}")), icons.letters(pruned)
    sheet = esbuild(root, "--loader=css", *MINIFY, text=f"{letters}{pruned}{masks}")
    (static / "book.css").write_text(sheet, encoding="utf-8")
    with (static / "embed.css").open("a", encoding="utf-8") as alone:  # a figure alone has buttons, too: Play's
        alone.write(buttons)
    # For the test that compares the looks of the two:
    (static.parents[1] / "whole.css").write_text(f"{letters}{whole}{masks}", encoding="utf-8")


def sweep(static: Path, pages: list[Path]) -> None:
    """Remove what Sphinx, the theme and the extensions have copied and nothing refers to."""
    sheet = (static / "book.css").read_text(encoding="utf-8")
    wanted = {
        static / name for name in ["licences.txt", *REFERENCE.findall(read(pages)), *PICTURE_OF_A_RULE.findall(sheet)]
    }
    if missing := [str(path) for path in wanted if not path.exists()]:
        raise ExtensionError(f"the pages ask for files that there are not: {', '.join(sorted(missing))}")
    for path in sorted(static.rglob("*"), reverse=True):
        if path.relative_to(static).parts[0] in OWN:
            continue
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in wanted:
            path.unlink()


def setup(app: Sphinx) -> dict:
    """Register the events above, after those of the theme and of the figures."""
    app.connect("html-page-context", link_two_files, priority=950)
    app.connect("html-page-context", lighten, priority=950)
    app.connect("build-finished", write_files, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
