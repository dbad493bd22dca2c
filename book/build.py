"""Build the book into ``_build/html`` (`make book`): warnings are errors, and their text stands in the last lines.

Of what Jupyter Book prints, the notebooks' times, the number of pages and all warnings are shown; all of it is in ``_build/book.log``.
"""

import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

from latentbook import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "_build"
LOG = "_build/book.log"
COMMAND = """
import sys, traceback
from jupyter_book.cli.main import main

sys.argv[0] = "jupyter-book"
try:
    main()
except RuntimeError as error:  # Jupyter Book's, after Sphinx has said what is wrong: only the log needs it once more
    traceback.print_exception(error, file=sys.stdout)
    sys.exit(1)
"""
# The book in another language, from the same run of the notebooks.
OTHER = """
import sys
from jupyter_book.sphinx import build_sphinx

language, folder = sys.argv[1:]
sys.exit(bool(build_sphinx(
    ".", f"{folder}/html", path_config="_config.yml", noconfig=True, doctreedir=f"{folder}/.doctrees", warningiserror=True, keep_going=True,
    confoverrides={"language": language, "nitpicky": True, "latex_individualpages": False},
)))
"""
EDITIONS = {language: BUILD / code for language, code in LANGUAGES.items()}  # where each is made
TERMINAL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")  # colours, and the erasing of a line
# Sphinx's "Extension error:" has its text on the next line.
REASON = re.compile(r"^\S.*(?:WARNING:|ERROR:|Error\b|error:\n?).*$", re.M)
PAGE = re.compile(r"(reading|writing) (?:sources|output)\.\.\. \[ *\d+%\] ")
NOTEBOOK = re.compile(r"(.*)\.ipynb: (Executed notebook in ([\d.]+) seconds|Using cached notebook|failed: (.*))")
# The kernels that run the notebooks begin with it: pictures for the dark theme, too.
STARTUP = "from latentbook.dark import install\n\ninstall(get_ipython())\n"
SOURCES = ("notebooks/*.ipynb", "notebooks/studies/*.ipynb", "notebooks/images/*", "book/*.md", "book/_static/**/*")


class Progress:
    """Turns the lines that Sphinx prints while it works into the few that a reader needs."""

    def __init__(self):
        self.step, self.since = None, 0.0
        self.pages = self.cached = 0
        self.executed: set[str] = set()

    def show(self, line: str) -> None:
        """One line of Sphinx's."""
        if page := PAGE.match(line):
            if page[1] != self.step:
                self.end_step()
                self.step, self.since, self.pages = page[1], time.monotonic(), 0
            self.pages += 1
        elif notebook := NOTEBOOK.match(line):
            if notebook[3]:
                self.executed.add(notebook[1])
                print(f"  {Path(notebook[1]).name:24} executed in {float(notebook[3]):.0f} s", flush=True)
            elif notebook[4]:
                print(
                    f"  {Path(notebook[1]).name:24} not as it should be: {notebook[4]} (make test says why)", flush=True
                )
            elif notebook[1] not in self.executed:  # those that were run ahead are read from there
                self.cached += 1
        elif line.startswith("The tests of the notebooks broke off"):
            print(f"  {line.strip()} (the full log: {LOG})", flush=True)
        elif line.startswith(("looking for now-outdated files", "generating indices")):
            self.end_step()

    def end_step(self) -> None:
        """Say how much it was and how long it took."""
        seconds = time.monotonic() - self.since
        if self.step == "reading":
            notebooks = f"notebooks executed: {len(self.executed)}, from the cache: {self.cached}"
            print(f"  pages read: {self.pages}, {notebooks} ({seconds:.0f} s)", flush=True)
        elif self.step == "writing":
            print(f"  pages written: {self.pages} ({seconds:.0f} s)", flush=True)
        self.step = None


def run(*command: str, log_as: str = "w") -> tuple[int, list[str]]:
    """Run Python with this program and these arguments; return its exit code and what it says is wrong."""
    output, errors, progress = [], [], Progress()
    BUILD.mkdir(exist_ok=True)
    startup = BUILD / "ipython" / "profile_default" / "startup" / "dark.py"
    startup.parent.mkdir(parents=True, exist_ok=True)
    startup.write_text(STARTUP, encoding="utf-8")
    with (
        (ROOT / LOG).open(log_as, encoding="utf-8", buffering=1) as log,
        subprocess.Popen(
            [sys.executable, "-c", *command],
            cwd=ROOT,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "IPYTHONDIR": str(BUILD / "ipython")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):

        def follow(stream, lines: list[str], show) -> None:
            for line in stream:
                line = TERMINAL.sub("", line)
                log.write(line)
                lines.append(line)
                show(line)

        # Warnings, and what breaks the build, come on the second stream.
        warnings = threading.Thread(target=follow, args=(process.stderr, errors, show_warning))
        warnings.start()
        follow(process.stdout, output, progress.show)
        warnings.join()
    if process.returncode == 0 and not progress.pages:
        print("  no page has changed")
    return process.returncode, REASON.findall("".join(errors)) or REASON.findall("".join(output))


def show_warning(line: str) -> None:
    """As it is, but for a kernel's remark on the machine's own loopback address."""
    if "Kernel is running over TCP" not in line:
        print(line, end="", flush=True)


def build() -> int:
    """Bring the built book up to date; return an exit code."""
    # Sphinx reports a warning once, when it reads the page. After a build that failed or was interrupted, everything is
    # read again, or the next build would pass in silence. Executed notebooks stay in their own cache.
    complete = BUILD / ".complete"
    before = complete.read_text(encoding="utf-8") if complete.exists() else None
    if before is None:
        for folder in (BUILD, *EDITIONS.values()):
            shutil.rmtree(folder / ".doctrees", ignore_errors=True)
    # Nor does Sphinx remove what an earlier build made of a source that is there no more: then all is written again.
    sources = "\n".join(sorted(str(path.relative_to(ROOT)) for pattern in SOURCES for path in ROOT.glob(pattern)))
    if before != sources:
        for folder in (BUILD, *EDITIONS.values()):
            shutil.rmtree(folder / "html", ignore_errors=True)
    complete.unlink(missing_ok=True)

    print(f"Building the book{', without solutions' * (os.environ.get('SOLUTIONS') == 'no')}", flush=True)
    start = time.monotonic()
    code, reasons = run(COMMAND, "build", ".", "-W", "-n", "--keep-going")
    for language, folder in EDITIONS.items() if os.environ.get("LATENTWALK_STILLS") != "none" else ():
        if not code:
            print(f"In another language ({language})", flush=True)
            code, reasons = run(OTHER, language, str(folder), log_as="a")
    if code:
        print(f"\nThe book was not built (the full log: {LOG}):")
        print("\n".join(dict.fromkeys(reasons)) or "the reason stands above")
    else:
        complete.write_text(sources, encoding="utf-8")
        print(f"The book is in _build/html/index.html ({time.monotonic() - start:.0f} s; the full log: {LOG})")
    return code


@contextlib.contextmanager
def alone():
    """Wait until no other build of the book is running.

    The lock is that of an empty SQLite file: the one of the standard library that is the same on Windows and elsewhere, and
    that is gone when its process is.
    """
    BUILD.mkdir(exist_ok=True)
    lock = sqlite3.connect(BUILD / ".lock", timeout=0, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        print("Another build of the book is running; waiting for it.", flush=True)
        lock.execute(f"PRAGMA busy_timeout = {24 * 60 * 60 * 1000}")  # ms
        lock.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        lock.close()


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")  # a warning may quote what the terminal has no letters for
    with alone():
        sys.exit(build())
