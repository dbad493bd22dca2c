"""Formulas: how the book's extension sets them when it is built, and how they stand in the pages."""

import json
import re
import subprocess
import sys
from types import SimpleNamespace

import formulas
import pytest
from built import PAGES
from docutils import nodes
from questions.formulas import WRONG

from latentbook import HTML, ROOT

# How they are set


@pytest.mark.parametrize(
    "node, tex",
    [
        (nodes.math("", " x + y "), "x + y"),
        (nodes.math_block("", "\nx\n", nowrap=False), "x"),
        (nodes.math_block("", "a &= b \\\\\n&= c"), r"\begin{split}a &= b \\" + "\n" + r"&= c\end{split}"),
        (nodes.math_block("", "a = b\n\nc = d"), r"\begin{aligned}a = b\\c = d\end{aligned}"),
        (nodes.math_block("", r"\begin{cases} a \\ b \end{cases}"), r"\begin{cases} a \\ b \end{cases}"),
        (
            nodes.math_block("", "\\begin{align}\na\n\nb\n\\end{align}", nowrap=True),
            "\\begin{align}\na\n\nb\n\\end{align}",
        ),
    ],
)
def test_what_is_set_for_a_node(node, tex):
    assert formulas.formula(node) == (tex, isinstance(node, nodes.math_block))


@pytest.fixture(scope="module")
def result():
    """What MathJax makes of these formulas, in one run of Node."""
    wanted = {
        "short": (r"\sigma", False),
        "long": (r"q(z) = \frac1N \sum_n q(z \mid x_n) + (a + b)^2 + c", False),
        "wide": (r"A_1 + B_1 = C_1 + D_1 + E_1, \qquad A_2 + B_2 + C_2 + D_2 = E_2 + F_2 + G_2 + H_2 + I_2", True),
        "narrow": (r"D_{KL} \ge 0", True),
        "aligned": (
            r"\begin{aligned} a + b &= c && \text{a remark} \\ &= d + e + f + g + h + i + j \end{aligned}",
            True,
        ),
        "brace": (r"\underbrace{a + b + c + d + e + f}_{\text{six}}", True),
        "hat": (r"\hat x", False),
        "unfinished": (r"\frac{1}", False),
        "unknown": (r"\nosuch", True),
        "no sign": (r"\text{漢}", False),
    }
    made = formulas.typeset(wanted.values())
    return {name: made[key] for name, key in wanted.items()}


def pictures(html: str) -> list[dict[str, str]]:
    """The attributes of the pictures in a formula."""
    return [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in re.findall(r"<svg[^>]*>", html)]


def widths(html: str) -> list[float]:
    """How wide they are, in ex."""
    return [float(picture["width"].removesuffix("ex")) for picture in pictures(html)]


def test_a_formula_is_pictures_and_mathml(result):
    for name in ("short", "long", "wide", "narrow", "aligned", "brace", "hat"):
        html = result[name]["html"]
        assert re.fullmatch(
            r'(<svg [^>]*>(<path( class="lw-\w+")? d="[-Mmlhvcsqtz \d]+"/>)+</svg>)+<math.*</math>', html
        ), name
        assert all(picture["aria-hidden"] == "true" for picture in pictures(html))
        assert "data-" not in html and "linebreak" not in html
    assert result["short"]["html"].endswith("<math><mi>&#x3C3;</mi></math>")
    assert "<mover><mi>x</mi><mo" in result["hat"]["html"]
    assert len(pictures(result["short"]["html"])) == 1


def test_a_formula_in_a_line_breaks_before_signs_but_not_inside_brackets(result):
    html = result["long"]["html"]
    assert len(pictures(html)) == 4  # q(z) | = … q(z|x) | + (a + b)² | + c
    assert len(re.findall("<math", html)) == 1


def test_a_wide_formula_has_pictures_for_narrow_columns(result):
    html = result["wide"]["html"]
    assert len(pictures(html)) == 3
    kinds = [picture["class"].split() for picture in pictures(html)]
    natural, tablet, phone = widths(html)
    assert natural > 56 >= tablet > 34 >= phone
    least = [int(kind[-1].removeprefix("lw-from-")) for kind in kinds[:-1]]
    assert all(width <= number < width + 1 for width, number in zip((natural, tablet), least, strict=True))
    assert kinds == [
        [f"lw-from-{least[0]}"],
        [f"lw-below-{least[0]}", f"lw-from-{least[1]}"],
        [f"lw-below-{least[1]}"],
    ]
    assert len(pictures(result["narrow"]["html"])) == 1 and "class" not in pictures(result["narrow"]["html"])[0]


def test_aligned_rows_and_their_remarks_stand_one_below_the_other(result):
    (natural, narrow), (wide, phone) = pictures(result["aligned"]["html"]), widths(result["aligned"]["html"])
    height = [
        int(picture["viewBox"].split()[-1]) / int(picture["viewBox"].split()[-2]) for picture in (natural, narrow)
    ]
    assert wide > 34 >= phone and height[1] > 1.5 * height[0]


def test_a_formula_that_cannot_be_set_says_why(result):
    assert result["unfinished"] == {"error": r"Missing argument for \frac"}
    assert result["unknown"] == {"error": r"Undefined control sequence \nosuch"}
    assert result["no sign"] == {"error": "the font has no sign for 漢"}


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A book of two formulas on two pages, without Node: a function that builds it and returns what was set."""
    (tmp_path / "html").mkdir()
    pages = {"one": [nodes.math("", "x"), nodes.math_block("", "x")], "two": [nodes.math("", "x"), nodes.math("", "y")]}
    runs = []

    def typeset(wanted):
        runs.append(list(wanted))
        return {key: {"html": f"<svg>{key}</svg>"} for key in runs[-1]}

    monkeypatch.setattr(formulas, "typeset", typeset)

    def build(maker="first", **changed):
        pages.update(changed)
        monkeypatch.setattr(formulas, "maker", lambda: maker)
        config = SimpleNamespace(language="en")
        app = SimpleNamespace(outdir=tmp_path / "html", builder=SimpleNamespace(format="html"), config=config)
        doctree = {name: nodes.paragraph("", "", *found) for name, found in pages.items()}
        formulas.typeset_all(app, SimpleNamespace(found_docs=set(pages), get_doctree=doctree.get))
        runs_now, runs[:] = list(runs), []
        return runs_now, app.builder.formulas

    return build


def test_only_new_formulas_are_set(book, tmp_path):
    x, shown, y = ("x", False), ("x", True), ("y", False)
    assert book()[0] == [[x, shown, y]], "all in one run, each once"
    runs, known = book()
    assert runs == [] and known == {key: f"<svg>{key}</svg>" for key in (x, shown, y)}
    assert book(two=[nodes.math("", "z")])[0] == [[("z", False)]]
    kept = json.loads((tmp_path / ".formulas.json").read_text())["formulas"]
    assert [tex for tex, _, _ in kept] == ["x", "x", "z"], "what no page has any more is forgotten"
    assert book(maker="second")[0] == [[x, shown, ("z", False)]], "another MathJax sets all anew"


PAGE = r"""# A title with $\alpha$

:::{table} A caption with $\beta$
| $\gamma$ | word |
| --- | --- |
| $\delta$ | word |
:::

```{math}
:label: first
E = m c^2
```

$$a = b$$ (second)

\begin{align}
c &= d
\end{align}

See {eq}`first` and {eq}`second`.
"""


def sphinx(folder, page: str) -> subprocess.CompletedProcess:
    """Build a page with the extension, in two processes, with warnings as errors."""
    source = folder / "source"
    source.mkdir(exist_ok=True)
    (source / "index.md").write_text(page)
    (source / "other.md").write_text("---\norphan: true\n---\n# Other\n\n$\\alpha$")
    (source / "conf.py").write_text(
        f"import sys; sys.path.insert(0, {str(ROOT / 'book' / '_ext')!r})\n"
        "extensions = ['myst_parser', 'formulas']\nmyst_enable_extensions = ['amsmath', 'colon_fence', 'dollarmath']\n"
    )
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-n", "-j", "2", "source", "html"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_everything_that_sphinx_knows_of_formulas_goes_on_working(tmp_path):
    done = sphinx(tmp_path, PAGE)
    assert done.returncode == 0, done.stderr
    assert "formulas: 7 to set" in done.stdout
    html = (tmp_path / "html" / "index.html").read_text()
    article = html[html.index('<div class="body"') : html.index('class="sphinxsidebar"')]
    for tex in (r"\alpha", r"\beta", r"\gamma", r"\delta"):
        assert re.search(rf'<span class="math notranslate nohighlight" data-tex="{re.escape(tex)}"><svg', article), tex
    for label, number in (("first", 1), ("second", 2)):
        place = re.search(rf'<div class="math [^>]*id="equation-{label}">(.*?)</div></div>', article)[1]
        assert place.startswith(f'<span class="eqno">({number})<a class="headerlink" href="#equation-{label}"')
        assert f'<a class="reference internal" href="#equation-{label}">({number})</a>' in article
    assert len(re.findall(r'<div class="lw-formula"><svg', article)) == 3
    assert not re.search(r"<script[^>]*mathjax|window\.MathJax", html, re.I)
    again = sphinx(tmp_path, PAGE.replace("word", "words"))
    assert again.returncode == 0 and "to set" not in again.stdout, "no new formula, no Node"


def test_a_wrong_formula_stops_the_build_and_is_named(tmp_path):
    for _ in range(2):  # also when an earlier build has said it
        done = sphinx(tmp_path, PAGE.replace(r"\gamma", r"\nosuch{3}"))
        assert done.returncode == 1
        assert r"index: formula '\\nosuch{3}': Undefined control sequence \nosuch" in done.stderr
    assert sphinx(tmp_path, PAGE).returncode == 0


# How they stand in the pages, which need no script for them


def test_a_number_stands_beside_its_formula_or_on_a_phone_above_it(visit, server):
    with visit(server, "notebooks/studies/kl-closed-form.html", java_script_enabled=False) as page:

        def look():
            return [
                page.locator(f"#equation-kl-general {part}").bounding_box()
                for part in (".eqno", ".lw-formula svg:visible")
            ]

        number, picture = look()
        assert (
            picture["x"] + picture["width"] < number["x"]
            and picture["y"] < number["y"] < picture["y"] + picture["height"]
        )
        page.set_viewport_size({"width": 360, "height": 900})
        number, broken = look()
        assert number["y"] + number["height"] <= broken["y"] + 1
        assert broken["height"] > 1.5 * picture["height"], "in lines"


def test_forced_colours_reach_the_formulas(visit, server):
    with visit(server, "book/notation.html", java_script_enabled=False, forced_colors="active") as page:
        assert page.evaluate(WRONG, 0.99) == []


def test_what_is_copied_has_formulas_as_tex(browser, server):
    page = browser.new_page()
    page.goto(f"{server}/book/notation.html")
    page.evaluate(
        """() => {
          window.copied = new Promise((done) => addEventListener("copy", (event) =>
            done(["text/plain", "text/html"].map((kind) => event.clipboardData.getData(kind)))));
          const range = document.createRange(), block = document.querySelector("div.math");
          range.setStartBefore(block.previousElementSibling);
          range.setEndAfter(block);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }"""
    )
    page.keyboard.press("ControlOrMeta+c")
    plain, html = page.evaluate("copied")
    assert plain.startswith("Three formulas hold the book together. The reparameterized sample:\n")
    assert r"$$z = \mu + \sigma \, \epsilon, \qquad" in plain
    assert "<svg" not in html and r"\epsilon" in html
    assert page.locator("body > div:last-child:has-text('hold the book together')").count() == 0, (
        "nothing is left behind"
    )
    page.close()


def test_no_page_loads_a_typesetter():
    for name in PAGES:
        assert not re.search(r"<script[^>]*mathjax|window\.MathJax|<mjx-", (HTML / name).read_text(), re.I), name
    assert [path for path in HTML.rglob("*") if "mathjax" in path.name.lower()] == []
