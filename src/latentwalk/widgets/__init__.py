"""The interactive figures: ipywidgets controls joined to canvases in which the real networks run."""

from latentwalk.widgets.base import Figure, Network
from latentwalk.widgets.interpolation import Interpolation

__all__ = ["Figure", "Interpolation", "Network"]
