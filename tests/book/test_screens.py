"""Figures on any screen, in the system's colours and in browsers that add noise to what is read from a canvas."""

import pytest
from built import LIVE
from cards import settle
from questions.paper import CONTRAST

# What browsers do against fingerprints: the lowest bits of pixels that are read back are changed. pixels() reads the true ones.
NOISE = """(() => {
  const { getImageData } = CanvasRenderingContext2D.prototype;
  window.readBacks = 0;
  window.pixels = (canvas) => getImageData.call(canvas.getContext("2d"), 0, 0, canvas.width, canvas.height).data;
  CanvasRenderingContext2D.prototype.getImageData = function (...box) {
    window.readBacks += 1;
    const image = getImageData.apply(this, box);
    for (let i = 0; i < image.data.length; i += 89) image.data[i] ^= 1;
    return image;
  };
})()"""
PLOTS = '[...document.querySelectorAll(".lw-plot, .lw-pad")].filter((c) => c.checkVisibility())'
SHARP = f"(ratio) => {PLOTS}.every((c) => c.width === Math.round(ratio * c.clientWidth) && c.height === Math.round(ratio * c.clientHeight))"
# The plots that have hardly anything that stands out from the system's ground.
PALE_PLOTS = f"""(ground) => {{ {CONTRAST}
  return {PLOTS}.filter((canvas) => {{
    const data = pixels(canvas);
    let seen = 0;
    for (let i = 0; i < data.length; i += 4)
      if (data[i + 3] > 250 && contrast(data.subarray(i, i + 3), ground) > 4.5) seen += 1;
    return seen < 100;
  }}).map((canvas) => canvas.ariaLabel);
}}"""
# Words, handles and borders of the cards that do not stand out from it.
PALE_PARTS = f"""(ground) => {{ {CONTRAST}
  const pale = [];
  const look = (selector, property, least) => {{
    for (const node of document.querySelectorAll(selector))
      if (node.checkVisibility() && contrast(rgb(getComputedStyle(node)[property]), ground) < least)
        pale.push(`${{selector}}: ${{property}} ${{getComputedStyle(node)[property]}}`);
  }};
  look(".lw-title, .lw-readout, .lw-card figcaption, .lw-card .widget-label, .lw-card .widget-readout, .lw-button", "color", 4.5);
  look(".lw-card .noUi-handle, .lw-card .noUi-connects", "backgroundColor", 3);
  look(".lw-bar > span", "backgroundColor", 3);
  look(".lw-card, .lw-button, .lw-card .noUi-target, [aria-pressed=true]", "borderTopColor", 3);
  return [...new Set(pale)];
}}"""


@pytest.mark.parametrize("name", LIVE)
def test_figures_stay_sharp_and_whole_on_any_screen(visit, server, name):
    with visit(server, name, before=lambda page: page.add_init_script(NOISE)) as page:
        # Zoomed, or moved to another screen: as many pixels as that has, though nothing else has changed.
        session = page.context.new_cdp_session(page)
        for ratio, width in ((2, 1281), (1.5, 1282), (1, 1280)):
            size = {"width": width, "height": 900, "deviceScaleFactor": ratio, "mobile": False}
            session.send("Emulation.setDeviceMetricsOverride", size)
            page.wait_for_function(SHARP, arg=ratio)
        # On a very wide screen figures are wider than the text, and leave the page's contents at its side alone.
        page.set_viewport_size({"width": 1920, "height": 900})
        text = page.locator(".bd-article p:visible").first.bounding_box()
        contents = page.locator(".bd-sidebar-secondary")
        assert contents.count() == (page.locator(".bd-article h2").count() > 0), "a page of one part has none"
        side = contents.bounding_box() if contents.count() else {"x": 1920}
        for card in page.locator(".lw-card").all():
            box = card.bounding_box()
            assert box["width"] == 896 > text["width"] and box["x"] + box["width"] < side["x"]
        page.set_viewport_size({"width": 1280, "height": 900})
        # The system's own colours come and go, whatever the theme of the page.
        for theme, scheme, ground in (("light", "dark", "black"), ("dark", "light", "white")):
            page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
            page.emulate_media(forced_colors="active", color_scheme=scheme)
            page.wait_for_function(f"(ground) => ({PALE_PLOTS})(ground).length === 0", arg=ground)
            assert page.evaluate(PALE_PARTS, ground) == []
        assert page.evaluate("readBacks") == 0, "a figure reads a canvas back"


def test_a_digit_is_the_same_where_read_backs_are_noisy(visit, server):
    def code(before=None):
        with visit(server, "notebooks/06_walking.html", before=before) as page:
            card = page.locator(".lw-card", has=page.locator(".lw-pad"))
            pad = card.locator(".lw-pad")
            pad.scroll_into_view_if_needed()
            box = pad.bounding_box()
            for stroke in ([(70, 60), (150, 60)], [(150, 60), (110, 170)]):  # a seven
                points = [(box["x"] + x, box["y"] + y) for x, y in stroke]
                page.mouse.move(*points[0])
                page.mouse.down()
                page.mouse.move(*points[1], steps=6)
                page.mouse.up()
            settle(card)
            decoded = card.locator(".lw-answers .lw-vae canvas")
            seen = card.locator(".lw-answers .lw-small canvas")
            shape = "(c) => (window.pixels ?? ((c) => c.getContext('2d').getImageData(0, 0, 28, 28).data))(c).join()"
            return decoded.evaluate("(c) => [...c.z]"), seen.evaluate(shape)

    z, picture = code()
    assert any(abs(number) > 0.5 for number in z), "nothing was drawn"
    assert code(lambda page: page.add_init_script(NOISE)) == (z, picture)
