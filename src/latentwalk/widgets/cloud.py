"""One picture's cloud: its mu and sigma in the 2-D plane, samples of z, and the pictures that they decode to."""

import torch
import traitlets

from latentwalk._checks import check_pictures
from latentwalk.page.figure import floats
from latentwalk.page.network import Network
from latentwalk.page.script import esm
from latentwalk.page.shelf import Shelf, classes
from latentwalk.page.traits import Choice, Index, Networks, Number, Words
from latentwalk.plots import class_colors


class LatentCloud(Shelf):
    """Drag the cloud of a picture over the latent plane; samples of z are drawn and decoded in the page.

    Parameters
    ----------
    networks
        Two `Network` widgets with 2-D codes and their decoders: a VAE, then a plain autoencoder.
    pictures, labels
        (n, pixels) in [0, 1] and (n,): the pictures to choose from, and the digits that they show.
    names
        What the labels mean, where they are no digits; labels may also be words themselves.
    crowd, crowd_labels
        (m, pixels) and (m,): the pictures whose ellipses (VAE) or points (autoencoder) lie behind.
    digit
        Index of the picture chosen first.

    An autoencoder's codes have a scale of their own: its plane is shown in units of their spread (the root mean square
    of the two standard deviations over ``crowd``), from their mean.

    Traits that the page and Python share: ``digit``; ``mu1``, ``mu2``, the centre, in the units of the plane; ``scale``, the
    factor on the sigmas that the encoder gives for this picture; ``seed`` of the draw; ``view`` ("vae" or "ae"); and,
    written by the page, ``z``, the codes now decoded.
    """

    _esm = esm("cloud")
    state = ("digit", "mu1", "mu2", "scale", "seed", "view")
    title = traitlets.Unicode("One picture, one cloud").tag(words=True)
    sweep = traitlets.Dict({"scale": [3.9]})
    text = Words(
        seen="Left, the latent plane with the clouds of many pictures; right, the surroundings of one of them, magnified, with samples of z "
        "and, around them, the pictures that these decode to.",
        shelf="choose a picture",
        digit="test digit {label}, number {index}",
        whole="the latent plane: drag μ, or arrow keys",
        near="the small square, magnified: drag its rim",
        whose="{network}: a {label}",
        moved="{network}: moved away from the {label}",
        mu="μ = ({mu1}, {mu2})",
        sigma="σ = ({s1}, {s2})",
        point="one point = ({mu1}, {mu2}) in units of the spread",
        no_sigma="no σ: nothing to draw",
        own="its own cloud",
        much="four times its σ",
        halfway="halfway to the next digit",
        other_halfway="halfway to the next picture",
        sample="sample {index}, decoded from z = ({z})",
        again="Sample again",
    )
    networks = Networks(order=["vae", "ae"], latent_dim=2)
    digit = Index(0, of="labels")
    mu1 = Number()
    mu2 = Number()
    scale = Number(1.0, min=0)
    seed = traitlets.Int(1)
    view = Choice({"vae": "VAE: ellipses", "ae": "AE: points"}, "vae")
    z = traitlets.List(traitlets.List(Number()))
    codes = traitlets.List(traitlets.Bytes())  # for each network (n, 4) float32: mu, sigma
    crowds = traitlets.List(traitlets.Bytes())  # for each network (m, 4)
    crowd_labels = traitlets.List(traitlets.Int())
    frames = traitlets.List()  # for each network: the two numbers of the origin, and the unit
    colors = traitlets.List(traitlets.Unicode())

    def __init__(self, networks, pictures, labels, crowd, crowd_labels, *, names=None, digit=0, **traits):
        self.networks = networks
        self.offer(pictures, labels, names)
        self.digit, self.colors = digit, class_colors(len(self.class_names))
        check_pictures("crowd", crowd, networks[0].pixels)
        self.crowd_labels, _ = classes("crowd_labels", crowd_labels, len(crowd), self.class_names)
        vae, ae = networks
        points = ae.codes(crowd)
        origin, spread = points.mean(0), points.var(0).mean().sqrt().item()
        self.frames = [[0.0, 0.0, 1.0], [*origin.tolist(), spread]]
        clouds = _ellipses(vae, pictures)
        self.mu1, self.mu2 = clouds[digit, :2].tolist()
        self.codes = [floats(clouds), floats(_points(ae.codes(pictures), origin, spread))]
        self.crowds = [floats(_ellipses(vae, crowd)), floats(_points(points, origin, spread))]
        super().__init__(**traits)

    def controls(self):
        play = self.play("seed", min=0, max=10_000, interval=500)
        return [
            self.row(self.slider("scale", "σ ×", 0, 10, 0.1), play),
            self.slider("mu1", "μ₁", -4, 4),
            self.slider("mu2", "μ₂", -4, 4),
            self.choice("view", "network"),
        ]


def _ellipses(vae: Network, x: torch.Tensor) -> torch.Tensor:
    """mu and sigma of each picture, (n, 4)."""
    mu, logvar = vae.encode(x)
    return torch.cat([mu, (0.5 * logvar).exp()], 1)


def _points(codes: torch.Tensor, origin: torch.Tensor, unit: float) -> torch.Tensor:
    """An autoencoder's codes in the units of its plane, with sigma 0, (n, 4)."""
    return torch.cat([(codes - origin) / unit, torch.zeros_like(codes)], 1)
