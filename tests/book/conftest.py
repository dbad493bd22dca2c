"""The built book, and the notebooks in JupyterLab, in a browser that can reach nothing else. `make test` builds the book first."""

import contextlib
import re
from collections.abc import Callable, Sequence

import pytest
from built import PAGES, wait_for_figures
from playwright.sync_api import Browser, Page, sync_playwright
from rooms import Room

from latentbook import HTML
from latentbook.chromium import launch as start
from latentbook.server import serve

pytest.register_assert_rewrite("cards", "questions")


# The browser


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """Launches a Chromium, with ``shell=False`` one with windows; other keyword arguments are Playwright's."""
    if not PAGES:
        pytest.fail("the book is not built: run `make book`")
    with sync_playwright() as playwright, contextlib.ExitStack() as browsers:

        def launch(shell=True, **options) -> Browser:
            home = str(tmp_path_factory.mktemp("chromium"))
            environment = {"HOME": home, "XDG_CONFIG_HOME": home}
            browser = start(playwright, shell, env=environment, **options)
            browsers.callback(browser.close)
            return browser

        yield launch


@pytest.fixture(scope="session")
def browser(chromium):
    return chromium()


@pytest.fixture(scope="session")
def server():
    """The book on a local web server as strict as any: below a path, and it allows no text to be run as code."""
    policy = {"Content-Security-Policy": "script-src 'self' 'unsafe-inline' blob:"}
    with serve(HTML, "/some/where", policy) as address:
        yield address


@pytest.fixture(scope="session")
def disk():
    """The book's address on the disk, as after a double-click."""
    return HTML.as_uri()


@pytest.fixture(params=["disk", "server"])
def base(request):
    """The book's two addresses."""
    return request.getfixturevalue(request.param)


# A visit


@pytest.fixture(scope="session")
def tour(browser):
    """Open pages one after the other, as `visit` opens one: gives (name, page), each once its figures are drawn.

    All are opened in one room. So it is for pages that leave nothing behind.
    """
    rooms: dict[str, Room] = {}  # those that are free

    @contextlib.contextmanager
    def tour(
        base: str,
        names: Sequence[str],
        width: int = 1280,
        height: int = 900,
        scheme: str = "light",
        script: str = "",
        before: Callable[[Page], None] | None = None,
        errors: bool = False,
        expected: str = "(?!)",
        make: bool = True,
        slower: int = 1,
        **options,
    ):
        options.setdefault("reduced_motion", "reduce")  # no opening sweep, unless a test asks for one
        key = repr((base, width, height, scheme, script, sorted(options.items())))
        size = {"width": width, "height": height}
        room = rooms.pop(key, None) or Room(browser, base, size, scheme, script, options)
        page, watch, scripts = room.page, room.watch, room.scripts
        if before:
            before(page)

        def opened():
            for number, name in enumerate(names):
                if number:
                    watch.rest(page, scripts)
                    room.tidy()
                room.slow_down(slower)
                page.goto(f"{base}/{name}", wait_until="load")
                if scripts and make:
                    wait_for_figures(page, name, errors)
                room.slow_down(1)
                yield name, page

        yield opened()
        watch.rest(page, scripts)
        found = [
            trouble for trouble in dict.fromkeys(watch.troubles) if not re.search(expected, trouble)
        ]  # before closing, which ends what is still loading
        if found or room.lasting or key in rooms:  # not as new
            room.context.close()
        else:
            room.reset()
            rooms[key] = room
        assert not found, "\n".join([f"{base}: {', '.join(names)}:", *found])

    return tour


@pytest.fixture(scope="session")
def visit(tour):
    """Open a page and wait until its figures are drawn; on leaving, nothing may have gone wrong in it.

    ``script`` runs in it first. ``before`` is called with the page before it is opened. With ``errors`` figures may say that they cannot be shown, and
    what the console says of it has a match for ``expected``. Without ``make`` figures are left to be made when they come near.
    The processor is so many times ``slower`` until they are drawn.
    """

    @contextlib.contextmanager
    def visit(base: str, name: str, **options):
        with tour(base, [name], **options) as opened:
            yield next(opened)[1]

    return visit
