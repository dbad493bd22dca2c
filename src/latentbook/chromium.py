"""Find a Chromium for the tests of the book; run as a script, install Debian's where there is none and we may, with "shell" the smaller one too."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
# Debian's, too: the same engine without windows. A new page takes half as much of the processor. It keeps no page for "back".
SHELL = "chromium-headless-shell"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
# Every test waits for what it wants to see, and gives up after this time, which no busy machine takes.
PATIENCE = 120_000  # milliseconds
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


def find(shell: bool = False) -> str | None:
    """The browser to use: ``LATENTWALK_CHROMIUM`` if set, else one on the PATH, else None. With ``shell`` rather one without windows."""
    if chosen := os.environ.get("LATENTWALK_CHROMIUM"):
        if not shutil.which(chosen):
            raise SystemExit(f"error: LATENTWALK_CHROMIUM={chosen} is not a program")
        return chosen
    names = (SHELL, *NAMES) if shell else NAMES
    return next(filter(None, map(shutil.which, names)), MAC if Path(MAC).exists() else None)


def launch(playwright, shell: bool = False, **options):
    """Chromium, by Playwright, with no way out of this machine and `PATIENCE` in all pages; ``options`` are further ones of its ``launch``."""
    options.setdefault("timeout", PATIENCE)
    browser = playwright.chromium.launch(executable_path=find(shell), args=[*FLAGS, NOWHERE], **options)

    def patient(make):
        def made(**options):
            page_or_context = make(**options)
            page_or_context.set_default_timeout(PATIENCE)
            return page_or_context

        return made

    browser.new_page, browser.new_context = patient(browser.new_page), patient(browser.new_context)
    return browser


def install(package: str) -> None:
    """One of Debian's packages by apt-get, where we may; where that fails, apt-get has said why."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    print(f"Installing Debian's {package} for the tests", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ("apt-get update -qq", f"apt-get install -y -qq --no-install-recommends {package}"):
        if subprocess.run(command.split(), env=environment, stdout=subprocess.DEVNULL).returncode:
            return


def offered(package: str) -> bool:
    """Whether apt-get knows a package."""
    return (
        bool(shutil.which("apt-cache"))
        and not subprocess.run(["apt-cache", "show", package], capture_output=True).returncode
    )


if __name__ == "__main__":
    if not find():
        install("chromium")
    if not find():
        sys.exit("error: the tests need Chromium or Chrome: install one, or set LATENTWALK_CHROMIUM to its path")
    wanted = "shell" in sys.argv[1:] and "LATENTWALK_CHROMIUM" not in os.environ  # which only saves time
    if wanted and not shutil.which(SHELL) and offered(SHELL):
        install(SHELL)
