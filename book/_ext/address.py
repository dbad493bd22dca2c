"""The repository's address, which stands in one place, ``repository`` in _config.yml, and what follows from it.

As a Sphinx extension: with an address, the pages get launch buttons (Colab, Binder) and links to the repository and
its issues; without one, none of them.

As a script (`make address`): writes the address into the set-up cell of every notebook, which makes a notebook work
where it was opened alone, on Colab for example. A notebook that has no such cell gets one, after its title.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

import yaml

from latentbook import complete, notebooks

ROOT = Path(__file__).resolve().parents[2]
# Host, perhaps a port, owner, name; on GitLab there may be groups between the last two.
ADDRESS = re.compile(r"https://[\w.-]+(?::\d+)?/(?:(?!-/)[\w-][\w.-]*/)+[\w-][\w.-]*(?<!\.git)")

CELL_ID = "fetch-the-book"
CELL = """\
# Opened alone, on Colab for example? This installs what the chapter imports. Where latentwalk is installed, nothing happens.
from importlib.util import find_spec
if not find_spec("latentwalk"):
    {remedy}"""
INSTALL = """\
%pip install --quiet git+{url}@{branch}
    if not find_spec("latentwalk"):
        print("latentwalk could not be fetched. Is the internet switched on for this kernel (on Kaggle: Settings, Turn on internet)? Then run this again.")"""
ASK = 'print("latentwalk is not installed, and this copy does not know where its book is: clone it, and run `make lab` there.")'


def read(config: Path) -> tuple[str, str, dict]:
    """The address ("" where there is none), the branch and the settings of the launch buttons in a _config.yml."""
    settings = yaml.safe_load(config.read_text(encoding="utf-8"))
    url, branch = settings["repository"]["url"] or "", settings["repository"]["branch"]
    if url and not (ADDRESS.fullmatch(url) and (host(url) != "github.com" or url.count("/") == 4)):
        raise ValueError(f"_config.yml: repository: url: expected https://HOST/OWNER/NAME or nothing, got {url!r}")
    if not re.fullmatch(r"[\w./-]+", branch):
        raise ValueError(f"_config.yml: repository: branch: expected a branch's name, got {branch!r}")
    return url, branch, settings["launch_buttons"]


def host(url: str) -> str:
    """The host of an address, without its port."""
    return urlsplit(url).hostname or ""


def site(url: str) -> str:
    """Where GitHub Pages shows the book of a repository, "" for other hosts."""
    if host(url) != "github.com":
        return ""
    owner, name = url.split("/")[-2:]
    root = f"{owner.lower()}.github.io"
    return f"https://{root}/" if name.lower() == root else f"https://{root}/{name}/"


def binder(url: str, branch: str) -> str:
    """What Binder's address has after its host for a repository: GitHub's and GitLab's have names of their own there."""
    path = urlsplit(url).path[1:]
    if host(url) == "github.com":
        return f"gh/{path}/{branch}"
    if host(url) == "gitlab.com":
        return f"gl/{quote(path, safe='')}/{branch}"
    return f"git/{quote(url, safe='')}/{branch}"


# As an extension


def add_buttons(app, config) -> None:
    """Tell the theme. (Jupyter Book would, if _config.yml had no theme options of its own; without an address both stop.)"""
    url, branch, buttons = read(Path(app.srcdir) / "_config.yml")
    if not url:
        return
    if host(url) != "github.com":  # Colab opens notebooks from there only
        buttons.pop("colab_url", None)
    gitlab = "gitlab" in host(url)
    # No button to edit a page: in the browser a notebook would be edited as JSON.
    config.html_theme_options |= {
        "repository_url": url,
        "repository_provider": "gitlab" if gitlab else "github",  # of the two, whose addresses the host's look like
        "repository_branch": branch,
        "launch_buttons": buttons,
        "use_repository_button": True,
        "use_issues_button": gitlab or host(url) in ("github.com", "codeberg.org"),
    }


def mend_buttons(app, pagename, templatename, context, doctree) -> None:
    """Of a host that the theme does not know: Binder's address of the repository, and no other host's picture."""
    url, branch, buttons = read(Path(app.srcdir) / "_config.yml")
    for group in context["header_buttons"] if url else []:
        for button in group.get("buttons", [group]):
            if button.get("text") == "Binder":
                _, _, notebook = button["url"].partition("?")
                button["url"] = f"{buttons['binderhub_url']}/v2/{binder(url, branch)}?{notebook}"
        if group["icon"].startswith("fab ") and host(url) not in ("github.com", "gitlab.com"):
            group["icon"] = "fas fa-code-branch"


def setup(app) -> dict:
    """Register the events above."""
    app.connect("config-inited", add_buttons)
    app.connect("html-page-context", mend_buttons, priority=600)  # after the theme's
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


# As a script


def set_up_cell(config: Path) -> str:
    """The set-up cell's text for the address in a _config.yml."""
    url, branch, _ = read(config)
    return CELL.format(remedy=INSTALL.format(url=url, branch=branch) if url else ASK)


def stamp(notebook: dict, text: str) -> None:
    """Give a notebook (as JSON, in place) the set-up cell, as its second cell and first code cell."""
    complete(notebook)
    cells = [cell for cell in notebook["cells"] if cell["id"] != CELL_ID]
    cell = {"cell_type": "code", "execution_count": 1, "id": CELL_ID, "metadata": {"tags": ["remove-cell"]}}
    cells.insert(1, cell | {"outputs": [], "source": text.splitlines(keepends=True)})
    notebook["cells"] = cells
    count = 0
    for cell in cells:
        if cell["cell_type"] == "code" and cell["execution_count"] is not None:
            count += 1
            cell["execution_count"] = count
            for output in cell["outputs"]:
                if "execution_count" in output:
                    output["execution_count"] = count


def main() -> None:
    text = set_up_cell(ROOT / "_config.yml")
    for path in notebooks(ROOT):
        old = path.read_text(encoding="utf-8")
        notebook = json.loads(old)
        if notebook.get("nbformat") != 4:
            raise ValueError(f"{path.name}: expected a notebook of format 4; open and save it in JupyterLab")
        stamp(notebook, text)
        new = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
        if new != old:
            path.write_text(new, encoding="utf-8")
            print(f"{path.name}: the set-up cell is written anew")


if __name__ == "__main__":
    try:
        main()
    except ValueError as error:
        sys.exit(f"error: {error}")
