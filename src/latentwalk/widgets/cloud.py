"""One picture's cloud: its mu and sigma in the 2-D plane, samples of z, and the pictures that they decode to."""

import ipywidgets
import torch
import traitlets
from ipywidgets import widget_serialization

from latentwalk.plots import DIGIT_COLORS
from latentwalk.widgets.base import (
    Figure,
    Network,
    Number,
    check_index,
    check_networks,
    check_pictures,
    esm,
    floats,
    pixels,
)


class LatentCloud(Figure):
    """Drag the cloud of a picture over the latent plane; samples of z are drawn and decoded in the page.

    Parameters
    ----------
    networks
        Two `Network` widgets with 2-D codes and their decoders: a VAE, then a plain autoencoder.
    pictures, labels
        (n, 784) in [0, 1] and (n,): the pictures to choose from, and the digits that they show.
    crowd, crowd_labels
        (m, 784) and (m,): the pictures whose ellipses (VAE) or points (autoencoder) lie behind.
    digit
        Index of the picture chosen first.

    An autoencoder's codes have a scale of their own: its plane is shown in units of their spread (the root mean square
    of the two standard deviations over ``crowd``), from their mean.

    Traits that the page and Python share: ``digit``; ``mu1``, ``mu2``, the centre, in the units of the plane; ``scale``, the
    factor on the sigmas that the encoder gives for this picture; ``seed`` of the draw; ``view`` ("vae" or "ae"); and,
    written by the page, ``z``, the codes now decoded.
    """

    _esm = esm("cloud")
    networks = traitlets.List(traitlets.Instance(Network)).tag(sync=True, **widget_serialization)
    digit = traitlets.Int(0, min=0).tag(sync=True)
    mu1 = Number().tag(sync=True)
    mu2 = Number().tag(sync=True)
    scale = Number(1.0, min=0).tag(sync=True)
    seed = traitlets.Int(1).tag(sync=True)
    view = traitlets.Enum(["vae", "ae"], "vae")
    view_index = traitlets.Int(0, min=0, max=1).tag(sync=True)
    z = traitlets.List(traitlets.List(Number())).tag(sync=True)
    pictures = traitlets.Bytes().tag(sync=True)  # (n, 784) uint8
    labels = traitlets.List(traitlets.Int()).tag(sync=True)
    codes = traitlets.List(traitlets.Bytes()).tag(sync=True)  # for each network (n, 4) float32: mu, sigma
    crowds = traitlets.List(traitlets.Bytes()).tag(sync=True)  # for each network (m, 4)
    crowd_labels = traitlets.List(traitlets.Int()).tag(sync=True)
    frames = traitlets.List().tag(sync=True)  # for each network: the two numbers of the origin, and the unit
    colors = traitlets.List(traitlets.Unicode(), DIGIT_COLORS).tag(sync=True)

    def __init__(self, networks, pictures, labels, crowd, crowd_labels, *, digit=0, title="", **traits):
        networks = check_networks(networks, latent_dim=2)
        if [n.kind for n in networks] != ["vae", "ae"]:
            raise ValueError("networks: expected a VAE and an autoencoder, in this order")
        labels = check_pictures("pictures", pictures, labels)
        crowd_labels = check_pictures("crowd", crowd, crowd_labels)
        check_index("digit", digit, len(labels))
        with torch.no_grad():
            points = networks[1].model.codes(crowd)
            frames = [
                [0.0, 0.0, 1.0],
                [*points.mean(0).tolist(), points.var(0).mean().sqrt().item()],
            ]
            codes, crowds = ([_regions(n.model, x, f) for n, f in zip(networks, frames)] for x in (pictures, crowd))
        mu1, mu2 = codes[0][digit, :2].tolist()
        super().__init__(
            title=title or "One picture, one cloud",
            text={
                "shelf": "choose a picture",
                "digit": "test digit {label}, number {index}",
                "whole": "the latent plane: drag, or arrow keys (shift: fine)",
                "near": "the small square, magnified",
                "cloud": "{network}, a {label}: \u03bc = ({mu1}, {mu2}), \u03c3 = ({s1}, {s2})",
                "point": "{network}, a {label}: one point ({mu1}, {mu2}), in units of the spread; no \u03c3, nothing to draw",
                "sample": "sample {index}, decoded from z = ({z})",
                "again": "Sample again",
                "error": "This figure has a problem: {message}",
            },
            networks=networks,
            pictures=pixels(pictures),
            labels=labels,
            codes=[floats(c) for c in codes],
            crowds=[floats(c) for c in crowds],
            crowd_labels=crowd_labels,
            frames=frames,
            digit=digit,
            mu1=mu1,
            mu2=mu2,
            **traits,
        )

    @traitlets.validate("digit")
    def _is_a_picture(self, proposal):
        if self.labels and not 0 <= proposal["value"] < len(self.labels):
            raise traitlets.TraitError(f"digit: expected an index below {len(self.labels)}")
        return proposal["value"]

    def controls(self):
        self.resets = ["digit"]
        play = ipywidgets.Play(value=self.seed, min=0, max=10_000, interval=500, show_repeat=False)
        ipywidgets.jslink((play, "value"), (self, "seed"))
        return [
            self.slider("mu1", "\u03bc\u2081", -4, 4),
            self.slider("mu2", "\u03bc\u2082", -4, 4),
            ipywidgets.HBox([self.slider("scale", "\u03c3 \u00d7", 0, 10, 0.1), play]).add_class("lw-row"),
            self.choice("view", "network", {"vae": "VAE: ellipses", "ae": "AE: points"}),
        ]


def _regions(model: torch.nn.Module, x: torch.Tensor, frame: list[float]) -> torch.Tensor:
    """Centre and sigma of each picture in the units of the plane, (n, 4); an autoencoder's sigma is 0."""
    if hasattr(model, "fc22"):
        mu, logvar = model.encode(x)
        return torch.cat([mu, (0.5 * logvar).exp()], 1)
    mu = (model.codes(x) - torch.tensor(frame[:2])) / frame[2]
    return torch.cat([mu, torch.zeros_like(mu)], 1)
