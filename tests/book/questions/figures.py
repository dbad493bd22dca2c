"""The figures at work: sliders, buttons, and the network in the page against PyTorch."""

import base64
import json

import numpy as np
import torch
from built import places, weights, widget_state
from cards import cards, handles, settle, signature, title, towards_the_far_end, wait_for_change
from safetensors.torch import load as from_safetensors

from latentwalk import checkpoints
from latentwalk.page import graph

# Notes the figures of a page in the order in which they are drawn; runs before the page does.
NOTE = """
window.came = [];
new MutationObserver(() => {
  for (const figure of document.querySelectorAll(".lw-place:has(.lw-figure[data-ready])"))
    if (!came.includes(figure.dataset.name)) came.push(figure.dataset.name);
}).observe(document, { subtree: true, childList: true, attributeFilter: ["data-ready"] });
"""


def came_in_order(page, name):
    assert page.evaluate("came") == places(name)


def moves_its_canvases_with_every_slider(page, name):
    assert len(cards(page)) == len([place for place in places(name) if not place.endswith("-lab")]) >= 1
    count = 0
    for card in cards(page):
        assert card.locator("canvas").count(), f"{title(card)}: no canvas"
        unnamed = "(b) => b.filter((e) => !(e.innerText.trim() || e.ariaLabel || e.title)).map((e) => e.outerHTML)"
        assert card.locator("button:visible").evaluate_all(unnamed) == [], "a button without a name"
        for number, handle in enumerate(handles(card)):
            label = handle.get_attribute("aria-label")
            assert label, f"{title(card)}: slider {number} has no name for a screen reader"
            what = f"{title(card)}, slider {label}"
            count += 1
            # by keyboard, towards the end that is farther away
            before, said = signature(card), handle.get_attribute("aria-valuetext")
            key = towards_the_far_end(handle)
            for _ in range(3):
                handle.press(key)
            before = wait_for_change(card, before, f"{what}, arrow keys")
            assert handle.get_attribute("aria-valuetext") != said, f"{what}: a screen reader is told no new value"
            # by mouse: from the handle to the farther end's quarter of the track
            handle.scroll_into_view_if_needed()
            track = handle.locator("xpath=ancestor::*[contains(@class, 'noUi-target')]").bounding_box()
            box = handle.bounding_box()
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            left = x - track["x"] > track["width"] / 2
            page.mouse.move(x, y)
            page.mouse.down()
            page.mouse.move(track["x"] + track["width"] * (0.2 if left else 0.8), y, steps=4)
            page.mouse.up()
            wait_for_change(card, before, f"{what}, mouse")
    assert count >= 1, "a chapter has at least one slider"


def does_what_its_buttons_and_menus_say(page, name):
    """Each button, toggle and menu is operated once; an error inside a card fails here, any other on leaving."""
    for card in cards(page):
        for number, details in enumerate(card.locator("details").all()):
            summary = details.locator("summary").first
            summary.click()
            assert details.get_attribute("open") is not None
            inside = [button for button in details.locator("button").all() if button.is_visible()]
            if inside:
                before = signature(card)
                others = [button for button in inside if button.get_attribute("aria-pressed") != "true"]
                others[number].click()  # not the same one in two menus: the walk would have no length
                wait_for_change(card, before, f"{title(card)}: a choice")
            if details.get_attribute("open") is not None:
                summary.click()
        for menu in card.locator("select").all():
            options = menu.locator("option").all_text_contents()
            for option in [*options[1:], options[0]]:
                menu.select_option(label=option)
        for box in card.locator("input[type=checkbox]").all():
            box.click()
        for button in card.locator("button:visible").all():
            if not button.is_enabled():
                continue
            play = button.locator(".fa-play").count()
            before = signature(card)
            button.click()
            if play:
                wait_for_change(card, before, f"{title(card)}: Play")
                button.click()  # the same button pauses
        for toggles in card.locator(".widget-toggle-buttons").all():
            choices = [toggles.locator("button").nth(i) for i in range(toggles.locator("button").count())]
            for choice in choices:
                choice.click()
                assert "mod-active" in choice.get_attribute("class")
        assert card.locator(".lw-error:visible").all_text_contents() == []
        assert card.locator(".lw-figure[data-ready='1']").count()


# Bytes as text: a list of numbers takes many times longer on its way out of the browser.
PIXELS = """(root) => [...root.querySelectorAll("canvas.lw-digit[data-network]")].map((canvas) => {
  const { width, height } = canvas, { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  return { network: canvas.dataset.network, z: [...canvas.z], rgba: btoa(String.fromCharCode(...data)), width, height };
})"""


class FromPage:
    """A network from what the page carries: `layers` in its widget state, weights in files of their own."""

    def __init__(self, state: dict):
        tensors = from_safetensors(weights(f"{state['digest']}-decode"))
        self.tensors = {name: tensor.float() for name, tensor in tensors.items()}
        self.layers = state["layers"]["decode"]

    def decode(self, z):
        return graph.run(self.layers, self.tensors, z)[-1].flatten(1)


def networks(name: str) -> dict:
    """The networks of a page by name: PyTorch's own where the name is a stored one, else from the page's files."""
    found, stored = {}, {path.stem for path in checkpoints.FOLDER.glob("*.safetensors")}
    for model in widget_state(name).values():
        state = model["state"]
        if "digest" not in state:
            continue
        own = FromPage(state)
        if state["name"] in stored:
            network = checkpoints.load(state["name"])
            assert state["digest"] == checkpoints.read_manifest(state["name"])["sha256"]
            kept = network.state_dict()
            assert all(torch.equal(tensor, kept[key]) for key, tensor in own.tensors.items()), state["name"]
            found[state["name"]] = network
        else:
            assert state["name"] not in found, f"two networks are called {state['name']}"
            found[state["name"]] = own
    return found


@torch.no_grad()
def compare(root, nets: dict, first: str = "() => {}") -> int:
    """Compare every decoded picture in an element with PyTorch; return how many there were. ``first`` runs before."""
    pictures = root.evaluate(
        f"(root) => {{ ({first})(); return ({PIXELS})(root); }}"
    )  # in one go: no frame lies between
    for network in {picture["network"] for picture in pictures}:
        asked = [picture for picture in pictures if picture["network"] == network]
        decoded = 255 * nets[network].decode(torch.tensor([picture["z"] for picture in asked], dtype=torch.float32))
        for picture, expected in zip(asked, decoded.flatten(1).numpy()):
            rgba = np.frombuffer(base64.b64decode(picture["rgba"]), np.uint8).reshape(-1, 4).T.astype(np.float32)
            assert (rgba[3] == 255).all(), "a picture's canvas is opaque"
            shown, expected = rgba[:3], expected.reshape(-1, picture["width"] * picture["height"])
            assert len(expected) in (1, 3), "a picture is grey or in colour"
            if len(expected) == 1:
                assert (shown == shown[0]).all(), "a digit is grey"
                shown = shown[:1]
            assert shown.shape == expected.shape
            worst = np.abs(shown - expected).max()
            assert worst <= 2, f"{network} at z = {json.dumps(picture['z'])[:200]}: {worst:.2f} of 255"
            assert shown.max() > 20, "an empty picture proves nothing"
    return len(pictures)


def decodes_what_pytorch_decodes(page, name):
    nets, article = networks(name), page.locator("article")
    compared = compare(article, nets)
    for card in cards(page):
        if not card.locator("canvas.lw-digit[data-network]").count():
            continue
        for number, handle in enumerate(handles(card)):
            handle.focus()
            # A card with more than three has one for each number of a code, which are all alike.
            for key in ("End", "PageDown", "PageDown", "PageDown", "Home", "PageUp")[: 6 if number < 3 else 2]:
                page.keyboard.press(key)
                settle(card)
                compared += compare(card, nets)
    compared += compare(article, nets)
    assert compared or not nets, "the page has networks, and no picture says what it decodes"
