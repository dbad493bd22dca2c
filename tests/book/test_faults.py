"""`make book` where nothing is as usual, and what comes of it in a browser."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import nbformat
import pytest
from cards import cards, signature, wait_for_change
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

CELLS = [
    new_markdown_cell("# A page\n\nDoes it work here, too? $\\mu + \\sigma\\epsilon$", id="title"),
    new_code_cell(
        """
import latentwalk
from latentwalk import plots
from latentwalk.checkpoints import load
from latentwalk.data import mnist
from latentwalk.widgets import Interpolation, Network

digits = mnist()
print(latentwalk.__file__, digits.test_y[:3].tolist())
plots.use_style()
plots.digits(digits.test_x[:4]);
""".strip(),
        id="data",
    ),
    new_code_cell(
        'Interpolation([Network(load("vae-2"), "vae-2", "VAE")], digits.test_x[:4], digits.test_y[:4])', id="figure"
    ),
]

# Namespaces of one's own: of the network nothing but the loopback, and a home that cannot be written.
ALONE = """
import fcntl, os, socket, struct, subprocess, sys
lo = struct.pack("16sh14x", b"lo", 1)  # ifreq with IFF_UP, for SIOCSIFFLAGS
fcntl.ioctl(socket.socket(), 0x8914, lo)
assert [name for _, name in socket.if_nameindex()] == ["lo"], socket.if_nameindex()
subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", os.environ["HOME"]], check=True)
try:
    os.mkdir(os.path.join(os.environ["HOME"], ".cache"))
except OSError:
    os.execvp(sys.argv[1], sys.argv[1:])
sys.exit("the home can be written")
"""


def link_all(source: Path, target: Path, leave=()) -> None:
    """A folder with links to all that another one holds, but for what is left out."""
    target.mkdir(parents=True)
    for path in source.iterdir():
        if path.name not in leave:
            (target / path.name).symlink_to(path)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The project with one page, set up in a folder with spaces and letters beyond ASCII in its name."""
    folder = tmp_path_factory.mktemp("far away") / "Übungen für Gauß, 第一章" / "latent space"
    folder.mkdir(parents=True)
    for name in ("Makefile", "LICENSE", "requirements.txt", "constraints.txt", "pyproject.toml", "_config.yml"):
        shutil.copy2(ROOT / name, folder)
    for name in ("book", "data", "src"):  # of the book all but its other pages
        pages = ["*.md"] if name == "book" else []
        ignored = shutil.ignore_patterns("node_modules", "__pycache__", *pages)
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    (folder / "notebooks").mkdir()
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(new_notebook(cells=CELLS, metadata=kernel), folder / "notebooks" / "page.ipynb")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: notebooks/page\n")

    link_all(ROOT / "book" / "node_modules", folder / "book" / "node_modules", [".installed"])
    (folder / "book" / "node_modules" / ".installed").touch()
    prefix, site = Path(sys.prefix), Path(sysconfig.get_path("purelib"))
    link_all(prefix, folder / ".venv", ["lib", "lib64", ".installed"])
    link_all(site, folder / ".venv" / site.relative_to(prefix), [path.name for path in site.glob("__editable__*")])
    (folder / ".venv" / site.relative_to(prefix) / "project.pth").write_text(f"{folder / 'src'}\n", encoding="utf-8")
    (folder / ".venv" / site.relative_to(prefix) / "sitecustomize.py").symlink_to(
        ROOT / "tests/offline/sitecustomize.py"
    )
    (folder / ".venv" / ".installed").write_text(f"{folder}\n", encoding="utf-8")
    return folder


def test_a_page_is_built_with_no_network_no_home_and_an_unusual_path(project, tmp_path, browser):
    """Where the machine allows no namespaces, the guard of tests/offline stands for the network, and /proc for the home."""
    home = tmp_path / "home"
    home.mkdir()
    alone = ["unshare", "-rnm", sys.executable, "-c", ALONE]
    environment = {name: os.environ[name] for name in ("PATH", "LATENTWALK_NETWORK_LOG")}
    environment |= {"HOME": str(home), "LATENTWALK_STILLS": "none"}
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], env=environment, capture_output=True).returncode:
        alone, environment["HOME"] = [], "/proc"
    print("namespaces" if alone else "no namespaces")
    command = [*alone, "make", "book", "PYTHON=/nowhere/python3"]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    assert list(home.iterdir()) == []

    html = project / "_build" / "html" / "notebooks" / "page.html"
    assert f"{project}/src/latentwalk/__init__.py [7, 2, 1]" in html.read_text(encoding="utf-8")
    unpacked = project / ".cache" / "latentwalk"
    assert [path.name for path in unpacked.iterdir()] == ["MNIST"] and len(list(unpacked.glob("MNIST/raw/*"))) == 4

    page = browser.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("requestfailed", lambda request: errors.append(request.url))
    page.goto(html.as_uri())
    page.wait_for_selector(".lw-figure[data-ready]")
    (card,) = cards(page)
    before = signature(card)
    for _ in range(30):
        card.locator("[role=slider]").first.press("ArrowRight")
    wait_for_change(card, before, "the figure of a page in a folder with an unusual name")
    page.close()
    assert errors == []
