"""The checkers of the exercises: other right solutions pass, and every mistake is named. Nothing here calls the checkers' own."""

import csv
import itertools
import json
import math
import re

import nbformat
import numpy as np
import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell
from torch.distributions import Bernoulli, Normal, kl_divergence
from torch.nn.functional import binary_cross_entropy, binary_cross_entropy_with_logits, mse_loss, normalize

from latentbook import notebooks
from latentbook.assignment import assignment
from latentwalk import __version__, exercises
from latentwalk.making import scores

STANDARD = Normal(0.0, 1.0)


def kl(mu, logvar, of_sigma=lambda logvar: logvar.mul(0.5).exp()):
    """(n, d), from torch.distributions."""
    return kl_divergence(Normal(mu, of_sigma(logvar)), STANDARD)


def bce(p, x, **options):
    return binary_cross_entropy(p, x, **{"reduction": "sum", **options})


def by_pixel(p, x):  # the formula, which takes any x
    return -(x * torch.log(p) + (1 - x) * torch.log1p(-p)).sum()


def ln_p(logits, x):
    return Bernoulli(logits=logits).log_prob(x).sum(-1)


def rotate(a, b, t, cosine=None, directions=True, lengths=True):
    """Along the arc, one pair at a time, with numpy."""
    rows = []
    for p, q in zip(a.double().numpy(), b.double().numpy()):
        long_p, long_q = np.linalg.norm(p), np.linalg.norm(q)
        if directions:
            u, v = p / long_p, q / long_q
        else:
            u, v = p, q
        omega = np.arccos(np.clip(p @ q if cosine == "raw" else p @ q / (long_p * long_q), -1, 1))
        arc = (np.sin((1 - t) * omega) * u + np.sin(t * omega) * v) / np.sin(omega)
        rows.append(arc * ((1 - t) * long_p + t * long_q) if lengths and directions else arc)
    return torch.tensor(np.array(rows))


def length_mended(a, b, t):
    line = normalize(torch.lerp(normalize(a), normalize(b), t))
    return line * torch.lerp(a.norm(dim=1), b.norm(dim=1), t).unsqueeze(1)


def gradients(x):
    pictures = x.reshape(-1, 28, 28)
    return pictures.diff(dim=2)[:, :27, :], pictures.diff(dim=1)[:, :, :27]


def log_mean_exp(w):
    top = w.max(dim=0).values
    return top + torch.log(torch.exp(w - top).mean(dim=0))


def std(logvar):
    return torch.sqrt(torch.exp(logvar))


def loop_midpoint(model, a, b):
    return torch.cat([model.decode(torch.lerp(model.codes(p[None]), model.codes(q[None]), 0.5)) for p, q in zip(a, b)])


def count_active(mu, logvar):
    return sum(1 for column in kl(mu, logvar).unbind(1) if column.mean().item() > 0.05)


RIGHT = {
    "blend": [
        lambda a, b, t: (1 - t)[:, None] * a + t[:, None] * b,
        lambda a, b, t: torch.stack([torch.lerp(a, b, float(s)) for s in t]),
    ],
    "midpoint": [
        loop_midpoint,
        torch.no_grad()(lambda model, a, b: model.decode(model.codes(torch.stack([a, b])).view(2, -1, 4).mean(0))),
    ],
    "sample_code": [
        lambda mu, logvar, n: Normal(mu, std(logvar)).sample((n,)),
        lambda mu, logvar, n: torch.stack([torch.normal(mu, std(logvar)) for _ in range(n)]),
    ],
    "reparameterize": [
        lambda mu, logvar: Normal(mu, std(logvar)).rsample(),
        lambda mu, logvar: mu - torch.empty_like(mu).normal_() * std(logvar),
    ],
    "kl_divergence": [lambda mu, logvar: kl(mu, logvar).sum(-1)],
    "active_dimensions": [count_active, lambda mu, logvar: (kl(mu, logvar).mean(dim=0) > 0.05).float().sum()],
    "loss_function": [lambda p, x, mu, logvar: by_pixel(p, x) + kl(mu, logvar).sum()],
    "spherical": [rotate],
    "elbo": [lambda logits, x, mu, logvar: ln_p(logits, x) - kl(mu, logvar).sum(1)],
    "importance_bound": [log_mean_exp, lambda w: w.double().exp().mean(0).log()],
    "sharpness": [lambda x: torch.stack(gradients(x)).norm(dim=0).flatten(1).mean(1)],
}

# The words by which a mistake is known, and the mistake.
DRAWS = {
    "exp(logvar) taken for sigma": lambda mu, logvar, shape: Normal(mu, torch.exp(logvar)).rsample(),
    "logvar taken for sigma": lambda mu, logvar, shape: torch.addcmul(mu, logvar, torch.randn(shape)),
    "logvar taken for the variance": lambda mu, logvar, shape: mu + logvar**0.5 * torch.randn(shape),
    "flipped sign": lambda mu, logvar, shape: Normal(mu, 1 / std(logvar)).rsample(),
    "randn, not rand": lambda mu, logvar, shape: mu + std(logvar) * torch.rand(shape),
    "one eps for all draws": lambda mu, logvar, shape: mu + std(logvar) * torch.randn(2) + torch.zeros(shape),
    "one eps for all dimensions": lambda mu, logvar, shape: mu + std(logvar) * torch.randn(shape[0], 1),
    "no noise at all": lambda mu, logvar, shape: mu + torch.zeros(shape),
}
WRONG = {
    "blend": {
        "the ends exchanged": lambda a, b, t: t[:, None] * a + (1 - t)[:, None] * b,
        "the half for every t": lambda a, b, t: torch.stack([torch.lerp(a, b, 0.5)] * len(t)),
        "a sum": lambda a, b, t: torch.stack([a + s * b for s in t]),
        "the step alone": lambda a, b, t: torch.outer(t, b) - torch.outer(t, a),
    },
    "midpoint": {
        "the midpoint of the pixels: take": lambda model, a, b: torch.lerp(a, b, 0.5),
        "double exposure": lambda model, a, b: 0.5 * model.decode(model.codes(a)) + 0.5 * model.decode(model.codes(b)),
        "encoded and decoded": lambda model, a, b: model.decode(model.codes(0.5 * a + 0.5 * b)),
        "the sum of the codes": lambda model, a, b: model.decode(model.codes(a) + model.codes(b)),
        "it still has to be decoded": lambda model, a, b: torch.lerp(model.codes(a), model.codes(b), 0.5),
        "log-odds": lambda model, a, b: loop_midpoint(model, a, b).logit(),
    },
    "sample_code": {
        words: lambda mu, logvar, n, f=f: f(mu.expand(n, -1), logvar.expand(n, -1), (n, 2)) for words, f in DRAWS.items()
    },
    "reparameterize": {words: lambda mu, logvar, f=f: f(mu, logvar, mu.shape) for words, f in DRAWS.items()} | {
        "a detached sample": lambda mu, logvar: Normal(mu, std(logvar)).sample(),
        "a detached sigma": lambda mu, logvar: Normal(mu, std(logvar).detach()).rsample(),
    },
    "kl_divergence": {
        "a KL for each dimension": kl,
        "the mean over dimensions": lambda mu, logvar: kl(mu, logvar).mean(-1),
        "the sum over the batch too": lambda mu, logvar: kl(mu, logvar).sum(),
        "not 0": lambda mu, logvar: kl(mu, logvar).sum(0),
        "the mean over everything": lambda mu, logvar: kl(mu, logvar).mean(),
        "a flipped sign: no KL": lambda mu, logvar: -kl(mu, logvar).sum(1),
        "a forgotten 0.5": lambda mu, logvar: (mu**2 + logvar.exp() - logvar - 1).sum(1),
        "a forgotten 0.5 and a flipped sign": lambda mu, logvar: (1 + logvar - mu**2 - logvar.exp()).sum(1),
        "sigma^2 is exp(logvar)": lambda mu, logvar: 0.5 * (mu * mu + logvar - logvar - 1).sum(1),
        "logarithm taken again": lambda mu, logvar: 0.5 * (mu * mu + logvar - torch.log(logvar) - 1).sum(1),
        "it is sigma^2": lambda mu, logvar: kl(mu, logvar, torch.exp).sum(1),
        "sigma in place of": lambda mu, logvar: 0.5 * (mu * mu + std(logvar) - logvar - 1).sum(1),
        "mu in place of": lambda mu, logvar: 0.5 * (mu + logvar.exp() - logvar - 1).sum(1),
        "a forgotten 1": lambda mu, logvar: 0.5 * (mu * mu + logvar.exp() - logvar).sum(1),
    },
    "active_dimensions": {
        "a yes or no": lambda mu, logvar: kl(mu, logvar).mean(0).gt(0.05),
        "a count by sigma": lambda mu, logvar: int((std(logvar).mean(0) < 0.9).sum()),
        "a count by the size of mu": lambda mu, logvar: int((mu.abs().mean(0) > 0.05).sum()),
        "a count by the variance": lambda mu, logvar: int((mu.var(0) > 0.01).sum()),  # Burda et al., appendix
        "a count by the spread": lambda mu, logvar: int((mu.std(0) > 0.05).sum()),
        "without the mean": lambda mu, logvar: int((kl(mu, logvar).max(0).values > 0.05).sum()),
        "the idle dimensions": lambda mu, logvar: 22 - count_active(mu, logvar),
        "in each picture": lambda mu, logvar: int((kl(mu, logvar) > 0.05).sum()),
        "a count of pictures": lambda mu, logvar: int((kl(mu, logvar).mean(1) > 0.05).sum()),
    },
    "loss_function": {
        "a BCE that is a mean": lambda p, x, mu, logvar: bce(p, x, reduction="mean") + kl(mu, logvar).sum(),
        "the means of both": lambda p, x, mu, logvar: bce(p, x, reduction="mean") + kl(mu, logvar).mean(),
        "a KL that is a mean:": lambda p, x, mu, logvar: bce(p, x) + kl(mu, logvar).mean(),
        "beside a summed BCE": lambda p, x, mu, logvar: bce(p, x) + kl(mu, logvar).sum(1).mean(),
        "the mean over the batch: return": lambda p, x, mu, logvar: bce(p, x) / 4 + kl(mu, logvar).sum(1).mean(),
        "without its 0.5": lambda p, x, mu, logvar: bce(p, x) - (1 + logvar - mu.pow(2) - logvar.exp()).sum(),
        "a flipped sign": lambda p, x, mu, logvar: bce(p, x) - kl(mu, logvar).sum(),
        "the ELBO": lambda p, x, mu, logvar: -(bce(p, x) + kl(mu, logvar).sum()),
        "the BCE alone": lambda p, x, mu, logvar: bce(p, x),
        "exp(logvar) taken for sigma": lambda p, x, mu, logvar: bce(p, x) + kl(mu, logvar, torch.exp).sum(),
        "unscaled pixels": lambda p, x, mu, logvar: by_pixel(p, x * 255) + kl(mu, logvar).sum(),
        "divided by 255": lambda p, x, mu, logvar: by_pixel(p, x / 255) + kl(mu, logvar).sum(),
        "a sigmoid taken twice": lambda p, x, mu, logvar: (
            binary_cross_entropy_with_logits(p, x, reduction="sum") + kl(mu, logvar).sum()
        ),
        "a squared error": lambda p, x, mu, logvar: mse_loss(p, x, reduction="sum") + kl(mu, logvar).sum(),
        "a loss for each": lambda p, x, mu, logvar: bce(p, x, reduction="none").sum(-1) + kl(mu, logvar).sum(-1),
    },
    "spherical": {
        "the straight line:": torch.lerp,
        "the way back": lambda a, b, t: rotate(a, b, 1 - t),
        "divided by the two lengths": lambda a, b, t: rotate(a, b, t, cosine="raw", directions=False),
        "for directions": lambda a, b, t: rotate(a, b, t, cosine="raw"),
        "on the codes themselves": lambda a, b, t: rotate(a, b, t, directions=False),
        "directions: their length": lambda a, b, t: rotate(a, b, t, lengths=False),
        "between directions, its length mended": length_mended,
    },
    "elbo": {
        "the KL added": lambda logits, x, mu, logvar: ln_p(logits, x) + kl(mu, logvar).sum(1),
        "the loss": lambda logits, x, mu, logvar: -(ln_p(logits, x) - kl(mu, logvar).sum(1)),
        "the BCE in place": lambda logits, x, mu, logvar: -ln_p(logits, x) - kl(mu, logvar).sum(1),
        "the KL is missing": lambda logits, x, mu, logvar: ln_p(logits, x),
        "without its 0.5": lambda logits, x, mu, logvar: ln_p(logits, x) - 2 * kl(mu, logvar).sum(1),
        "exp(logvar) taken for sigma": lambda logits, x, mu, logvar: ln_p(logits, x) - kl(mu, logvar, torch.exp).sum(1),
        "the mean over pixels": lambda logits, x, mu, logvar: (
            Bernoulli(logits=logits).log_prob(x).mean(1) - kl(mu, logvar).sum(1)
        ),
        "the KL's dimensions": lambda logits, x, mu, logvar: ln_p(logits, x) - kl(mu, logvar).mean(1),
        "the sum over the batch": lambda logits, x, mu, logvar: ln_p(logits, x).sum() - kl(mu, logvar).sum(),
        "the mean over the batch": lambda logits, x, mu, logvar: ln_p(logits, x).mean() - kl(mu, logvar).sum() / 4,
        "a sigmoid taken twice": lambda logits, x, mu, logvar: ln_p(torch.sigmoid(logits), x) - kl(mu, logvar).sum(1),
    },
    "importance_bound": {
        "the mean of the logarithms": lambda w: w.sum(0) / len(w),
        "a forgotten ln k": lambda w: torch.logsumexp(w, 0),
        "ln k added": lambda w: torch.logsumexp(w, 0) + math.log(50),
        "out of the range": lambda w: torch.log(torch.exp(w).mean(0)),
        "the largest weight": lambda w: w.max(dim=0).values,
        "the mean over pictures:": lambda w: log_mean_exp(w.T),
        "the mean over the pictures too": lambda w: log_mean_exp(w).mean(),
    },
    "sharpness": {
        "the sum over pixels": lambda x: torch.stack(gradients(x)).norm(dim=0).flatten(1).sum(1),
        "the mean over the batch": lambda x: torch.stack(gradients(x)).norm(dim=0).mean(),
        "the root is missing": lambda x: torch.stack(gradients(x)).pow(2).sum(0).flatten(1).mean(1),
        "in each pixel": lambda x: torch.stack(gradients(x)).pow(2).sum(0).flatten(1).mean(1).sqrt(),
        "absolute slopes": lambda x: torch.stack(gradients(x)).abs().sum(0).flatten(1).mean(1),
        "to the right alone": lambda x: x.unflatten(1, (28, 28)).diff(dim=-1).abs().flatten(1).mean(1),
        "downwards alone": lambda x: x.unflatten(1, (28, 28)).diff(dim=-2).abs().flatten(1).mean(1),
        "along the flat row": lambda x: (x[:, 1:] - x[:, :-1]).abs().mean(1),
    },
}  # fmt: skip

NAMES = list(exercises.EXERCISES)


@pytest.fixture
def told(capsys):
    """The line that the checker prints about a function."""

    def told(name, function):
        result = exercises.check(name, function)
        (line,) = capsys.readouterr().out.splitlines()
        assert line == result.message and line.startswith("Right: ") == result.passed
        assert result.mistake is None if result.passed else line == f"Not yet: {result.mistake}."
        return line

    return told


def test_every_exercise_has_answers():
    assert set(NAMES) == set(RIGHT) == set(WRONG)


@pytest.mark.parametrize("name, function", [(name, function) for name in NAMES for function in RIGHT[name]])
def test_a_right_answer_is_right(told, name, function):
    assert told(name, function) == f"Right: {exercises.EXERCISES[name].checked}."


@pytest.mark.parametrize("name", NAMES)
def test_every_mistake_is_named(told, name):
    named = set()
    for words, mistake in WRONG[name].items():
        line = told(name, mistake)
        assert line.startswith("Not yet: this looks like ") and words in line, words
        named.add(line.removeprefix("Not yet: this looks like ").removesuffix("."))
    assert named == set(exercises.EXERCISES[name].mistakes)


@pytest.mark.parametrize("name", NAMES)
def test_whatever_is_not_an_answer_is_told(told, name):
    right = RIGHT[name][0]
    assert "got NoneType: is its `return` missing?" in told(name, lambda *inputs: print(end=""))
    assert "got list" in told(name, lambda *inputs: [right(*inputs)])
    assert "stops with KeyError: 'mu'" in told(name, lambda *_: {}["mu"])
    assert "stops with TypeError" in told(name, lambda: 0)
    assert "shape" in told(name, lambda *inputs: torch.as_tensor(right(*inputs))[..., None])
    assert "are nan" in told(name, lambda *inputs: right(*inputs) * torch.tensor(float("nan")))
    assert "none of the usual mistakes fits" in told(name, lambda *inputs: 1.2345 * right(*inputs) + 3)


def nothing(*_): ...


def only_words(*_):
    """What it will return, and how."""


def none(*_):
    # to be written
    return None


def dots(*_):
    return ...


def passes(*_):
    pass


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("stub", [nothing, only_words, none, dots, passes, lambda *_: None])
def test_a_stub_is_told_what_to_return(told, name, stub):
    line = told(name, stub)
    assert line.startswith("Not yet: your function is still empty. Here it should return ")
    assert "a tensor of the shape (" in line or "one number" in line
    assert line.endswith("; write it, then run the cell again.")


def half(*inputs):
    z = inputs[0] * 2
    return ... if z is not None else z


def later(*inputs):
    print(end="")
    raise NotImplementedError


def test_a_function_that_is_begun_is_told_what_is_missing(told):
    assert told("kl_divergence", half).startswith(
        "Not yet: your function returns `...`. Here it should return a tensor"
    )
    assert told("kl_divergence", later).startswith("Not yet: your function is not finished. Here it should return a")
    assert "empty" not in told("kl_divergence", lambda *_: 0.0)


def test_the_first_difference_is_shown(told):
    def one_off(mu, logvar):
        result = kl(mu, logvar).sum(1)
        result[2] = 7.5
        return result

    line = told("kl_divergence", one_off)
    assert "at [2]: expected " in line and line.endswith(", got 7.5.")
    assert "standard deviation over sigma in dimension 0: expected 1.0" in told(
        "sample_code", lambda mu, logvar, n: mu + 1.5 * std(logvar) * torch.randn(n, 2)
    )


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_left_behind(told, name):
    """The random numbers go on as if nothing had happened, and gradients are kept or not as before."""

    def careless(*inputs):
        torch.manual_seed(5)
        return RIGHT[name][0](*inputs)

    torch.manual_seed(3)
    expected = torch.rand(3)
    torch.manual_seed(3)
    with torch.no_grad():
        assert told(name, careless).startswith("Right")
        assert not torch.is_grad_enabled()
    assert torch.equal(torch.rand(3), expected)


def test_inputs_may_be_changed(told):
    assert told("sample_code", lambda mu, logvar, n: mu + logvar.mul_(0.5).exp_() * torch.randn(n, 2)).startswith(
        "Right"
    )
    assert told("kl_divergence", lambda mu, logvar: kl(mu, logvar).add_(0 * mu.zero_()).sum(1)).startswith("Right")


def test_an_unknown_name_raises():
    with pytest.raises(ValueError, match=r"blend, midpoint, sample_code, .*got 'kl'"):
        exercises.check("kl", kl)


# Scores


@pytest.fixture
def checked(monkeypatch, capsys):
    """One right answer and one mistake, in a kernel that has just started."""
    monkeypatch.setattr(exercises, "checked", {})
    exercises.check("blend", RIGHT["blend"][0])
    exercises.check("kl_divergence", kl)
    capsys.readouterr()


def test_a_check_shows_nothing_but_its_line(capsys):
    shell = InteractiveShell()
    shell.user_ns |= {"exercises": exercises, "kl": kl}
    shell.run_cell('exercises.check("kl_divergence", kl)').raise_error()
    shell.run_cell("passed = _.passed").raise_error()
    assert capsys.readouterr().out.count("\n") == 1 and shell.user_ns["passed"] is False


def test_the_report_is_a_table_and_json(checked):
    report = exercises.report()
    assert {name: result["passed"] for name, result in report.items()} == {"blend": True, "kl_divergence": False}
    *lines, last = repr(report).splitlines()
    assert [line.split()[:2] for line in lines] == [["blend", "Right:"], ["kl_divergence", "Not"]]
    assert last == f"1 right of 2 checked; the book has {len(NAMES)}."
    assert "<td>kl_divergence</td><td>Not yet: this looks like a KL for each" in report._repr_html_()
    assert json.loads(report.json()) == {"latentwalk": __version__, "exercises": report}


def test_a_file_holds_what_several_chapters_put_there(checked, tmp_path, monkeypatch, capsys):
    file = tmp_path / "scores.json"
    exercises.report(file)
    monkeypatch.setattr(exercises, "checked", {})  # another chapter's kernel
    exercises.check("sharpness", RIGHT["sharpness"][0])
    exercises.check("kl_divergence", RIGHT["kl_divergence"][0])
    assert repr(exercises.report(str(file))).endswith(f"3 right of 3 checked; the book has {len(NAMES)}.")
    assert scores.read(file) == json.loads(file.read_text())["exercises"]
    for text in ("", "[]", '{"exercises": {"blend": {"passed": "yes", "message": ""}}}', '{"cells": []}'):
        file.write_text(text)
        with pytest.raises(ValueError, match=r"scores\.json: expected a file that exercises\.report has written"):
            exercises.report(file)
        assert file.read_text() == text, "nothing is written over it"


def test_a_teacher_collects_the_files_of_a_class(checked, tmp_path, capsys):
    for student in ("ada", "bob"):
        (tmp_path / student).mkdir()
    exercises.report(tmp_path / "ada/scores.json")
    exercises.checked.pop("kl_divergence")
    exercises.report(tmp_path / "bob/scores.json")
    (tmp_path / "bob/notes.json").write_text("{}")
    scores.main(tmp_path)
    told = capsys.readouterr()
    rows = list(csv.DictReader(told.out.splitlines()))
    assert [(row["file"], row["blend"], row["kl_divergence"], row["elbo"], row["right"]) for row in rows] == [
        ("ada/scores", "1", "0", "", "1"),
        ("bob/scores", "1", "", "", "1"),
    ]
    assert told.err.count("\n") == 1 and "bob/notes.json: expected a file that exercises.report" in told.err


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_chapter_becomes_an_assignment(path):
    """tests/by_hand/grading.py has nbgrader grade one."""
    notebook = json.loads(assignment(path.read_text()))
    nbformat.validate(notebook)
    sources = ["".join(cell["source"]) for cell in notebook["cells"]]
    assert "{solution}" not in "".join(sources)
    grading = [cell["metadata"]["nbgrader"]["grade_id"] for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    asked = re.findall(r'(?m)^exercises\.check\("(\w+)"', "\n".join(sources))
    assert grading == asked and set(asked) <= set(NAMES)
    for source, following in itertools.pairwise(sources):
        for name, function in re.findall(r'(?m)^exercises\.check\("(\w+)", (\w+)\)$', source):
            assert following.startswith(f'result = exercises.check("{name}", {function})\nassert result.passed')
