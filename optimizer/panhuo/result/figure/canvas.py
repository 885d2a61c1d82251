"""What all drawings share: settings, the window, scale bar and north arrow, the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from numpy.typing import NDArray

from panhuo.instance import Instance
from panhuo.result.figure.letters import FAMILIES, lettered, register
from panhuo.words import Text

Floats = NDArray[np.float64]
Limits = tuple[tuple[float, float], tuple[float, float]]

INK, SOFT, LINE = "#1B1F24", "#57606A", "#BBBBBB"
"""Words, remarks, frames."""

_SETTINGS: dict[str, Any] = {
    "font.family": list(FAMILIES),
    "text.parse_math": False,  # names are data: a $ is a $
    "text.color": INK,
    "svg.fonttype": "path",  # looks the same where the fonts are missing
    "svg.hashsalt": "panhuo",
    "hatch.linewidth": 0.5,
}


@contextmanager
def settings() -> Iterator[None]:
    """Draw and save with settings of our own, whatever those of the machine or of the caller are."""
    register()
    with style.context(["default", _SETTINGS]):
        yield


def window(at: Floats, ratio: float | None = None) -> Limits:
    """Give the limits of a panel: all points with a margin, wide enough for the largest mark.

    Parameters
    ----------
    at : (N, 2) float [m]
        What is drawn.
    ratio : float, optional
        Width of the panel over its height; without one no flatter than 1:3 nor steeper than 3:2.
    """
    low, high = (at.min(axis=0), at.max(axis=0)) if len(at) else (np.zeros(2), np.ones(2))
    middle, half = (low + high) / 2, np.maximum((high - low) / 2, 1e-6)
    least, most = (2 / 3, 3.0) if ratio is None else (ratio, ratio)
    half = np.maximum(half, (half[1] * least, half[0] / most)) * 1.08
    (left, bottom), (right, top) = middle - half, middle + half
    return (float(left), float(right)), (float(bottom), float(top))


def framed(axes: Axes, limits: Limits) -> None:
    """Set the limits of a panel and a thin frame around it."""
    axes.set(xlim=limits[0], ylim=limits[1], aspect="equal", xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set(color=LINE, linewidth=0.6)


def scale_bar(axes: Axes, size: float = 6) -> None:
    """Draw a bar of a round length, at most a quarter of the width."""
    wide, high = float(np.ptp(axes.get_xlim())), float(np.ptp(axes.get_ylim()))
    power = 10.0 ** np.floor(np.log10(wide / 4))
    length = max(step * power for step in (1, 2, 5) if step * power <= wide / 4)
    words = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    left, bottom = axes.get_xlim()[0] + 0.04 * wide, axes.get_ylim()[0] + 0.05 * high
    axes.plot([left, left + length], [bottom, bottom], color="black", linewidth=1.4, solid_capstyle="butt", zorder=6)
    axes.annotate(words, (left + length / 2, bottom), (0, 2), textcoords="offset points", ha="center", va="bottom",
                  fontsize=size, zorder=6)  # fmt: skip


def saved(figure: Figure, path: Path, **more: Any) -> Text | None:
    """Write a drawing, the same bytes for the same drawing.

    Parameters
    ----------
    more
        Passed to :meth:`matplotlib.figure.Figure.savefig`.

    Returns
    -------
    Text or None
        A remark, where no font has a character.
    """
    remark = lettered(figure)
    svg = str(path).lower().endswith(".svg")
    nothing = ("Date", "Creator", "Type", "Format") if svg else ("Software",)
    figure.savefig(path, metadata=dict.fromkeys(nothing), **more)
    return remark


def north_arrow(axes: Axes, instance: Instance) -> None:
    """Draw where grid north is; plain metres have none."""
    if instance.metric_crs != "local":
        axes.annotate("N", (0.955, 0.965), (0.955, 0.845), xycoords="axes fraction", ha="center", va="center",
                      fontsize=9, arrowprops={"arrowstyle": "-|>", "color": "black", "linewidth": 1.0})  # fmt: skip


def outlined(axes: Axes, instance: Instance) -> None:
    """Draw the borders of the life circles, where they are known."""
    if instance.outlines is not None:
        rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.get_parts(instance.outlines))]
        axes.add_collection(LineCollection(rings, colors=LINE, linewidths=0.5, zorder=1))
