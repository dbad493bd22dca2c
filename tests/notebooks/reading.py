"""How much a reader of the walk has to read: what a chapter asks of one, against a budget.

Readers leave a chapter that is long, dense, or begins with what they cannot yet place. So each chapter of the walk has a budget: words, code,
printed lines, what comes before its first picture. Counted is what the page shows up to the summary; exercises, solutions and quizzes are the
reader's choice, and what is folded or hidden waits until it is asked for. JupyterLab folds nothing: "all words" and "all code" count for it.
A chapter that is too long has something for ``notebooks/studies``, where no budget is.
"""

import json
import re
from pathlib import Path

BUDGET = {
    "words": 1500,
    "lines of code": 100,
    "cells of code": 10,
    "printed lines": 25,
    "asserts": 0,
    "equations before the first picture": 1,
    "cells before the first figure": 3,
    "lines of code, all": 200,
    "words, all": 2200,
}
BUDGETS = {
    "05_vae": BUDGET
    | {"words": 1800, "lines of code": 140, "cells of code": 14, "lines of code, all": 240, "words, all": 2500}
}

OVER = re.compile(r"^#+ (?:Exercises|Check yourself|Summary)", re.M)  # the chapter ends there
BLOCK = re.compile(r"(`{3,}|:{3,})\{([\w-]+)\}")
ASIDE = {"exercise", "exercise-start", "solution", "solution-start", "quiz", "dropdown", "index"}
NO_CODE, NO_OUTPUT = {"hide-input", "remove-input"}, {"remove-output", "hide-output"}
NOTHING = {"hide-cell", "remove-cell"}
FIGURE, PLOT = "<interactive figure>", "<Figure size"  # as `make outputs` stores them
PICTURE = re.compile(r"!\[|\{(?:figure|image)\}|<svg|<img")


def words(text: str) -> int:
    """How many words, displayed equations aside."""
    return len(re.sub(r"\$\$.*?\$\$", "", text, flags=re.S).split())


def shown(markdown: str) -> str:
    """Markdown as the page shows it at first: without exercises, quizzes and what is folded."""
    lines, kept, end = markdown.split("\n"), [], None
    for number, line in enumerate(lines):
        if end is not None:
            end = None if line.strip() == end else end
        elif (block := BLOCK.match(line)) and (
            block[2] in ASIDE or ":class: dropdown" in "".join(lines[number + 1 : number + 5])
        ):
            end = block[1]
        else:
            kept.append(line)
    return "\n".join(kept)


def measure(path: Path) -> dict[str, int]:
    """What a chapter asks of its readers, in the budget's units."""
    found, figure, picture = dict.fromkeys(BUDGET, 0), False, False
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        text, tags = "".join(cell["source"]), set(cell["metadata"].get("tags", []))
        if cell["cell_type"] == "markdown":
            if OVER.search(text):
                break
            visible = shown(text)
            found["words"] += words(visible)
            found["words, all"] += words(text)
            if not picture:
                found["equations before the first picture"] += len(re.findall(r"^\$\$", visible, re.M)) // 2
            picture = picture or bool(PICTURE.search(visible))
        elif "remove-cell" not in tags:
            code = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
            found["lines of code, all"] += len(code)
            if code and not tags & (NO_CODE | NOTHING):
                found["lines of code"] += len(code)
                found["cells of code"] += 1
                found["asserts"] += len(re.findall(r"^\s*assert\b", text, re.M))
            if not tags & (NO_OUTPUT | NOTHING):
                streams = [out["text"] for out in cell["outputs"] if out["output_type"] == "stream"]
                found["printed lines"] += sum(len("".join(text).splitlines()) for text in streams)
                said = "".join(word for out in cell["outputs"] for word in out.get("data", {}).get("text/plain", []))
                figure = figure or FIGURE in said
                picture = picture or figure or PLOT in said
        if not figure and "remove-cell" not in tags:
            found["cells before the first figure"] += 1
    return found


def over(path: Path) -> list[str]:
    """Where a chapter is over its budget, in words."""
    budget = BUDGETS.get(path.stem, BUDGET)
    return [f"{name}: {value}, at most {budget[name]}" for name, value in measure(path).items() if value > budget[name]]
