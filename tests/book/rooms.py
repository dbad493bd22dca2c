"""Pages of the browser to be used again, and a watch over what goes wrong in them."""

from playwright.sync_api import Browser, BrowserContext, Page


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
        "route",
        "add_init_script",
        "expose_function",
        "grant_permissions",
        "set_offline",
    ),
    Page: ("route", "add_init_script", "expose_function"),
}
# Of what a CDP session says, all but this.
PASSING = ("Input.dispatchTouchEvent", "Emulation.setCPUThrottlingRate")


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
        self.new_session, self.processor = self.context.new_cdp_session, None
        self.context.new_cdp_session = self.session

    def session(self, page: Page):
        """A CDP session; what it says makes the room a lasting one or passes."""
        session = self.new_session(page)
        send, noted = session.send, self.noting(session.send)
        session.send = lambda method, *given: (send if method in PASSING else noted)(method, *given)
        return session

    def slow_down(self, times: int) -> None:
        """The processor is so many times slower from now on."""
        if times > 1 or self.processor:
            self.processor = self.processor or self.session(self.page)
            self.processor.send("Emulation.setCPUThrottlingRate", {"rate": times})

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
