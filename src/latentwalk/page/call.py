"""The call by which a notebook's cell makes a figure, so that "As Python" can write it anew."""

import ast
import inspect
import linecache


def call_of(cls: type, frame) -> tuple[str, list[str]]:
    """The call by which a cell makes a figure, without the arguments that are of its state and without its end; and their names.

    "" where the call's own text is not to be had, or would not mean the same in another cell.
    """
    position = list(frame.f_code.co_positions())[frame.f_lasti // 2]
    lines = linecache.getlines(frame.f_code.co_filename, frame.f_globals)
    if frame.f_code.co_name != "<module>" or not lines or None in position:
        return "", []
    first, last, left, right = position
    text = "".join(lines[first - 1 : last]).encode()
    text = text[left : len(text) - len(lines[last - 1].encode()) + right].decode()
    try:
        call = ast.parse(text, mode="eval").body
        if not isinstance(call, ast.Call):
            return "", []
        called = ast.unparse(call.func)
        if frame.f_globals.get(called, cls) is not cls or called.rpartition(".")[2] != cls.__name__:
            return "", []  # a call that calls the class in its turn, such as map(KL, ...)
        if any(word.arg is None for word in call.keywords):
            return "", []
        _, *names = inspect.signature(cls.__init__).bind_partial(None, *call.args).arguments
    except (SyntaxError, TypeError):
        return "", []
    given = [*zip(names, call.args), *((word.arg, word.value) for word in call.keywords)]
    if any(isinstance(value, ast.Starred) for _, value in given):
        return "", []
    kept, moved = [], False
    for place, (name, value) in enumerate(given):
        if name in cls.state:
            moved = True  # whatever comes after it has to be named
        else:
            words = ast.get_source_segment(text, value)
            if words is None or "\n" in words:
                words = ast.unparse(value)
            kept.append(words if place < len(call.args) and not moved else f"{name}={words}")
    return f"{called}({''.join(f'{one}, ' for one in kept)}", [n for n, _ in given if n in cls.state]
