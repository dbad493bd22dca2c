"""Whether the packages of requirements.txt are to be had for each machine of the README's table, with each Python that it names.

    .venv/bin/python tests/by_hand/platforms.py

uv works out what would be installed there, as wheels, so that nobody needs a compiler; nothing is downloaded but what packages say of
themselves. Asks the package index, and is therefore no test of `make test`.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from latentbook import ROOT

sys.path.append(str(ROOT / "book"))
from environment import UV

SOURCES_ONLY = ["jieba"]  # which has no wheel, and nothing to compile
PYTHONS = ("3.11.0", "3.12", "3.13", "3.14")
MACHINES = {
    "Linux, x86-64": ("x86_64-unknown-linux-gnu", True),
    "Linux, ARM": ("aarch64-unknown-linux-gnu", True),
    "Windows": ("x86_64-pc-windows-msvc", True),
    "macOS 14, Apple's processors": ("aarch64-apple-darwin", True),
    "macOS 14, Intel's": ("x86_64-apple-darwin", False),
}


def resolve(uv: Path, platform: str, python: str) -> tuple[bool, str]:
    """Whether all of it is to be had; how many packages that is, or uv's words."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = "\n".join(line for line in lines if not line.startswith("-e "))
    command = [uv, "pip", "compile", "-", "--quiet", "--python-platform", platform, "--python-version", python]
    command += ["--constraints", ROOT / "constraints.txt", "--only-binary", ":all:", "--no-annotate", "--no-header"]
    for name in SOURCES_ONLY:
        command += ["--no-binary", name]
    done = subprocess.run(
        command, input=wanted, text=True, capture_output=True, env={**os.environ, "MACOSX_DEPLOYMENT_TARGET": "14.0"}
    )
    return done.returncode == 0, f"{len(done.stdout.splitlines())} packages" if not done.returncode else done.stderr


def main() -> int:
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([f"{folder}/bin/pip", "install", "--quiet", UV], check=True)
        for machine, (platform, expected) in MACHINES.items():
            for python in PYTHONS:
                found, words = resolve(Path(folder) / "bin/uv", platform, python)
                print(f"{machine:30} {python:8} {words if found else 'no'}", flush=True)
                if found != expected:
                    wrong += 1
                    print(words if not found else "expected: not to be had", flush=True)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
