"""Pages in a sandbox, far down, and left and come back to. Strict headers, a sub-path and slow processors are in test_visits.py."""

import pytest
from built import CHAPTERS, LIVE, READ, wait_for_figures
from cards import cards, reacts
from rooms import Watch

CHAPTER = "notebooks/06_walking.html"  # with four figures


@pytest.mark.parametrize("names", [READ[at : at + 9] for at in range(0, len(READ), 9)], ids=lambda names: names[0])
def test_in_a_sandbox(visit, server, subtests, names):
    """As JupyterLab and hubs show files: a page without storage, whose origin is nobody's."""
    host = f'<!doctype html><iframe sandbox="allow-scripts" src="{names[0]}" width="1280" height="850"></iframe>'

    def before(page):
        page.route(f"{server}/host.html", lambda route: route.fulfill(body=host, content_type="text/html"))

    with visit(server, "host.html", before=before, make=False) as page:
        frame = page.frames[1]
        for name in names:
            if name != names[0]:
                frame.goto(f"{server}/{name}")
            with subtests.test(name):
                assert frame.evaluate("origin") == "null", "the sandbox holds"
                wait_for_figures(frame, name)
                for card in cards(frame) if name in LIVE else ():
                    reacts(card)


@pytest.mark.parametrize("name", LIVE)
def test_a_figure_is_made_when_it_comes_near(visit, server, name):
    """Before that, nothing of it is fetched; a page that is loaded again meanwhile does the same again."""
    asked = []
    with visit(server, name, before=lambda page: page.on("request", lambda r: asked.append(r.url)), make=False) as page:
        page.reload()
        for place in page.locator(".lw-place").all():
            figure, box = place.get_attribute("data-name"), place.bounding_box()
            if box["y"] > 2 * 900:  # more than a screen below what is seen
                assert not [url for url in asked if f"/{figure}.js" in url], f"{figure} is fetched too early"
            place.scroll_into_view_if_needed()
            place.locator(".lw-figure[data-ready]").wait_for()
            assert [url for url in asked if f"/{figure}.js" in url]
        assert not [url for url in asked if "/_static/lab/" in url], "a Lab fetches something before it is pressed"
        wait_for_figures(page, name)


def test_back_from_another_page_figures_live_on(chromium, server):
    """The page is shown as it was left, from the browser's back/forward cache, which Playwright switches off otherwise."""
    browser = chromium(shell=False, ignore_default_args=["--disable-back-forward-cache"])
    context = browser.new_context()
    watch, page = Watch(context, (f"{server}/",)), context.new_page()
    page.goto(f"{server}/{CHAPTER}")
    wait_for_figures(page, CHAPTER)
    page.evaluate("addEventListener('pageshow', (event) => { window.kept = event.persisted; })")
    first = cards(page)[0].locator("[role=slider]").first
    first.press("Home")
    page.goto(f"{server}/book/references.html")
    page.go_back(wait_until="commit")  # a page that is kept is not loaded again
    page.wait_for_function("() => window.kept")
    for card in cards(page):
        reacts(card)
    # So is what the front page says of what has been read meanwhile.
    page.goto(f"{server}/{CHAPTERS[0]}")
    line = page.locator(".lw-continue")
    assert "6." in line.inner_text() and page.locator(".lw-done").count() == 0
    page.evaluate("window.left = true")
    page.goto(f"{server}/{CHAPTERS[1]}")
    page.locator(".prev-next-area").scroll_into_view_if_needed()
    page.locator(".bd-links .lw-done").wait_for(state="attached")
    page.go_back(wait_until="commit")
    page.locator(".lw-chapters .lw-done").wait_for()
    assert "2." in line.inner_text() and page.evaluate("window.left"), "it was not loaded anew"
    watch.rest(page)
    browser.close()
    assert watch.troubles == []
