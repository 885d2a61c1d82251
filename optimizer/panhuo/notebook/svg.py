"""A small map: dots for people, marks for places, a legend and a scale bar, as SVG."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_WIDE, _LOW, _HIGH, _EDGE = 640, 240, 480, 14
"""Width of the drawing, least and largest height of the map, and the margin within it [px]."""

_FINE = 2
"""Positions are kept to half a pixel: what falls on the same spot is drawn once, so that no map grows without end."""

_ROW, _SAMPLE, _LETTER = 20, 18, 6.4
"""Height of a row of the legend, width of its sample, and of a narrow letter [px]."""

_SHAPES: dict[str, tuple[tuple[float, float], ...]] = {
    "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "triangle": ((0, -1.2), (1.15, 0.9), (-1.15, 0.9)),
    "diamond": ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
    "hexagon": ((-0.6, -1.05), (0.6, -1.05), (1.2, 0), (0.6, 1.05), (-0.6, 1.05), (-1.2, 0)),
    "star": ((0, -1.5), (0.4, -0.5), (1.4, -0.45), (0.6, 0.2), (0.9, 1.2), (0, 0.6), (-0.9, 1.2), (-0.6, 0.2),
             (-1.4, -0.45), (-0.4, -0.5)),
    "cross": ((-1, -1), (1, 1), (0, 0), (-1, 1), (1, -1), (0, 0)),
}  # fmt: skip
"""Corners around the middle, about two units wide."""

_MANY, _SMALLEST = 150, 0.6
"""So many marks are drawn at their full size; more of them smaller, down to a share of it."""


@dataclass(frozen=True)
class Dots:
    """Round dots.

    Parameters
    ----------
    label : str
        Its words in the legend.
    at : (N, 2) float [m]
        Where they are.
    colour : str
        Theirs.
    size : (N,) float
        What the area of a dot stands for; the largest of all layers is drawn the largest.
    """

    label: str
    at: Floats
    colour: str
    size: Floats


@dataclass(frozen=True)
class Marks:
    """Marks of one shape.

    Parameters
    ----------
    label : str
        Their words in the legend.
    at : (N, 2) float [m]
        Where they are.
    colour : str
        Theirs; that of the lines of a cross.
    shape : str
        One of ``square``, ``triangle``, ``diamond``, ``hexagon``, ``star``, ``cross``.
    radius : float [px]
        Half their width, where they are few.
    """

    label: str
    at: Floats
    colour: str
    shape: str
    radius: float = 5.0


def drawing(layers: Sequence[Dots | Marks]) -> str:
    """Draw layers, the lowest first, with a legend below; a layer with nothing in it is left out.

    Returns
    -------
    str
        SVG. Its size grows with what can be told apart on it, not with the data.
    """
    there = [layer for layer in layers if len(layer.at)]
    every = np.concatenate([layer.at for layer in there]) if there else np.zeros((1, 2))
    low, high = every.min(axis=0), every.max(axis=0)
    span = np.maximum(high - low, 1.0)
    inner = _WIDE - 2 * _EDGE
    tall = float(np.clip(inner * span[1] / span[0], _LOW, _HIGH))
    scale = min(inner / span[0], tall / span[1])
    shift = (np.array([inner, tall]) - scale * span) / 2 + _EDGE

    def on_map(at: Floats) -> Floats:
        x, y = (at - low).T * scale
        return np.rint(np.column_stack([x + shift[0], tall - y + 2 * _EDGE - shift[1]]) * _FINE) / _FINE

    most = max((float(layer.size.max()) for layer in there if isinstance(layer, Dots)), default=1.0)
    body = "".join(
        _dots(layer, on_map(layer.at), most) if isinstance(layer, Dots) else _marks(layer, on_map(layer.at))
        for layer in there
    )
    bottom = tall + 2 * _EDGE
    legend, height = _legend(there, bottom)
    frame = f'<rect x=".5" y=".5" width="{_WIDE - 1}" height="{bottom - 1:g}" fill="#fff" stroke="#d0d7de"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDE}" height="{height:g}" '
        f'viewBox="0 0 {_WIDE} {height:g}" font-family="system-ui,sans-serif" font-size="12">'
        f"{frame}{body}{_bar(scale, bottom)}{legend}</svg>"
    )


def _dots(layer: Dots, at: Floats, most: float) -> str:
    """Draw dots of four sizes: a path of points with round ends each, which takes few letters."""
    share = np.sqrt(np.nan_to_num(layer.size) / max(most, 1e-9))
    width = np.ceil(np.clip(share, 0.25, 1.0) * 4) + 1
    found = []
    for w in np.unique(width).tolist():
        spots = np.unique(at[width == w], axis=0)
        path = "".join(f"M{x:g} {y:g}h0" for x, y in spots.tolist())
        found.append(f'<path d="{path}" stroke-width="{w + 1:g}"/>')
    return f'<g stroke="{layer.colour}" stroke-linecap="round" fill="none">{"".join(found)}</g>'


def _marks(layer: Marks, at: Floats) -> str:
    """Draw marks: one path, every mark at its place and from there by steps."""
    corners = np.array(_SHAPES[layer.shape]) * layer.radius * max(_SMALLEST, min(1.0, (_MANY / len(at)) ** 0.5))
    steps = np.diff(corners, axis=0, prepend=0)
    mark = f"m{_pair(steps[0])}l" + " ".join(map(_pair, steps[1:])) + "z"
    path = "".join(f"M{x:g} {y:g}{mark}" for x, y in np.unique(at, axis=0).tolist())
    fill, edge = ("none", layer.colour) if layer.shape == "cross" else (layer.colour, "#1b1f24")
    return f'<path d="{path}" fill="{fill}" stroke="{edge}" stroke-width=".6"/>'


def _pair(step: Floats) -> str:
    return f"{step[0]:.4g} {step[1]:.4g}"


def _bar(scale: float, bottom: float) -> str:
    """Draw a bar of a round length, at most a fifth of the width."""
    longest = _WIDE / 5 / scale
    power = 10.0 ** np.floor(np.log10(longest))
    metres = max(step * power for step in (1, 2, 5) if step * power <= longest)
    words = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    left, y, length = 10, bottom - 9, metres * scale
    return (
        f'<g><rect x="{left - 4}" y="{y - 17:g}" width="{length + 8:.1f}" height="22" fill="#fff" fill-opacity=".8"/>'
        f'<path d="M{left} {y - 4:g}v4h{length:.1f}v-4" fill="none" stroke="#1b1f24"/>'
        f'<text x="{left + length / 2:.1f}" y="{y - 5:g}" text-anchor="middle" font-size="11">{words}</text></g>'
    )


def _legend(layers: Sequence[Dots | Marks], top: float) -> tuple[str, float]:
    """Write what each layer is, in as many rows as it takes; and give the height of it all."""
    found, x, y = [], 4.0, top + _ROW - 4
    for layer in layers:
        wide = _SAMPLE + _LETTER * sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in layer.label) + 14
        if x + wide > _WIDE and x > 4:
            x, y = 4.0, y + _ROW
        spot = np.array([[x + 7, y - 4]])
        sample = (
            f'<circle cx="{x + 7:g}" cy="{y - 4:g}" r="3" fill="{layer.colour}"/>'
            if isinstance(layer, Dots)
            else _marks(layer, spot)
        )
        found.append(f'{sample}<text x="{x + _SAMPLE:g}" y="{y:g}" fill="#1b1f24">{escape(layer.label)}</text>')
        x += wide
    return "".join(found), y + 8
