"""Network and heights on the way from the files to the instance: whether they are asked for, and what they become."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from panhuo.instance.findings import Findings
from panhuo.instance.ground import lines, osm
from panhuo.instance.ground.elevation import elevation
from panhuo.instance.ground.network import build
from panhuo.instance.maps import Network, Raster
from panhuo.instance.policy import Settings
from panhuo.instance.reading.files import Found
from panhuo.instance.reading.raw import Typed
from panhuo.words import T

_TABLES = ("network", "nodes")


def with_lines(
    given: Mapping[str, Typed], found: Found, settings: Settings | None, file: str, findings: Findings
) -> dict[str, Typed]:
    """Read the lines of an OpenStreetMap extract, or leave a network out that is not asked for.

    Parameters
    ----------
    given : mapping of str to Typed
        The tables given.
    found : Found
        The extract, if there is one, and which tables cannot be read.
    settings : Settings or None
        How minutes come about; ``None`` where they cannot be read.
    file : str
        File of the settings.
    findings : Findings
        Where faults and warnings go.

    Returns
    -------
    dict of str to Typed
        The tables, with or without the network.
    """
    method = settings.access.method if settings is not None else None
    there = "network" in given or found.osm is not None
    if method == "network" and not there and "network" not in found.broken:
        findings.fault(
            file,
            T("minutes are to come from a network, and the table network is missing"),
            T("Give the network, or leave the method out"),
            column="access.method",
            value=method,
        )
    if there and method in ("straight", "minutes"):
        findings.warn(
            found.osm.file if found.osm is not None else given["network"].file,
            T("access.method is {method}: the network is not used", method=method),
            T("Nothing to do if that is meant"),
        )
        return {name: read for name, read in given.items() if name not in _TABLES}
    if found.osm is not None and (read := osm.read(found.osm, findings)) is not None:
        return {**given, "network": read}
    if "network" in given:
        lines.settle(given["network"], given, findings)
    return dict(given)


def lay(
    given: Mapping[str, Typed],
    positions: Mapping[str, pd.DataFrame],
    found: Found,
    settings: Settings,
    file: str,
    frame_crs: str,
    findings: Findings,
) -> tuple[Network | None, Raster | None]:
    """Make the network, and read the heights under it.

    Parameters
    ----------
    given : mapping of str to Typed
        The tables, as `with_lines` left them.
    positions : mapping of str to DataFrame (x_m, y_m)
        Positions of the located ones; empty where some are at fault.
    found : Found
        The raster of heights, if there is one.
    settings : Settings
        How minutes come about.
    file : str
        File of the settings.
    frame_crs : str
        The metric frame; empty where positions are at fault.
    findings : Findings
        Where faults and warnings go.
    """
    raster = found.rasters.get("elevation")
    if "network" not in given:
        if raster is not None and "network" not in found.broken and found.osm is None:
            findings.warn(
                raster.file,
                T("heights are not used: minutes do not come from a network"),
                T("Nothing to do if that is meant"),
            )
        return None, None
    network = build(given, positions, settings, file, frame_crs, findings)
    if network is None or raster is None:
        return network, None
    return network, elevation(raster, network, settings, file, frame_crs, findings)
