"""The built book as one file to take along (`make offline`): unpack it, open START.html; no network and no server is needed.

The same book gives the same file, byte for byte. It replaces the one before it only when it is complete.
"""

import sys
import zipfile
from pathlib import Path

from latentbook import LANGUAGES, ROOT, catalogues, tag

BUILD = ROOT / "_build"
NAME = "walking-the-latent-space"

# The picture loads only where the zip is unpacked: a file manager that shows the inside of a zip opens START.html alone.
START = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Walking the Latent Space</title>
<link rel="icon" href="book/_static/favicon.svg">
<style>body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 3rem auto; padding: 0 1rem; color-scheme: light dark }</style>
</head>
<body>
<img src="book/_static/logo.svg" alt="" hidden onload="location.replace('book/index.html')">
<h1>Walking the Latent Space</h1>
{ways}
</body>
</html>
"""
WAY = """<p lang="{lang}"><a href="book/{folder}index.html">{read}</a><br>{unpack}</p>"""
word = str  # marks what is for the catalogues
READ = word("Open the book")
UNPACK = word(
    "If this page stays and the link leads nowhere, the zip is not unpacked yet. Unpack the whole zip (on most systems: right-click it, "
    "then Extract), open the folder that this makes, and double-click START.html there."
)


def start() -> str:
    """The page to begin with, in each language of the book."""
    ways = [WAY.format(lang="en", folder="", read=READ, unpack=UNPACK)]
    for language, code in LANGUAGES.items():
        words = catalogues.words(language)
        read, unpack = words.get(READ, READ), words.get(UNPACK, UNPACK)
        ways.append(WAY.format(lang=tag(language), folder=f"{code}/", read=read, unpack=unpack))
    return START.replace("{ways}", "\n".join(ways))


def members(html: Path) -> dict[str, bytes | Path]:
    """What lies in the zip, by name: the built book without hidden files and without the source maps of its scripts."""
    found: dict[str, bytes | Path] = {"START.html": start().encode(), "LICENSE.txt": ROOT / "LICENSE"}
    for path in html.rglob("*"):
        name = path.relative_to(html)
        if path.is_file() and path.suffix != ".map" and not any(part.startswith(".") for part in name.parts):
            found[f"book/{name.as_posix()}"] = path
    return {f"{NAME}/{name}": content for name, content in sorted(found.items())}


def pack(html: Path, target: Path) -> None:
    """Write the zip: sorted names, one date, one set of permissions."""
    part = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, content in members(html).items():
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.create_system, entry.external_attr = 3, 0o100644 << 16  # Unix, a file that all may read
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(
                    entry, content if isinstance(content, bytes) else content.read_bytes(), compresslevel=9
                )
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def main() -> None:
    """Pack ``_build/html``."""
    if not (BUILD / ".complete").exists():
        sys.exit("error: the book is not built, or its last build failed: run `make book`")
    target = BUILD / f"{NAME}.zip"
    pack(BUILD / "html", target)
    print(
        f"The book to take along is in {target.relative_to(ROOT)} ({target.stat().st_size / 1e6:.1f} MB): unpack it, open START.html"
    )


if __name__ == "__main__":
    main()
