"""The quiz directive, in a Sphinx project of one page."""

import io
from html.parser import HTMLParser

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

GOOD = r"""
```{quiz} What is $\sigma$ if $\ln\sigma^2 = 0$?
- [ ] $0$, or $p(a | b)$ | Not quite: *zero* is its logarithm.
- [x] 1, as in `x | y`. | Right: exp(0) is 1,
  and so is its root.
- [ ] It is *not* known. | $\ln$ tells | it all.
```

```{quiz}
Which of `a` and
`b`?
- [X] `a` | Yes.

- [ ] `b` | No.
```
"""


@pytest.fixture
def build(tmp_path):
    """Build one page; return what was written and what was warned of."""

    def build(text: str, builder: str = "html") -> tuple[str, str]:
        (tmp_path / "index.md").write_text(f"# Page\n\nText.\n{text}")
        warnings, out = io.StringIO(), tmp_path / builder
        settings = {"extensions": ["myst_parser", "quiz"], "myst_enable_extensions": ["dollarmath", "tasklist"]}
        with patch_docutils(), docutils_namespace():
            app = Sphinx(tmp_path, None, out, tmp_path / "doctrees", builder, settings, None, warnings, freshenv=True)
            app.build()
        (page,) = out.glob("index.*")
        return page.read_text(), warnings.getvalue()

    return build


class Form(HTMLParser):
    """The inputs of a page, the labels' targets, and the text of legends, labels and remarks."""

    def __init__(self, text: str):
        super().__init__()
        self.inputs, self.labels, self.text, self.fieldsets, self.inside = [], [], [], 0, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "input":
            self.inputs.append((attrs["type"], attrs["name"], attrs["id"]))
        self.fieldsets += tag == "fieldset"
        if tag == "label":
            self.labels.append(attrs["for"])
        if tag in ("legend", "label") or attrs.get("class") == "lw-remark":
            self.text.append("")
            self.inside = tag

    def handle_endtag(self, tag):
        if tag == self.inside:
            self.inside = None

    def handle_data(self, data):
        if self.inside:
            self.text[-1] += data


def test_radio_buttons_with_labels_and_remarks(build):
    page, warnings = build(GOOD)
    assert warnings == ""
    form = Form(page.partition("</h1>")[2].partition("sphinxsidebar")[0])
    assert form.fieldsets == 2 and {kind for kind, _, _ in form.inputs} == {"radio"}
    names = [name for _, name, _ in form.inputs]
    assert names[0] == names[1] == names[2] != names[3] == names[4], "one group a question"
    ids = [own for _, _, own in form.inputs]
    assert form.labels == ids and len(set(ids)) == 5
    assert [text.strip() for text in form.text] == [
        r"What is \(\sigma\) if \(\ln\sigma^2 = 0\)?",
        r"\(0\), or \(p(a | b)\)",
        "Not quite. zero is its logarithm.",
        "1, as in x | y.",
        "Right. Exp(0) is 1, and so is its root.",
        "It is not known.",
        r"Not quite. \(\ln\) tells | it all.",
        "Which of a and b?",
        "a",
        "Right. Yes.",
        "b",
        "Not quite. No.",
    ]
    for markup in ("<em>zero</em>", "<em>not</em>", "<strong>Right.</strong>", '<span class="math', "<code"):
        assert markup in page
    assert page.count("lw-right") == 2 and page.count("lw-wrong") == 3


def test_other_formats_get_a_list_and_the_answer(build):
    page, warnings = build(GOOD, "text")
    assert warnings == ""
    assert '2. 1, as in "x | y".' in page and "**Answer: 2.** Exp(0) is 1, and so is its root." in page
    assert "**Answer: 1.** Yes." in page
    assert "No." not in page, "remarks on wrong answers belong to the choosing"


@pytest.mark.parametrize(
    "text, line, problem",
    [
        ("```{quiz} Q?\n- [ ] a | b\n- [ ] c | d\n```", 4, "exactly one right answer, marked [x], found 0"),
        ("```{quiz} Q?\n- [x] a | b\n- [x] c | d\n```", 4, "exactly one right answer, marked [x], found 2"),
        ("```{quiz} Q?\n- [x] a | b\n- [ ] c\n```", 6, "this answer has no remark"),
        ("```{quiz} Q?\n\n- [x] a | b\n- [ ] c | \n```", 7, "this answer has no remark"),
        ("```{quiz} Q?\n- [x] a | b\n- [ ] $c | d$\n```", 6, "this answer has no remark"),
        ("```{quiz} Q?\n- [x] a | b\n```", 4, "at least two answers, found 1"),
        ("```{quiz}\n- [x] a | b\n- [ ] c | d\n```", 4, "there is no question"),
        ("```{quiz} Q?\n- [x] a | b\n- c | d\n- [ ] c | d\n```", 6, "got '- c | d'"),
        ("```{quiz} Q?\n- [x] a | b\n- [y] c | d\n- [ ] c | d\n```", 6, "got '- [y] c | d'"),
    ],
)
def test_a_malformed_quiz_is_a_warning_with_its_place(build, text, line, problem):
    page, warnings = build(text)
    assert f"index.md:{line}: WARNING: quiz: " in warnings
    assert problem in warnings
    assert "<fieldset" not in page
