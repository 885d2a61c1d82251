"""Tables out of GeoPackage, Shapefile and GeoJSON: attributes beside a position."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from panhuo.instance.findings import Findings
from panhuo.instance.reading import headers, shapefile
from panhuo.instance.reading.gdal import heard
from panhuo.instance.reading.grids import is_what_it_says
from panhuo.instance.reading.notes import Note, named_layer
from panhuo.instance.reading.raw import Raw, Shapes
from panhuo.instance.reading.units import fold
from panhuo.instance.schema import Table
from panhuo.words import T

SHAPE_PARTS = (".dbf", ".shx", ".prj", ".cpg")
"""Files that belong to a shapefile beside the .shp."""

_POINTS, _LINES, _AREAS = (0, 4), (1, 2, 5), (3, 6)
SHAPED: dict[str, tuple[int, ...]] = {"network": _LINES, "circles": _AREAS, "buildings": (*_POINTS, *_AREAS)}
"""Tables whose shapes are used, and the kinds these may be of (shapely's type ids); a building may be a point."""


def layer(path: Path, table: Table, note: Note | None, findings: Findings) -> Raw | None:
    """Read a layer of a geographic file with all its rows and shapes; ``None`` (and a fault) where that fails.

    Rows count from 1: such files have no header row.
    """
    import pyogrio  # noqa: PLC0415 (slow to load, needed for such files only)

    name = path.name
    if not is_what_it_says(path, name, findings):
        return None
    words = shapefile.encoding(path) if path.suffix.lower() == ".shp" else None
    as_bytes = words == shapefile.UTF_8  # names cut inside a character cannot be read otherwise
    try:
        with heard(path, name, findings), np.errstate(invalid="ignore"):  # positions that are no numbers: a fault below
            wanted = _layer_of([str(n) for n, _ in pyogrio.list_layers(path)], name, table, note, findings)
            if wanted is None:
                return None
            if path.suffix.lower() == ".shp" and not _beside(path, ".dbf"):
                rule = T("{file} is missing: a shapefile cannot be read without it", file=f"{path.stem}.dbf")
                findings.fault(name, rule, T("Put all files of the shapefile beside it"))
                return None
            data = pyogrio.read_dataframe(path, layer=wanted, encoding="ISO-8859-1" if as_bytes else words)
        frame = pd.DataFrame(data.drop(columns="geometry", errors="ignore")).astype(object)
        frame = shapefile.decoded(frame) if as_bytes else frame
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, UnicodeDecodeError, ValueError) as error:
        reason = " ".join(str(error).split())
        findings.fault(name, T("the file is damaged or incomplete ({reason})", reason=reason), T("Export it again"))
        return None
    label = f"{name}[{wanted}]" if note is not None and note.said.layer else name
    if path.suffix.lower() == ".shp":
        own = note.own_headers if note is not None else frozenset[str]()
        frame = shapefile.named(frame, words or shapefile.GB18030, table, own, name, findings)
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    used = table.located or table.name in SHAPED
    if "geometry" not in data.columns or not used or (not table.located and data.geometry.isna().all()):
        return Raw(table, label, frame)
    code = data.crs.to_epsg(min_confidence=25) if data.crs is not None else None
    return Raw(table, label, frame, f"EPSG:{code}" if code else "", np.asarray(data.geometry.array, dtype=object))


def _beside(path: Path, ending: str) -> bool:
    """Tell whether a file of the same name with another ending is there, in small letters or capitals."""
    return any(path.with_suffix(e).is_file() for e in (ending, ending.upper()))


def _layer_of(there: list[str], name: str, table: Table, note: Note | None, findings: Findings) -> str | None:
    if note is not None and note.said.layer:
        return named_layer(there, name, note, findings)
    wanted = [n for n in there if fold(n) in (fold(table.name), fold(table.zh))] or there
    if len(wanted) == 1:
        return wanted[0]
    findings.fault(
        name,
        T("several layers, and none is called {table}: {layers}", table=table.name, layers=", ".join(there)),
        T("Rename the layer that is meant to {table}", table=table.name),
    )
    return None


def located(raw: Raw, findings: Findings) -> Raw:
    """Take the positions of a geographic table from its shapes, and keep shapes only where they are used.

    A point gives its position, any other shape a point inside it; the tables of `SHAPED` keep their shapes.
    """
    if raw.shapes is None:
        return raw
    raw = raw.rows(_fitting(raw.table, raw.shapes, raw.frame.index, raw.file, findings))
    shapes = shapely.force_2d(raw.shapes)
    if raw.table.located:
        raw = _with_position(raw, shapes, findings)
    return replace(raw, shapes=shapes if raw.table.name in SHAPED else None)


def _fitting(table: Table, shapes: Shapes, lines: pd.Index, name: str, findings: Findings) -> NDArray[np.bool_]:
    """Tell which rows have a shape the table can use; the others are faults."""
    lost = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    for line in lines[lost]:
        findings.fault(name, T("the row has no shape"), T("Draw it or delete the row"), row=int(line))
    xy, of = shapely.get_coordinates(shapes, return_index=True)
    unplaced = np.bincount(of, ~np.isfinite(xy).all(axis=1), len(shapes)) > 0
    for line in lines[unplaced]:
        findings.fault(
            name, T("a position of the shape is no number"), T("Draw it anew or delete the row"), row=int(line)
        )
    lost |= unplaced
    wanted = SHAPED.get(table.name)
    other = ~lost & ~np.isin(shapely.get_type_id(shapes), wanted) if wanted else np.zeros(len(shapes), dtype=bool)
    for at in np.flatnonzero(other):
        findings.fault(
            name,
            T("the shape must be a line") if wanted == _LINES else T("the shape must be an area"),
            T("Draw it as such, or delete the row"),
            row=int(lines[at]),
            value=shapes[at].geom_type,
        )
    fit: NDArray[np.bool_] = ~lost & ~other
    return fit


def _with_position(raw: Raw, shapes: Shapes, findings: Findings) -> Raw:
    """Add the positions of the shapes; what the file says of them itself is not used."""
    meant = {ours: header for ours, header in raw.meant.items() if not _position(raw.table, ours)}
    taken = [header for ours, header in raw.meant.items() if ours not in meant]
    natural = [h for h in map(str, raw.frame.columns) if h not in raw.meant.values() and _position(raw.table, h)]
    for old in dict.fromkeys([*natural, *taken]):
        findings.warn(
            raw.file,
            T("the column is not used: the position is that of the shape"),
            T("Remove the column"),
            column=old,
        )
    points = shapely.point_on_surface(shapes)
    frame = raw.frame.drop(columns=natural)
    frame = frame.assign(x=shapely.get_x(points).astype(object), y=shapely.get_y(points).astype(object))
    return replace(raw, frame=frame, meant=meant)


def _position(table: Table, header: str) -> bool:
    head = headers.match(table, header)
    return head is not None and head.name in ("x", "y")
