"""Sphinx extension: each study ends with links back to the sentences of the walk that lead to it.

They are found, not written: whoever links from a chapter to a study has made the way back. A study that no chapter leads to is a warning,
which stops the build. Links in solutions do not count, since a book may come without these.
"""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util import logging
from sphinx_exercise.nodes import solution_node

logger = logging.getLogger(__name__)

WALK, STUDIES = "notebooks/", "notebooks/studies/"


def find_ways(app: Sphinx, doctree: nodes.document) -> None:
    """Note where a chapter leads to which study, and give the place an id."""
    name = app.env.docname
    purge(app, app.env, name)
    if not name.startswith(WALK) or name.startswith(STUDIES):
        return
    ways = app.env.ways.setdefault(name, {})  # study -> id, title of the section
    for link in doctree.findall(addnodes.pending_xref):
        study, above = str(link.get("reftarget")), list(ancestors(link))
        if not study.startswith(STUDIES) or study in ways or any(isinstance(node, solution_node) for node in above):
            continue
        place = next(
            (node for node in above if "dropdown" in node.get("classes", ())), link.parent
        )  # opens with its own link
        section = next(node for node in above if isinstance(node, nodes.section))
        id = f"to-{study.removeprefix(STUDIES)}"
        place["ids"].append(id)
        ways[study] = id, section[0].astext()


def ancestors(node: nodes.Node):
    """From the nearest to the document."""
    while node.parent is not None:
        node = node.parent
        yield node


def purge(app: Sphinx, env, docname: str) -> None:
    """Forget a page that is read anew."""
    env.__dict__.setdefault("ways", {}).pop(docname, None)


def merge(app: Sphinx, env, docnames: set[str], other) -> None:
    """Take over what another process has read."""
    env.__dict__.setdefault("ways", {}).update(getattr(other, "ways", {}))


def check(app: Sphinx, env) -> list[str]:
    """Every study has its way; where one has changed, its study is written anew."""
    studies = {name for name in env.found_docs if name.startswith(STUDIES)}
    now = {
        study: [(name, *env.ways[name][study]) for name in sorted(env.ways) if study in env.ways[name]]
        for study in studies
    }
    for study in sorted(studies):
        if not now[study]:
            logger.warning("%s: no chapter leads to this study", study)
    before, env.ways_to = getattr(env, "ways_to", {}), now
    return [study for study in studies if before.get(study) != now[study]]


def lead_back(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """The last line of a study."""
    ways = app.env.ways_to.get(docname)
    if not ways or app.builder.format != "html":
        return
    line = nodes.paragraph("", _("Back to") + " ", classes=["lw-back"])
    for i, (name, id, section) in enumerate(ways):
        title = app.env.titles[name].astext()
        uri = f"{app.builder.get_relative_uri(docname, name)}#{id}"
        words = title if section == title else f"{title} › {section}"
        line += [nodes.Text(" · ")] * bool(i) + [nodes.reference("", words, internal=True, refuri=uri)]
    doctree[-1] += line  # the page's outermost section


def setup(app: Sphinx) -> dict:
    """Register the events above."""
    app.connect("doctree-read", find_ways)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", check)
    app.connect("doctree-resolved", lead_back)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
