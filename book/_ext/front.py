"""Sphinx extension: the front page's cards, and how long each chapter takes.

- On the first page, the list below ``<!-- cards -->`` becomes cards: each item, a link to a chapter and its question, gets the picture of that
  chapter's first figure (``make stills`` makes it), and the link leads to the figure.
- A chapter says in its first lines that it takes "about 20 minutes". Its card and its line in the sidebar say so, too.
- ``index.html`` leads to the first page.
- Pages know what their chapter is called: book/_static/progress.js remembers which were read to their end.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from posixpath import dirname, normpath

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util import logging

from latentbook import tag

logger = logging.getLogger(__name__)

LIST = re.compile(r"<!-- cards -->\s*<ul[^>]*>(.*?)</ul>", re.S)
ITEM = re.compile(r'<li>\s*<p>\s*<a class="[^"]*" href="([^"#]+)\.html">(.*?)</a>(.*?)</p>\s*</li>', re.S)
# The theme folds pages below a page behind a button without a name; there are few, and they are shown.
FOLD = re.compile(r"<details[^>]*>\s*<summary>.*?</summary>\s*(<ul.*?</ul>)\s*</details>", re.S)
LINE = re.compile(r'(<a class="[^"]*reference internal" href="([^"]+)">)(.*?)(</a>)', re.S)
SIZE = 480, 300  # pixels of a card's picture


def take_time(app: Sphinx, doctree: nodes.document) -> None:
    """Note what a chapter says of its length, above its second section."""
    times = app.env.__dict__.setdefault("minutes", {})
    times.pop(app.env.docname, None)
    words = "\n".join(node.astext() for node in list(doctree.findall(nodes.paragraph))[:6])
    if found := re.search(re.escape(_("about {} minutes")).replace(r"\{\}", r"(\d+)"), words):
        times[app.env.docname] = int(found[1])


def purge(app: Sphinx, env, docname: str) -> None:
    """Forget a page that is read anew."""
    env.__dict__.setdefault("minutes", {}).pop(docname, None)


def merge(app: Sphinx, env, docnames: set[str], other) -> None:
    """Take over what another process has read."""
    env.__dict__.setdefault("minutes", {}).update(getattr(other, "minutes", {}))


def say(minutes: int | None) -> str:
    """A chapter's time, as a part of its title."""
    return f' <span class="lw-minutes">{_("{} min").format(minutes)}</span>' if minutes else ""


def card(app: Sphinx, context: dict, found: re.Match) -> str:
    """One chapter."""
    address, title, question = found.groups()
    here = dirname(context["pagename"])
    name = normpath(f"{here}/{address}")
    still = next((still for still in app.config.stills if still.startswith(f"{name.rpartition('/')[2]}-")), None)
    place, pictures = "", ""
    folder = Path(app.srcdir) / "book" / "_static" / "stills" / "cards"
    if still and all((folder / f"{still}-{theme}.webp").exists() for theme in ("light", "dark")):
        place = f"#figure-{still.removeprefix(name.rpartition('/')[2] + '-')}"
        for theme in ("light", "dark"):
            source = context["pathto"](f"_static/stills/cards/{still}-{theme}.webp", True)
            pictures += f'<img class="lw-{theme}" width="{SIZE[0]}" height="{SIZE[1]}" alt="" src="{source}"/>'
    elif app.config.stills_wanted:
        logger.warning("%s: %s has no picture: run `make stills`", context["pagename"], name)
    time = say(getattr(app.env, "minutes", {}).get(name))
    return f'<li>{pictures}<p><a class="reference internal" href="{address}.html{place}">{title}</a>{question.lstrip(". 。")}{time}</p></li>'


def furnish(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Make the cards, and the sidebar's lines longer by their minutes."""
    minutes = getattr(app.env, "minutes", {})
    context["pagename"] = pagename
    if pagename == app.config.root_doc and "body" in context:

        def cards(found: re.Match) -> str:
            items = ITEM.sub(lambda item: card(app, context, item), found[1])
            return f'<ul class="lw-chapters">{items}</ul>'

        context["body"] = LIST.sub(cards, context["body"], count=1)
        words = escape(_("Continue at"))
        slot = (
            f'<p class="lw-continue" hidden>{words} <a></a></p>\n'
            "<script>{ const line = document.querySelector('.lw-continue'), go = () => { line.hidden = true;"
            " try { const { href, title } = JSON.parse(localStorage.getItem('latentwalk')).last; line.hidden = false;"
            " Object.assign(line.lastChild, { href, textContent: title }); } catch {} };"  # nothing is remembered
            " go(); addEventListener('pageshow', go); }</script>"  # also when it comes back as it was left
        )
        context["body"] = context["body"].replace("</h1>", f"</h1>\n{slot}", 1)
    make = context.get("generate_toctree_html")
    if not make:
        return

    def with_minutes(*arguments, **options):
        def line(found: re.Match) -> str:
            name = normpath(f"{dirname(pagename)}/{found[2].partition('#')[0].removesuffix('.html')}").removeprefix("/")
            return f"{found[1]}{found[3]}{say(minutes.get(pagename if found[2] == '#' else name))}{found[4]}"

        made = make(*arguments, **options)
        return LINE.sub(line, FOLD.sub(r"\1", str(made))) if made else made

    context["generate_toctree_html"] = with_minutes


def lead(app: Sphinx, exception: Exception | None) -> None:
    """Lead to the first page. The icon is named: browsers would look for one at the root of the server."""
    if exception or app.builder.format != "html":
        return
    first = app.builder.get_target_uri(app.config.root_doc)
    Path(app.outdir, "index.html").write_text(
        f"""<!DOCTYPE html>
<html lang="{tag(app.config.language)}">
<meta charset="utf-8">
<title>{escape(app.config.html_title)}</title>
<meta http-equiv="Refresh" content="0; url={first}">
<link rel="icon" href="_static/{Path(app.config.html_favicon).name}">
<p><a href="{first}">{escape(app.config.html_title)}</a></p>
""",
        encoding="utf-8",
    )


def setup(app: Sphinx) -> dict:
    """Register the events above."""
    app.connect("doctree-read", take_time)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    app.connect("html-page-context", furnish, priority=910)
    app.connect("build-finished", lead)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
