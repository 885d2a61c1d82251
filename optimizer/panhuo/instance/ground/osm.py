"""OpenStreetMap extracts (.osm, .osm.pbf) as the table network.

The words of the tags are those of the OpenStreetMap wiki: "Key:highway", "Key:access", "Key:foot", "Key:oneway",
"Key:bridge", "Key:tunnel", "Key:maxspeed", "Key:motorroad".
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from panhuo.instance.findings import Findings
from panhuo.instance.ground.kinds import KINDS
from panhuo.instance.reading import cells
from panhuo.instance.reading.gdal import heard
from panhuo.instance.reading.raw import MapFile, Typed
from panhuo.instance.schema import TABLES
from panhuo.words import T

CONFIGURATION = Path(__file__).with_name("osm.ini")
OPEN = ("yes", "designated", "permissive", "official", "public", "destination", "customers")
"""Words of ``foot`` and ``motor_vehicle`` that let one in, whatever ``access`` says."""
CLOSED = ("no", "private", "use_sidepath")
"""Words that shut one out; where ``use_sidepath`` stands, the path beside it is a line of its own."""
MPH = 1.609344
"""Kilometres in a mile."""
MOST_KM_H = 130.0

Bools = NDArray[np.bool_]


def read(extract: MapFile, findings: Findings) -> Typed | None:
    """Read the ways of an extract that have the tag ``highway``.

    Parameters
    ----------
    extract : MapFile
        The file.
    findings : Findings
        Where faults go.

    Returns
    -------
    Typed or None
        The table ``network`` with shapes in degrees; the index is the number of the way. Areas are left out. ``None``
        (and a fault) where the file cannot be read.
    """
    import pyogrio  # noqa: PLC0415 (slow to load, needed for such files only)

    try:
        with heard(extract.path, extract.file, findings):
            meta, _, shapes, columns = pyogrio.raw.read(
                extract.path, layer="lines", where="highway IS NOT NULL", CONFIG_FILE=str(CONFIGURATION)
            )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        reason = " ".join(str(error).split())
        findings.fault(
            extract.file, T("the file is damaged or incomplete ({reason})", reason=reason), T("Export it again")
        )
        return None
    tags = pd.DataFrame(dict(zip(meta["fields"], columns, strict=True))).fillna("")
    area = (tags["area"] == "yes").to_numpy()
    tags, shapes = tags[~area], shapely.from_wkb(shapes[~area])
    frame = _table(tags.set_index(tags["osm_id"].astype("int64")))
    headers = {c: c for c in frame.columns}
    return Typed(TABLES["network"], extract.file, frame, headers, crs="EPSG:4326", shapes=shapes)


def _table(tags: pd.DataFrame) -> pd.DataFrame:
    """Say what the tags mean in the columns of the table."""
    kind = tags["highway"].str.strip().str.lower()
    blank = {
        c.name: pd.Series(cells.BLANKS[c.kind], index=tags.index, dtype=cells.series([], c.kind).dtype)
        for c in TABLES["network"].columns
    }
    made = {
        "kind": kind,
        "walk": _walk(tags),
        "span": pd.Series(_is(tags["bridge"]) | _is(tags["tunnel"]), index=tags.index, dtype="boolean"),
        "oneway": _oneway(tags, kind),
        "speed_km_h": _speed(tags, kind),
        "name": tags["name"],
    }
    return pd.DataFrame({n: made.get(n, empty).astype(empty.dtype) for n, empty in blank.items()}, index=tags.index)


def _is(values: pd.Series) -> Bools:
    return (~values.isin(["", "no"])).to_numpy()


def _walk(tags: pd.DataFrame) -> pd.Series:
    """Tell who may walk where a tag says so; blank where its kind does."""
    opened = tags["foot"].isin(OPEN)
    shut = tags["foot"].isin(CLOSED) | tags["access"].isin(CLOSED) | (tags["motorroad"] == "yes")
    walk = pd.Series(pd.NA, index=tags.index, dtype="boolean")
    return walk.mask(shut, other=False).mask(opened & ~tags["highway"].isin(_unbuilt()), other=True)


def _unbuilt() -> list[str]:
    """List the kinds where no tag opens a way: it does not exist, or not yet."""
    return ["construction", "proposed", "planned", "abandoned", "disused", "razed", "demolished", "no"]


def _oneway(tags: pd.DataFrame, kind: pd.Series) -> pd.Series:
    """Tell the direction of vehicles; motorways and roundabouts have one unless they say otherwise."""
    said = tags["oneway"]
    implied = kind.isin(["motorway"]) | tags["junction"].isin(["roundabout", "circular"])
    oneway = pd.Series("no", index=tags.index, dtype=str)
    oneway = oneway.mask(said.isin(["yes", "true", "1"]) | (implied & (said == "")), "yes")
    return oneway.mask(said.isin(["-1", "reverse"]), "-1")


def _speed(tags: pd.DataFrame, kind: pd.Series) -> pd.Series:
    """Take the speed limit where vehicles go and it is a number, 0 where they may not; blank where the kind says it."""
    parts = tags["maxspeed"].str.extract(r"^\s*(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?\s*$")
    limit = parts[0].astype("float64") * np.where(parts[1] == "mph", MPH, 1.0)
    driven = kind.isin([k for k, known in KINDS.items() if known.drive_km_h > 0])
    rule = tags["motor_vehicle"].mask(tags["motor_vehicle"] == "", tags["vehicle"])
    rule = rule.mask(rule == "", tags["access"])
    return limit.clip(upper=MOST_KM_H).where(driven & (limit > 0)).mask(rule.isin(CLOSED), 0.0)
