"""The page of the Lab, from the disk: train, walk, rewrite the loss, break it, bring pictures, take the network to PyTorch."""

import base64
import gzip
import itertools
import json
import re
import struct

import numpy as np
import pytest
import torch
from built import LAB, PAGES
from cards import wait_until
from PIL import Image

from latentbook import HTML, ROOT
from latentbook.server import Quiet, serve
from latentwalk import checkpoints, losses
from latentwalk.data import mnist, unpack
from latentwalk.page import lab as module
from latentwalk.widgets import Lab

AXE = ROOT / "book" / "node_modules" / "axe-core" / "axe.min.js"
VERDICT = ".lw-editor ~ [role=status]"
START = "function loss(params, x, eps, beta) {\n  const h = relu(linear(x, params.fc1));\n"
WRONG = {  # a program -> what is said beside which line
    START + "  return (h.sum();\n}": "line 3: this is no JavaScript",
    START
    + "  return linear(h, params.fc3).sum();\n}": "line 3: linear: the layer takes (batch, 20), and was given (100, 400)",
    START + "  return h.sub(1000).log().sum();\n}": "line 3: loss is NaN, not a number to make small",
    START + "  return h;\n}": "line 3: loss has the shape (100, 400): expected one number, such as its sum()",
    START + "  return h + 1;\n}": "line 3: JavaScript's + - * / and < do not know arrays: write a.add(b)",
    "function loss() { throw new Error(typeof document + typeof window + typeof localStorage); }": "undefinedundefinedundefined",
    'indexedDB.open("mine");\n' + START + "  return h.sum();\n}": "line 1: .*denied",
    START + "  for (;;) {}\n}": "line 3: The program did not come to an end within five seconds",
}


def data(page) -> dict:
    return page.evaluate("({...document.querySelector('[data-figure=lab]').dataset})")


def until_step(page, step: int) -> None:
    wait_until(page, "(s) => +document.querySelector('[data-figure=lab]').dataset.step >= s", f"no step {step}", step)


def train(page, steps: int) -> None:
    """So many steps more, and a pause."""
    begin = int(data(page).get("step", 0))
    page.click(".lw-train")
    until_step(page, begin + steps)
    page.click(".lw-train")
    wait_until(page, "() => document.querySelector('.lw-train').textContent.trim() === 'Train'", "it does not pause")


def problem(page, words: str) -> str:
    """What the figure says is wrong, once that has these words."""
    said = "(words) => [...document.querySelectorAll('.lw-lab .lw-error:not([hidden])')].some((e) => e.textContent.includes(words))"
    wait_until(page, said, f"nothing is said of {words}", words)
    return page.inner_text(".lw-lab .lw-error:visible")


def fold(page, name: str) -> None:
    page.click(f"summary:text-is('{name}')")


def run(page, program: str) -> str:
    """Put a program into the editor and run it; returns what is said of it."""
    page.click(".cm-content")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(program)
    page.click("button:text-is('Run')")
    told = "() => !/^(|The program is tried.*)$/.test(document.querySelector('.lw-editor ~ [role=status]').textContent)"
    wait_until(page, told, f"nothing is said of {program}")
    return page.inner_text(VERDICT)


@pytest.fixture
def lab(visit, disk):
    """The page, open."""
    with visit(disk, LAB, expected="Failed to load resource|does not load: blob:|out of memory") as page:
        yield page


def test_nothing_of_it_is_loaded_before_a_reader_asks(visit, server):
    """And a page whose policy allows no WebAssembly says so."""
    asked = []

    def before(page):
        page.on("request", lambda request: asked.append(request.url))

    with visit(server, LAB, before=before, expected="WebAssembly|Content Security Policy") as page:
        assert not [url for url in asked if "/_static/lab/" in url]
        assert page.inner_text(".lw-train") == "Train" and not page.locator(".lw-lab-live").is_visible()
        fold(page, "Edit the loss")
        page.wait_for_selector(".cm-content")
        assert [url.rpartition("/")[2] for url in asked if "/_static/lab/" in url] == ["editor.js"]
        page.click(".lw-train")
        assert problem(page, "WebAssembly") == Lab().text["no_wasm"]
        assert page.inner_text(".lw-train") == "Train" and page.locator(".lw-editor").is_visible()
    for name in PAGES:
        if name != LAB:
            assert "/lab/" not in "".join(
                re.findall(r'(?:src|data-code|data-state)="[^"]*"', (HTML / name).read_text())
            ), name


# When the line for screen readers has spoken.
SPEAKS = """() => {
  window.spoke = [];
  const hear = () => spoke.push(performance.now());
  new MutationObserver(hear).observe(document.querySelector(".lw-lab .lw-hidden[role=status]"),
    { childList: true, characterData: true, subtree: true });
}"""


def test_train_walk_and_take_it_along(lab, tmp_path):
    lab.evaluate(SPEAKS)
    lab.click("button:text-is('One step')")
    until_step(lab, 1)
    assert abs(float(data(lab)["loss"]) / (784 * np.log(2)) - 1) < 0.03, "untrained: 784 ln 2"
    before = lab.evaluate("document.querySelector('.lw-five canvas').toDataURL()")
    train(lab, 60)
    wait_until(
        lab, "() => Number(document.querySelector('[data-figure=lab]').dataset.loss) < 250", "no look after the pause"
    )
    now = data(lab)
    assert float(now["kl"]) > 1 and now["device"] == "wasm"
    assert before != lab.evaluate("document.querySelector('.lw-five canvas').toDataURL()")
    assert "nats per test image" in lab.text_content(".lw-hidden[role=status]")

    # Walk: by slider, by a drag, by arrow keys; also while it trains.
    code = "[...document.querySelector('.lw-lab-pictures .lw-screen canvas').z].join()"
    lab.click(".lw-train")
    first = lab.evaluate(code)
    lab.locator(".lw-lab [role=slider]").first.press("ArrowRight")
    wait_until(lab, f"(first) => {code} !== first", "the slider does not walk", first)
    plane = lab.locator(".lw-square")
    width = plane.bounding_box()["width"]
    plane.click(position={"x": 0.8 * width, "y": 0.3 * width})
    caption = "document.querySelector('.lw-lab-pictures .lw-screen figcaption').textContent"
    wait_until(lab, f"() => /point that you drag/.test({caption})", "a drag does not walk")
    dragged = lab.evaluate(code)
    plane.press("ArrowLeft")
    wait_until(lab, f"(first) => {code} !== first", "the arrow keys do not walk", dragged)
    lab.click(".lw-train")
    wait_until(lab, "() => document.querySelector('.lw-train').textContent.trim() === 'Train'", "it does not pause")

    spoke = lab.evaluate("spoke")
    assert spoke and all(later - before > 4990 for before, later in itertools.pairwise(spoke)), spoke

    fold(lab, "Take the network along")
    with lab.expect_download() as waiting:
        lab.click("button:text-is('Download the network')")
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    model, content = checkpoints.load(path), path.read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    manifest = json.loads(header["__metadata__"]["manifest"])
    x = mnist().test_x[: module.TEST]
    torch.manual_seed(0)
    with torch.no_grad():
        mu, logvar = model.encode(x)
        kl, recon = losses.kl_divergence(mu, logvar).sum(1).mean().item(), []
        for _ in range(12):
            noise = (0.5 * logvar).exp() * torch.randn_like(mu)
            recon += [losses.reconstruction(model.decode_logits(mu + e), x).mean().item() for e in (noise, -noise)]
    assert manifest["metrics"]["kl"] == pytest.approx(kl, rel=1e-4)
    assert manifest["metrics"]["loss"] == pytest.approx(np.mean(recon) + kl, rel=1e-3)
    assert manifest["config"] == {"kind": "VAE", "latent_dim": 20, "hidden": 400, "pixels": 784}


def test_a_wrong_program_is_told_beside_its_line_and_the_last_good_one_goes_on(lab):
    lab.click(".lw-train")
    until_step(lab, 2)
    fold(lab, "Edit the loss")
    lab.wait_for_selector(".cm-content")
    for program, says in WRONG.items():
        said = run(lab, program)
        assert (
            re.search(says if ".*" in says else re.escape(says), said) and "The last good program goes on." in said
        ), said
        assert lab.locator(".cm-lint-marker-error").count() == 1
        until_step(lab, int(data(lab)["step"]) + 3)
    text = Lab().text
    # One that takes long to read.
    numbers = f"  const numbers = [{'1, ' * 25_000}];\n  return"
    assert run(lab, module.LOSS.replace("  return", numbers)) == text["taken"]
    # Programs that are good at first: one for 20 dimensions only, one that ends its worker again and again.
    assert run(lab, module.LOSS.replace("  return", "  mu.slice(0, 20);\n  return")) == text["taken"]
    lab.click(".lw-lab .widget-toggle-button:text-is('2')")
    assert "line 11: slice: expected 0 to at most 2, got 0 to 20. Another program goes on" in problem(lab, "Another")
    until_step(lab, int(data(lab)["step"]) + 3)
    # One that is good and holds its worker later, at rest: an endless loop would take a core from other tests.
    memory = "new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer"
    late = f"setTimeout(() => Atomics.wait(new Int32Array({memory}), 0, 0), 1000);\n"
    assert run(lab, late + module.LOSS) == text["taken"]
    assert problem(lab, "Another") == f"{text['endless']}. Another program goes on: yours does not work here."
    until_step(lab, int(data(lab)["step"]) + 3)
    late = "setInterval(() => { throw new Error('out of memory'); }, 1);\n"
    assert run(lab, late + module.LOSS) == text["taken"]
    assert problem(lab, "Another") == "The worker has ended. Another program goes on: yours does not work here."
    until_step(lab, int(data(lab)["step"]) + 3)
    assert run(lab, module.LOSS) == text["taken"] and not lab.locator(".lw-lab .lw-error:visible").count()
    assert not lab.locator(".lw-diff").is_visible()


def test_a_program_reaches_no_network(visit):
    """Not even the server of its own page, which would answer."""
    asked = []

    class Telling(Quiet):
        def do_GET(self):
            asked.append(self.path)
            super().do_GET()

    with (
        serve(HTML, headers={"Access-Control-Allow-Origin": "*"}, answer=Telling) as address,
        visit(address, LAB, expected="Content Security Policy|Refused|Failed to load|does not load|violates") as page,
    ):
        fold(page, "Edit the loss")
        page.wait_for_selector(".cm-content")
        get = f'const r = new XMLHttpRequest(); r.open("GET", "{address}/stolen-1", false); r.send();\n'
        more = f'fetch("{address}/stolen-2").catch(() => 0); import("{address}/stolen-3").catch(() => 0);\n'
        more += f'try {{ importScripts("{address}/stolen-4"); }} catch {{}}\n'
        assert "Failed to" in run(page, more + get + START + "return h.sum();\n}")
        train(page, 3)
        assert not [path for path in asked if "stolen" in path]


def test_the_bugs_of_chapter_8_show_their_difference_and_their_check(lab):
    fold(lab, "Edit the loss")
    lab.wait_for_selector(".cm-content")
    for name, (_, after, check) in module.BUGS.items():
        lab.click(f".lw-bugs button:text-is('{name}')")
        assert check in lab.inner_text(VERDICT)
        assert after.split("\n")[1 if "\n" in after else 0].strip() in lab.inner_text(".lw-diff")
    lab.click(".lw-bugs button:text-is('KL sign flipped')")
    lab.click("button:text-is('Run')")
    train_until_lost = (
        "() => /goes on, from the last look/.test(document.querySelector('.lw-lab .lw-error').textContent)"
    )
    lab.click(".lw-train")
    wait_until(lab, train_until_lost, "the bug leads to no number, and nothing is said")
    until_step(lab, int(data(lab)["step"]) + 3)


def test_small_ones_in_chapters(visit, server, disk):
    asked = []
    watch = {"before": lambda page: page.on("request", lambda request: asked.append(request.url))}
    with visit(disk, "notebooks/04_kl.html", **watch) as page:
        train(page, 3)
        assert "of 2 dimensions" in page.inner_text(".lw-lab figcaption >> nth=1")
        assert {url.rpartition("/")[2].partition("-")[0] for url in asked if "/_static/lab/" in url} == {
            "worker.js",
            "digits",
        }
        assert page.locator(".lw-lab summary").all_inner_texts() == ["Edit the loss"]
    with visit(disk, "notebooks/08_wrong.html") as page:
        # At once, before the editor has come; and what is said of a program that another has replaced meanwhile is not shown.
        labels = ["Edit the loss", "z detached", "Run", "KL sign flipped"]
        page.locator(".lw-lab").evaluate(
            """(lab, labels) => labels.forEach((label) =>
              [...lab.querySelectorAll("summary, button")].find((one) => one.textContent === label).click())""",
            labels,
        )
        train(page, 3)
        check = module.BUGS["KL sign flipped"][2]
        assert check in page.inner_text(VERDICT)
        page.click(".lw-bugs button:text-is('z detached')")
        page.click("button:text-is('Run')")
        taken = Lab().text["taken"]
        wait_until(page, f"(words) => document.querySelector({VERDICT!r}).textContent === words", "not taken", taken)
        train(page, 3)


def crash(page) -> None:
    """End the worker as one ends that has no memory left: by an error that nobody catches."""
    page.workers[-1].evaluate("setTimeout(() => { throw new Error('out of memory'); })")


def test_a_worker_that_ends_is_replaced_and_a_page_out_of_sight_goes_on(lab):
    text, ready = Lab().text, "() => document.querySelector('[data-figure=lab]').dataset.phase === 'ready'"
    lab.click(".lw-train")
    for label in ("2", "8"):  # while it is being prepared
        lab.click(f".lw-lab .widget-toggle-button:text-is('{label}')")
    until_step(lab, 3)
    wait_until(lab, "() => /of 8 dimensions/.test(document.querySelector('.lw-lab').textContent)", "not 8 dimensions")
    crash(lab)
    assert problem(lab, "worker") == text["died"]
    until_step(lab, int(data(lab)["step"]) + 3)

    # Out of sight, as a tab in the background: it trains on, and then there is no burst of drawings.
    session = lab.context.new_cdp_session(lab)
    lab.evaluate("""() => {
      window.drawings = [];
      const { clearRect } = CanvasRenderingContext2D.prototype, curve = document.querySelector(".lw-lab .lw-plot");
      let frame = 0;
      const count = () => { frame += 1; requestAnimationFrame(count); };
      requestAnimationFrame(count);
      CanvasRenderingContext2D.prototype.clearRect = function (...box) {
        if (this.canvas === curve) drawings.push(frame);
        return clearRect.apply(this, box);
      };
    }""")
    before = int(data(lab)["step"])
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    session.send("Page.setWebLifecycleState", {"state": "active"})
    until_step(lab, before + 10)
    assert lab.evaluate("drawings.length && new Set(drawings).size === drawings.length"), "two drawings in one frame"
    lab.click(".lw-train")
    wait_until(lab, "() => document.querySelector('.lw-train').textContent.trim() === 'Train'", "it does not pause")

    # A second end at the same place is the last: Train begins again.
    with lab.expect_event("worker"):
        crash(lab)
    wait_until(lab, ready, "no other worker")
    crash(lab)
    assert problem(lab, "Train") == text["gone"]
    train(lab, 3)
    lab.click("button:text-is('Start over')")
    wait_until(lab, "() => document.querySelector('[data-figure=lab]').dataset.step === '0'", "it does not start over")


def idx(pictures: np.ndarray, kind: int = 8) -> bytes:
    return struct.pack(f">4B{pictures.ndim}I", 0, 0, kind, pictures.ndim, *pictures.shape) + pictures.tobytes()


# As Ctrl+V does it with a file in the clipboard.
PASTE = """(content) => {
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], "pictures.gz"));
  document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
}"""


# Counts how often the network's pictures go away.
KEPT = """() => {
  const panels = document.querySelector(".lw-lab-live");
  window.jumps = 0;
  new MutationObserver(() => { jumps += panels.hidden; }).observe(panels, { attributes: true });
}"""


def drop(page, *paths, place: str = ".lw-drop", last: str = "null") -> None:
    """Files and folders, as from the system's own windows; ``last`` is done in the page before they are let go."""
    target, session = page.locator(place).first, page.context.new_cdp_session(page)
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + 9}
    given = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        if kind == "drop":
            page.evaluate(last)
        session.send("Input.dispatchDragEvent", {"type": kind, **at, "data": given})


def test_own_pictures(lab, tmp_path):
    digits = mnist()
    pictures = (255 * digits.test_x[:40]).byte().numpy().reshape(-1, 28, 28)
    files = {
        "pictures.gz": gzip.compress(idx(pictures)),
        "labels.gz": gzip.compress(idx(digits.test_y[:40].byte().numpy())),
        "cut.gz": gzip.compress(idx(pictures))[:900],
        "cut-idx": idx(pictures)[:900],
        "short-idx": idx(pictures.astype(">i2"), 0x0B),
        "text.png": b"hello",
        "empty.png": b"",
        "IMG_0001.jpg": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        "photos.npz": b"PK\x03\x04" + bytes(40),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    np.save(tmp_path / "u2.npy", pictures.astype("u2"))
    np.save(tmp_path / "photos.npy", np.repeat(pictures[:20, :, :, None], 3, -1) / 255)
    Image.fromarray(pictures[0].astype("u2") * 257).save(tmp_path / "deep.png")
    Image.new("RGBA", (40, 60)).save(tmp_path / "clear.webp")
    Image.new("1", (40, 60)).save(tmp_path / "bits.png")
    Image.new("CMYK", (40, 60)).save(tmp_path / "print.jpg")
    moving = [Image.fromarray(one) for one in pictures[:3]]
    moving[0].save(tmp_path / "moving.gif", save_all=True, append_images=moving[1:])
    Image.new("L", (1, 1)).save(tmp_path / "pixel.png")
    for folder in "ab":
        (tmp_path / "folders" / folder).mkdir(parents=True)
        for i in range(8):
            Image.fromarray(pictures[i]).resize((90, 60)).save(tmp_path / "folders" / folder / f"{i}.jpg")
    fold(lab, "Your own pictures")
    status = ".lw-drop ~ [role=status]"

    def give(*names, box=0) -> str:
        lab.evaluate("document.querySelector('.lw-drop ~ [role=status]').textContent = ''")
        lab.locator(".lw-drop input").nth(box).set_input_files([tmp_path / name for name in names])
        wait_until(
            lab,
            "() => /ressed|Press Train|has changed/.test(document.querySelector('.lw-drop ~ [role=status]').textContent)",
            str(names),
        )
        return lab.inner_text(status)

    for name, says in {
        "cut.gz": "damaged or cut off",
        "cut-idx": "cut off: 900 bytes, expected 31376",
        "short-idx": "numbers are not bytes",
        "u2.npy": "an npy file of <u2",
        "text.png": "neither a PNG, JPEG or WebP picture nor an idx or npy file",
        "empty.png": "the file is empty",
        "IMG_0001.jpg": "a HEIC photo",
        "photos.npz": "a zip or npz archive: unpack it",
        "pixel.png": "1 x 1 pixels: too small",
    }.items():
        said = give(name)
        assert "0 could be read" in said and f"{name}: " in said and says in said, said
    assert "5 could be read" in give("deep.png", "clear.webp", "bits.png", "print.jpg", "moving.gif")
    # As people have it: 60,000 pictures and their labels, with Fashion-MNIST's names, headers and sizes.
    for part in ("images-idx3", "labels-idx1"):
        (tmp_path / f"train-{part}-ubyte.gz").write_bytes(gzip.compress(unpack(f"train-{part}-ubyte"), 1))
    said = give("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
    assert said == "20000 of 60000 pictures, drawn at random, classes: 10. Press Train."
    count = len(digits.test_y[:40].unique())
    assert f"40 pictures, classes: {count}. Press Train. text.png: neither" in give(
        "pictures.gz", "labels.gz", "text.png"
    )
    train(lab, 3)
    lab.evaluate(KEPT)
    assert "20 pictures, classes: 1." in give("photos.npy")
    assert "16 pictures, classes: 2." in give("folders", box=1)
    assert lab.locator(".lw-preview canvas").count() == 16
    wait_until(
        lab, "() => document.querySelector('[data-figure=lab]').dataset.phase === 'ready'", "no network for them"
    )
    assert lab.evaluate("jumps") == 0, "what is below the network's pictures jumps while another one is prepared"
    # A page on a disk may not open folders that are dropped.
    drop(lab, tmp_path / "folders", tmp_path / "pictures.gz", tmp_path / "labels.gz")
    wait_until(
        lab,
        f"() => /^40 pictures, classes: {count}. Press Train. folders: a folder/.test(document.querySelector('{status}').textContent)",
        "dropped",
    )
    # Beside their place they are taken, too, even if something else comes to lie there: the page, and what it has trained, stays.
    drop(lab, tmp_path / "photos.npy", place="article h1", last="document.querySelector('article h1').remove()")
    wait_until(lab, f"() => /^20 pictures, classes: 1/.test(document.querySelector('{status}').textContent)", "beside")
    lab.evaluate(PASTE, base64.b64encode(gzip.compress(idx(pictures[:30]))).decode())
    wait_until(lab, f"() => /^30 pictures, classes: 1/.test(document.querySelector('{status}').textContent)", "pasted")
    train(lab, 3)
    lab.click("button:text-is('Back to the digits')")
    train(lab, 3)
    assert "500 test pictures" in lab.inner_text(".lw-lab-pictures")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_used_by_all_on_a_phone_too(visit, disk, scheme):
    with visit(disk, LAB, width=360, scheme=scheme, has_touch=True) as page:
        train(page, 5)
        fold(page, "Edit the loss")
        page.wait_for_selector(".cm-content")
        fold(page, "Your own pictures")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.evaluate("window.define = undefined")
        page.evaluate(AXE.read_text())
        found = page.evaluate(
            "axe.run('.lw-card', {preload: false}).then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))"
        )
        assert found == []


@pytest.mark.parametrize(
    "file, content, says",
    [
        ("digits-3.js", 'latentwalkLab.digits[3] = "AAAA";', "the file of digits is damaged"),
        ("worker.js", "", "_static/lab/worker.js is damaged"),
    ],
)
def test_what_is_damaged_is_named(visit, file, content, says):
    def before(page):
        page.route(f"**/_static/lab/{file}", lambda route: route.fulfill(body=content, content_type="text/javascript"))

    with serve(HTML) as address, visit(address, LAB, before=before) as page:
        page.click(".lw-train")
        wait_until(page, "() => !document.querySelector('.lw-lab .lw-error').hidden", "nothing is said")
        assert says in page.inner_text(".lw-lab .lw-error")
        assert page.inner_text(".lw-train") == "Train"
