"""Whether anything of a solution is left in the book for teachers: in the zip and in the PDF.

    SOLUTIONS=no make offline pdf && .venv/bin/python tests/by_hand/without_solutions.py

Looks for each line of a solution's code and each sentence of its text that the book says nowhere else, without regard to white space
and markup. `pdftotext`, of Debian's package poppler-utils, reads the PDF.
"""

import html
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "_build"
SOLUTION = re.compile(r"^(`{3,})\{solution\}.*?\n(.*?)^\1$", re.S | re.M)
TAG = re.compile(r"<[^>]*>")
SHORTEST = 24  # letters; shorter pieces stand elsewhere, too


def letters(text: str) -> str:
    """What is the same in Markdown, on a page and in a PDF: letters and digits, close together."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def parts(path: Path) -> tuple[str, list[str]]:
    """What a notebook says outside its solutions, and the solutions."""
    cells = nbformat.read(path, 4).cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    return letters(SOLUTION.sub("", text) + code), [body for _, body in SOLUTION.findall(text)]


def pieces(solutions: list[str], elsewhere: str) -> dict[str, str]:
    """Lines and sentences of solutions that stand nowhere else: their letters, and how they read."""
    found = {}
    for body in solutions:
        plain = re.sub(r"\$[^$]*\$|\{\w+\}`[^`]*`|\[|\]\([^)]*\)", "\n", body)  # no formulas, roles and links
        for piece in re.split(r"\n|(?<=[.:?!]) ", plain):
            if len(letters(piece)) >= SHORTEST and letters(piece) not in elsewhere:
                found[letters(piece)] = piece.strip()
    return found


def main() -> int:
    """Say what was found where."""
    archive = zipfile.ZipFile(next(BUILD.glob("*.zip")))
    names = [name for name in archive.namelist() if name.endswith((".html", ".ipynb", ".js", ".json", ".txt", ".py"))]
    texts = {name: letters(html.unescape(TAG.sub("", archive.read(name).decode("utf-8", "replace")))) for name in names}
    pdf = next(BUILD.glob("*.pdf"))
    texts[pdf.name] = letters(
        subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True).stdout
    )
    notebooks = {path: parts(path) for path in sorted((ROOT / "notebooks").rglob("*.ipynb"))}
    elsewhere = " ".join(said for said, _ in notebooks.values())
    wanted = pieces([body for _, solutions in notebooks.values() for body in solutions], elsewhere)
    left = [
        f"{name}: {piece}"
        for piece_letters, piece in wanted.items()
        for name, text in texts.items()
        if piece_letters in text
    ]
    # So that the search is known to find: each notebook's title stands in both.
    titles = [letters(nbformat.read(path, 4).cells[0].source.split("\n")[0]) for path in notebooks]
    zipped = " ".join(text for name, text in texts.items() if name != pdf.name)
    says = sum(title in texts[pdf.name] and title in zipped for title in titles)
    print(f"{len(wanted)} pieces of solutions, {len(texts)} texts; titles of {says} notebooks found")
    print("\n".join(left) or "nothing of a solution is left")
    return bool(left) or says < len(titles)


if __name__ == "__main__":
    sys.exit(main())
