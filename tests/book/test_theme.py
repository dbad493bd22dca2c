"""What the theme sends: one style sheet and one script, which look and do what all of the theme's did."""

import base64
import io
import re
from importlib import metadata

import icons
import pytest
import theme
from built import PAGES, wait_for_figures
from fontTools.ttLib import TTFont
from questions.pages import fetch_pictures
from test_pages import Links

from latentbook import HTML, ROOT

STATIC = HTML / "_static"
READ = [page for page in PAGES if page != "index.html"]  # which only points on
SHEET = (STATIC / "book.css").read_text() if PAGES else ""
FONTS = next(
    path.locate().parent
    for path in metadata.files("pydata-sphinx-theme")
    if str(path).endswith("webfonts/fa-solid-900.ttf")
)


# In the folder


@pytest.mark.parametrize("name", READ)
def test_a_page_asks_for_one_style_sheet_and_for_scripts_that_wait(name):
    text = (HTML / name).read_text()
    tags = re.findall(r"<script\b[^>]*\bsrc=[^>]*>|<link\b[^>]*\brel=\"(?:stylesheet|preload)\"[^>]*>", text)
    files = [re.search(r'(?:src|href)="(?:\.\./)*([^"?]*)', tag)[1] for tag in tags]
    assert [file for file in files if file.endswith(".css")] == ["_static/book.css"]
    scripts = {"_static/book.js"} | ({"_static/search.js", "searchindex.js"} if name == "search.html" else set())
    assert scripts <= set(files) <= scripts | {"_static/book.css", "_static/runtime/places.js"}
    assert [tag for tag in tags if "src=" in tag and not re.search(r"\bdefer\b", tag)] == []
    assert [file for tag, file in zip(tags, files) if file.startswith("_static/book") and "?v=" not in tag] == []


def test_the_folder_holds_nothing_that_no_page_asks_for():
    wanted = {STATIC / name for name in ("licences.txt", *theme.PICTURE_OF_A_RULE.findall(SHEET))}
    for name in [*PAGES, *(f"embed/{path.name}" for path in (HTML / "embed").iterdir())]:
        for _, _, value in Links((HTML / name).read_text()).found:
            wanted.add((HTML / name).parent.joinpath(value.partition("?")[0]).resolve())
    left = {path for path in STATIC.rglob("*") if path.is_file() and path.relative_to(STATIC).parts[0] not in theme.OWN}
    assert left <= wanted, sorted(left - wanted)
    assert not [path for path in HTML.rglob("*") if path.suffix in (".map", ".ttf", ".woff2")]
    assert (HTML / ".nojekyll").exists()


def test_the_style_sheet_is_light():
    assert "@import" not in SHEET and "webfonts" not in SHEET
    assert 50_000 < len(SHEET) < 140_000 < len((ROOT / "_build" / "whole.css").read_text())
    assert ".carousel-fade" in (ROOT / "_build" / "whole.css").read_text()


# Pruning


def test_a_rule_stays_if_something_can_match_it(tmp_path):
    files = {
        "page.html": '<p class="shown deep" id="one" data-kind=\'a > b\'>unshown</p><dialog open></dialog>',
        "script.js": 'node.classList.add("opened"); row.innerHTML = `<div class="made"></div>`',
        "figure.js": 'document.createElement("section").className = "made-by-a-figure"',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    kept = [
        ".shown",
        "p.deep",
        "#one",
        "[data-kind]",
        "dialog[open]",
        ".opened",
        ".shown .made",
        "section",
        ".lw-x .widget-y",
    ]
    gone = [".unshown", ".shown .unshown", "article", "#two", "[data-other]", ".made-by-a-figure", ".fa-bars:before"]
    css = "\n".join(f"{selector} {{ color: red; }}" for selector in kept + gone)
    css += ":focus-visible { color: red } .shown { color: var(--used) } :root { --used: 1; --left: 2 }"
    css += "@font-face { font-family: x; src: url(x.woff) }"
    paths = {kind: [tmp_path / name] for kind, name in zip(("pages", "scripts", "widgets"), files)}
    whole, pruned = theme.prune(css, **paths)
    assert [one for one in kept if f"{one} {{ color: red" not in pruned] == []
    assert [one for one in gone if f"{one} {{ color: red" in pruned] == []
    assert ":focus-visible {" in pruned and "--used: 1" in pruned and "--left" not in pruned and "--left: 2" in whole
    assert "font-face" not in whole + pruned and ".fa-bars" not in whole and ".unshown" in whole


# The selectors of the whole style sheet that the pruned one lacks, as far as a page can be asked for them: what they say of the
# pointer, of the focus and of letters before and after an element is left out.
LACKING = """(whole) => {
  const selectors = (rules) => [...rules].flatMap((rule) =>
    rule.selectorText && rule.style.length ? rule.selectorText.match(/(?:\\([^()]*(?:\\([^()]*\\)[^()]*)*\\)|[^,(])+/g).map((one) => one.trim()) : selectors(rule.cssRules ?? []));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(whole);
  const kept = new Set(selectors(document.querySelector("link[rel=stylesheet]").sheet.cssRules));
  const state = /::[\\w-]+|:(hover|active|focus|focus-visible|focus-within|visited|target|disabled|checked|before|after)(?![\\w-])/g;
  const plain = (selector) => selector.replace(state, "").replace(/:(not|is|where)\\([\\s,]*\\)/g, "")
    .replace(/\\s*([>+~])\\s*/g, "$1").trim().replace(/(^|[ >+~])(?=$|[ >+~])/g, "$1*");
  return [...new Set(selectors(sheet.cssRules))].filter((one) => !kept.has(one)).map((one) => [one, plain(one)]);
}"""
# Asked in both themes, as the page is and with what scripts bring about, all at once.
MATCHED = """(lacking) => {
  const found = new Set(), root = document.documentElement;
  const ask = () => {
    for (const [theme, mode] of [["light", "auto"], ["dark", "dark"], ["light", "light"]]) {
      Object.assign(root.dataset, { theme, mode });
      for (const [selector, asked] of lacking)
        if ((mode === "auto" || asked.includes("data-")) && document.querySelector(asked)) found.add(selector);
    }
  };
  ask();
  for (const one of document.querySelectorAll("dialog, details")) one.open = true;
  for (const one of document.querySelectorAll(".dropdown-menu, .dropdown-toggle")) one.classList.add("show");
  for (const one of document.querySelectorAll(".toggle-hidden")) one.classList.remove("toggle-hidden");
  for (const one of document.querySelectorAll("button.copybtn")) one.classList.add("success");
  for (const one of document.querySelectorAll("#pst-primary-sidebar")) one.classList.add("pst-sidebar-hidden");
  for (const one of document.querySelectorAll("#pst-secondary-sidebar")) one.classList.add("hide");
  for (const one of document.querySelectorAll("[data-bs-toggle=tooltip]")) bootstrap.Tooltip.getOrCreateInstance(one).show();
  document.body.classList.add("scrolled");
  ask();
  return [...found];
}"""


@pytest.fixture(scope="module")
def asked(browser, server):
    """A page of the browser, and the selectors that every page is asked for: all have one style sheet."""
    with browser.new_page() as page:
        page.goto(f"{server}/book/glossary.html")
        yield page, page.evaluate(LACKING, (ROOT / "_build" / "whole.css").read_text())


@pytest.mark.parametrize("name", READ)
def test_no_rule_is_missing_that_an_element_of_a_page_matches(asked, server, name):
    page, lacking = asked
    assert len(lacking) > 2000
    page.goto(f"{server}/{name}")
    assert page.evaluate(MATCHED, lacking) == []
    assert page.locator(".tooltip").count() > 0, "the states were brought about"


# Which of the variables that the pruned style sheet uses have a value, for every kind of element.
VALUES = """(names) => {
  const found = {};
  for (const element of document.querySelectorAll("*")) {
    const key = `${element.localName}.${element.classList}`;
    if (found[key]) continue;
    const style = getComputedStyle(element);
    found[key] = names.filter((name) => style.getPropertyValue(name));
  }
  return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_variable_is_missing(browser, server, scheme):
    names = sorted(set(re.findall(r"var\(\s*(--[\w-]+)", SHEET)))
    with browser.new_page(color_scheme=scheme) as page:
        page.goto(f"{server}/notebooks/04_kl.html")
        wait_for_figures(page, "notebooks/04_kl.html")
        page.evaluate(
            "for (const one of document.querySelectorAll('[title]')) bootstrap.Tooltip.getOrCreateInstance(one).show()"
        )
        pruned = page.evaluate(VALUES, names)
        page.add_style_tag(path=ROOT / "_build" / "whole.css")
        page.evaluate("document.querySelector('link[rel=stylesheet]').disabled = true")
        assert page.evaluate(VALUES, names) == pruned
        assert len(pruned) > 100 and len(names) > 100


# Icons


@pytest.fixture(scope="module")
def drawer():
    css = '.fa-bars:before,.fa-navicon:before{content:"\\f0c9"}.fa-play:before{content:"\\f04b"}.fa-github:before{content:"\\f09b"}'
    return icons.Icons(FONTS, css)


def test_icons_are_found_in_pages_scripts_and_states(drawer):
    page = '<i class="theme fas  fa-navicon fa-lg"></i><i class="fa-brands fa-github"></i><p class="fabulous fa-play">'
    assert drawer.used(page, "") == {"github": "brands", "navicon": "solid"}
    assert drawer.used("", 'icon.className = "fa fa-play fa-fw"; x = "fa-nothing"') == {"play": "solid"}
    assert drawer.used("", '{"icon":"bars","description":"play"}') == {"bars": "solid"}


def test_an_icon_is_a_mask_of_its_own_size(drawer):
    css = drawer.masks({"bars": "solid"})
    assert "width: 0.875em" in css and "viewBox='0 0 448 512'" in css.replace("%27", "'")
    assert "forced-colors" in css and "currentColor" in css


def test_the_font_holds_the_icons_that_rules_write_as_letters():
    drawer = icons.Icons(FONTS, "")
    css = drawer.letters(".warning::before { content: '\\f071' } .x { --icon: '\uf0f3'; content: '\\2014' }")
    assert css.count("@font-face") == 1
    font = TTFont(io.BytesIO(base64.b64decode(re.search(r"base64,([^)]+)", css)[1])))
    assert set(font.getBestCmap()) == {0xF071, 0xF0F3}


@pytest.mark.parametrize("forced", ["none", "active"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_icon_is_seen(visit, server, scheme, forced):
    """Its mask loads, and its place has ink on it in the colour that the reader has chosen."""
    with visit(server, "notebooks/loss.html", scheme=scheme, forced_colors=forced) as page:
        seen = 0
        for icon in page.locator("[class*='fa-']:visible").all():
            icon.scroll_into_view_if_needed()
            box = icon.bounding_box()
            assert min(box["width"], box["height"]) >= 9, icon.get_attribute("class")
            assert icon.evaluate("(e) => getComputedStyle(e).maskImage").startswith('url("data:image/svg+xml'), icon
            seen += len(set(icon.screenshot())) > 2
        assert seen >= 6


# What a reader can do


@pytest.fixture(params=["", "script-src 'self' 'unsafe-inline' blob:", "sandbox"], ids=["plain", "strict", "sandbox"])
def reader(browser, server, request):
    """Opens a page: on a plain host, on one that runs no text as code, or in a frame without storage.

    What goes wrong in it fails the test.
    """
    options = {"viewport": {"width": 1280, "height": 900}, "permissions": ["clipboard-read", "clipboard-write"]}
    context = browser.new_context(**options)
    page, troubles, framed = context.new_page(), [], request.param == "sandbox"
    page.on("pageerror", lambda error: troubles.append(str(error)))

    def answer(route):
        if not route.request.is_navigation_request():
            return route.continue_()
        kept = route.fetch()
        route.fulfill(response=kept, headers={**kept.headers, "Content-Security-Policy": request.param})

    def host(route):
        name = route.request.url.partition("?show=")[2]
        frame = f'<iframe sandbox="allow-scripts allow-forms" allow="clipboard-write" src="{name}" width="100%" height="850"></iframe>'
        route.fulfill(body=frame, content_type="text/html")

    if framed:
        page.route(re.compile(r"/host\?show="), host)
    elif request.param:
        page.route("**/*.html*", answer)

    def open_page(name, width=1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{server}/host?show={name}" if framed else f"{server}/{name}")
        return page.frames[1] if framed else page

    yield open_page
    context.close()
    assert troubles == []


def test_the_switch_of_the_theme(reader):
    page = reader("notebooks/loss.html")
    root, switch = page.locator("html"), page.get_by_role("button", name="Color mode", exact=True)
    seen = [(root.get_attribute("data-mode"), root.get_attribute("data-theme"))]
    for _ in range(3):
        switch.click()
        seen.append((root.get_attribute("data-mode"), root.get_attribute("data-theme")))
        assert switch.locator("i:visible").get_attribute("data-mode") == seen[-1][0]
    assert seen == [("auto", "light"), ("dark", "dark"), ("light", "light"), ("auto", "light")]
    switch.hover()
    page.locator(".tooltip-inner", has_text="Color mode").wait_for()


def test_the_theme_is_kept_where_there_is_storage(browser, server):
    with browser.new_context(color_scheme="light") as context:
        page = context.new_page()
        page.goto(f"{server}/notebooks/loss.html")
        page.get_by_role("button", name="Color mode", exact=True).click()
        page.route("**/book.js*", lambda route: route.abort())  # the page knows before any script has come
        page.goto(f"{server}/book/glossary.html")
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_boxes_fold_and_code_is_copied(reader):
    page = reader("notebooks/04_kl.html")
    box = page.locator(".admonition.dropdown.toggle-hidden").first
    answer = box.locator(":scope > :not(.admonition-title)").first
    assert answer.is_hidden()
    box.locator(".admonition-title").first.click()
    page.locator(".admonition.dropdown:not(.toggle-hidden)").get_by_role("button").press("Enter")
    page.wait_for_function("() => document.querySelectorAll('.admonition.dropdown:not(.toggle-hidden)').length === 0")
    code = page.locator("div.highlight:visible").first
    code.hover()
    code.locator("button.copybtn").click()
    code.locator("button.copybtn[data-tooltip='Copied!']").wait_for()


def test_search_the_menus_and_the_way_up(reader):
    page = reader("notebooks/loss.html")
    page.locator(".search-button__button:visible").click()
    page.locator("#pst-search-dialog input").press("Escape")
    page.locator("#pst-search-dialog").wait_for(state="hidden")
    page.get_by_role("button", name="Download this page").click()
    notebook = page.locator(".btn-download-source-button")
    notebook.wait_for()
    assert notebook.get_attribute("download") is not None
    for sidebar in ("primary", "secondary"):
        page = reader("notebooks/loss.html", width=360)
        page.locator(f".{sidebar}-toggle").click()
        page.locator(f"dialog#pst-{sidebar}-sidebar-modal nav a").first.press("Escape")
        page.locator(f"dialog#pst-{sidebar}-sidebar-modal").wait_for(state="hidden")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.locator("body.scrolled").wait_for()
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.evaluate("scrollBy(0, -500)")  # where the theme shows a button that would lie over sliders
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert not page.locator("#pst-back-to-top").is_visible()


def test_words_are_found(reader):
    page = reader("search.html?q=perplexity")
    page.locator("#search-results .search-summary", has_text="did not match").wait_for()
    page.locator(".bd-search-container input").fill("slerp")
    page.locator(".bd-search-container input").press("Enter")
    page.locator("#search-results ul.search a").first.wait_for()
    page.locator("#search-results .search-summary", has_text="finished").wait_for()


def test_the_full_screen(browser, server):
    with browser.new_page() as page:
        page.goto(f"{server}/notebooks/loss.html")
        page.locator(".btn-fullscreen-button").click()
        page.wait_for_function("() => document.fullscreenElement !== null")


def test_nothing_moves_while_a_page_loads(browser, server):
    """What a script folds is folded before it comes, and pictures have their places before they are there."""
    with browser.new_page(viewport={"width": 360, "height": 800}) as page:
        held = []
        page.route(re.compile(r"book\.js|_images/"), lambda route: held.append(route))
        page.route("**/places.js*", lambda route: route.abort())  # figures keep their places by themselves
        page.goto(f"{server}/notebooks/04_kl.html", wait_until="commit")
        page.locator(".prev-next-area a").last.wait_for()
        height = "document.querySelector('.bd-article').getBoundingClientRect().height"
        before = page.evaluate(height)
        for route in held:
            route.continue_()
        page.unroute_all()
        page.locator("button.toggle-button").first.wait_for()
        fetch_pictures(page)
        assert page.evaluate(height) == pytest.approx(before, abs=1)
