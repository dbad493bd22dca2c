"""Sphinx extension: multiple-choice questions that need no kernel and no JavaScript.

```{quiz} Which number does the encoder give for the spread?
- [ ] $\\sigma$ itself. | It would have to be kept positive.
- [x] $\\ln\\sigma^2$. | Any real number is a legal answer.
```

Each line is an answer and, after ``|`` between spaces, the remark shown once it is chosen; exactly one answer is marked
``[x]``. An answer goes on in the lines below it where they are indented. Lines before the first answer belong to the
question (a question with `code` must stand there: Markdown allows no backtick in a fence's first line). Markup and formulas
work everywhere. Every remark begins with "Right." or "Not quite.", so neither needs to be written, and colour is never
the only sign.

In HTML these are radio buttons, and the remark is shown by CSS (latentwalk.css). Other formats get a list and, after it,
the right answer. A question that is not well formed is a warning, which stops the build.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)

ANSWER = re.compile(r"- \[( |x|X)\] +(?=\S)")
BAR = re.compile(r"(`+)(?:(?!\1).)+\1|(?<!\\)\$[^$]+\$|( \| )")  # " | ", but not inside code or a formula
VERDICT = re.compile(r"(Right|Not quite|Wrong)[.:,!] +")


class quiz(nodes.General, nodes.Element):
    """One question with its choices: a fieldset."""


class question(nodes.Part, nodes.TextElement):
    """What is asked: its legend."""


class choice(nodes.Part, nodes.Element):
    """One answer and its remark. Attributes: right, name (the question's), id."""


class answer(nodes.Part, nodes.TextElement):
    """The label of a choice."""


class Quiz(SphinxDirective):
    """The directive: reads the lines, checks them, and makes the nodes above."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        source, line = self.get_source_info()
        asked, entries, wrong = list(self.arguments), [], []
        for number, text in enumerate(self.content, line + self.content_offset + 1):
            if found := ANSWER.match(text):
                entries.append([number, found[1] != " ", text[found.end() :].strip()])
            elif text.startswith(" ") and text.strip() and entries:
                entries[-1][2] += " " + text.strip()
            elif text.strip() and not entries and not text.startswith("- "):
                asked.append(text.strip())
            elif text.strip():
                wrong.append((number, f"expected '- [ ] answer | remark' or '- [x] answer | remark', got {text!r}"))
        parts = []
        for number, right, text in entries:
            bar = next((m for m in BAR.finditer(text) if m[2]), None)
            remark = VERDICT.sub("", text[bar.end() :], count=1) if bar else ""
            if not remark.strip() or not text[: bar.start()].strip():
                wrong.append((number, "this answer has no remark: expected 'answer | remark'"))
            else:
                parts.append((number, right, text[: bar.start()], remark[0].upper() + remark[1:]))
        if not asked:
            wrong.append((line, "there is no question"))
        if len(entries) < 2:
            wrong.append((line, f"expected at least two answers, found {len(entries)}"))
        elif (marked := sum(right for _, right, _ in entries)) != 1:
            wrong.append((line, f"expected exactly one right answer, marked [x], found {marked}"))
        for number, problem in wrong:
            logger.warning("quiz: %s", problem, location=f"{source}:{number}", type="quiz")
        if wrong:
            return []

        name = f"quiz-{self.env.new_serialno('quiz') + 1}"
        result = quiz("", self.text(question, " ".join(asked), line))
        for index, (number, right, said, remark) in enumerate(parts, 1):
            paragraph = self.text(nodes.paragraph, remark, number)
            label = self.text(answer, said, number)
            result += choice("", label, paragraph, right=right, name=name, id=f"{name}-{index}")
        self.set_source_info(result)
        return [result]

    def text(self, kind: type[nodes.TextElement], text: str, line: int) -> nodes.TextElement:
        found, messages = self.parse_inline(text, lineno=line)
        node = kind(text, "", *found, *messages)  # with its source, which translators see
        node.source, node.line = self.get_source_info()[0], line
        return node


class Verdicts(SphinxPostTransform):
    """Each remark begins with its verdict. Formats other than HTML: the question, its answers as a list, then the right one with its remark."""

    default_priority = 400

    def run(self) -> None:
        if self.app.builder.name == "gettext":
            return
        for node in list(self.document.findall(quiz)):
            choices = [child for child in node if isinstance(child, choice)]
            if self.app.builder.format == "html":
                for entry in choices:
                    verdict = _("Right.") if entry["right"] else _("Not quite.")
                    space = "" if verdict.endswith("。") else " "
                    entry[1].insert(0, [nodes.strong("", verdict), nodes.Text(space)])
                continue
            items = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".")
            for entry in choices:
                items += nodes.list_item("", nodes.paragraph("", "", *entry[0].children))
            number, right = next((i, entry) for i, entry in enumerate(choices, 1) if entry["right"])
            told = nodes.paragraph("", "", nodes.strong("", _("Answer: {}.").format(number)), nodes.Text(" "))
            told += right[1].children
            node.replace_self([nodes.paragraph("", "", *node[0].children), items, told])


def visit_choice(self, node: choice) -> None:
    """A row of the fieldset. The remark lies in a live region, so that a screen reader tells it when it appears."""
    self.body.append(f'<div class="lw-choice {"lw-right" if node["right"] else "lw-wrong"}">')
    self.body.append(f'<input type="radio" name="{node["name"]}" id="{node["id"]}">')


def visit_answer(self, node: answer) -> None:
    """The label, and after it the live region (opened by the label's end) for the paragraph that follows."""
    self.body.append(f'<label for="{node.parent["id"]}">')


def setup(app: Sphinx) -> dict:
    """Register the directive, its nodes, and what other formats get."""

    def html(start, end: str):
        open_ = start if callable(start) else lambda self, node: self.body.append(start)
        return open_, lambda self, node: self.body.append(end)

    app.add_node(quiz, html=html('<fieldset class="lw-quiz">', "</fieldset>\n"))
    app.add_node(question, html=html("<legend>", "</legend>\n"))
    app.add_node(choice, html=html(visit_choice, "</div></div>\n"))
    app.add_node(answer, html=html(visit_answer, '</label><div class="lw-remark" aria-live="polite">'))
    app.add_directive("quiz", Quiz)
    app.add_post_transform(Verdicts)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
