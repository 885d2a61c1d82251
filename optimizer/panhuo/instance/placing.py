"""All located tables brought into one metric frame."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from pyproj import CRS, Transformer

from panhuo.instance.coordinates import bd09_to_wgs84, gcj02_to_wgs84
from panhuo.instance.findings import Findings
from panhuo.instance.policy import Settings
from panhuo.instance.raw import Typed
from panhuo.words import T


def place(
    given: Mapping[str, Typed], settings: Settings, file: str, findings: Findings
) -> tuple[dict[str, pd.DataFrame], str]:
    located = {n: t for n, t in given.items() if t.table.located}
    ll = {}
    for n, t in located.items():
        crs = settings.tables[n].crs if n in settings.tables else ""
        crs = crs or t.crs
        if not crs:
            findings.fault(
                file,
                T("the coordinate system of {table} is missing", table=n),
                T('Write its crs, e.g. "EPSG:4490", "GCJ-02", "BD-09" or "local"'),
                column=f"tables.{n}.crs",
            )
            continue
        x, y = t.frame["x"].to_numpy(float), t.frame["y"].to_numpy(float)
        if crs == "GCJ-02":
            ll[n] = gcj02_to_wgs84(x, y)
        elif crs == "BD-09":
            ll[n] = bd09_to_wgs84(x, y)
        elif crs == "local":
            ll[n] = (x, y)
        else:
            ll[n] = Transformer.from_crs(crs, "EPSG:4490", always_xy=True).transform(x, y)
    if not ll:
        return {}, ""
    if all((settings.tables[n].crs == "local") for n in ll if n in settings.tables):
        return {n: pd.DataFrame({"x_m": a.round(3), "y_m": b.round(3)}) for n, (a, b) in ll.items()}, "local"
    import numpy as np

    lon = np.nanmean(np.concatenate([a for a, _ in ll.values()]))
    frame = settings.metric_crs or f"EPSG:{4534 + round((lon - 75) / 3)}"
    tr = Transformer.from_crs("EPSG:4490", frame, always_xy=True)
    out = {}
    for n, (a, b) in ll.items():
        e, nn = tr.transform(a, b)
        out[n] = pd.DataFrame({"x_m": np.round(e, 3), "y_m": np.round(nn, 3)})
    return out, frame
