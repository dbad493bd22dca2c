"""``check`` says whether your answer to an exercise is right, or which of the usual mistakes it looks like; ``report`` sums up.

The answers themselves lie in `latentwalk.making.answers`: look there last.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from latentwalk.making.answers import EXERCISES
from latentwalk.making.checker import find_mistake
from latentwalk.making.scores import Scores
from latentwalk.page.language import say, translate


@dataclass(frozen=True)
class Result:
    """What a check found: whether the answer is right, the mistake that it looks like if not, and the line that was printed."""

    passed: bool
    mistake: str | None
    message: str

    def _ipython_display_(self) -> None:
        """Nothing below a cell that ends with a check: its line has been printed."""


def check(name: str, function: Callable) -> Result:
    """Print one line: "Right: ..." and what was checked, or "Not yet: ..." and what ``function`` looks like; and return it.

    Of a function that is still empty (``...``, ``return None``, ``raise NotImplementedError``) it says what it should return.

    A wrong answer never raises, and torch's random numbers go on afterwards as if none had been drawn. Raises ValueError if no
    exercise has that name.
    """
    if name not in EXERCISES:
        raise ValueError(f"name: expected one of {', '.join(EXERCISES)}, got {name!r}")
    mistake = find_mistake(EXERCISES[name], function)
    if mistake:
        message = say("Not yet: {mistake}.", mistake=mistake)
    else:
        message = say("Right: {checked}.", checked=translate(EXERCISES[name].checked))
    print(message)
    checked[name] = Result(mistake is None, mistake, message)
    return checked[name]


checked: dict[str, Result] = {}  # the last result of each exercise, since the kernel started


def report(file: str | Path | None = None) -> Scores:
    """The last result of each exercise checked here, as a table; ``report().json()`` is the same as text.

    With a file, such as "scores.json", also what other chapters have put there; the file then holds both, for a teacher to
    collect. Raises ValueError if the file holds something else.
    """
    scores = Scores({name: vars(result) for name, result in checked.items()})
    return scores.put(Path(file)) if file else scores
