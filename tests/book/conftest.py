"""The built book, and the notebooks in JupyterLab, in a browser that can reach nothing else. `make test` builds the book first."""

import base64
import contextlib
import gzip
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, sync_playwright
from xdist.scheduler import LoadScopeScheduling

from latentbook import HTML
from latentbook.chromium import launch as start
from latentbook.server import serve

pytest.register_assert_rewrite("cards", "questions")
ALL = sorted(str(path.relative_to(HTML)) for path in HTML.rglob("*.html") if not {"_static", "embed"} & set(path.parts))
CHINESE = [page for page in ALL if page.startswith("zh/")]
PAGES = [page for page in ALL if page not in CHINESE]
READ = [page for page in PAGES if page != "index.html"]  # which only points on
CHAPTERS = [
    page for page in PAGES if page.startswith("notebooks/0")
]  # and not notebooks/loss.html, which is for looking up


# What the book consists of


def places(name: str) -> list[str]:
    """The figures that a page of the built book displays, by the names of their state files."""
    return re.findall(r'<div class="lw-place"[^>]* data-name="([^"]+)"', (HTML / name).read_text())


def carried(file: Path) -> object:
    """What a file of the book that figures ask for carries: the value that its script puts into the page."""
    value = file.read_text().partition("] = ")[2]
    return json.loads(value.rstrip().removesuffix(";"))


def models(figure: str) -> dict[str, dict]:
    """The widget models that a figure's state file carries, by id."""
    return carried(HTML / "_static" / "figures" / f"{figure}.js")


def widget_state(name: str) -> dict[str, dict]:
    """The widget models of all figures of a page, by id; empty where it has none."""
    return {id: model for figure in places(name) for id, model in models(figure).items()}


def weights(part: str) -> bytes:
    """The safetensors of a part of a network, "<digest>-<part>", from its file: gzip of all low bytes, then all high bytes."""
    planes = gzip.decompress(base64.b64decode(carried(HTML / "_static" / "weights" / f"{part}.js")))
    return np.frombuffer(planes, np.uint8).reshape(2, -1).T.tobytes()


LAB = "notebooks/lab.html"  # whose only figure is a Lab (see cards.py)
LIVE = [page for page in PAGES if places(page) and page != LAB]  # with figures


# The workers


# Files whose tests share what takes long to make stay each on one worker, and begin first; of the others each test goes to
# whichever worker is free, those that take longest before the rest, so that no worker is left alone at the end.
TOGETHER = ("test_paper", "test_faults", "test_language", "test_along", "test_formulas", "test_firefox", "test_pages")
TOGETHER += ("test_jupyterlab", "test_four_figures", "test_licences")
LONGEST = ("test_visits", "test_lab_page", "test_address", "test_hosts", "test_screens")


def pytest_collection_modifyitems(items):
    order = (*TOGETHER, *LONGEST)
    items.sort(key=lambda item: order.index(item.path.stem) if item.path.stem in order else len(order))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    class Scheduler(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file = nodeid.partition("::")[0]
            return file if Path(file).stem in TOGETHER else nodeid

    config.option.loadscopereorder = False  # which would begin with the files of most tests
    return Scheduler(config, log)


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


class Watch:
    """What goes wrong in a browser context: ``troubles``, and the requests that are ``under_way``."""

    def __init__(self, context: BrowserContext, own: tuple[str, ...], scripts: bool = True):
        self.troubles: list[str] = []
        self.under_way = set()

        def leaving(url):
            return not url.startswith((*own, "data:", "blob:"))

        def failed(request):
            self.under_way.discard(request)
            if scripts and request.failure != "net::ERR_ABORTED":  # which is what leaving a page does
                note(f"does not load: {request.url} ({request.failure})")

        def told_by(it):
            return it.page.url if it.page else "a worker"

        note = self.troubles.append  # nothing gets out: see `latentbook.chromium.launch`
        context.on("request", lambda r: self.under_way.add(r))
        context.on("request", lambda r: leaving(r.url) and note(f"a request leaves: {r.url}"))
        context.on("requestfinished", lambda r: self.under_way.discard(r))
        context.on("requestfailed", failed)
        context.on("response", lambda r: r.status >= 400 and note(f"{r.status}: {r.url}"))
        context.on(
            "console",
            lambda m: m.type == "error" and note(f"console: {m.text} ({told_by(m)}, at {m.location['url']})"),
        )
        context.on("weberror", lambda e: note(f"page error: {e.error} ({told_by(e)})"))

    def rest(self, page: Page, scripts: bool = True) -> None:
        """Until the page has nothing on its way: no request, no frame, no error that is being told."""
        while True:
            page.evaluate(REST if scripts else "null")
            if not self.under_way:
                return


# Not requestIdleCallback: on a busy machine the moment when nothing else is to do may never come.
REST = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"


# What cannot be taken back: after it, a page is not used again.
LASTING = {
    BrowserContext: (
        "new_cdp_session",
        "route",
        "add_init_script",
        "expose_function",
        "grant_permissions",
        "set_offline",
    ),
    Page: ("route", "add_init_script", "expose_function"),
}


class Room:
    """A page of the browser in a context of its own, to be used again: opening another page there is a quarter of the work of a new room."""

    def __init__(self, browser: Browser, base: str, size: dict, scheme: str, script: str, options: dict):
        self.size, self.scheme = size, scheme
        self.context = browser.new_context(viewport=size, color_scheme=scheme, **options)
        self.scripts = options.get("java_script_enabled", True)
        self.watch = Watch(self.context, (f"{base}/",), self.scripts)
        self.page = self.context.new_page()
        if script:
            self.page.add_init_script(script)
        self.motion = options["reduced_motion"]
        self.lasting = False
        for thing in (self.context, self.page):
            for name in LASTING[type(thing)]:
                setattr(thing, name, self.noting(getattr(thing, name)))

    def noting(self, method):
        def noted(*arguments, **options):
            self.lasting = True
            return method(*arguments, **options)

        return noted

    def reset(self) -> None:
        """As new, but for the browser's cache."""
        for other in self.context.pages:
            if other != self.page:
                other.close()
        if self.scripts:
            self.page.evaluate("() => { try { localStorage.clear(); sessionStorage.clear(); } catch {} }")
        self.context.clear_cookies()
        self.page.mouse.move(0, 0)
        self.page.goto("about:blank")
        self.tidy()
        self.watch.troubles.clear()

    def tidy(self) -> None:
        """The window and what is emulated, as they were."""
        self.page.set_viewport_size(self.size)
        kept = {"color_scheme": self.scheme, "reduced_motion": self.motion}
        self.page.emulate_media(media="screen", forced_colors="none", **kept)


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
        room = (rooms.pop(key, None) if slower == 1 else None) or Room(browser, base, size, scheme, script, options)
        page, watch, scripts = room.page, room.watch, room.scripts
        if before:
            before(page)
        processor = room.context.new_cdp_session(page) if slower > 1 else None

        def slow_down(times: int) -> None:
            if processor:
                processor.send("Emulation.setCPUThrottlingRate", {"rate": times})

        def opened():
            for number, name in enumerate(names):
                if number:
                    watch.rest(page, scripts)
                    room.tidy()
                slow_down(slower)
                page.goto(f"{base}/{name}", wait_until="load")
                if scripts and make:
                    wait_for_figures(page, name, errors)
                slow_down(1)
                yield name, page

        yield opened()
        watch.rest(page, scripts)
        found = [
            trouble for trouble in dict.fromkeys(watch.troubles) if not re.search(expected, trouble)
        ]  # before closing, which ends what is still loading
        if found or room.lasting or slower > 1 or key in rooms:  # not as new
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


DRAWN = """(count) => [...document.querySelectorAll(".lw-place")].filter(
  (place) => place.querySelector(".lw-figure[data-ready], .lw-error:not([hidden])")).length === count"""


def wait_for_figures(page: Page | Frame, name: str, errors: bool = False) -> None:
    """Make all figures of a page and wait until they are drawn, or with ``errors`` say what is wrong."""
    if not places(name):
        return
    page.evaluate("latentwalk.all()")
    page.wait_for_function(DRAWN, arg=len(places(name)))
    found = page.locator(".lw-error:visible").all_text_contents()
    assert errors or not found, found
