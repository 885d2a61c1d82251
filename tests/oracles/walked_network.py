"""Shortest walks by networkx: every point is put into the graph as a node of its own.

Shares no code with ``panhuo.access``: heights, speeds and snapping are worked out again here, one edge and one point
at a time.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pyproj
from shapely import LineString, Point, STRtree

from panhuo.instance import Instance
from panhuo.instance.maps import Raster


@dataclass(frozen=True)
class Snapped:
    """A point on the network: edge, share of its length, straight walk to it [m]."""

    edge: int
    share: float
    leg_m: float


class WalkedNetwork:
    """The network of an instance as one walking profile finds it.

    Points (id → x_m, y_m) are nodes ``("point", id)`` of ``graph``, whose edges weigh ``minutes`` and ``metres``.
    """

    def __init__(self, instance: Instance, profile: str, points: Mapping[Any, tuple[float, float]]) -> None:
        assert instance.network is not None
        self.instance, self.network = instance, instance.network
        self.who = instance["profiles"].set_index("profile").loc[profile]
        self.per_minute = self.who["speed_km_h"] * 1000 / 60
        edges = range(len(self.network.start))
        self.lines = [LineString(self.network.shape[self.network.first[e] : self.network.first[e + 1]]) for e in edges]
        self.grades = self._all_grades()
        self.usable = [e for e in edges if self._may_use(e)]
        self.snapped = dict(zip(points, self._snap(np.array(list(points.values()))), strict=True))
        self.graph = self._graph()

    def minutes_to(self, place: Any, limit: float | None = None) -> dict[Any, float]:
        """Minutes from every point to ``place``."""
        return self._to(place, "minutes", limit)

    def metres_to(self, place: Any, limit: float | None = None) -> dict[Any, float]:
        """Metres from every point to ``place`` along edges this profile may use."""
        return self._to(place, "metres", limit)

    def _to(self, place: Any, weight: str, limit: float | None) -> dict[Any, float]:
        if ("point", place) not in self.graph:
            return {}
        back = self.graph.reverse(copy=False)
        found = nx.single_source_dijkstra_path_length(back, ("point", place), cutoff=limit, weight=weight)
        # a point is entered by its leg only: what lies beyond was not reached through another point
        return {node[1]: value for node, value in found.items() if node[0] == "point"}

    def _may_use(self, edge: int) -> bool:
        if not self.network.walk[edge]:
            return False
        if self.network.stairs[edge]:
            return bool(self.who["climbs_stairs"])
        return pd.isna(self.who["max_grade"]) or max(abs(g) for g in self.grades[edge]) <= self.who["max_grade"]

    def _all_grades(self) -> list[list[float]]:
        """Give the grades of the pieces of every edge, in the direction it is drawn."""
        raster, net = self.instance.elevation, self.network
        if raster is None:
            return [[0.0]] * len(self.lines)
        spacing = self.instance.settings.access.sample_m
        stations = []
        for line, span in zip(self.lines, net.span, strict=True):
            pieces = 1 if span else max(1, int(np.ceil(line.length / spacing)))
            stations.append([line.interpolate(k / pieces, normalized=True) for k in range(pieces + 1)])
        places = np.array([(at.x, at.y) for along in stations for at in along])
        if raster.crs != self.instance.metric_crs:
            turn = pyproj.Transformer.from_crs(self.instance.metric_crs, raster.crs, always_xy=True)
            places = np.column_stack(turn.transform(places[:, 0], places[:, 1]))
        heights = iter([_height(raster, x, y) for x, y in places.tolist()])
        return [
            self._grades([next(heights) for _ in along], float(long))
            for along, long in zip(stations, net.length_m, strict=True)
        ]

    def _grades(self, known: list[float | None], long: float) -> list[float]:
        pieces = len(known) - 1
        at = [k for k, h in enumerate(known) if h is not None]
        if not at:
            assert self.instance.settings.access.no_data == "flat"
            return [0.0] * pieces
        heights = np.interp(range(pieces + 1), at, [known[k] for k in at])
        return [float(rise / (long / pieces)) if long else 0.0 for rise in np.diff(heights)]

    def _minutes(self, edge: int, backward: bool) -> list[float]:
        """Give the minutes up to the end of each piece of an edge; against its direction as seen from its start."""
        grades = self.grades[edge]
        long = self.network.length_m[edge] / len(grades)
        spent = [0.0]
        for grade in grades:
            if self.network.stairs[edge]:
                pace = self.who["stairs_factor"]
            else:
                pace = np.exp(-3.5 * abs((-grade if backward else grade) + 0.05)) / np.exp(-3.5 * 0.05)
            spent.append(spent[-1] + long / (self.per_minute * pace))
        return spent

    def _snap(self, points: np.ndarray) -> Iterator[Snapped | None]:
        tree = STRtree([self.lines[e] for e in self.usable])
        for x, y in points:
            here = Point(x, y)
            near = tree.query_nearest(here, all_matches=True)
            edge = min(self.usable[k] for k in near)
            line = self.lines[edge]
            leg = here.distance(line)
            far = leg > self.instance.settings.access.max_snap_m
            yield None if far else Snapped(edge, line.project(here) / line.length if line.length else 0.0, leg)

    def _graph(self) -> nx.MultiDiGraph:
        graph = nx.MultiDiGraph()
        on = defaultdict(list)
        for name, at in self.snapped.items():
            if at is not None:
                on[at.edge].append((at.share, ("on", name)))
                leg = {"minutes": at.leg_m / self.per_minute, "metres": at.leg_m}
                graph.add_edge(("point", name), ("on", name), **leg)
                graph.add_edge(("on", name), ("point", name), **leg)
        for e in self.usable:
            ends = ("node", int(self.network.start[e])), ("node", int(self.network.end[e]))
            stops = [(0.0, ends[0]), *sorted(on[e]), (1.0, ends[1])]
            there, back = self._minutes(e, False), self._minutes(e, True)
            at_piece = np.linspace(0, 1, len(there))
            for (a, here), (b, ahead) in itertools.pairwise(stops):
                metres = (b - a) * self.network.length_m[e]
                onward = np.interp(b, at_piece, there) - np.interp(a, at_piece, there)
                homeward = np.interp(b, at_piece, back) - np.interp(a, at_piece, back)
                graph.add_edge(here, ahead, minutes=float(onward), metres=metres)
                graph.add_edge(ahead, here, minutes=float(homeward), metres=metres)
        return graph


def _height(raster: Raster, x: float, y: float) -> float | None:
    """Height at a position in the raster's system: bilinear between the cell centres that have data."""
    a, b, c, d, e, f = raster.transform
    column, row = np.linalg.solve([[a, b], [d, e]], [x - c, y - f]).tolist()
    heights = raster.values  # noqa: PD011
    rows, columns = heights.shape
    if not (0 <= column <= columns and 0 <= row <= rows):
        return None
    column, row = min(max(column - 0.5, 0), columns - 1), min(max(row - 0.5, 0), rows - 1)
    total = weight = 0.0
    for i in (int(row), min(int(row) + 1, rows - 1)):
        for j in (int(column), min(int(column) + 1, columns - 1)):
            share = max(0.0, 1 - abs(row - i)) * max(0.0, 1 - abs(column - j))
            value = float(heights[i, j])
            if share > 0 and not np.isnan(value):
                # in the last half cell both neighbours are the border cell; the weights sum to two there
                total, weight = total + share * value, weight + share
    return total / weight if weight > 0 else None
