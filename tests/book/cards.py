"""What the tests do with the interactive figures of a page: find them, move them, see whether they have changed."""

from playwright.sync_api import TimeoutError

from latentbook.chromium import PATIENCE

# Once no network of a card is on its way and the frame that is being drawn is drawn: calls `look` with a hash of the
# pixels of all its canvases, frame by frame, until it returns true.
PIXELS = """
const hash = (data) => { let h = 0; for (let i = 0; i < data.length; i++) h = (h * 31 + data[i]) | 0; return h; };
const frame = () => new Promise(requestAnimationFrame);
const settle = async () => {
  do { await frame(); await frame(); } while (card.querySelector("[aria-busy=true]"));
};
const signature = () => [...card.querySelectorAll("canvas")].map((c) =>
  c.width && c.height ? hash(c.getContext("2d").getImageData(0, 0, c.width, c.height).data) : 0).join();
"""
SETTLE = f"async (card) => {{ {PIXELS} await settle(); }}"
SIGNATURE = f"async (card) => {{ {PIXELS} await settle(); return signature(); }}"
WAIT = f"""async (card, [text, same, patience]) => {{
  {PIXELS}
  for (const start = performance.now(); ; await frame()) {{
    await settle();
    const now = signature();
    if ((now === text) === same) return now;
    if (performance.now() - start > patience) return null;
  }}
}}"""


def settle(card) -> None:
    """Wait for the network that is on its way, and for the frame that is being drawn."""
    card.evaluate(SETTLE)


def signature(card) -> str:
    """A hash of the pixels of all canvases of a card, after the frame that is being drawn."""
    return card.evaluate(SIGNATURE)


def wait_for_change(card, before: str, what: str) -> str:
    now = card.evaluate(WAIT, [before, False, PATIENCE])
    assert now is not None, f"{what}: no canvas of its card changed"
    return now


def wait_for_signature(card, wanted: str, what: str) -> str:
    now = card.evaluate(WAIT, [wanted, True, PATIENCE])
    assert now is not None, what
    return now


def wait_until(page, holds: str, otherwise: str, given=None) -> None:
    """Wait until a JavaScript expression or function holds in a page."""
    try:
        page.wait_for_function(holds, arg=given, timeout=PATIENCE)
    except TimeoutError:
        raise AssertionError(otherwise) from None


def frames(page, count: int = 2) -> None:
    """Wait until the page has painted that many frames."""
    page.evaluate("async (count) => { while (count--) await new Promise(requestAnimationFrame); }", count)


def cards(page):
    """The cards of a page's figures, but for a Lab's, which shows nothing before it has trained: test_lab_page.py asks it."""
    return page.locator(".lw-card:not(:has([data-figure=lab]))").all()


def handles(card):
    """The sliders of a card that a reader can reach."""
    return [handle for handle in card.locator("[role=slider]").all() if handle.is_visible()]


def title(card) -> str:
    return card.locator(".lw-figure").first.get_attribute("data-figure")


def towards_the_far_end(handle) -> str:
    """The arrow key that moves a slider away from the end that is near."""
    low, high, now = (float(handle.get_attribute(f"aria-value{end}")) for end in ("min", "max", "now"))
    return "ArrowRight" if high - now >= now - low else "ArrowLeft"


def reacts(card) -> None:
    """A card's first slider moves what is drawn."""
    handle, before = card.locator("[role=slider]").first, signature(card)
    key = towards_the_far_end(handle)
    for _ in range(3):
        handle.press(key)
    wait_for_change(card, before, title(card))
