"""``python -m latentwalk.making [NAME ...]``: make the networks and tables of these names, or all."""

import sys

from latentwalk.making import networks, recipes, tables


def main(names: list[str]) -> None:
    """Train the named networks, then make the named tables; without names, all of both."""
    known = [*recipes.RECIPES, *tables.TABLES]
    unknown = sorted(set(names) - set(known))
    if unknown:
        sys.exit(f"no network or table named {', '.join(unknown)}; there are: {', '.join(known)}")
    names = names or known
    networks.make([name for name in names if name in recipes.RECIPES])
    tables.make([name for name in names if name in tables.TABLES])


if __name__ == "__main__":
    main(sys.argv[1:])
