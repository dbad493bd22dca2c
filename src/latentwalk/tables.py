"""Measurements over several seeds, which take longer than a notebook may: stored as JSON, read by name.

``worlds`` and ``digits`` are for chapter 01, ``beta`` for chapter 04, ``loss`` for chapter 05, ``likelihood`` for chapter 07,
``warm_up``, ``bugs`` and ``samples`` for chapter 08, ``learning`` for the figure `Learning`. Each row is one network (or one of its
epochs); ``settings`` says how the rows were made, by `latentwalk.making.tables`. What that module and chapter 01 both measure stands here, too.
"""

import base64
import json
import statistics
import zlib
from pathlib import Path

import torch
from torch import Tensor

from latentwalk import evaluation
from latentwalk.data import Digits

FOLDER = Path(__file__).parent / "tables"
DIMENSIONS = (2, 8, 20, 64, 128)
STEPS = 11  # codes on a path, both ends included
N = 500  # pairs of pictures, and random codes of each sort


def read(name: str) -> dict:
    """A stored table: ``settings`` and ``rows``, a list of dicts. ValueError if there is none of that name."""
    path = FOLDER / f"{name}.json"
    if not path.exists():
        known = ", ".join(sorted(p.stem for p in FOLDER.glob("*.json")))
        raise ValueError(f"name: no table {name!r}; there are: {known}")
    return json.loads(path.read_text(encoding="utf-8"))


def unpack(text: str) -> bytes:
    """The bytes of a packed column. ValueError if its text is damaged: what is packed carries a checksum."""
    try:
        return zlib.decompress(base64.b64decode(text, validate=True))
    except (ValueError, zlib.error) as error:
        raise ValueError(f"a packed column of a table is damaged ({error})") from None


def mean_and_spread(rows: list[dict], column: str) -> tuple[float, float]:
    """Mean and standard deviation (n - 1) of a column over rows, which differ in their seed."""
    values = [row[column] for row in rows]
    return statistics.mean(values), statistics.stdev(values)


@torch.no_grad()
def pictures_of(model, a: Tensor, b: Tensor) -> dict[str, Tensor]:
    """What a network makes of pairs of pictures a and b, (n, pixels) each, and of random codes.

    ``reconstruction`` (2n), ``path`` (`STEPS` x n: codes evenly spaced on the straight line from a to b), ``midpoint`` (n),
    ``own`` (`N`: codes from the Gaussian fitted to the codes of a and b), ``prior`` (`N`: codes from N(0, I)).
    """
    za, zb = model.codes(a), model.codes(b)
    codes = torch.cat([za, zb])
    t = torch.linspace(0, 1, STEPS)[:, None, None]
    return {
        "reconstruction": model.decode(codes),
        "path": model.decode((za + t * (zb - za)).flatten(0, 1)),
        "midpoint": model.decode((za + zb) / 2),
        "own": model.decode(evaluation.own_cloud(codes, N)),
        "prior": model.decode(evaluation.prior(model.latent_dim, N)),
    }


def digit_test(digits: Digits) -> tuple[Tensor, Tensor, Tensor]:
    """The pairs a and b of test digits of different classes, and the 20,000 training digits to be near to."""
    a, b = evaluation.pairs_of_classes(digits.test_y, N)
    return digits.test_x[a], digits.test_x[b], digits.train_x[:20_000]
