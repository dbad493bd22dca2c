"""The still figures that recur, in one look: digits white on black, equal axes on latent planes, one palette."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgba
from matplotlib.figure import Figure
from torch import Tensor

from latentwalk._checks import picture_shape

# Okabe-Ito; the same thing has the same colour in every figure, still or alive.
COLORS = {
    "ae": "#D55E00",
    "vae": "#0072B2",
    "prior": "#7F7F7F",
    "mu": "#009E73",
    "sigma": "#CC79A7",
    "eps": "#E69F00",
}
# A colour map for densities and shares: from nothing, which shows the page in either theme, to blue.
FADE = LinearSegmentedColormap.from_list("fade", [to_rgba(COLORS["vae"], 0), COLORS["vae"]])
# petroff10: the colours of up to ten classes, such as digits. See `class_colors`.
DIGIT_COLORS = [
    "#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6", "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd",
]  # fmt: skip


def class_colors(count: int) -> list[str]:
    """A colour for each of ``count`` classes. More than ten lie as far apart on the colour map turbo as they can, and neighbours are unlike."""
    if count <= len(DIGIT_COLORS):
        return DIGIT_COLORS
    places = (0.1 + 0.8 * (i * 0.618034 % 1) for i in range(count))  # steps of the golden ratio
    return [to_hex(plt.colormaps["turbo"](place)) for place in places]


def use_style() -> None:
    """Give matplotlib the book's look."""
    plt.style.use(Path(__file__).with_name("latentwalk.mplstyle"))


def digits(
    pictures: Tensor,
    columns: int | None = None,
    *,
    rows: Sequence[str] | None = None,
    titles: Sequence[str] | None = None,
    scale: float = 0.8,
    shape: Sequence[int] | None = None,
) -> Figure:
    """Pictures as a grid, white on black or in colour, never smoothed.

    Parameters
    ----------
    pictures
        (n, pixels) in [0, 1], row by row; also (n, height, width) or (n, channels, height, width).
    columns
        Pictures in a row; by default all in one row.
    rows
        A label for each row.
    titles
        A title for each column.
    scale
        Inches for the height of each picture.
    shape
        (height, width) or (channels, height, width) of a picture, where it is no square.
    """
    pictures = torch.as_tensor(pictures).detach().float().cpu()
    if not 2 <= pictures.dim() <= 4:
        raise ValueError(f"pictures: expected (n, pixels), got {tuple(pictures.shape)}")
    shape = picture_shape(pictures[0].numel(), shape or (tuple(pictures.shape[1:]) if pictures.dim() > 2 else None))
    across = scale * shape[2] / shape[1]
    columns = columns or len(pictures)
    n_rows = -(-len(pictures) // columns)
    longest = max((len(label) for label in rows or []), default=0)
    figure, axes = plt.subplots(
        n_rows,
        columns,
        figsize=(across * columns + 0.085 * longest, scale * n_rows + 0.25 * bool(titles)),
        squeeze=False,
    )
    figure.set_layout_engine("constrained", w_pad=0.01, h_pad=0.01, wspace=0, hspace=0)
    for i, axis in enumerate(axes.flat):
        axis.set_axis_off()
        if i < len(pictures):
            axis.imshow(pictures[i].view(shape).movedim(0, 2).numpy(), vmin=0, vmax=1, cmap="gray")
    for label, axis in zip(rows or [], axes[:, 0]):
        axis.text(-0.15, 0.5, label, transform=axis.transAxes, ha="right", va="center")
    for title, axis in zip(titles or [], axes[0]):
        axis.set_title(title)
    return figure


def latent_plane(axis: Axes, limit: float = 4, circles: Sequence[float] = (1, 2, 3)) -> Axes:
    """Make an axis a latent plane: equal axes, and the circles at 1, 2 and 3 standard deviations of the prior."""
    for radius in circles:
        axis.add_patch(plt.Circle((0, 0), radius, fill=False, color=COLORS["prior"], linewidth=1, linestyle="--"))
    axis.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal", xlabel="$z_1$", ylabel="$z_2$")
    return axis
