r"""Sphinx extension: formulas are set when the book is built, so that a page loads no program that sets them.

After all pages are read, the formulas that no earlier build has set go to one run of book/typeset.mjs, which is MathJax
in Node. What it makes is kept in ``_build/.formulas.json``; a build without new formulas starts no Node. A formula that
MathJax cannot set is a warning, which stops the build, and names the page.

A formula is a ``span.math`` or ``div.math``, as Sphinx writes them, with its TeX in ``data-tex`` (latentwalk.js gives it to who
copies it). In it are one or more pictures and, for screen readers, its MathML. A displayed formula that is too wide for a
narrow column has pictures that are broken for it, and a rule in the page's head shows the one that fits:
``lw-below-60`` is shown in columns narrower than 60 ex, ``lw-from-40`` in those of 40 ex and more (latentwalk.css).
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from offline import build_folder
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from latentbook.node import node as find_node

logger = logging.getLogger(__name__)

BOOK = Path(__file__).resolve().parents[1]
PROGRAM = BOOK / "typeset.mjs"
PACKAGES = ("@mathjax/src", "@mathjax/mathjax-newcm-font")
FROM = re.compile(r"lw-from-(\d+)")

Formula = tuple[str, bool]  # its TeX, and whether it is displayed


def maker() -> str:
    """A hash of what sets the formulas: with another one, all are set anew."""
    digest = hashlib.sha256(PROGRAM.read_bytes())
    for name in PACKAGES:
        digest.update((BOOK / "node_modules" / name / "package.json").read_bytes())
    return digest.hexdigest()


def formula(node: nodes.math | nodes.math_block) -> Formula:
    """What is to be set for a node. As in Sphinx, empty lines separate equations, and lines can end with two backslashes."""
    text = node.astext().strip()
    if isinstance(node, nodes.math):
        return text, False
    if node.get("nowrap"):
        return text, True
    equations = [part.strip() for part in text.split("\n\n") if part.strip()]
    equations = [
        rf"\begin{{split}}{part}\end{{split}}" if r"\\" in part and r"\begin" not in part else part
        for part in equations
    ]
    if len(equations) > 1:
        return r"\begin{aligned}" + r"\\".join(equations) + r"\end{aligned}", True
    return "".join(equations), True


def typeset(formulas: Iterable[Formula]) -> dict[Formula, dict[str, str]]:
    """Set formulas in one run of Node: for each, its ``html`` or the ``error`` that MathJax found."""
    wanted = list(dict.fromkeys(formulas))
    done = subprocess.run(
        [*find_node(), PROGRAM], input=json.dumps(wanted), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ExtensionError(f"formulas: {PROGRAM.name} failed:\n{done.stderr}")
    return dict(zip(wanted, json.loads(done.stdout), strict=True))


def typeset_all(app: Sphinx, env: BuildEnvironment) -> None:
    """Have every formula of the book set, before pages are written."""
    if app.builder.format != "html":
        return
    found = {}
    for name in sorted(env.found_docs):
        for node in env.get_doctree(name).findall(lambda node: isinstance(node, nodes.math | nodes.math_block)):
            found.setdefault(formula(node), (name, node))
    path, made_by = Path(app.outdir).parent / ".formulas.json", maker()
    known = {}
    for file in {path, build_folder(app) / path.name}:  # another edition's, which are mostly the same, and one's own
        stored = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        if stored.get("maker") == made_by:
            known |= {(tex, display): html for tex, display, html in stored["formulas"]}
    ready = {key: known[key] for key in found if key in known}
    if missing := found.keys() - ready.keys():
        logger.info("formulas: %d to set", len(missing))
        for key, result in typeset(key for key in found if key in missing).items():
            if "html" in result:
                ready[key] = result["html"]
            else:
                name, node = found[key]
                logger.warning("%s: formula %r: %s", name, key[0], result["error"], location=node, type="formulas")
    text = json.dumps({"maker": made_by, "formulas": [[*key, html] for key, html in ready.items()]})
    path.write_text(text, encoding="utf-8")
    app.builder.formulas = ready


def picture(translator: HTML5Translator, key: Formula) -> str:
    """The HTML of a formula. One that a late transform has made is set by itself; one that is wrong stays TeX."""
    formulas = translator.builder.formulas
    if key not in formulas:
        formulas[key] = typeset([key])[key].get("html", translator.encode(key[0]))
    return formulas[key]


def start(translator: HTML5Translator, node: nodes.Element, tag: str, tex: str) -> str:
    """The tag of a formula."""
    return translator.starttag(node, tag, "", CLASS="math notranslate nohighlight", **{"data-tex": tex})


def visit_math(self: HTML5Translator, node: nodes.math) -> None:
    """A formula in a line of text."""
    key = formula(node)
    self.body.append(f"{start(self, node, 'span', key[0])}{picture(self, key)}</span>")
    raise nodes.SkipNode


def visit_math_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """A displayed formula, with its number."""
    key = formula(node)
    self.body.append(start(self, node, "div", key[0]))
    if node.get("number"):
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append(f'<div class="lw-formula">{picture(self, key)}</div></div>\n')
    raise nodes.SkipNode


def add_rules(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    """Say, in the head of a page, in which columns its broken formulas are shown: the later, narrower rule has the last word."""
    rules = []
    for ex in sorted({int(found) for found in FROM.findall(context.get("body", ""))}, reverse=True):
        shown, hidden = (
            f".lw-formula .lw-below-{ex} {{ display: block }}",
            f".lw-formula .lw-from-{ex} {{ display: none }}",
        )
        rules.append(f"@container (width < {ex}ex) {{ {shown} {hidden} }}")
    if rules:
        context["metatags"] = f"{context.get('metatags', '')}\n<style>{' '.join(rules)}</style>"


def number_by_page(app: Sphinx, builder) -> None:
    """Count the formulas of a page that is no numbered chapter from 1. Sphinx would go on from page to page, in the order of their names.

    Only for the pages that are now written: what the stored environment says is what the next build compares with its own.
    """
    for numbers in builder.env.toc_fignumbers.values():
        formulas = numbers.get("displaymath", {})
        own = [id for id, number in formulas.items() if len(number) == 1]
        formulas.update({id: (count,) for count, id in enumerate(own, 1)})


def setup(app: Sphinx) -> dict:
    """Register the renderer, which Sphinx then prefers to its own, and the events above."""
    app.add_html_math_renderer("formulas", (visit_math, None), (visit_math_block, None))
    app.connect("env-updated", typeset_all)
    app.connect("write-started", number_by_page)  # also where nothing has been read anew
    app.connect("html-page-context", add_rules)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
