"""Ten runs without names, nine of them with a bug: guess which is which, and see the trace that gives each away."""

import ipywidgets
import torch
import traitlets

from latentwalk import tables
from latentwalk.page.figure import Figure
from latentwalk.page.script import esm
from latentwalk.page.traits import Choice, Index, Words

LETTERS = "ABCDEFGHIJ"
NAMES = {  # as chapter 08's table has them, and as the buttons show them
    "": "?",
    "no bug": "no bug",
    "KL mean over pixels": "KL averaged",
    "BCE mean over pixels": "BCE averaged",
    "KL sign flipped": "KL's sign flipped",
    "pixels 0 to 255": "pixels 0 to 255",
    "z = mu": "z = μ",
    "z detached": "z detached",
    "one eps for the batch": "one ε a batch",
    "sigma is exp(logvar)": "σ = exp(logvar)",
    "sigmoid twice": "sigmoid twice",
}
TRACES = {
    "no bug": "nothing is wrong: KL {kl}, every σ between 0 and 1. After two epochs samples are still half garbage.",
    "KL mean over pixels": "σ {sigma} while the KL reported is {kl}: codes so sharp cost {right_kl} nats. The price was divided by 784.",
    "BCE mean over pixels": "a reconstruction of {recon} is 784 times too small. Beside it any KL costs too much: σ 1, one cloud for all.",
    "KL sign flipped": "the KL is below 0, {early_kl}, after {early} steps, which no KL can be; not finite at step {stopped}.",
    "pixels 0 to 255": "not finite at step {stopped}, at once: pixels 255 times too large, and ln σ² overflows.",
    "z = mu": "σ {sigma} everywhere, though the KL is {kl}: nothing holds σ down, so no noise reaches the decoder.",
    "z detached": "KL {kl}, σ {sigma}, and {recon} nats, the mean picture: the encoder hears nothing of the reconstruction.",
    "one eps for the batch": "everything looks normal, but {sum} nats is more than the right run's {best}: the noise no longer averages out.",
    "sigma is exp(logvar)": "everything looks normal, but {sum} nats is less than the right run's {best}: the KL charges for another σ.",
    "sigmoid twice": "the loss stays at {recon} nats, 784 ln 2: every pixel at even odds.",
}


class WhichBug(Figure):
    """Which bug has this run? What it reports, its sigmas and its pictures; a guess; the trace that gives it away.

    All is of chapter 08's ten trainings, kept in the table "bugs" (see `latentwalk.making`). ``seed`` shuffles the runs.

    Traits that the page and Python share: ``run``, from 0 to 9; ``guess``, a bug's name or ""; ``step``, the place along the curve;
    ``solved``, the runs whose bug was found. `answer` is the bug of the present run.
    """

    _esm = esm("which_bug")
    state = ("run", "guess", "step")
    title = traitlets.Unicode("Which bug?").tag(words=True)
    text = Words(
        seen="Five reconstructions and ten samples of a run without a name, the two terms of the loss that it reported step by step, and for "
        "each dimension σ and the spread of μ. Buttons offer ten guesses.",
        run="run {letter}",
        recon="7, 2, 1, 0, 4, reconstructed",
        samples="ten codes from N(0, I), decoded",
        curve="the loss it reports, in nats per image",
        right="; dashed: the right run's",
        sigma="σ (pink), spread of μ (green)",
        readout="step {step}: reconstruction {recon} + KL {kl} = {sum}",
        overflow="step {step}: not finite",
        stopped="not finite|at step {step}",  # two lines
        bce="BCE",
        kl="KL",
        ask="Which bug is it? One of the ten runs has none.",
        yes="Right, {guess}: {trace}",
        no="No. {guess} leaves another trace: {trace}",
        reveal="Reveal",
        next="Next run",
        revealed="{guess}: {trace}",
        score="{count} of {all} found",
    )
    traces = traitlets.Dict(TRACES).tag(words=True)
    run = Choice(dict(enumerate(LETTERS)), 0)
    guess = Choice(NAMES, "")
    step = Index(8, of="steps")
    steps = traitlets.List(traitlets.Int())
    names = traitlets.Dict(NAMES).tag(words=True)
    solved = traitlets.List(traitlets.Int())
    runs = traitlets.List(traitlets.Dict())  # rows of the table, shuffled
    films = traitlets.Bytes()  # (runs, 15, 784) uint8

    def __init__(self, seed: int = 2, **traits):
        rows = tables.read("bugs")["rows"]
        if {row["bug"] for row in rows} != set(NAMES) - {""}:
            raise ValueError(f"the table bugs has other bugs: {[row['bug'] for row in rows]}")
        rows = [rows[i] for i in torch.randperm(len(rows), generator=torch.Generator().manual_seed(seed))]
        self.films = b"".join(tables.unpack(row["pictures"]) for row in rows)
        self.runs = [{key: value for key, value in row.items() if key != "pictures"} for row in rows]
        self.steps = max((row["steps"] for row in rows), key=len)
        super().__init__(**traits)
        self.card.add_class("lw-form")

    @property
    def answer(self) -> str:
        """The bug of the present run."""
        return self.runs[self.run]["bug"]

    def controls(self):
        slider = ipywidgets.IntSlider(self.step, min=0, max=len(self.steps) - 1, description="step", readout=False)
        along = self.wide("step", slider).add_class("lw-sticky")
        return [self.choice("guess", "guess"), self.choice("run", "run"), along]
