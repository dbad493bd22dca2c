"""Figures on any screen, in the system's colours and in browsers that add noise to what is read from a canvas; pages on paper."""

import pytest
from cards import settle
from conftest import LIVE, PAGES

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
# WCAG's contrast with white or black; colours as [r, g, b].
CONTRAST = """
  const linear = (v) => (v /= 255, v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const contrast = (color, ground) => ground === "white" ? 1.05 / (light(color) + 0.05) : (light(color) + 0.05) / 0.05;
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
"""
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


# What is not dark on white, of all that a page shows.
PALE_PAPER = f"""() => {{ {CONTRAST}
  const main = document.querySelector(".bd-main"), walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT), found = new Set();
  while (walker.nextNode()) {{
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility()) continue;
    const {{ color }} = getComputedStyle(node);
    if (contrast(rgb(color), "white") < 4.5) found.add(`${{node.tagName}}.${{node.className}}: ${{color}}`);
    for (let one = node; one; one = one.parentElement) {{
      const [r, g, b, alpha = 1] = rgb(getComputedStyle(one).backgroundColor);
      if (alpha > 0 && contrast([r, g, b], "white") > 1.4) found.add(`${{one.tagName}}.${{one.className}}: on ${{[r, g, b, alpha]}}`);
    }}
  }}
  for (const image of main.querySelectorAll("img"))
    if (getComputedStyle(image).filter !== "none") found.add(`${{image.src}} is darkened`);
  return [...found];
}}"""


@pytest.mark.parametrize("name", [page for page in PAGES if page != "index.html"])  # which sends readers on
def test_paper_is_dark_on_white_from_the_dark_theme(visit, disk, name):
    with visit(disk, name, scheme="dark", java_script_enabled=False) as page:
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        assert page.evaluate(PALE_PAPER), "the dark theme is dark"
        page.emulate_media(media="print")
        assert page.evaluate(PALE_PAPER) == []
