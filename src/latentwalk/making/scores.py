"""A reader's results as a table, as JSON, and in a file that a teacher collects.

    python -m latentwalk.making.scores handed-in > scores.csv

makes one table of the files ``*.json`` below a folder: a row for each, a column for each exercise, 1 where it is right, 0 where
not yet, nothing where it was not tried. Readers can edit such a file; where that matters, run their notebooks (see the book's page
for teachers).
"""

import csv
import json
import sys
from html import escape
from pathlib import Path

from latentwalk import __version__
from latentwalk.making import files
from latentwalk.making.answers import EXERCISES
from latentwalk.page.language import say


class Scores(dict):
    """Results by the exercise's name, each a dict: ``passed`` (True or False), ``mistake`` (or None), ``message``."""

    def __repr__(self) -> str:
        lines = [f"{name:18} {self[name]['message']}" for name in EXERCISES if name in self]
        return "\n".join([*lines, self.sum()])

    def _repr_html_(self) -> str:
        cells = [
            f"<tr><td>{name}</td><td>{escape(self[name]['message'])}</td></tr>" for name in EXERCISES if name in self
        ]
        return f"<table>{''.join(cells)}</table><p>{self.sum()}</p>"

    def sum(self) -> str:
        """How many there are."""
        right = sum(result["passed"] for result in self.values())
        return say(
            "{right} right of {count} checked; the book has {all}.", right=right, count=len(self), all=len(EXERCISES)
        )

    def json(self) -> str:
        """All as text."""
        return json.dumps({"latentwalk": __version__, "exercises": self}, indent=1, ensure_ascii=False)

    def put(self, path: Path) -> "Scores":
        """Write these results into a file, over older ones of the same exercises; return all that it holds then."""
        both = Scores({**(read(path) if path.exists() else {}), **self})
        files.write({path: both.json().encode()})
        return both


def read(path: Path) -> Scores:
    """The results in a file that ``put`` has written; ValueError of anything else."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["exercises"]
        if all(type(found[name]["passed"]) is bool and isinstance(found[name]["message"], str) for name in found):
            return Scores({name: found[name] for name in EXERCISES if name in found})
    except (ValueError, TypeError, KeyError):
        pass
    raise ValueError(f"{path}: expected a file that exercises.report has written")


def main(folder: Path) -> None:
    """Print the table of all files below a folder. One that holds no results is named, and the others are collected."""
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["file", *EXERCISES, "right"])
    for path in sorted(folder.rglob("*.json")):
        try:
            passed = {name: int(result["passed"]) for name, result in read(path).items()}
        except ValueError as error:
            print(f"error: {error}", file=sys.stderr)
            continue
        row = [passed.get(name, "") for name in EXERCISES]
        table.writerow([path.relative_to(folder).with_suffix("").as_posix(), *row, sum(passed.values())])


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("error: expected one folder: python -m latentwalk.making.scores FOLDER")
    sys.stdout.reconfigure(encoding="utf-8")  # a file on Windows, too: students have names
    main(Path(sys.argv[1]))
