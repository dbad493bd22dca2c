"""What the tests do with the interactive figures of a page: find them, move them, see whether they have changed."""

SIGNATURE = """(card) => {
  const hash = (data) => { let h = 0; for (let i = 0; i < data.length; i++) h = (h * 31 + data[i]) | 0; return h; };
  return [...card.querySelectorAll("canvas")].map((c) =>
    c.width && c.height ? hash(c.getContext("2d").getImageData(0, 0, c.width, c.height).data) : 0).join();
}"""


SETTLED = """(card) => new Promise((done) => {
  const look = () => card.querySelector("[aria-busy=true]") ? setTimeout(look, 20)
    : requestAnimationFrame(() => requestAnimationFrame(() => card.querySelector("[aria-busy=true]") ? look() : done()));
  look();
})"""


def settle(card) -> None:
    """Wait for the network that is on its way, and for the frame that is being drawn."""
    card.evaluate(SETTLED)


def signature(card) -> str:
    """A hash of the pixels of all canvases of a card, after the frame that is being drawn."""
    settle(card)
    return card.evaluate(SIGNATURE)


def wait_for_change(card, before: str, what: str) -> str:
    return _wait(card, lambda now: now != before, f"{what}: no canvas of its card changed")


def wait_for_signature(card, wanted: str, what: str) -> str:
    return _wait(card, lambda now: now == wanted, what)


def _wait(card, holds, otherwise: str) -> str:
    for _ in range(100):  # five seconds, on a busy machine more
        if holds(now := signature(card)):
            return now
        card.page.wait_for_timeout(50)
    raise AssertionError(otherwise)


def cards(page):
    return page.locator(".lw-card").all()


def handles(card):
    """The sliders of a card that a reader can reach."""
    return [handle for handle in card.locator("[role=slider]").all() if handle.is_visible()]


def title(card) -> str:
    return card.locator(".lw-figure").first.get_attribute("data-figure")


def towards_the_far_end(handle) -> str:
    """The arrow key that moves a slider away from the end that is near."""
    low, high, now = (float(handle.get_attribute(f"aria-value{end}")) for end in ("min", "max", "now"))
    return "ArrowRight" if high - now >= now - low else "ArrowLeft"
