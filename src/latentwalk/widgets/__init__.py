"""The interactive figures: ipywidgets controls joined to canvases in which the real networks run."""

from latentwalk.widgets.base import Figure, Network
from latentwalk.widgets.beta import Beta
from latentwalk.widgets.cloud import LatentCloud
from latentwalk.widgets.fit import Fit
from latentwalk.widgets.interpolation import Interpolation
from latentwalk.widgets.kl import KL
from latentwalk.widgets.reparameterization import Reparameterization

__all__ = ["KL", "Beta", "Figure", "Fit", "Interpolation", "LatentCloud", "Network", "Reparameterization"]
