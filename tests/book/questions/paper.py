"""A page on paper. Asked without JavaScript."""

# WCAG's contrast with white or black; colours as [r, g, b].
CONTRAST = """
  const linear = (v) => (v /= 255, v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const contrast = (color, ground) => ground === "white" ? 1.05 / (light(color) + 0.05) : (light(color) + 0.05) / 0.05;
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
"""
# What is not dark on white, of all that a page shows.
PALE_PAPER = f"""() => {{ {CONTRAST}
  const main = document.querySelector(".bd-main"), walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT), found = new Set(), asked = new Set();
  while (walker.nextNode()) {{
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility()) continue;
    const {{ color }} = getComputedStyle(node);
    if (contrast(rgb(color), "white") < 4.5) found.add(`${{node.tagName}}.${{node.className}}: ${{color}}`);
    for (let one = node; one && !asked.has(one); one = one.parentElement) {{
      asked.add(one);
      const [r, g, b, alpha = 1] = rgb(getComputedStyle(one).backgroundColor);
      if (alpha > 0 && contrast([r, g, b], "white") > 1.4) found.add(`${{one.tagName}}.${{one.className}}: on ${{[r, g, b, alpha]}}`);
    }}
  }}
  for (const image of main.querySelectorAll("img"))
    if (getComputedStyle(image).filter !== "none") found.add(`${{image.src}} is darkened`);
  return [...found];
}}"""


def is_dark_on_white_from_the_dark_theme(page, name):
    page.emulate_media(color_scheme="dark")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert page.evaluate(PALE_PAPER), "the dark theme is dark"
    page.emulate_media(color_scheme="dark", media="print")
    assert page.evaluate(PALE_PAPER) == []
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    page.emulate_media(color_scheme="light", media="screen")
