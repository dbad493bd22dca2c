"""The built book in a browser that can reach nothing else. `make test` builds it first."""

import contextlib
import functools
import http.server
import json
import threading
from pathlib import Path

import pytest
from chromium import FLAGS, NOWHERE, find
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
HTML = ROOT / "_build" / "html"
PAGES = sorted(str(path.relative_to(HTML)) for path in HTML.rglob("*.html") if "_static" not in path.parts)
CHAPTERS = [page for page in PAGES if page.startswith("notebooks/0")]  # notebooks/loss.html has no figure
STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"


def views(name: str) -> int:
    """How many widgets a page of the built book displays."""
    return (HTML / name).read_text().count(VIEW)


LIVE = [page for page in PAGES if views(page)]  # with figures


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    if not PAGES:
        pytest.fail("the book is not built: run `make book`")
    home = tmp_path_factory.mktemp("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find(), args=[*FLAGS, NOWHERE], env={"HOME": str(home), "XDG_CONFIG_HOME": str(home)}
        )
        yield browser
        browser.close()


@contextlib.contextmanager
def serve(folder: Path):
    """A local web server for a folder, which prints nothing; gives its address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def server():
    """The book's address on a local web server."""
    with serve(HTML) as address:
        yield address


@pytest.fixture
def disk():
    """The book's address on the disk, as after a double-click."""
    return HTML.as_uri()


@pytest.fixture(params=["disk", "server"])
def base(request):
    """The book's two addresses."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def visit(browser):
    """Open a page and wait until its figures are drawn; on leaving, nothing may have gone wrong in it.

    ``change``, a function from the page's text to another, breaks it on its way: then figures may show errors.
    """

    @contextlib.contextmanager
    def visit(base: str, name: str, width: int = 1280, scheme: str = "light", change=None, height=900, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **options)
        troubles = []
        own = (f"{base}/", "data:", "blob:")

        def leaving(url):
            return not url.startswith(own)

        context.route(leaving, lambda route: route.abort())
        context.on("request", lambda r: leaving(r.url) and troubles.append(f"a request leaves: {r.url}"))
        live = options.get("java_script_enabled", True)  # without it, no script loads
        context.on("requestfailed", lambda r: live and troubles.append(f"does not load: {r.url} ({r.failure})"))
        context.on("response", lambda r: r.status >= 400 and troubles.append(f"{r.status}: {r.url}"))
        context.on("console", lambda m: m.type == "error" and troubles.append(f"console: {m.text}"))
        context.on("weberror", lambda e: troubles.append(f"page error: {e.error}"))
        page = context.new_page()
        page.set_default_timeout(20_000)
        if change:
            page.route(f"{base}/{name}", lambda route: route.fulfill(body=change((HTML / name).read_text())))
        page.goto(f"{base}/{name}", wait_until="load")
        if live:
            wait_for_figures(page, views(name), errors=bool(change))
        yield page
        page.wait_for_timeout(100)  # for what is still on its way
        found = list(dict.fromkeys(troubles))  # before closing, which ends what is still loading
        context.close()
        assert not found, "\n".join([f"{base}/{name}:", *found])

    return visit


def wait_for_figures(page: Page, expected: int, errors: bool = False) -> None:
    """Wait until all figures are drawn, or with ``errors`` say what is wrong, and all formulas are set."""
    page.wait_for_function(
        """(expected) => {
          const figures = [...document.querySelectorAll(".lw-figure")];
          return figures.length >= expected && figures.every(
            (figure) => figure.dataset.ready || figure.querySelector(".lw-error:not([hidden])"));
        }""",
        arg=expected,
    )
    page.evaluate("window.latentwalkFormulas?.then(() => null)")  # formulas move what stands below them
    found = page.locator(".lw-error:visible").all_text_contents()
    assert errors or not found, found


def widget_state(name: str) -> dict:
    """The widget models that a page carries, by id; empty where it has none."""
    _, found, rest = (HTML / name).read_text().partition(f'<script type="{STATE}">')
    return json.loads(rest.partition("</script>")[0])["state"] if found else {}
