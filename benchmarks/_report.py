"""Tables that compare built books, and bars that they meet or miss."""

import statistics
from pathlib import Path

Books = dict[str, Path]  # by the names that they have in the tables: the folders that they were built into


class Bars:
    """Which bars are met."""

    def __init__(self):
        self.lines = []

    def check(self, what: str, limit: float, values: dict[str, float], least: bool = False) -> None:
        """Name the values that miss a bar or, if none does, the one that comes nearest to it."""
        if values:
            nearest = (min if least else max)(values, key=values.get)
            missed = [name for name, value in values.items() if (value < limit if least else value > limit)]
            bound = f"at {'least' if least else 'most'} {limit:.4g}"
            self.lines.append(f"{'MISSED' if missed else 'met':7}{what}, {bound}:")
            self.lines += [f"{'':9}{name} {values[name]:.4g}" for name in missed or [nearest]]


def table(title: str, books: Books, rows: dict[tuple[str, str], list[tuple[float, float]]], digits: int) -> None:
    """A row for each page and thing, with two numbers for each book, and the last book's first number by the first book's."""
    if not rows:
        return
    compared = len(books) > 1
    print(f"\n{title}\n{'page':22}{'':24}" + "".join(f"{book:>16}" for book in books) + "  ratio" * compared)
    for (page, what), numbers in rows.items():
        cells = "".join(f"{f'{a:.{digits}f} / {b:.{digits}f}':>16}" for a, b in numbers)
        print(f"{page:22}{what:24}{cells}" + (f"{numbers[-1][0] / numbers[0][0]:7.2f}" if compared else ""))


def middle_and_high(values: list[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    return statistics.median(values), sorted(values)[min(len(values) - 1, int(0.95 * len(values)))]
