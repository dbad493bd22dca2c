"""With an address in _config.yml the pages can be opened elsewhere; without one there is no button and no broken link."""

import json
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace
from urllib.parse import urlsplit

import address
import pytest
import yaml
from build import COMMAND
from built import CHAPTERS
from sphinx.config import Config
from sphinx_book_theme import header_buttons
from sphinx_book_theme.header_buttons.launch import add_launch_buttons
from sphinx_book_theme.header_buttons.source import add_source_buttons
from test_pages import Links

from latentbook import HTML, ROOT

COPIED = (
    "_config.yml",
    "LICENSE",
    "src/latentwalk/mnist/README.md",
    "src/latentwalk/fashion/README.md",
    "constraints.txt",
    "book/references.bib",
    "book/package-lock.json",
    "book/typeset.mjs",
)
LOOKS = (
    "language.js",
    "latentwalk.css",
    "latentwalk.js",
    "hover.js",
    "progress.js",
    "logo.svg",
    "favicon.svg",
    "preview.png",
)


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """A book of one notebook and one other page, nothing executed, as the address in its _config.yml has it."""

    def build(url: str):
        folder = tmp_path_factory.mktemp("book")
        for name in (*COPIED, *(f"book/_static/{name}" for name in LOOKS)):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
        for name in ("book/_ext", "book/_templates", "book/front-end", "src/latentwalk/widgets"):
            shutil.copytree(ROOT / name, folder / name)
        (folder / "book/node_modules").symlink_to(ROOT / "book/node_modules")
        config = (folder / "_config.yml").read_text()
        config, changed = re.subn(r"(?m)^  url: .*$", f'  url: "{url}"', config)
        assert changed == 1
        (folder / "_config.yml").write_text(config.replace("execute_notebooks: cache", 'execute_notebooks: "off"'))
        (folder / "_toc.yml").write_text("format: jb-book\nroot: notebooks/a\nchapters:\n  - file: book/b\n")
        (folder / "book/b.md").write_text("# B\n\nText.\n")
        notebook = json.loads((ROOT / "notebooks/loss.ipynb").read_text())
        notebook["cells"] = [notebook["cells"][1], {**notebook["cells"][0], "source": ["# A\n", "\n", "Text."]}][::-1]
        (folder / "notebooks").mkdir()
        (folder / "notebooks/a.ipynb").write_text(json.dumps(notebook))
        command = [sys.executable, "-c", COMMAND, "build", ".", "-W", "-n", "--keep-going"]
        result = subprocess.run(command, cwd=folder, text=True, capture_output=True)
        assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
        return folder / "_build/html"

    return build


def away(page) -> dict[str, str]:
    """The addresses outside the book that buttons of its header lead to, by what they are."""
    text = page.read_text()
    header = text[text.index('class="header-article-items__end"') :].partition('class="bd-article"')[0]
    return {
        urlsplit(value).netloc + urlsplit(value).path: value
        for tag, key, value in Links(header).found
        if tag == "a" and urlsplit(value).netloc
    }


def editions(page) -> dict[str, str]:
    """The page's addresses by their language, for search engines."""
    return dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', page.read_text()))


def test_without_an_address(build):
    html = build("")
    for name in ("notebooks/a.html", "book/b.html"):
        assert away(html / name) == {}
        text = (html / name).read_text()
        for word in (
            "og:image",
            "fa-rocket",
            "launch-buttons",
            "colab.research",
            "mybinder",
            "github.com/someone",
            "issues/new",
            'rel="alternate"',
        ):
            assert word not in text, f"{name}: {word}"
    assert "Opened alone" not in (html / "notebooks/a.html").read_text(), "the set-up cell is not shown"


def test_with_an_address(build, browser):
    html = build("https://github.com/someone/a-book")
    own = {"github.com/someone/a-book", "github.com/someone/a-book/issues/new"}
    assert away(html / "book/b.html").keys() == own, "only a notebook can be run"
    links = away(html / "notebooks/a.html")
    colab = "colab.research.google.com/github/someone/a-book/blob/main/notebooks/a.ipynb"
    binder = "mybinder.org/v2/gh/someone/a-book/main"
    assert links.keys() == own | {colab, binder}
    assert links[binder].endswith("?urlpath=lab/tree/notebooks/a.ipynb")
    assert "Suggest edit" not in (html / "notebooks/a.html").read_text()
    # What messengers show of a link has a whole address: that of GitHub Pages.
    (picture,) = re.findall(r'<meta property="og:image" content="([^"]+)"', (html / "book/b.html").read_text())
    assert picture == "https://someone.github.io/a-book/_static/preview.png"
    assert (html / "_static/preview.png").is_file()
    # By this and its language a search engine knows the page; nothing is fetched from there.
    named = "https://someone.github.io/a-book/"
    assert editions(html / "book/b.html") == {"en": f"{named}book/b.html", "zh-CN": f"{named}zh/book/b.html"}
    # The page still asks nobody for anything; the buttons' pictures lie in the book, and can be seen.
    found = Links((html / "notebooks/a.html").read_text()).found
    assert [
        value for tag, key, value in found if tag != "a" and urlsplit(value).netloc and not value.startswith(named)
    ] == []
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((html / "notebooks/a.html").as_uri())
    page.click(".dropdown-launch-buttons > button")
    for word in ("Colab", "Binder"):
        entry = page.locator(f".dropdown-launch-buttons a:has-text('{word}')")
        assert entry.is_visible()
        assert entry.locator("img").evaluate("(image) => image.complete && image.naturalWidth > 0")
    page.close()
    assert all(url.startswith((html.as_uri(), "data:")) for url in asked), asked


@pytest.fixture
def options(tmp_path):
    """The theme's options for an address, as the extension leaves them."""

    def options(url: str) -> dict:
        settings = yaml.safe_load((ROOT / "_config.yml").read_text())
        settings["repository"]["url"] = url
        (tmp_path / "_config.yml").write_text(yaml.safe_dump(settings))
        config = SimpleNamespace(html_theme_options={"show_toc_level": 2})
        address.add_buttons(SimpleNamespace(srcdir=str(tmp_path)), config)
        return config.html_theme_options

    return options


def test_other_hosts_get_what_they_can(options):
    github, gitlab, other = (options(f"https://{host}/a/b") for host in ("github.com", "gitlab.com", "git.example.org"))
    assert github["launch_buttons"].keys() >= {"colab_url", "binderhub_url"} and github["use_issues_button"]
    assert "colab_url" not in gitlab["launch_buttons"] and gitlab["use_issues_button"]
    assert options("https://codeberg.org/a/b")["use_issues_button"]
    assert "colab_url" not in other["launch_buttons"] and not other["use_issues_button"]
    assert options("") == {"show_toc_level": 2}
    sites = [
        address.site(f"https://{path}") for path in ("github.com/A/b", "github.com/A/a.github.io", "gitlab.com/A/b")
    ]
    assert sites == ["https://a.github.io/b/", "https://a.github.io/", ""]
    with pytest.raises(ValueError, match="repository: url: expected https://HOST/OWNER/NAME or nothing, got 'nowhere'"):
        options("nowhere")


REPOSITORIES = {
    "https://github.com/a/b": ("gh/a/b/main", "/issues/new?", "fab fa-github"),
    "https://gitlab.com/group/sub/b": ("gl/group%2Fsub%2Fb/main", "/-/issues/new?", "fab fa-gitlab"),
    "https://gitlab.example.org:8443/group/sub/b": (
        "git/https%3A%2F%2Fgitlab.example.org%3A8443%2Fgroup%2Fsub%2Fb/main",
        "/-/issues/new?",
        "fas fa-code-branch",
    ),
    "https://codeberg.org/a/b": ("git/https%3A%2F%2Fcodeberg.org%2Fa%2Fb/main", "/issues/new?", "fas fa-code-branch"),
    "https://git.example.org/a/b": ("git/https%3A%2F%2Fgit.example.org%2Fa%2Fb/main", None, "fas fa-code-branch"),
}


@pytest.mark.parametrize("url", REPOSITORIES)
def test_the_themes_buttons_lead_to_every_host(options, tmp_path, url):
    """Its own functions, on a notebook's page."""
    config = Config({}, {})
    config.add("html_theme_options", options(url), "", [dict])
    config.add("html_context", {}, "", [dict])
    env = SimpleNamespace(metadata={"notebooks/a": {"kernelspec": {}}})
    files = {"srcdir": tmp_path, "outdir": tmp_path, "env": env}
    app = SimpleNamespace(config=config, builder=SimpleNamespace(theme_options=config.html_theme_options), **files)
    header_buttons.update_context_with_repository_info(app)
    page = {"pagename": "notebooks/a", "header_buttons": [], "sourcename": "a.ipynb", "page_source_suffix": ".ipynb"}
    context = {**config.html_context, **page}
    env.doc2path = lambda name, base=None: f"{name}.ipynb"
    for add in (add_launch_buttons, add_source_buttons, address.mend_buttons):
        add(app, "notebooks/a", "page.html", context, object())
    launch, source = context["header_buttons"]
    found = {button["text"]: button["url"] for button in [*launch["buttons"], *source.get("buttons", [source])]}
    binder, issues, icon = REPOSITORIES[url]
    assert found["Binder"] == f"https://mybinder.org/v2/{binder}?urlpath=lab/tree/notebooks/a.ipynb"
    assert ("Colab" in found) == ("//github.com/" in url)
    assert found.get("Open issue", f"{url}None").startswith(f"{url}{issues}")
    assert source["icon"] == icon and found.get("Repository", found.get("")) == url


def test_the_book_itself_follows_its_configuration():
    url = yaml.safe_load((ROOT / "_config.yml").read_text())["repository"]["url"]
    named = address.site(url)
    for name in CHAPTERS:
        for page in (name, f"zh/{name}"):
            both = {"en": f"{named}{name}", "zh-CN": f"{named}zh/{name}"} if named else {}
            assert editions(HTML / page) == both
        links = away(HTML / name)
        if not url:
            assert links == {}
        else:
            assert any(link.startswith(url) for link in links.values())
            assert f'address, branch = "{url}"' in (HTML / "_sources" / name.replace(".html", ".ipynb")).read_text()
