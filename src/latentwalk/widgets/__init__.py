"""The interactive figures: ipywidgets controls joined to canvases in which the real networks run."""

from latentwalk.page.figure import Figure
from latentwalk.page.network import Network
from latentwalk.widgets.beta import Beta
from latentwalk.widgets.cloud import LatentCloud
from latentwalk.widgets.draw import Draw
from latentwalk.widgets.fit import Fit
from latentwalk.widgets.interpolation import Interpolation
from latentwalk.widgets.kl import KL
from latentwalk.widgets.lab import Lab
from latentwalk.widgets.learning import Learning
from latentwalk.widgets.machine import Machine
from latentwalk.widgets.moons import Moons
from latentwalk.widgets.plane import Plane
from latentwalk.widgets.reparameterization import Reparameterization
from latentwalk.widgets.sliders import SliderBank
from latentwalk.widgets.which_bug import WhichBug
from latentwalk.widgets.your_loss import YourLoss

__all__ = [
    "KL",
    "Beta",
    "Draw",
    "Figure",
    "Fit",
    "Interpolation",
    "Lab",
    "LatentCloud",
    "Learning",
    "Machine",
    "Moons",
    "Network",
    "Plane",
    "Reparameterization",
    "SliderBank",
    "WhichBug",
    "YourLoss",
]
