"""Files that are replaced whole or not at all, and tensors as they stand in them."""

import base64
import contextlib
import os
import tempfile
import time
import zlib
from pathlib import Path

from torch import Tensor, nn


def write(files: dict[Path, bytes]) -> None:
    """Put each file in its place by one atomic rename.

    All are written beside their places first, so that a full disk leaves every old file as it was.
    """
    ready = {}
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            _remove_leftovers(path)
            handle, ready[path] = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.chmod(ready[path], 0o644)
        for path, temporary in ready.items():
            os.replace(temporary, path)
    finally:
        for temporary in ready.values():
            Path(temporary).unlink(missing_ok=True)


def _remove_leftovers(path: Path) -> None:
    """Remove what a killed process left beside ``path`` more than an hour ago."""
    for leftover in path.parent.glob(f".{path.name}-*"):
        with contextlib.suppress(FileNotFoundError):  # another process removes it, too
            if time.time() - leftover.stat().st_mtime > 3600:
                leftover.unlink()


def half(name: str, model: nn.Module | dict[str, Tensor]) -> dict[str, Tensor]:
    """The weights of a network, or those given, as they are stored, in float16. ValueError if one of them is not finite then."""
    weights = model if isinstance(model, dict) else model.state_dict()
    weights = {key: value.detach().cpu().half().contiguous() for key, value in weights.items()}
    if not all(value.isfinite().all() for value in weights.values()):
        raise ValueError(f"model: {name} has weights that are not finite in half precision")
    return weights


def pack(numbers: Tensor) -> str:
    """A tensor's bytes as text for a row of a table; `latentwalk.tables.unpack` reads them."""
    return base64.b64encode(zlib.compress(numbers.contiguous().numpy().tobytes(), 9)).decode()
