"""What the notebooks depend on, as a hash: while it is the same, they need not be run again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

# What their outputs depend on, beside their own cells: not the figures' scripts, styles and words, which a page takes as they are.
DEPENDENCIES = ("src/latentwalk", "src/latentbook/dark.py", "requirements.txt", "constraints.txt")
ONLY_SHOWN = (".js", ".css", "languages")


def source_hash(root: Path, names: tuple[str, ...] = DEPENDENCIES, without: tuple[str, ...] = ()) -> str:
    """A hash of names and contents of all files in these files and folders under root, but those with these endings or in such a folder."""
    digest = hashlib.sha256()
    for path in _files(root, names):
        if path.suffix in without or path.parent.name in without:
            continue
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _files(root: Path, names: tuple[str, ...]) -> Iterator[Path]:
    for name in names:
        paths = [root / name] if (root / name).is_file() else sorted((root / name).rglob("*"))
        for path in paths:
            parts = path.relative_to(root).parts
            made = any(part.startswith(".") or part == "__pycache__" or part.endswith(".egg-info") for part in parts)
            if path.is_file() and not made:
                yield path
