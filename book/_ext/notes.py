"""Sphinx extension: what a term of the glossary or a citation says, for the pages that link to it.

Each page carries the texts that its links lead to, in ``template`` elements, which no browser shows and no search finds. hover.js shows
one while a pointer or the keyboard's focus is on its link.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx

LINK = re.compile(r'(<a class="reference internal" href="[^"#]*(?:glossary|references)\.html#([^"]+)")')
A = re.compile(r"</?a\b[^>]*>|</?span class=\"backrefs\">.*?</span>", re.S)
ID = re.compile(r' id="[^"]*"')
PAGES = ("book/glossary", "book/references")


def texts(app: Sphinx) -> dict[str, str]:
    """The text of each term and each entry of the list of references, by its id; made once a build."""
    if not hasattr(app.builder, "notes"):
        found = {}
        for name in PAGES:
            tree = app.env.get_and_resolve_doctree(name, app.builder)
            for term in tree.findall(nodes.term):
                definition = term.parent.next_node(nodes.definition)
                for id in term["ids"]:
                    found[id] = definition.children[:1]
            for entry in tree.findall(nodes.citation):
                for id in entry["ids"]:
                    found[id] = list(entry.findall(nodes.paragraph))[:1]
        app.builder.notes = {id: plain(app, parts) for id, parts in found.items()}
    return app.builder.notes


def plain(app: Sphinx, parts: list[nodes.Node]) -> str:
    """HTML without links."""
    html = "".join(app.builder.render_partial(part)["fragment"] for part in parts)
    return ID.sub("", A.sub("", html)).strip()


def put(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Name the text of each link, and put the texts below the page's own."""
    body = context.get("body", "")
    if pagename in PAGES or not LINK.search(body):
        return
    known, used = texts(app), {}

    def name(link: re.Match) -> str:
        if text := known.get(link[2]):
            used[link[2]] = text
            return f'{link[1]} data-note="{link[2]}"'
        return link[0]

    body = LINK.sub(name, body)
    notes = "".join(f'<template data-for="{id}">{text}</template>\n' for id, text in used.items())
    context["body"] = body + notes


def setup(app: Sphinx) -> dict:
    """Register the event above."""
    app.connect("html-page-context", put, priority=910)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
