"""Looks of the parties that pay, and bars stacked of their parts."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

LOOKS: Mapping[str, tuple[str, str]] = {
    "government": ("#0072B2", ""), "community": ("#009E73", "...."), "enterprise": ("#E69F00", "////"),
    "resident": ("#CC79A7", "\\\\\\\\"), "donor": ("#000000", "xxxx"), "": ("#C4C4C4", "----"),
}  # fmt: skip
"""Colour and hatch of each party, and of what no party is said to pay: told apart in grey print too."""


def stacked(axes: Axes, at: float, parts: Mapping[str, float], *, thick: float, upright: bool = False) -> None:
    """Stack the parties' parts along an axis, in the order given."""
    start = 0.0
    for party, amount in parts.items():
        colour, hatch = LOOKS[party]
        corner, size = (
            ((at - thick / 2, start), (thick, amount)) if upright else ((start, at - thick / 2), (amount, thick))
        )
        axes.add_patch(Rectangle(corner, *size, facecolor=colour, hatch=hatch, edgecolor="white", linewidth=0.6))
        start += amount


def swatch(party: str) -> Patch:
    """Make a legend's handle."""
    colour, hatch = LOOKS[party]
    return Patch(facecolor=colour, hatch=hatch, edgecolor="white")
