"""`make book` of a reader's own chapter, where nothing is as usual, and what comes of it in a browser."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import nbformat
import pytest
from cards import cards, signature, wait_for_change, wait_until
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from PIL import Image
from rooms import Watch

from latentbook import ROOT

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
    # Not "with said": what nbclient then sends while it waits for the cell's end may, once in hundreds of times, cost it the news of
    # that end (a raw send on a socket of pyzmq's event loop, as in ipykernel's issue 1554), and the build hangs.
    new_code_cell(
        """
import ipywidgets

count = ipywidgets.IntSlider(3, min=0, max=10, description="count")
number = ipywidgets.IntText(description="number")
ipywidgets.jslink((count, "value"), (number, "value"))
said = ipywidgets.Output()
said.append_stdout("printed in an output")
said.append_display_data(ipywidgets.HTML("<em>displayed in an output</em>"))
display(count, ipywidgets.VBox([number, said]), ipywidgets.HTML("<b>an HTML</b>"), ipywidgets.Text("a text"))
""".strip(),
        id="widgets",
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
    for name in ("book", "src"):  # of the book all but its other pages
        pages = ["*.md"] if name == "book" else []
        ignored = shutil.ignore_patterns("node_modules", "__pycache__", *pages)
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    (folder / "notebooks").mkdir()
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(new_notebook(cells=CELLS, metadata=kernel), folder / "notebooks" / "page.ipynb")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: notebooks/page\n")
    # A picture for its figure and none for its other widgets.
    still = {"width": 40, "height": 30, "words": "a still of the figure of this page"}
    (folder / "book/_static/stills/stills.json").write_text(json.dumps({"page-interpolation": still}))
    Image.new("RGB", (80, 60)).save(folder / "book/_static/stills/page-interpolation.webp")

    link_all(ROOT / "book" / "node_modules", folder / "book" / "node_modules", [".installed"])
    (folder / "book" / "node_modules" / ".installed").write_text(f"{folder}\n", encoding="utf-8")
    prefix, site = Path(sys.prefix), Path(sysconfig.get_path("purelib"))
    link_all(prefix, folder / ".venv", ["lib", "lib64", ".installed"])
    link_all(site, folder / ".venv" / site.relative_to(prefix), [path.name for path in site.glob("__editable__*")])
    (folder / ".venv" / site.relative_to(prefix) / "project.pth").write_text(f"{folder / 'src'}\n", encoding="utf-8")
    (folder / ".venv" / site.relative_to(prefix) / "sitecustomize.py").symlink_to(
        ROOT / "tests/offline/sitecustomize.py"
    )
    (folder / ".venv" / ".installed").write_text(f"{folder}\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def html(project, tmp_path_factory):
    """Its page, built where there is no network and no home. Where the machine allows no namespaces, the guard of
    tests/offline stands for the network, and /proc for the home."""
    home = tmp_path_factory.mktemp("home")
    alone = ["unshare", "-rnm", sys.executable, "-c", ALONE]
    environment = {name: os.environ[name] for name in ("PATH", "LATENTWALK_NETWORK_LOG")} | {"HOME": str(home)}
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], env=environment, capture_output=True).returncode:
        alone, environment["HOME"] = [], "/proc"
    print("namespaces" if alone else "no namespaces")
    command = [*alone, "make", "book", "PYTHON=/nowhere/python3"]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    assert list(home.iterdir()) == []
    return project / "_build" / "html" / "notebooks" / "page.html"


@pytest.fixture(scope="module")
def page(html, browser):
    """The page from the disk, with all its widgets; nothing may go wrong while the tests below use it."""
    context = browser.new_context()
    watch, page = Watch(context, (f"{html.parents[1].as_uri()}/",)), context.new_page()
    page.goto(html.as_uri())
    page.evaluate("latentwalk.all()")
    yield page
    watch.rest(page)
    context.close()
    assert watch.troubles == []


def test_a_page_is_built_with_no_network_no_home_and_an_unusual_path(project, html, page):
    assert f"{project}/src/latentwalk/__init__.py [7, 2, 1]" in html.read_text(encoding="utf-8")
    assert not (project / ".cache" / "latentwalk").exists(), "the data are read from their pack"
    page.wait_for_selector(".lw-figure[data-ready]")
    (card,) = cards(page)
    before = signature(card)
    for _ in range(30):
        card.locator("[role=slider]").first.press("ArrowRight")
    wait_for_change(card, before, "the figure of a page in a folder with an unusual name")


def test_ordinary_widgets_are_displayed_and_move(page):
    """Without a figure: a slider, joined to a number; an Output with words and a widget; an HTML; a Text."""
    slider = page.get_by_role("slider", name="count")
    number = page.get_by_role("spinbutton", name="number")
    assert slider.is_visible() and number.input_value() == "3"
    slider.press("ArrowRight")
    wait_until(
        page, "() => document.querySelector('.widget-text input[type=number]').value === '4'", "the number follows"
    )
    assert slider.get_attribute("aria-valuenow").startswith("4")
    for words in ("printed in an output", "displayed in an output", "an HTML"):
        assert page.get_by_text(words, exact=True).is_visible(), words
    text = page.locator(".widget-text input[type=text]").first
    assert text.is_visible() and text.input_value() == "a text"
    text.fill("another")
    assert text.input_value() == "another"


def test_a_still_is_tied_to_its_figure_by_name(page):
    """The widgets before the figure have none, and take none away."""
    place = page.locator(".lw-place", has=page.locator(".lw-still"))
    assert place.count() == 1 and place.locator(".lw-figure").get_attribute("data-figure") == "interpolation"
    assert place.locator(".lw-still").get_attribute("alt") == "a still of the figure of this page"
    assert page.locator(".lw-place").count() == 5
