"""``check`` says whether your answer to an exercise is right, or which of the usual mistakes it looks like.

The answers themselves lie in `latentwalk.making.answers`: look there last.
"""

from collections.abc import Callable

from latentwalk.making.answers import EXERCISES
from latentwalk.making.checker import find_mistake


def check(name: str, function: Callable) -> None:
    """Print one line: "Right: ..." and what was checked, or "Not yet: ..." and what ``function`` looks like.

    Of a function that is still empty (``...``, ``return None``, ``raise NotImplementedError``) it says what it should return.

    A wrong answer never raises, and torch's random numbers go on afterwards as if none had been drawn. Raises ValueError if no
    exercise has that name.
    """
    if name not in EXERCISES:
        raise ValueError(f"name: expected one of {', '.join(EXERCISES)}, got {name!r}")
    mistake = find_mistake(EXERCISES[name], function)
    print(f"Not yet: {mistake}." if mistake else f"Right: {EXERCISES[name].checked}.")
