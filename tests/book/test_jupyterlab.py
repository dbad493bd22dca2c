"""The live side: a real JupyterLab, a real kernel, a real browser. Drag in the page, read in Python; set in Python, see the page move."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from cards import handles, signature, title, towards_the_far_end, wait_for_change
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect

from latentbook.chromium import PATIENCE
from latentwalk import widgets

# How a notebook makes each figure, and what Python sets then: what its first slider shows.
FIGURES = {
    "Interpolation": ("[both, plane, conv], x[ten], y[ten], clouds=x", "t = 0.75"),
    "Moons": ("*moons", "t = 0.25"),
    "LatentCloud": ("[plane, dots], x[ten], y[ten], x, y", "scale = 2.5"),
    "Reparameterization": ("[plane], [0.0, 1.0]", "mu = 1.25"),
    "KL": ("", "mu = -2.0"),
    "Beta": ('[network("vae-20-beta-0.5"), both], [0.5, 1], x, y', "index = 0"),
    "SliderBank": ("[both], x[ten], y[ten], x", "z = [0.5] * 20"),
    "Plane": ("plane, x, y", "z = [1.5, -1.0]"),
    "Draw": ("both, x[ten], y[ten]", "t = 0.5"),
    "Fit": ("", "x = 3.0"),
    "YourLoss": ("digits.test_x, loss=105.0", "place = 0.7"),
    "Machine": ("both, x[ten], y[ten]", "noise = 0.5"),
    "Learning": ("x, y", "frame = 200"),
    "WhichBug": ("", "step = 2"),
}
PARTS = {"SliderBank": "z[f.orders[0][0]]", "Plane": "z[0]"}  # which of several numbers that slider shows
FIRST = [PARTS.get(name, change.partition(" =")[0]) for name, (_, change) in FIGURES.items()]

CELLS = [
    """
from latentwalk.checkpoints import load
from latentwalk.data import mnist
from latentwalk.widgets import Interpolation, Network

digits = mnist()
network = Network(load("vae-20"), "vae-20", "VAE, 20-D")
figure = Interpolation([network], digits.test_x[:20], digits.test_y[:20], a=1, b=2)
figure
""",
    "print('python has t =', figure.t, 'and', len(figure.z[0]), 'numbers', round(figure.z[0][0], 4))",
    "figure.t = 0.75; figure.path = 'spherical'",
    "figure.z = [[0.0] * 20]",
    "figure.t = 2",
    f"""
import torch
from latentwalk import widgets

def network(name, *parts):
    return Network(load(name), name, name, parts=parts or ("decode",))

x, y = digits.test_x[:500], digits.test_y[:500]
ten = [(y == digit).nonzero()[0, 0].item() for digit in range(10)]
both, plane, dots = network("vae-20", "encode", "decode"), network("vae-2"), network("ae-2")
conv = network("vae-20-conv")  # brings its layers along
moons = [[network(f"{{kind}}-{{world}}", "encode", "decode") for kind in ("ae", "vae")] for world in ("crescents", "moons")]
figures = [{", ".join(f"widgets.{name}({arguments})" for name, (arguments, _) in FIGURES.items())}]
display(*figures)
""",
    f"import json; print(json.dumps([{', '.join(f'(lambda f: f.{part})(figures[{k}])' for k, part in enumerate(FIRST))}]))",
    "; ".join(f"figures[{k}].{change}" for k, (_, change) in enumerate(FIGURES.values())),
    """
lab = widgets.Lab(hidden=100)
lab
""",
    "print(len(lab.history), lab.history[-1]['step'], tuple(lab.model().fc1.weight.shape), lab.device)",
    "import os; print('process', os.getpid())",
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab on a notebook of the cells above; its address."""
    folder = tmp_path_factory.mktemp("lab")
    cells = [new_code_cell(source.strip()) for source in CELLS]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), folder / "figure.ipynb")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "--ServerApp.ip": "127.0.0.1",
        "--ServerApp.port": port,
        "--ServerApp.root_dir": folder,
        "--IdentityProvider.token": "",
        "--LabApp.news_url": "None",
        "--LabApp.expose_app_in_browser": "True",  # for `run`
    }
    # Every cell is there, also those that lie out of sight.
    overrides = folder / "config/labconfig/default_setting_overrides.json"
    overrides.parent.mkdir(parents=True)
    overrides.write_text(json.dumps({"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}))
    log = folder / "lab.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
            + [f"{name}={value}" for name, value in settings.items()],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "HOME": str(folder), "JUPYTER_CONFIG_DIR": str(folder / "config")},
        )
    base = f"http://127.0.0.1:{port}"
    try:
        while server.poll() is None:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{base}/api/status").close()
                break
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(0.25)
        else:
            pytest.fail(f"JupyterLab stopped:\n{log.read_text()[-2000:]}")
        yield base
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(scope="module")
def page(lab, browser):
    expect.set_options(timeout=PATIENCE)
    page = browser.new_page(viewport={"width": 1280, "height": 1400}, reduced_motion="reduce")
    page.goto(f"{lab}/lab/tree/figure.ipynb?reset")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell >> nth=7")
    # The kernel is up when its status says idle.
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]")
    yield page
    page.close()


RUN = """async (number) => {
  await jupyterapp.restored;
  const { content, context, sessionContext } = jupyterapp.shell.currentWidget;
  await Promise.all([context.ready, sessionContext.ready]);
  content.activeCellIndex = number;
  jupyterapp.commands.execute("notebook:run-cell");
}"""


def run(page, number: int):
    """Run a cell and wait until the kernel has done with it; returns its output area."""
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(number)
    prompt = cell.locator(".jp-InputPrompt").first
    before = prompt.inner_text()
    cell.scroll_into_view_if_needed()
    page.evaluate(RUN, number)
    expect(prompt).not_to_have_text(before)
    expect(prompt).to_have_text(re.compile(r"\[\d+\]"))
    return cell.locator(".jp-OutputArea")


def run_until(page, number: int, holds):
    """
    Run a cell until `holds` is true of the text it prints. A slider's last value reaches Python when the one before it has
    been dealt with; a cell that is run meanwhile comes before it.
    """
    end = time.monotonic() + PATIENCE / 1000
    while True:
        out = run(page, number)
        expect(out).not_to_be_empty()
        if holds(out.inner_text()):
            return out
        assert time.monotonic() < end, f"cell {number} prints: {out.inner_text()}"


def test_a_figure_in_jupyterlab(page):
    out = run(page, 0)
    figure = out.locator(".lw-figure[data-ready]")
    expect(figure).to_be_visible()
    expect(out.locator(".lw-card")).to_be_visible()
    picture = figure.locator("canvas.lw-digit[data-network]")

    # Move the slider in the page: Python has the value, and the code that the page decodes.
    for _ in range(30):
        out.locator("[role=slider]").first.press("ArrowRight")
    expect(figure.locator(".lw-readout")).to_contain_text("t = 0.30")
    printed = run_until(page, 1, lambda text: "python has t = 0.3 and 20 numbers" in text)
    shown = round(picture.evaluate("(canvas) => canvas.z[0]"), 4)
    expect(printed).to_contain_text(f"numbers {shown}")

    # Set it in Python: slider, buttons and picture move.
    before = picture.evaluate("(canvas) => canvas.toDataURL()")
    run(page, 2)
    expect(figure.locator(".lw-readout")).to_contain_text("t = 0.75")
    assert out.locator("[role=slider]").first.get_attribute("aria-valuenow") in ("0.75", "0.8")
    expect(out.locator(".widget-toggle-button.mod-active")).to_have_text("spherical")
    assert picture.evaluate("(canvas) => canvas.toDataURL()") != before

    # Set the code itself.
    run(page, 3)
    page.wait_for_function("document.querySelector('canvas.lw-digit[data-network]').z.every((v) => v === 0)")

    # A notebook has no page to link to; a picture and the Python it has.
    out.get_by_role("button", name="Share what this figure shows").click()
    expect(out.locator(".lw-share-list button")).to_have_text(["Save picture", "As Python"])
    page.keyboard.press("Escape")

    # A wrong value is refused in Python, and the page lives on.
    expect(run(page, 4)).to_contain_text("TraitError")
    out.locator("[role=slider]").first.press("ArrowLeft")
    expect(figure.locator(".lw-readout")).to_contain_text("t = 0.74")
    expect(figure.locator(".lw-error")).to_be_hidden()


def test_no_figure_is_left_out():
    figures = set(widgets.__all__) - {"Figure", "Network", "Lab"}
    assert set(FIGURES) == figures, "give each figure a row in FIGURES, tests/book/test_jupyterlab.py"


def test_all_figures_in_jupyterlab(page):
    """In one notebook: each one's first slider moved in the page and read in Python, then set in Python and seen in the page."""
    out = run(page, 5)
    expect(out.locator(".lw-figure[data-ready]")).to_have_count(len(FIGURES))
    cards = out.locator(".lw-card").all()
    sliders, seen = [handles(card)[0] for card in cards], []
    for card, slider in zip(cards, sliders):
        before, key = signature(card), towards_the_far_end(slider)
        for _ in range(3):
            slider.press(key)
        seen.append(wait_for_change(card, before, f"{title(card)}, {key}"))
    now = [float(slider.get_attribute("aria-valuenow")) for slider in sliders]
    near = [pytest.approx(value, abs=0.051) for value in now]  # aria-valuenow has one decimal
    run_until(page, 6, lambda text: all(python == shown for python, shown in zip(json.loads(text), near, strict=True)))

    run(page, 7)
    numbers = json.loads(run_until(page, 6, bool).inner_text())
    for card, slider, before, value in zip(cards, sliders, seen, numbers):
        wait_for_change(card, before, f"{title(card)}, set from Python")
        assert float(slider.get_attribute("aria-valuenow")) == pytest.approx(value, abs=0.051), title(card)
        assert not card.locator(".lw-error").is_visible()


def test_a_lab_trains_in_jupyterlab_and_python_has_its_network(page):
    """Its worker and its digits come from Python (`make setup` has made the bundles)."""
    out = run(page, 8)
    figure, train = out.locator(".lw-figure[data-ready]"), out.locator(".lw-train")
    expect(figure).to_be_visible()
    train.click()
    page.wait_for_function("+document.querySelector('[data-figure=lab]').dataset.step >= 20")
    train.click()
    expect(train).to_have_text("Train")
    # The page tells Python when it begins, seldom while it trains, and once more when it has stopped.
    heard = run_until(page, 9, lambda text: text.split()[1] == figure.get_attribute("data-step"))
    looks, step, *rest = heard.inner_text().split()
    assert int(looks) > 1 and int(step) >= 20
    assert rest == ["(100,", "784)", "wasm"]


def test_a_kernel_that_dies_takes_no_figure_with_it(page):
    """
    It falls silent while a figure is open, and is killed: the page decodes on. When it has been started again, the figure
    is made anew. It is stopped before it is killed, for JupyterLab looks every three seconds whether it lives, and its
    dialog takes the keys.
    """
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    out = run(page, 0)
    figure, slider = out.locator(".lw-figure[data-ready]"), out.locator("[role=slider]").first
    expect(figure).to_be_visible()
    picture = figure.locator("canvas.lw-digit[data-network]")

    def drag(until: str) -> None:
        before = picture.evaluate("(canvas) => canvas.toDataURL()")
        for _ in range(20):
            slider.press("ArrowRight")
        expect(figure.locator(".lw-readout")).to_contain_text(until)
        assert picture.evaluate("(canvas) => canvas.toDataURL()") != before
        expect(figure.locator(".lw-error")).to_be_hidden()

    drag("t = 0.20")
    process = int(re.search(r"process (\d+)", run(page, len(CELLS) - 1).inner_text())[1])
    os.kill(process, signal.SIGSTOP)
    drag("t = 0.40")  # no answer, and JupyterLab has not noticed
    os.kill(process, signal.SIGKILL)
    dialog = page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("died")
    dialog.get_by_role("button").last.click()
    expect(dialog).to_have_count(0)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]")
    drag("t = 0.60")  # connected to a new kernel, which knows nothing of it
    assert errors == []

    # In another order than before, so that no cell gets the number that it has; `run` waits for a new one.
    assert int(re.search(r"process (\d+)", run(page, len(CELLS) - 1).inner_text())[1]) != process
    out = run(page, 0)
    figure, slider = out.locator(".lw-figure[data-ready]"), out.locator("[role=slider]").first
    expect(figure).to_be_visible()
    picture = figure.locator("canvas.lw-digit[data-network]")
    drag("t = 0.20")
    run_until(page, 1, lambda text: "python has t = 0.2 and 20 numbers" in text)
    assert errors == []
