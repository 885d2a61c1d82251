"""Tables out of GeoPackage, Shapefile and GeoJSON: attributes beside a position."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from panhuo.instance.findings import Findings
from panhuo.instance.reading import headers
from panhuo.instance.reading.grids import is_what_it_says
from panhuo.instance.reading.raw import Raw, Shapes
from panhuo.instance.reading.units import fold
from panhuo.instance.schema import Table
from panhuo.words import T

SHAPE_PARTS = (".dbf", ".shx", ".prj", ".cpg")
"""Files that belong to a shapefile beside the .shp."""

_POINTS, _LINES, _AREAS = (0, 4), (1, 2, 5), (3, 6)
SHAPED: dict[str, tuple[int, ...]] = {"network": _LINES, "circles": _AREAS, "buildings": (*_POINTS, *_AREAS)}
"""Tables whose shapes are used, and the kinds these may be of (shapely's type ids); a building may be a point."""


def layer(path: Path, name: str, table: Table, findings: Findings) -> Raw | None:
    """Read a geographic file; ``None`` (and a fault) where it cannot be read.

    A point gives its position, any other shape a point inside it; the tables of `SHAPED` keep their shapes.
    Rows count from 1: such files have no header row.
    """
    import pyogrio  # noqa: PLC0415 (slow to load, needed for such files only)

    if not is_what_it_says(path, name, findings):
        return None
    encoding = "GB18030" if path.suffix.lower() == ".shp" and not path.with_suffix(".cpg").exists() else None
    try:
        layers = [str(n) for n, _ in pyogrio.list_layers(path)]
        wanted = [n for n in layers if fold(n) in (fold(table.name), fold(table.zh))] or layers
        if len(wanted) != 1:
            findings.fault(
                name,
                T("several layers, and none is called {table}: {layers}", table=table.name, layers=", ".join(layers)),
                T("Rename the layer that is meant to {table}", table=table.name),
            )
            return None
        data = pyogrio.read_dataframe(path, layer=wanted[0], encoding=encoding)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, UnicodeDecodeError, ValueError) as error:
        reason = " ".join(str(error).split())
        findings.fault(name, T("the file is damaged or incomplete ({reason})", reason=reason), T("Export it again"))
        return None
    frame = pd.DataFrame(data.drop(columns="geometry", errors="ignore")).astype(object)
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    used = table.located or table.name in SHAPED
    if "geometry" not in data.columns or not used or (not table.located and data.geometry.isna().all()):
        return Raw(table, name, frame)
    shapes = np.asarray(data.geometry.array, dtype=object)
    fit = _fitting(table, shapes, name, findings)
    frame, shapes = frame.loc[fit], shapely.force_2d(shapes[fit])
    if table.located:
        frame = _with_position(frame, shapes, table, name, findings)
    code = data.crs.to_epsg(min_confidence=25) if data.crs is not None else None
    return Raw(table, name, frame, f"EPSG:{code}" if code else "", shapes if table.name in SHAPED else None)


def _fitting(table: Table, shapes: Shapes, name: str, findings: Findings) -> NDArray[np.bool_]:
    """Tell which rows have a shape the table can use; the others are faults."""
    lost = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    for at in np.flatnonzero(lost):
        findings.fault(name, T("the row has no shape"), T("Draw it or delete the row"), row=int(at) + 1)
    wanted = SHAPED.get(table.name)
    other = ~lost & ~np.isin(shapely.get_type_id(shapes), wanted) if wanted else np.zeros(len(shapes), dtype=bool)
    for at in np.flatnonzero(other):
        findings.fault(
            name,
            T("the shape must be a line") if wanted == _LINES else T("the shape must be an area"),
            T("Draw it as such, or delete the row"),
            row=int(at) + 1,
            value=shapes[at].geom_type,
        )
    fit: NDArray[np.bool_] = ~lost & ~other
    return fit


def _with_position(frame: pd.DataFrame, shapes: Shapes, table: Table, name: str, findings: Findings) -> pd.DataFrame:
    """Add the positions of the shapes; what the file says of them itself is not used."""
    for old in [h for h in frame.columns if (head := headers.match(table, str(h))) and head.name in ("x", "y")]:
        findings.warn(
            name,
            T("the column is not used: the position is that of the shape"),
            T("Remove the column"),
            column=str(old),
        )
        frame = frame.drop(columns=old)
    points = shapely.point_on_surface(shapes)
    return frame.assign(x=shapely.get_x(points).astype(object), y=shapely.get_y(points).astype(object))
