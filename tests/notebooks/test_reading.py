"""Each chapter of the walk keeps within what a reader can take in (reading.py); studies may be as long as they need."""

import re

import nbformat.v4
import pytest
import reading

from latentbook import ROOT, notebooks

WALK = sorted((ROOT / "notebooks").glob("0*.ipynb"))


@pytest.mark.parametrize("path", WALK, ids=lambda path: path.stem)
def test_a_chapter_is_within_its_budget(path):
    over = reading.over(path)
    assert not over, "\n".join(over)


def test_a_formula_has_a_number_where_another_place_refers_to_it_and_only_there():
    pages = [*notebooks(), *(ROOT / "book").glob("*.md")]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    assert set(re.findall(r"\$\$ \(([\w-]+)\)", text)) == set(re.findall(r"\{eq\}`([\w-]+)`", text))


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_each_picture_that_a_cell_draws_says_in_words_what_is_seen(path):
    for cell in nbformat.read(path, 4).cells:
        shown = [output.get("data", {}).get("text/plain", "") for output in cell.get("outputs", ())]
        if any(text.startswith("<Figure size") for text in shown):
            words = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            assert len(words) > 20, f"{cell.id}: no alternative text"


def code(source: str, *outputs, tags=()):
    return nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def stream(text: str):
    return nbformat.v4.new_output("stream", text=text)


def display(text: str):
    return nbformat.v4.new_output("display_data", data={"text/plain": text})


PAGE = """\
# Title of three words

$$
x
$$

```{admonition} Guess
:class: dropdown

two words

$$
y
$$
```

````{exercise} A
```python
not counted
```
````
"""


def test_what_a_page_shows_is_counted(tmp_path):
    text = nbformat.v4.new_markdown_cell
    cells = [
        text(PAGE),
        code("# fetch\nset_up()", tags=["remove-cell"]),
        code("# why\n\na = 1\nassert a", stream("1\n2\n")),
        code("b = 2", stream("3\n"), tags=["hide-input"]),
        code("c = 3", stream("4\n"), tags=["hide-cell"]),
        code("d", display(reading.FIGURE)),
        text("one more\n\n$$\nz\n$$"),
        code("e", display("<Figure size 3x4 with 5 Axes>")),
        text("## Summary\n\nall of this is free"),
        code("assert True", stream("5\n")),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "page.ipynb")
    assert reading.measure(tmp_path / "page.ipynb") == {
        "words": 5 + 2,
        "lines of code": 2 + 1 + 1,
        "cells of code": 3,
        "printed lines": 3,
        "asserts": 1,
        "equations before the first picture": 1,
        "cells before the first figure": 4,
        "lines of code, all": 2 + 1 + 1 + 1 + 1,
        "words, all": 19 + 2,
    }
    assert reading.over(tmp_path / "page.ipynb") == [
        "asserts: 1, at most 0",
        "cells before the first figure: 4, at most 3",
    ]
