"""What of a text is words, which a translator translates."""

import re

from latentwalk.page.language import BRACES

LETTERS = re.compile(r"[a-z][A-Za-z]|[A-Z][a-z]")  # a word; KL, VAE and z are the same everywhere
SIGNS = re.compile(r"[A-Z]{2}, |\}: |\ba \{|[\d}]-D\b")  # what else is a language's own: punctuation, an article, 20-D
FORMULA = re.compile(r"(?<![\\$])(\$\$?)(?!\s)((?:\\.|[^$\\])+?)\1", re.S)


def has_words(text: str) -> bool:
    """Whether more than names of values in {braces} and single letters stands in a text."""
    return bool(LETTERS.search(BRACES.sub("", text)) or SIGNS.search(text))
