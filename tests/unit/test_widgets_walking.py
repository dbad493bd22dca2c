"""Twenty sliders, the map and Draw: what Python hands over and refuses, and the JavaScript itself in a browser."""

import io
import itertools
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright
from states import jsonable

from latentbook.chromium import launch
from latentwalk.checkpoints import load
from latentwalk.data import mnist
from latentwalk.losses import kl_divergence
from latentwalk.models import VAE
from latentwalk.widgets import Draw, Network, Plane, SliderBank


@pytest.fixture(scope="module")
def digits():
    return mnist()


@pytest.fixture(scope="module")
def ten(digits):
    """The first test digit of each class, and their labels."""
    chosen = [(digits.test_y == digit).nonzero()[0, 0].item() for digit in range(10)]
    return digits.test_x[chosen], list(range(10))


@pytest.fixture(scope="module")
def vae():
    return Network(load("vae-20"), "vae-20", "β = 1", parts=("encode", "decode"))


@pytest.fixture(scope="module")
def idle():
    return Network(load("vae-20-beta-4"), "vae-20-beta-4", "β = 4")


@pytest.fixture(scope="module")
def flat():
    return Network(load("vae-2"), "vae-2", "VAE, 2-D")


@pytest.fixture
def bank(vae, idle, ten, digits):
    return SliderBank([vae, idle], *ten, digits.test_x[:2000], digit=3)


@pytest.fixture
def plane(flat, digits):
    return Plane(flat, digits.test_x[:300], digits.test_y[:300], z=(0.5, -1.0))


@pytest.fixture
def draw(vae, ten):
    return Draw(vae, *ten, digit=3)


# Python


def test_sliders_are_ordered_by_kl_and_idle_ones_are_marked(bank, vae, idle, digits):
    for k, network in enumerate((vae, idle)):
        with torch.no_grad():
            kl = kl_divergence(*network.model.encode(digits.test_x[:2000])).mean(0)
        order = bank.orders[k]
        assert sorted(order) == list(range(20))
        assert (kl[order].diff() <= 0).all()
        assert bank.kls[k] == pytest.approx(kl.tolist(), rel=1e-5)
        assert ["idle" in name for name in bank.names[k]] == [kl[i].item() < 0.05 for i in order]
    assert not any("idle" in name for name in bank.names[0])
    assert sum("idle" in name for name in bank.names[1]) >= 5
    assert [slider.description for slider in bank.sliders] == bank.names[0]
    assert [slider.value for slider in bank.sliders] == [bank.z[i] for i in bank.orders[0]]


def test_draw_starts_with_what_the_encoder_says(draw, vae, ten):
    with torch.no_grad():
        mu, logvar = vae.model.encode(ten[0])
    assert draw.mu == draw.z == pytest.approx(mu[3].tolist(), abs=1e-6)
    assert draw.logvar == pytest.approx(logvar[3].tolist(), abs=1e-6)
    assert draw.pixels == ten[0][3].tolist()
    assert np.frombuffer(draw.targets, np.float32).reshape(10, 20) == pytest.approx(mu.numpy(), abs=1e-6)


# JavaScript, with a widget model of our own in the place of Jupyter's

HARNESS = """
async ({ id, states, esm, css }) => {
  const plain = (value) => {
    if (value?.$bytes) return new DataView(Uint8Array.from(atob(value.$bytes), (c) => c.charCodeAt(0)).buffer);
    if (value?.constructor !== Object) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  };
  const models = {};
  class Model {
    constructor(state) {
      this.state = Object.fromEntries(Object.entries(state).map(([key, value]) => [key, plain(value)]));
      this.handlers = [];
      this.widget_manager = { get_model: async (id) => models[id] };
    }
    get(key) { return this.state[key]; }
    set(key, value) { // like Jupyter's: "change" gets lost when a handler of "change:name" sets something
      const changed = Object.entries(typeof key === "string" ? { [key]: value } : key)
        .filter(([name, now]) => JSON.stringify(now) !== JSON.stringify(this.state[name]));
      const inner = this.changing;
      this.changing = this.pending = changed.length > 0;
      for (const [name, now] of changed) this.state[name] = now;
      for (const [name] of changed) this.fire(`change:${name}`);
      if (!inner && this.pending) this.fire("change");
      this.changing = this.pending = false;
    }
    fire(event) { for (const [name, call] of [...this.handlers]) if (name === event || name === "all") call(); }
    on(event, call) { this.handlers.push([event, call]); }
    off(event, call) { this.handlers = this.handlers.filter(([, own]) => own !== call); }
    save_changes() {}
  }
  for (const [key, state] of Object.entries(states)) models[key] = new Model(state);
  document.body.innerHTML = "<style></style><div class='lw-card' style='width: 680px'></div>";
  document.querySelector("style").textContent = css;
  const module = await import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })));
  globalThis.model = models[id];
  await module.default.render({ model: models[id], el: document.querySelector(".lw-card") });
  globalThis.frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}
"""


@pytest.fixture(scope="module")
def page():
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(has_touch=True, viewport={"width": 800, "height": 1000}, reduced_motion="reduce")
        yield page
        browser.close()


def show(page, figure) -> None:
    """Render a figure's own JavaScript with its own state."""
    states, waiting = {}, [figure]
    while waiting:
        widget = waiting.pop()
        states[widget.model_id] = state = {}
        for key, value in widget.get_state().items():
            if key.startswith("_") or key in ("layout", "style", "tooltip", "tabbable"):
                continue
            state[key] = jsonable(value)
            own = getattr(widget, key)
            waiting += [w for w in (own if isinstance(own, list) else [own]) if hasattr(w, "model_id")]
    css = Path(figure._css) if not isinstance(figure._css, str) else figure._css
    css = css.read_text() if isinstance(css, Path) else css
    page.goto("about:blank")
    page.evaluate(HARNESS, {"id": figure.model_id, "states": states, "esm": str(figure._esm), "css": css})
    page.wait_for_selector(".lw-figure[data-ready]")


def shown(page, selector="canvas.lw-digit[data-network]") -> tuple[np.ndarray, list[float]]:
    """Grey levels and code of a picture on the page, after the frame that is being drawn."""
    page.evaluate("() => frame()")
    assert page.locator(".lw-error:visible").all_text_contents() == []
    grey, z = page.evaluate(
        """(selector) => { const c = document.querySelector(selector);
        const data = c.getContext("2d").getImageData(0, 0, 28, 28).data;
        return [Array.from({ length: 784 }, (_, i) => data[4 * i]), c.z ? [...c.z] : null]; }""",
        selector,
    )
    return np.array(grey), z


@torch.no_grad()
def agrees(page, network) -> bool:
    """Whether the page's picture is PyTorch's within 2 of 255."""
    grey, z = shown(page)
    return np.abs(grey - 255 * network.model.decode(torch.tensor(z)[None])[0].numpy()).max() <= 2


def get(page, name):
    return page.evaluate("(name) => model.get(name)", name)


def put(page, **values):
    page.evaluate("(values) => model.set(values)", values)


def test_sliders_and_code_move_together(page, bank, vae, idle):
    show(page, bank)
    assert agrees(page, vae)
    put(page, s4=1.25)
    assert get(page, "z")[bank.orders[0][4]] == 1.25
    assert agrees(page, vae)
    z = torch.linspace(-2, 2, 20).tolist()
    put(page, z=z)
    assert [get(page, f"s{k}") for k in range(20)] == [z[i] for i in bank.orders[0]]
    assert shown(page)[1] == pytest.approx(z, abs=1e-6)
    page.get_by_role("button", name="test digit 7").click()
    with torch.no_grad():
        assert get(page, "z") == pytest.approx(np.frombuffer(bank.codes[0], np.float32)[140:160].tolist(), abs=1e-6)
    put(page, network_index=1)
    assert get(page, "z") == pytest.approx(np.frombuffer(bank.codes[1], np.float32)[140:160].tolist(), abs=1e-6)
    assert [get(page, f"s{k}") for k in range(20)] == [get(page, "z")[i] for i in bank.orders[1]]
    assert agrees(page, idle)
    page.get_by_role("button", name="All zero").click()
    assert get(page, "z") == [0] * 20 and get(page, "digit") == -1
    page.get_by_role("button", name="Random").click()
    assert 2 < np.linalg.norm(get(page, "z")) < 8
    assert agrees(page, idle)


def test_the_map_by_mouse_finger_keys_and_its_button(page, plane, flat):
    show(page, plane)
    box = page.locator(".lw-plot").bounding_box()
    half = box["width"] / 2

    def point(z1, z2):
        return box["x"] + half + z1 * half / 4, box["y"] + half - z2 * half / 4

    page.mouse.move(*point(0, 0))
    page.mouse.down()
    page.mouse.move(*point(1.5, 2), steps=3)
    page.mouse.up()
    assert get(page, "z") == pytest.approx([1.5, 2], abs=0.03) == [get(page, "z1"), get(page, "z2")]
    assert agrees(page, flat)
    page.mouse.move(*point(-3, -3))  # not held
    assert get(page, "z") == pytest.approx([1.5, 2], abs=0.03)
    # What the drag passed is a film of twelve frames, and t is the place in it.
    path, frames = get(page, "path"), page.locator(".lw-film canvas").evaluate_all("(all) => all.map((c) => [...c.z])")
    assert path[0] == pytest.approx([0, 0], abs=0.03) and path[-1] == get(page, "z") and get(page, "t") == 1
    assert len(frames) == 12 and frames[0] == pytest.approx(path[0]) and frames[-1] == pytest.approx(path[-1])
    steps = [math.dist(a, b) for a, b in itertools.pairwise(frames)]
    assert steps == pytest.approx([2.5 / 11] * 11, rel=0.1), "they are equally far apart"
    put(page, t=0.5)
    assert get(page, "z") == pytest.approx([0.75, 1], abs=0.05)
    assert page.locator(".lw-now").count() == 1
    page.get_by_role("button", name="Play the film").click()
    page.wait_for_function("model.get('t') > 0.6")
    page.get_by_role("button", name="Stop").click()
    rested = get(page, "t")
    page.evaluate("async () => { for (let i = 0; i < 6; i++) await frame(); }")
    assert get(page, "t") == rested < 1
    page.touchscreen.tap(*point(-2, 1))
    assert get(page, "z") == pytest.approx([-2, 1], abs=0.03)
    before = get(page, "z")
    page.locator(".lw-plot").focus()
    for key in ("ArrowRight", "ArrowUp", "ArrowUp", "Shift+ArrowLeft"):
        page.keyboard.press(key)
    assert get(page, "z") == pytest.approx([before[0] + 0.09, before[1] + 0.2], abs=1e-6)
    said = f"{get(page, 'z')[0]:.2f}".replace("-", "−")  # in the label once the next frame is drawn
    page.wait_for_function("(t) => document.querySelector('.lw-plot').ariaLabel.includes(t)", arg=said)
    page.get_by_role("button", name="Back to the start").click()
    assert get(page, "z") == [0.5, -1.0]
    put(page, view_index=1)
    assert agrees(page, flat)
    # the grid of decoded pictures, mostly black, is filled in while the page is idle
    page.wait_for_function(
        """() => { const c = document.querySelector(".lw-plot");
        const data = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
        return data.filter((v, i) => i % 4 === 0 && v < 8).length > 0.4 * c.width * c.height; }"""
    )


def test_the_encoder_in_the_page_is_pytorchs(page, draw, vae, digits, ten):
    show(page, draw)
    pictures = torch.cat([ten[0][:3], digits.test_x[200:205], torch.zeros(1, 784)])
    for i, x in enumerate(pictures):
        if i < 3:
            page.get_by_role("button", name=f"test digit {i}").click()
        else:
            put(page, pixels=x.tolist())
        with torch.no_grad():
            mu, logvar = vae.model.encode(x)
        assert agrees(page, vae)
        for name, expected in (("mu", mu), ("logvar", logvar)):
            said = get(page, name)
            assert said == get(page, name)
            assert np.abs(np.array(said) - expected[0].numpy()).max() < 1e-3
        assert np.abs(shown(page, ".lw-small canvas")[0] - 255 * x.numpy()).max() < 1


def test_a_drawing_is_made_as_mnist_was(page, draw, digits):
    """Test digits, put on the pad as ink eight times as large and elsewhere, come back as they were."""
    show(page, draw)
    esm = str(draw._esm).replace("export default", "globalThis.asMnist = asMnist; const unused =")
    page.add_script_tag(content=f"(() => {{ {esm} }})()")
    back = page.evaluate(
        """(pictures) => pictures.map((x) => [...asMnist((i, j) => {
          const column = Math.floor((i - 3) / 8), row = Math.floor((j + 5) / 8);
          return column >= 0 && column < 28 && row < 28 ? x[28 * row + column] : 0;
        }, 224)])""",
        digits.test_x[:200].tolist(),
    )
    same = (torch.tensor(back) - digits.test_x[:200]).abs().amax(1) < 1e-6
    assert same.float().mean() > 0.97
    assert page.evaluate("() => asMnist(() => 0, 224)") is None


def test_a_stroke_is_encoded_and_walks(page, draw, vae):
    show(page, draw)
    box = page.locator(".lw-pad").bounding_box()
    page.mouse.move(box["x"] + 120, box["y"] + 60)  # a 1, off the middle
    page.mouse.down()
    page.mouse.move(box["x"] + 100, box["y"] + 170, steps=8)
    page.mouse.up()
    shown(page)
    x = torch.tensor(get(page, "pixels"))
    picture = x.view(28, 28)
    rows, columns = picture.amax(1).nonzero()[:, 0], picture.amax(0).nonzero()[:, 0]
    assert rows.max() - rows.min() + 1 == 20 and columns.max() - columns.min() + 1 < 10
    centre = (picture.sum(0) * torch.arange(28)).sum() / x.sum(), (picture.sum(1) * torch.arange(28)).sum() / x.sum()
    assert centre == (pytest.approx(14, abs=0.55), pytest.approx(14, abs=0.55))
    with torch.no_grad():
        mu, logvar = vae.model.encode(x)
    assert np.abs(np.array(get(page, "mu")) - mu[0].numpy()).max() < 1e-3
    assert np.abs(np.array(get(page, "logvar")) - logvar[0].numpy()).max() < 1e-3
    assert get(page, "z") == pytest.approx(mu[0].tolist(), abs=1e-3)
    page.get_by_role("button", name="Sample z").click()
    shown(page)
    eps = (torch.tensor(get(page, "z")) - mu[0]) / (0.5 * logvar[0]).exp()
    assert 0.3 < eps.std() < 2 and agrees(page, vae)
    put(page, t=1, target_index=5)
    shown(page)
    assert get(page, "z") == pytest.approx(np.frombuffer(draw.targets, np.float32)[100:120].tolist(), abs=1e-6)
    put(page, z=[0.5] * 20)
    assert shown(page)[1] == [0.5] * 20
    put(page, t=0.5)
    assert shown(page)[1] != [0.5] * 20
    # A drag along a strip chooses it and the place on it; arrow keys go on.
    strips = page.locator("canvas.lw-ten")
    box, (x, y) = strips.bounding_box(), strips.evaluate("(canvas) => canvas.handles()[0]")
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"], box["y"] + 5, steps=5)
    page.mouse.up()
    assert get(page, "target_index") == 0 and get(page, "t") == 1
    strips.press("ArrowDown")
    strips.press("ArrowLeft")
    assert get(page, "target_index") == 1 and get(page, "t") == pytest.approx(0.9)
    page.wait_for_function("document.querySelector('.lw-figure').ariaBusy === 'false'")
    assert agrees(page, vae)
    page.get_by_role("button", name="Clear").click()
    shown(page)
    assert max(get(page, "pixels")) == 0 and "nothing drawn" in page.locator(".lw-readout.lw-chips").inner_text()


def test_what_goes_wrong_is_said_inside_the_figure(page, draw):
    show(page, draw)
    put(page, z=[0.0] * 3)
    page.evaluate("() => frame()")
    assert "3 numbers given" in page.locator(".lw-error:visible").inner_text()
    put(page, t=0.5)
    page.evaluate("() => frame()")
    assert page.locator(".lw-error:visible").count() == 0


# Pictures of another shape, and photographs


SHAPE = (3, 48, 64)


@pytest.fixture(scope="module")
def shoes():
    """A figure of pictures in colour, 48 high and 64 wide, of three classes with names."""
    torch.manual_seed(0)
    network = Network(VAE(2, 8, 48 * 64 * 3), "shoes", parts=("encode", "decode"), shape=SHAPE)
    return Draw(network, torch.rand(6, *SHAPE), ["boot", "hat", "shoe"] * 2)


def test_pictures_of_another_shape_and_colour_are_what_pytorch_decodes(page, shoes):
    show(page, shoes)
    page.evaluate("() => frame()")
    found, z = page.evaluate(
        """() => { const c = document.querySelector("canvas.lw-digit[data-network]");
        return [[c.width, c.height, ...c.getContext("2d").getImageData(0, 0, 64, 48).data], [...c.z]]; }"""
    )
    assert found[:2] == [64, 48]
    with torch.no_grad():
        decoded = 255 * shoes.network.model.decode(torch.tensor([z])).view(SHAPE).movedim(0, 2)
    assert np.abs(np.array(found[2:]).reshape(48, 64, 4)[..., :3] - decoded.numpy()).max() <= 2
    page.get_by_role("button", name="hat, picture number 1").click()
    page.evaluate("() => frame()")
    assert get(page, "pixels") == pytest.approx(
        (np.frombuffer(shoes.pictures, np.uint8).reshape(6, -1)[1] / 255).tolist(), abs=1e-6
    )
    assert page.locator(".lw-error:visible").count() == 0


def exif(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


def seven(size=(240, 320), paper=230, ink=30, **save) -> bytes:
    """A photograph of a 7, as a file."""
    photo = Image.new("L", size, paper)
    width, height = size
    points = [(x * width, y * height) for x, y in ((0.3, 0.25), (0.7, 0.25), (0.45, 0.8))]
    ImageDraw.Draw(photo).line(points, fill=ink, width=width // 14, joint="curve")
    file = io.BytesIO()
    save = {"format": "PNG"} | save
    if "exif" in save:
        photo = photo.rotate(90, expand=True)  # a telephone that was held upright says so beside the pixels
    photo.save(file, **save)
    return file.getvalue()


def test_a_photograph_is_drawn_as_mnist_would_hold_it_and_leaves_the_page_for_nowhere(page, draw):
    show(page, draw)
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    def give(content, name="photo.png"):
        put(page, pixels=[0.0] * 784)
        page.locator("input[type=file]:not([capture])").set_input_files(
            {"name": name, "mimeType": "image/png", "buffer": content}
        )
        page.wait_for_selector(".lw-photo canvas, .lw-hand .lw-readout:not(:empty)")
        page.evaluate("() => frame()")
        return np.array(get(page, "pixels")), page.locator(".lw-hand .lw-readout").text_content()

    plain, told = give(seven())
    rows = plain.reshape(28, 28).max(1) > 0
    assert told == "" and rows.sum() == 20 and 0.9 < plain.max() <= 1
    turned, _ = give(seven(format="JPEG", exif=exif(6), quality=95), "turned.jpg")
    light, _ = give(seven(paper=20, ink=220))
    large, _ = give(seven(size=(5000, 8000)))  # 40 million pixels
    for other in (turned, light, large):
        assert (other @ plain) / np.linalg.norm(other) / np.linalg.norm(plain) > 0.9
    for content, words in (
        (seven(ink=230), "Nothing written was found"),
        (b"a letter", "no picture that the browser can open"),
        (seven(size=(1, 30)), "too small"),
    ):
        pixels, told = give(content)
        assert words in told and not pixels.any()
    assert asked == []
