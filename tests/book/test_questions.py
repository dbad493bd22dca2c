"""The questions and the watch that every visit relies on are not blind: what is wrong is found."""

import pytest
from built import LIVE, places
from cards import cards, signature
from PIL import Image
from questions import figures, stills

# What goes wrong, as a promise that is kept when it has; what is said of it.
TROUBLES = [
    ("fetch('https://example.org/x.js', {mode: 'no-cors'}).catch(() => 0)", "a request leaves: https://example.org"),
    (
        """new Promise((done) =>
          document.head.append(Object.assign(document.createElement('script'), { src: 'none.js', onerror: done })))
          .then(() => null)""",
        "none.js",
    ),
    ("console.error('noted')", "console: noted"),
    (
        """new Promise((done) => {
          addEventListener('error', () => done());
          setTimeout(() => { throw new Error('thrown'); });
        })""",
        "page error: thrown",
    ),
]


@pytest.mark.parametrize("script, trouble", TROUBLES, ids=lambda text: text.partition("(")[0][:20])
def test_trouble_in_a_page_is_noticed(visit, base, script, trouble):
    def look():
        with visit(base, "book/references.html") as page:
            page.evaluate(script)

    with pytest.raises(AssertionError, match=trouble):
        look()


def test_a_picture_that_differs_from_pytorch_is_noticed(visit, server):
    """By one grey level of three in one pixel."""
    name = next(name for name in LIVE if figures.networks(name))
    nets = figures.networks(name)
    spoil = """() => {
      const context = document.querySelector("canvas.lw-digit[data-network]").getContext("2d");
      const image = context.getImageData(0, 0, 28, 28), at = 4 * (28 * 14 + 14);
      const value = image.data[at] > 128 ? image.data[at] - 4 : image.data[at] + 4;
      image.data[at] = image.data[at + 1] = image.data[at + 2] = value;
      context.putImageData(image, 0, 0);
    }"""
    with visit(server, name) as page, pytest.raises(AssertionError, match="of 255"):
        figures.compare(page.locator("body"), nets, first=spoil)


def test_a_figure_that_differs_from_its_still_is_noticed(visit, server):
    """Another digit, or another position of the slider, is more than the tolerance."""
    with visit(server, LIVE[0], device_scale_factor=stills.stills.SCALE, height=2400) as page:
        stills.stills.prepare(page)
        card, still = cards(page)[0], Image.open(stills.stills.STILLS / f"{places(LIVE[0])[0]}.webp")
        for key in ["ArrowRight"] * 10:
            card.locator("[role=slider]").first.press(key)
        signature(card)
        ((_, image, _),) = stills.stills.photograph(page)
        print(f"t moved by 0.1: {stills.difference(still, image):.1f}")
        assert stills.difference(still, image) > stills.MOST
