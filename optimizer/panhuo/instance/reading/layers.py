"""Tables out of GeoPackage, Shapefile and GeoJSON: attributes beside a position."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from panhuo.instance.findings import Findings
from panhuo.instance.reading import headers
from panhuo.instance.reading.grids import is_what_it_says
from panhuo.instance.reading.raw import Raw
from panhuo.instance.reading.units import fold
from panhuo.instance.schema import Table
from panhuo.words import T

SHAPE_PARTS = (".dbf", ".shx", ".prj", ".cpg")
"""Files that belong to a shapefile beside the .shp."""


def layer(path: Path, name: str, table: Table, findings: Findings) -> Raw | None:
    """Read a geographic file; ``None`` (and a fault) where it cannot be read.

    A point gives its position, any other shape a point inside it. Rows count from 1: such files have no header row.
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
    geometry = data.geometry if "geometry" in data.columns else None
    frame = pd.DataFrame(data.drop(columns="geometry", errors="ignore")).astype(object)
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    if geometry is None or not table.located:
        return Raw(table, name, frame)
    for old in [h for h in frame.columns if (head := headers.match(table, str(h))) and head.name in ("x", "y")]:
        findings.warn(
            name,
            T("the column is not used: the position is that of the shape"),
            T("Remove the column"),
            column=str(old),
        )
        frame = frame.drop(columns=old)
    lost = geometry.isna() | geometry.is_empty
    for line in frame.index[lost.to_numpy()]:
        findings.fault(name, T("the row has no shape"), T("Draw its point or delete the row"), row=int(line))
    frame = frame.loc[~lost.to_numpy()]
    points = geometry[~lost].representative_point()
    frame["x"] = points.x.astype(object).to_numpy()
    frame["y"] = points.y.astype(object).to_numpy()
    crs = data.crs
    code = crs.to_epsg(min_confidence=25) if crs is not None else None
    return Raw(table, name, frame, f"EPSG:{code}" if code else "")
