"""The book without its solutions: in the pages, in what the search finds, in the notebooks that readers download."""

import io
import json

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

PAGE = r"""
# Page

```{exercise} Half
:label: half

Write a half.
```

````{solution} half
:class: dropdown

Divided by **zwei**:

```python
quotient = x / 2
```
````

The chapter goes on.
"""


@pytest.mark.parametrize("wanted", ["yes", "no"])
def test_solutions_are_told_or_nowhere(tmp_path, monkeypatch, wanted):
    monkeypatch.setenv("SOLUTIONS", wanted)
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": PAGE.splitlines(keepends=True)}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    source, out = tmp_path / "source", tmp_path / "html"
    source.mkdir()
    (source / "index.ipynb").write_text(json.dumps(notebook))
    settings = {
        "extensions": ["myst_nb", "sphinx_exercise", "teach"],
        "nb_execution_mode": "off",
        "html_theme": "basic",
        "html_sourcelink_suffix": "",
    }
    warnings = io.StringIO()
    with patch_docutils(), docutils_namespace():
        Sphinx(source, None, out, tmp_path / "doctrees", "html", settings, None, warnings, freshenv=True).build()
    told = [
        str(path.relative_to(out))
        for path in out.rglob("*")
        if path.is_file() and any(word in path.read_bytes() for word in (b"zwei", b"quotient"))
    ]
    assert sorted(told) == ([] if wanted == "no" else ["_sources/index.ipynb", "index.html", "searchindex.js"])
    assert "The chapter goes on." in (out / "index.html").read_text()
    assert "goes on" in "".join(json.loads((out / "_sources" / "index.ipynb").read_text())["cells"][0]["source"])
