"""Where things lie on the map: whole metres from its lower left corner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from bokeh.models import TileSource, TMSTileSource, WMTSTileSource
from numpy.typing import NDArray

from panhuo.instance import Instance
from panhuo.instance.position import systems
from panhuo.instance.position.coordinates import wgs84_to_gcj02
from panhuo.result.page.basemap import Basemap

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Rings = list[list[list[list[int]]]]
"""Polygons of one shape, each a list of rings (the shell first), each ring its coordinates one after the other."""

MERCATOR = "EPSG:3857"
_HALF_M = 20037508.342789244
"""Half the width of the world in Web Mercator."""
_TILE = 256


@dataclass(frozen=True, eq=False)
class Frame:
    """The map's own positions.

    They are those of the metric frame; above a basemap those of Web Mercator, shrunk to true metres in the middle of
    the district, so that rings and the scale bar hold.

    Parameters
    ----------
    crs : str
        The metric frame of the instance.
    basemap : Basemap or None
        What lies below.
    shrink : float
        True metres a metre of Web Mercator; 1 without a basemap.
    corner : (2,) float [m]
        Lower left corner, in shrunk metres.
    size : (2,) int [m]
        Width and height of what lies on the map, from the corner.
    """

    crs: str
    basemap: Basemap | None
    shrink: float
    corner: Floats
    size: Ints

    @classmethod
    def of(cls, instance: Instance, basemap: Basemap | None) -> Frame:
        """Lay the frame around all people and places."""
        tables = (instance[t][["x_m", "y_m"]].to_numpy(float) for t in ("demand", "sites", "existing"))
        everything = np.concatenate(list(tables))
        shrink = 1.0
        if basemap is not None:
            north = _lonlat(everything.mean(axis=0, keepdims=True), instance.metric_crs)[1]
            shrink = float(np.cos(np.radians(north[0])))
        whole = cls(instance.metric_crs, basemap, shrink, np.zeros(2), np.zeros(2, dtype=np.int64))
        at = whole._projected(everything)
        corner = np.floor(at.min(axis=0))
        size = np.maximum(np.rint(at.max(axis=0) - corner), 1).astype(np.int64)
        return cls(instance.metric_crs, basemap, shrink, corner, size)

    def at(self, xy: Floats) -> Ints:
        """Place positions of the metric frame, (n, 2) [m]."""
        return np.rint(self._projected(xy) - self.corner).astype(np.int64)

    def rings(self, shape: shapely.Geometry) -> Rings:
        """Place the polygons of a shape."""
        found: Rings = []
        for polygon in shapely.get_parts(shape):
            if shapely.get_type_id(polygon) == shapely.GeometryType.POLYGON:
                rings = [polygon.exterior, *polygon.interiors]
                found.append([self.at(shapely.get_coordinates(ring)).T.tolist() for ring in rings])
        return found

    def tiles(self) -> TileSource | None:
        """Give the tiles, which count in shrunk metres from the corner too."""
        if self.basemap is None:
            return None
        west, south = (self.shrink * _HALF_M + self.corner).tolist()
        turned = "{-y}" in self.basemap.url
        url = self.basemap.url
        for ours, theirs in (("{-y}", "{Y}"), ("{x}", "{X}"), ("{y}", "{Y}"), ("{z}", "{Z}")):
            url = url.replace(ours, theirs)
        kind = TMSTileSource if turned else WMTSTileSource
        return kind(
            url=url, x_origin_offset=west, y_origin_offset=south, tile_size=_TILE, wrap_around=False, max_zoom=19,
            initial_resolution=self.shrink * 2 * _HALF_M / _TILE,
        )  # fmt: skip

    def _projected(self, xy: Floats) -> Floats:
        if self.basemap is None:
            return xy
        lon, lat = _lonlat(xy, self.crs)
        if self.basemap.gcj02:
            lon, lat = wgs84_to_gcj02(lon, lat)
        return self.shrink * np.column_stack(systems.from_lonlat(MERCATOR, lon, lat))


def _lonlat(xy: Floats, crs: str) -> tuple[Floats, Floats]:
    system = systems.named(crs)
    if system is None or system.unit == "local":
        raise ValueError(f"{crs} has no place on the globe")
    return system.lonlat(xy[:, 0], xy[:, 1])
