"""Your number, the machine, while it learns, which bug: each in a page of its own, by mouse and by keyboard.

The page is made here from the figure's state in Python, as JupyterLab would get it: no built book is needed.
"""

import json

import numpy as np
import pytest
import torch
from cards import frames, wait_until
from states import jsonable

from latentwalk.checkpoints import load
from latentwalk.data import mnist
from latentwalk.page.script import FOLDER
from latentwalk.widgets import Learning, Machine, Network, WhichBug, YourLoss

MODEL = """
const revive = (key, value) => {
  if (value === null || typeof value !== "object" || !("$bytes" in value)) return value;
  return new DataView(Uint8Array.from(atob(value.$bytes), (c) => c.charCodeAt(0)).buffer);
};
const states = JSON.parse(document.getElementById("state").textContent, revive);
const made = {};
for (const [id, values] of Object.entries(states)) {
  const heard = [];
  made[id] = {
    values,
    get: (name) => values[name],
    on: (name, call) => heard.push([name, call]),
    off() {},
    save_changes() {},
    widget_manager: { get_model: async (other) => made[other] },
    set(changes, value) {
      const before = { ...values };
      Object.assign(values, typeof changes === "string" ? { [changes]: value } : changes);
      const changed = Object.keys(values).filter((name) => values[name] !== before[name]);
      for (const name of changed) for (const [event, call] of heard) if (event === `change:${name}`) call();
      if (changed.length) for (const [event, call] of heard) if (event === "all") call();
    },
  };
}
const module = URL.createObjectURL(new Blob([document.getElementById("module").textContent], { type: "text/javascript" }));
const figure = (await import(module)).default;
window.model = made.figure;
await figure.render({ model: made.figure, el: document.querySelector(".lw-card") });
"""


def as_json(widget) -> dict:
    """A widget's state as JSON, but what only Jupyter needs."""
    state = widget.get_state()
    return {name: jsonable(value) for name, value in state.items() if name not in ("_esm", "_css", "layout")}


@pytest.fixture(scope="module")
def digits():
    return mnist()


@pytest.fixture
def show(browser):
    """A function that shows a figure in a page; what went wrong there is an error at the end."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    troubles = []
    context.on("weberror", lambda error: troubles.append(str(error.error)))
    said = ("error", "warning")  # but for a word on the speed of reading a canvas, which only the tests do
    context.on("console", lambda m: m.type in said and "willReadFrequently" not in m.text and troubles.append(m.text))

    def page_of(figure, networks=()):
        states = {"figure": as_json(figure), **{network.model_id: as_json(network) for network in networks}}
        page = context.new_page()
        page.set_content(
            f"""<!doctype html><html data-theme="light"><style>{(FOLDER / "latentwalk.css").read_text()}</style>
            <div class="lw-card" style="width: 688px"></div>
            <script type="application/json" id="state">{json.dumps(states)}</script>
            <script type="text/plain" id="module">{figure._esm}</script><script type="module">{MODEL}</script>"""
        )
        page.wait_for_selector(".lw-figure[data-ready]")
        return page

    yield page_of
    context.close()
    assert troubles == []


def get(page, name: str):
    return page.evaluate("(name) => model.get(name)", name)


def put(page, **values) -> None:
    page.evaluate("(values) => model.set(values)", values)
    frames(page)


def drag(page, canvas, start: tuple[float, float], end: tuple[float, float]) -> None:
    """From one place of a canvas to another, as shares of its width and height."""
    box = canvas.bounding_box()

    def place(share):
        return box["x"] + share[0] * box["width"], box["y"] + share[1] * box["height"]

    page.mouse.move(*place(start))
    page.mouse.down()
    page.mouse.move(*place(end), steps=4)
    page.mouse.up()
    frames(page)


def test_your_number(show, digits):
    page = show(YourLoss(digits.test_x))
    verdict, ruler = page.locator(".lw-verdict"), page.locator("canvas[tabindex]")
    assert verdict.inner_text().startswith("Worse than even odds")
    assert "the sum over a batch of 128, it would be 104.9" in page.locator(".lw-mishap").inner_text()
    page.get_by_role("button", name="Read it that way").click()
    frames(page)
    assert verdict.inner_text().startswith("Good: 101.9 to") and not page.locator(".lw-mishap").is_visible()
    assert get(page, "images_index") == 1 and "104.9 nats per image" in ruler.get_attribute("aria-label")
    put(page, loss=105.0, images_index=0)
    drag(page, ruler, (0.4, 0.5), (0.85, 0.5))
    assert get(page, "loss") > 400 and not verdict.inner_text().startswith("Good")
    before = get(page, "loss")
    ruler.press("ArrowLeft")
    assert get(page, "loss") == pytest.approx(before * np.exp(-0.02), rel=1e-3)
    ruler.press("Shift+ArrowRight")
    assert get(page, "loss") == pytest.approx(before * np.exp(-0.018), rel=1e-3)
    for loss, weight, words in (
        (-3, 1, "Impossible"),
        (20, 1, "perfect copy"),
        (105, -1, "weight below 0"),
        (1e300, 1, "W"),
    ):
        put(page, loss=loss, weight=weight)
        assert words in verdict.inner_text()
    put(page, loss=105.0, weight=1)
    middle = get(page, "place")
    put(page, place=middle + 0.2)
    assert get(page, "loss") > 150 and get(page, "place") == pytest.approx(middle + 0.2, abs=0.001)
    put(page, loss=22.0, weight=1, error_index=2)
    assert "PCA" in verdict.inner_text() and "σ = 1 " in page.locator(".lw-said").inner_text()


def test_the_machine(show, digits):
    network = Network(load("vae-20"), "vae-20", parts=("encode", "decode"))
    x, y = digits.test_x[:4], digits.test_y[:4]
    page = show(Machine(network, x, y, digit=1), [network])
    output = page.locator("canvas[data-network]")

    def shown():
        pixels, z = output.evaluate(
            "(c) => [[...c.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0), [...c.z]]"
        )
        with torch.no_grad():
            expected = 255 * network.model.decode(torch.tensor([z]))[0].numpy()
        assert np.abs(np.array(pixels) - expected).max() <= 2
        return z

    first = shown()
    page.get_by_role("button", name="Roll the dice").click()
    frames(page)
    rolled = shown()
    assert rolled != first
    mu, logvar = network.model.encode(x[1:2])
    put(page, noise=0)
    assert shown() == pytest.approx(mu[0].tolist(), abs=0.01), "no dice: z is mu"
    assert get(page, "z") == pytest.approx(mu[0].tolist(), abs=0.01)
    hidden = torch.relu(network.model.fc1(x[1:2]))[0]
    words = page.locator(".lw-half figcaption").nth(1).inner_text()
    assert words == f"400 units, {int((hidden > 0).sum())} on"
    kl = -0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum().item()
    assert f"KL {kl:.1f} nats" in page.locator(".lw-middle").inner_text()
    recon = torch.nn.functional.binary_cross_entropy(network.model.decode(mu), x[1:2], reduction="sum").item()
    assert float(page.locator(".lw-half figcaption").last.inner_text().split("BCE ")[1].split()[0]) == pytest.approx(
        recon, abs=0.2
    )
    z = page.locator(".lw-middle canvas[tabindex]")
    drag(page, z, (0.95, 0.5), (0.97, 0.06))
    assert shown()[19] > 2.5 and shown()[:19] == pytest.approx(mu[0, :19].tolist(), abs=0.01)
    assert page.get_by_role("button", name="Let z go").is_enabled()
    z.press("ArrowDown")
    z.press("ArrowLeft")
    before = shown()
    z.press("ArrowUp")
    frames(page)
    assert shown()[18] == pytest.approx(before[18] + 0.1, abs=0.011)
    page.get_by_role("button", name="Let z go").click()
    frames(page)
    assert shown() == pytest.approx(mu[0].tolist(), abs=0.01) and page.get_by_text("Let z go").is_disabled()
    z.press("ArrowUp")
    page.locator(".lw-shelf button").nth(2).click()
    frames(page)
    assert get(page, "digit") == 2
    assert shown() == pytest.approx(network.model.encode(x[2:3])[0][0].tolist(), abs=0.01), "a digit's own z again"
    # A drawing takes the digit's place, and gives it back when another is chosen.
    page.get_by_role("button", name="Draw one").click()
    drag(page, page.locator(".lw-pad"), (0.5, 0.2), (0.45, 0.8))
    frames(page)
    drawing = torch.tensor([get(page, "drawn")])
    assert drawing.shape == (1, 784) and drawing.max() > 0.5
    with torch.no_grad():
        assert shown() == pytest.approx(network.model.encode(drawing)[0][0].tolist(), abs=0.01)
    assert page.locator(".lw-shelf [aria-pressed=true]").count() == 0
    page.locator(".lw-shelf button").nth(2).click()
    frames(page)
    assert get(page, "drawn") == [] and shown() == pytest.approx(network.model.encode(x[2:3])[0][0].tolist(), abs=0.01)
    put(page, lit_index=get(page, "parts").index("decoder"))
    assert page.locator(".lw-dim").count() == 4, "x, encoder, mu and sigma, dice"


def test_while_it_learns(show, digits):
    figure = Learning(digits.test_x[:500], digits.test_y[:500])
    page = show(figure)
    time, plane = page.locator(".lw-time canvas"), page.locator("canvas.lw-square[tabindex]")
    drag(page, time, (0.5, 0.5), (0.999, 0.5))
    assert get(page, "frame") == 250
    assert "epoch 20: BCE" in time.get_attribute("aria-label")
    time.press("ArrowLeft")
    assert get(page, "frame") == 240
    time.press("Shift+ArrowRight")
    assert get(page, "frame") == 241
    put(page, frame=250)
    at = figure.mu(25)[figure.flying[12]].clamp(-3.92, 3.92)  # the first 3
    share = ((at[0] + 4) / 8).item(), ((4 - at[1]) / 8).item()
    drag(page, plane, share, share)
    label = get(page, "labels")[get(page, "digit")]
    nearest = (figure.mu(25)[figure.flying].clamp(-3.92, 3.92) - at).norm(dim=1).argmin().item()
    assert get(page, "digit") == nearest and label == 3
    before = get(page, "digit")
    plane.press("ArrowRight")
    assert get(page, "digit") == before + 1
    colors = plane.evaluate("(c) => new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size")
    assert colors > 50
    greys = page.locator(".lw-training canvas").last.evaluate(
        "(c) => [...c.getContext('2d').getImageData(c.width / 16, c.height / 16, 1, 1).data]"
    )
    packed = np.frombuffer(figure.maps, np.uint8).reshape(26, 64, 98)[25, 0]  # the upper left tile
    tile = 17 * np.stack([packed >> 4, packed & 15], -1).reshape(14, 14)
    assert greys[0] in tile[6:9, 6:9], "the middle of the upper left picture"


def test_which_bug(show):
    figure = WhichBug()
    page = show(figure)
    bugs = list(figure.names)
    verdict = page.locator(".lw-verdict")
    assert verdict.inner_text().startswith("Which bug is it?")
    put(page, guess_index=bugs.index("z = mu"))
    assert verdict.inner_text().startswith("No. z = μ leaves another trace: σ 1.00 everywhere, though the KL is 3.03")
    assert get(page, "solved") == []
    put(page, guess_index=bugs.index("KL mean over pixels"))
    assert verdict.inner_text().startswith("Right, KL averaged: σ 0.03 while the KL reported is 0.27")
    assert get(page, "solved") == [0] and page.get_by_text("1 of 10 found").is_visible()
    for k in range(1, 10):
        page.get_by_role("button", name="Next run").click()
        frames(page)
        assert get(page, "run_index") == k and get(page, "guess_index") == 0
        page.get_by_role("button", name="Reveal").click()
        frames(page)
        bug = figure.runs[k]["bug"]
        assert bugs[get(page, "guess_index")] == bug and verdict.inner_text().startswith(f"{figure.names[bug]}: ")
        assert "{" not in verdict.inner_text() and "undefined" not in verdict.inner_text()
    assert get(page, "solved") == [0], "what is revealed is not found"
    curve = page.locator("canvas[tabindex]")
    put(page, run_index=0)
    drag(page, curve, (0.9, 0.5), (0.1, 0.5))
    assert get(page, "step") == 0 and "step 0: reconstruction 550.3 + KL" in curve.get_attribute("aria-label")
    curve.press("ArrowRight")
    wait_until(page, "() => model.get('step') === 1", "an arrow key is a step")
