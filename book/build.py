"""Build the book into ``_build/html`` (`make book`): warnings are errors, and their text stands in the last lines."""

import fcntl
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "_build"
COMMAND = "import sys; from jupyter_book.cli.main import main; sys.argv[0] = 'jupyter-book'; main()"
COLOR = re.compile(r"\x1b\[[0-9;]*m")
REASON = re.compile(r"WARNING:|ERROR:|Error\b|error:")
SOURCES = ("notebooks/*.ipynb", "book/*.md", "book/_static/**/*")


def build() -> int:
    """Run Jupyter Book; return its exit code."""
    # Sphinx reports a warning once, when it reads the page. After a build that failed or was interrupted, everything is
    # read again, or the next build would pass in silence. Executed notebooks stay in their own cache.
    complete = BUILD / ".complete"
    before = complete.read_text(encoding="utf-8") if complete.exists() else None
    if before is None:
        shutil.rmtree(BUILD / ".doctrees", ignore_errors=True)
    # Nor does Sphinx remove what an earlier build made of a source that is there no more: then all is written again.
    sources = "\n".join(sorted(str(path.relative_to(ROOT)) for pattern in SOURCES for path in ROOT.glob(pattern)))
    if before != sources:
        shutil.rmtree(BUILD / "html", ignore_errors=True)
    complete.unlink(missing_ok=True)

    start, reasons = time.monotonic(), []
    options = ["build", ".", "-W", "-n", "--keep-going"]
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    for line in process.stdout:
        line = COLOR.sub("", line)
        if "Kernel is running over TCP" in line:  # to this machine's own loopback address
            continue
        print(line, end="", flush=True)
        if REASON.search(line):
            reasons.append(line)
    code = process.wait()
    if code:
        print(f"\nThe book was not built:\n{''.join(dict.fromkeys(reasons)) or 'the reason stands above'}")
    else:
        complete.write_text(sources, encoding="utf-8")
        print(f"The book is in _build/html/index.html ({time.monotonic() - start:.0f} s)")
    return code


if __name__ == "__main__":
    BUILD.mkdir(exist_ok=True)
    with (BUILD / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another build of the book is running; waiting for it.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        sys.exit(build())
