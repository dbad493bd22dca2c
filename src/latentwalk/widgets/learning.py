"""One training, epoch by epoch: where the test digits lie in the latent plane, and what the plane decodes to."""

import ipywidgets
import torch
import traitlets

from latentwalk import tables
from latentwalk._checks import check_pictures
from latentwalk.page.figure import Figure
from latentwalk.page.script import esm
from latentwalk.page.shelf import classes
from latentwalk.page.traits import Index, Number, Pictures, Words
from latentwalk.plots import DIGIT_COLORS

FLYING = 4  # digits of each class that are shown as pictures
TENTHS = 10  # frames from one look to the next


class Learning(Figure):
    """Drag through the training of the 2-D VAE: digits fly to their places, and the plane learns to draw.

    What is shown was stored while "vae-2" was trained (the table "learning", see `latentwalk.making`): at 26 looks, six of them in
    the first epoch. Between two looks a digit goes straight, and the decoded pictures are those of the nearer one.

    Parameters
    ----------
    x, labels
        (500, 784) in [0, 1] and (500,): the first 500 test pictures of MNIST, which the table knows by their order.

    Traits that the page and Python share: ``frame``, ten from each look to the next; ``digit``, the digit whose way is drawn (-1: none).
    """

    _esm = esm("learning")
    state = ("frame", "digit")
    title = traitlets.Unicode("While it learns").tag(words=True)
    text = Words(
        seen="Left, test digits as dots and small pictures on the latent plane, and the path of one of them; right, what the same "
        "plane decodes to. Below, the test loss over the epochs, with a handle for the time.",
        plane="μ of {count} test digits; those beyond the edge lie on the rim",
        map="what the same plane decodes to",
        time="the test loss in nats per image: drag along it",
        readout="epoch {epoch}: BCE {recon} + KL {kl} = {loss} nats per test image",
        pick="A {label}, number {index}, is being followed. Click another, or use the arrow keys",
        none="Click a digit, or use the arrow keys, to follow it",
        axis="epoch",
        loss="loss",
    )
    frame = Index(0, of="frames")
    digit = Index(6, of="labels", min=-1)
    frames = traitlets.List(traitlets.Int()).tag(sync=False)  # 0, 1, ...: what `frame` may be
    epochs = traitlets.List(Number())  # of each look
    recon = traitlets.List(Number())
    kl = traitlets.List(Number())
    places = traitlets.Bytes()  # (looks, digits, 2) int16, in units of `unit`
    unit = Number(1.0)
    maps = traitlets.Bytes()  # (looks, side * side * 98): two 4-bit greys a byte
    side = traitlets.Int(8, min=1)
    reach = Number(3.5, min=0)  # the outermost codes of the map
    classes = traitlets.Bytes()  # (digits,) uint8
    flying = traitlets.List(traitlets.Int())  # which of them have pictures
    pictures = Pictures()
    labels = traitlets.List(traitlets.Int())
    colors = traitlets.List(traitlets.Unicode(), DIGIT_COLORS)

    def __init__(self, x, labels, *, frame=None, **traits):
        table = tables.read("learning")
        settings, rows = table["settings"], table["rows"]
        check_pictures("x", x, 784)
        labels, _ = classes("labels", labels, len(x))
        if len(x) != settings["digits"]:
            raise ValueError(f"x: expected the first {settings['digits']} test pictures, got {len(x)}")
        self.flying = [i for c in range(10) for i in [k for k, label in enumerate(labels) if label == c][:FLYING]]
        self.pictures, self.labels = x[self.flying], [labels[i] for i in self.flying]
        self.frames = list(range(TENTHS * (len(rows) - 1) + 1))
        self.frame = 68 if frame is None else frame  # all of the crowd has just come apart
        self.sweep = {"frame": [0, self.frames[-1]]}
        self.epochs, self.recon, self.kl = ([row[name] for row in rows] for name in ("epoch", "recon", "kl"))
        self.places = b"".join(tables.unpack(row["mu"]) for row in rows)
        self.maps = b"".join(tables.unpack(row["map"]) for row in rows)
        self.unit, self.side, self.reach = settings["step"], settings["side"], settings["reach"]
        self.classes = bytes(labels)
        super().__init__(**traits)

    def mu(self, look: int) -> torch.Tensor:
        """Where the digits lie at a look, (digits, 2)."""
        count = 4 * len(self.classes)
        part = bytearray(self.places[look * count : (look + 1) * count])
        return torch.frombuffer(part, dtype=torch.int16).view(-1, 2) * self.unit

    def controls(self):
        last = self.frames[-1]
        slider = ipywidgets.IntSlider(self.frame, min=0, max=last, description="time", readout=False)
        play = self.play("frame", min=0, max=last, interval=50)
        play.value = self.frame
        return [self.row(self.wide("frame", slider), play)]
