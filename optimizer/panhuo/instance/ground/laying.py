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
from panhuo.instance.reading import names
from panhuo.instance.reading.files import Found
from panhuo.instance.reading.raw import Raw, Typed
from panhuo.words import T

_TABLES = ("network", "nodes")
_WITHOUT = ("straight", "minutes")
"""Methods that need no network."""


def empty(raw: Raw, settings: Settings | None, findings: Findings) -> bool:
    """Fault a network that is given and has no lines, and tell whether it is so.

    Given is a geographic file, and any file that the settings name or choose rows of; a table of edges that has a
    header and nothing else, as templates have it, is not. Where minutes do not come from a network there is no fault.

    Parameters
    ----------
    raw : Raw
        The table network, without rows.
    settings : Settings or None
        What they say of minutes and of the table; ``None`` where they cannot be read.
    findings : Findings
        Where the fault goes.
    """
    note = settings.tables.get("network") if settings is not None else None
    chosen = bool(note and note.where)
    if not (chosen or (note and note.file) or raw.file.split("[", maxsplit=1)[0].lower().endswith(names.LAYER_ENDINGS)):
        return False
    if settings is not None and settings.access.method in _WITHOUT:
        return False
    findings.fault(
        raw.file,
        T("no row meets tables.network.where, so the network has no lines")
        if chosen
        else T("the network has no lines"),
        T("Correct the conditions")
        if chosen
        else T('Export it again with its lines, or take it out, or write method = "straight" under [access]'),
    )
    return True


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
    used = method not in _WITHOUT and (there or "network" in found.broken)
    if "bus" in given and settings is not None and not used:
        findings.warn(
            given["bus"].file,
            T("nobody rides: minutes do not come from a network"),
            T("Give the network, or take the table out"),
        )
    if there and not used:
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
