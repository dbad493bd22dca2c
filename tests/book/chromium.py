"""Find a Chromium for the tests of the book; run as a script, install Debian's where there is none and we may."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def find() -> str | None:
    """The browser to use: ``LATENTWALK_CHROMIUM`` if set, else one on the PATH, else None."""
    if chosen := os.environ.get("LATENTWALK_CHROMIUM"):
        if not shutil.which(chosen):
            raise SystemExit(f"error: LATENTWALK_CHROMIUM={chosen} is not a program")
        return chosen
    return next(filter(None, map(shutil.which, NAMES)), MAC if Path(MAC).exists() else None)


def install() -> None:
    """Debian's chromium by apt-get, as root."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ("apt-get update -qq", "apt-get install -y -qq --no-install-recommends chromium"):
        subprocess.run(command.split(), env=environment, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    if not find():
        if os.geteuid() == 0 and shutil.which("apt-get"):
            print("Installing Debian's chromium for the tests", flush=True)
            try:
                install()
            except subprocess.CalledProcessError as error:
                sys.exit(f"error: apt-get could not install chromium: {error}")
        if not find():
            sys.exit("error: the tests need Chromium or Chrome: install one, or set LATENTWALK_CHROMIUM to its path")
