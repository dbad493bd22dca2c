"""What beta does: networks trained under several weights of the KL term, one at a time."""

import ipywidgets
import traitlets

from latentwalk._checks import check_pictures
from latentwalk.page.figure import Figure
from latentwalk.page.measured import BINS, measure
from latentwalk.page.script import esm
from latentwalk.page.shelf import classes
from latentwalk.page.traits import Index, Networks, Number, Pictures, Words
from latentwalk.plots import class_colors

ROW = 6  # pictures that are reconstructed


class Beta(Figure):
    """Drag along the curve of reconstruction against KL, from one network to the next: they differ only in their beta.

    For each: samples from N(0, I), decoded, and reconstructions, from one sample of z each; the plane of the two dimensions with
    the largest KL, with ellipses mu +- sigma, on the same scale for all; the histogram of sigma.

    Parameters
    ----------
    networks
        A `Network` widget with its decoder for each beta, VAEs of one size. The page loads one when its beta is chosen.
    betas
        The beta of each, growing.
    x, labels
        (n, pixels) in [0, 1] and (n,): the pictures that reconstruction, KL and sigma are measured on. The first ``crowd`` are
        drawn as ellipses, and of these the first of each of six classes, 0 to 5 for digits, are reconstructed.
    names
        What the labels mean, where they are no digits; labels may also be words themselves.

    Traits that the page and Python share: ``index`` of the network shown, and ``seed`` of the samples. ``measures`` holds for
    each network recon and kl (nats per image, one sample of z), active (number of dimensions), sigma and spread of mu (means).
    """

    _esm = esm("beta")
    state = ("index", "seed")
    title = traitlets.Unicode("What beta does").tag(words=True)
    text = Words(
        seen="A curve of reconstruction against KL with a dot for each β. Beside it, what the chosen network decodes from samples of the "
        "prior and from the codes of test pictures; below, the clouds of test pictures, and a histogram of σ.",
        plane="clouds μ ± σ; dashed: the prior",
        plane_label="test pictures as ellipses μ ± σ, β = {beta}, over z{i} and z{j}, the two dimensions with the largest KL",
        histogram="σ of all test pictures in all dimensions; dashed: the prior's",
        recon="test digits, reconstructed",
        other_recon="pictures, reconstructed",
        samples="z from N(0, I), decoded",
        curve="nats per image; drag along the curve",
        axis_recon="↑ reconstruction",
        axis_kl="KL →",
        original="test digit {label}",
        picture="test digit {label}, reconstructed with β = {beta}",
        other_original="{label}",
        other_picture="{label}, reconstructed with β = {beta}",
        sample="sample {i} from the prior, decoded with β = {beta}",
        chip_beta="β = {beta}",
        chip_recon="recon = {recon}",
        chip_kl="KL = {kl}",
        chip_sum="sum = {sum} nats",
        chip_active="active = {active} of {dims}",
        chip_sigma="mean σ = {sigma}",
        chip_spread="spread of μ = {spread}",
        draw="New samples",
    )
    networks = Networks(kinds=("vae",), alike=True)
    betas = traitlets.List(Number())
    index = Index(0, of="betas")
    seed = traitlets.Int(1, min=1)
    measures = traitlets.List(traitlets.Dict())
    dims = traitlets.List(traitlets.List(traitlets.Int()))  # for each network the two of the plane
    planes = traitlets.List(traitlets.Bytes())  # for each (crowd, 4) float32: mu, mu, sigma, sigma
    histograms = traitlets.List(traitlets.List(Number()))  # for each the share in each bin
    bins = traitlets.List(Number(), BINS.tolist())
    codes = traitlets.List(traitlets.Bytes())  # for each (ROW, latent_dim) float32: z of the reconstructed
    pictures = Pictures()  # those that are reconstructed
    labels = traitlets.List(traitlets.Int())
    class_names = traitlets.List(traitlets.Unicode())
    colors = traitlets.List(traitlets.Unicode())

    def __init__(self, networks, betas, x, labels, *, names=None, index=0, crowd=120, **traits):
        self.networks, self.betas, self.index = networks, [float(beta) for beta in betas], index
        if len(networks) != len(self.betas) or self.betas != sorted(set(self.betas)):
            raise ValueError(f"betas: expected one growing beta for each of {len(networks)} networks, got {self.betas}")
        x = check_pictures("x", x, networks[0].pixels).float().cpu()
        labels, self.class_names = classes("labels", labels, len(x), names)
        self.labels, self.colors = labels[:crowd], class_colors(len(self.class_names))
        chosen = [self.labels.index(label) for label in sorted(set(self.labels))[:ROW]]
        if len(chosen) < min(ROW, len(self.class_names)):
            raise ValueError(f"labels: expected {min(ROW, len(self.class_names))} classes among the first {crowd}")
        self.pictures = x[chosen]
        states = [measure(network, x, chosen, crowd) for network in networks]
        super().__init__(**{name: [state[name] for state in states] for name in states[0]}, **traits)

    def controls(self):
        slider = ipywidgets.SelectionSlider(
            options=[(f"{beta:g}", k) for k, beta in enumerate(self.betas)], value=self.index, description="β"
        )
        return [ipywidgets.VBox([self.wide("index", slider, "index")]).add_class("lw-sticky")]
