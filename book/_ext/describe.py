"""Sphinx extension: a page's title, first words and a picture, where search engines and messengers look for them."""

import textwrap
from html import escape

from address import site
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _


def describe(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Put them among the page's ``meta`` tags."""
    before = context.get("metatags", "")
    if doctree is None:  # the index and the search have no words of their own
        context["metatags"] = f'{before}\n    <meta name="description" content="{escape(context["docstitle"])}"/>'
        return
    question = " ".join(next(doctree.findall(nodes.paragraph), nodes.paragraph()).astext().replace("\\", "").split())
    title = app.env.titles[pagename].astext()
    words = _("{title}: {question}").format(title=title, question=question)
    if len(words) > 200:  # in Chinese no spaces stand between words
        words = textwrap.shorten(words, 200, placeholder=" …") if words[:200].count(" ") > 20 else f"{words[:199]}…"
    words = escape(words)
    base = site(app.config.html_theme_options.get("repository_url", ""))  # a picture's address has to be a whole one
    picture = f'\n    <meta property="og:image" content="{escape(base)}_static/preview.png"/>' if base else ""
    context["metatags"] = f"""{before}
    <meta name="description" content="{words}"/>
    <meta property="og:title" content="{escape(title)}"/>
    <meta property="og:description" content="{words}"/>
    <meta property="og:type" content="article"/>{picture}"""


def setup(app: Sphinx) -> dict:
    """Register the event above."""
    app.connect("html-page-context", describe)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
