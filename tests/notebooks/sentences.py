"""What the words of a notebook say of what its cells compute: its claims, as asserts.

``claims/<notebook>.py`` is plain Python that runs in the notebook's kernel after its last cell, so it has the notebook's names. The
message of each assert is the sentence that no longer holds when it fails. What a claim needs and no reader does is computed there, too.
"""

import ast
from pathlib import Path

FOLDER = Path(__file__).with_name("claims")


def of(notebook: Path) -> dict[str, str]:
    """The claims of a notebook: for each its sentence and the code that ends with its assert, in their order."""
    path = FOLDER / f"{notebook.stem}.py"
    return split(path.read_text(encoding="utf-8")) if path.exists() else {}


def split(text: str) -> dict[str, str]:
    """Cut a file of claims behind each statement that asserts. What several asserts of one loop say is known by the first."""
    lines, begin, found = text.splitlines(), 0, {}
    for statement in ast.parse(text).body:
        if isinstance(statement, ast.FunctionDef):
            continue
        asserts = [node for node in ast.walk(statement) if isinstance(node, ast.Assert)]
        if not asserts:
            continue
        if missing := [node.lineno for node in asserts if node.msg is None]:
            raise ValueError(f"line {missing[0]}: an assert without the sentence that it checks")
        message = asserts[0].msg
        sentence = message.value if isinstance(message, ast.Constant) else ast.unparse(message)
        if sentence in found:
            raise ValueError(f"line {statement.lineno}: a second assert says: {sentence}")
        found[sentence] = "\n".join(lines[begin : statement.end_lineno])
        begin = statement.end_lineno
    if rest := ast.parse("\n".join(lines[begin:])).body:
        raise ValueError(f"line {begin + rest[0].lineno}: nothing is asserted from here on")
    return found
