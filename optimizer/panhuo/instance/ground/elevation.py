"""Heights of the ground out of a GeoTIFF, and whether they are known under the network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from panhuo.instance.findings import Findings
from panhuo.instance.ground import heights
from panhuo.instance.ground.heights import Looked
from panhuo.instance.ground.raster import around
from panhuo.instance.maps import Network, Raster
from panhuo.instance.policy import Settings
from panhuo.instance.reading.raw import MapFile
from panhuo.words import T

Bools = NDArray[np.bool_]


def elevation(
    given: MapFile, network: Network, settings: Settings, file: str, frame_crs: str, findings: Findings
) -> Raster | None:
    """Read the heights under a network.

    The first band counts; scale and offset of the file are applied. Cells are unknown where the file has no data or a
    mask says so, and where a value is not a number or no height of the ground.

    Parameters
    ----------
    given : MapFile
        The GeoTIFF.
    network : Network
        The network; only cells around it are kept.
    settings : Settings
        They may declare the system (``tables.elevation.crs``), and say what becomes of lines without a known height.
    file : str
        File of the settings.
    frame_crs : str
        The metric frame.
    findings : Findings
        Where faults and warnings go.

    Returns
    -------
    Raster or None
        ``None`` where the raster is at fault.
    """
    before = len(findings.faults)
    read = around(given, network, settings, file, frame_crs, findings)
    if read is None:
        return None
    raster = read.raster
    if read.whole and not read.clipped.any() and not np.isnan(raster.values).any():
        return raster  # nothing to look for under the lines
    looked = heights.look_up(network, raster, settings.access.sample_m, frame_crs)
    _tell_clipped(read.clipped, looked, given, findings)
    _tell_unknown(looked, network, settings, given, findings)
    return raster if len(findings.faults) == before else None


def _tell_clipped(clipped: Bools, looked: Looked, given: MapFile, findings: Findings) -> None:
    under = int(clipped.ravel()[looked.cells].sum())
    if under:
        findings.warn(
            given.file,
            T(
                "{count} cells under the network hold the largest value the raster can hold: the ground may be higher",
                count=under,
            ),
            T("Give a raster with a wider type, or expect slopes there to be too gentle"),
        )


def _tell_unknown(looked: Looked, network: Network, settings: Settings, given: MapFile, findings: Findings) -> None:
    """Fault lines along which no height is known, or warn that they count as flat."""
    length = network.length_m[looked.edges]
    share = float((looked.outside * length).sum() / length.sum()) if length.sum() else float(looked.outside.mean())
    if (looked.outside == 1).all():
        findings.fault(
            given.file,
            T("the raster lies wholly outside the network (100 % of its length)"),
            T("Give a raster that covers the network"),
        )
        return
    flat = settings.access.no_data == "flat"
    tell = findings.warn if flat else findings.fault
    mend = (
        T("They count as flat (access.no_data)")
        if flat
        else T('Give a raster that covers the network, or let such lines count as flat: access.no_data = "flat"')
    )
    outside = looked.unknown & (looked.outside == 1)
    for these, of in ((outside, "outside"), (looked.unknown & ~outside, "unknown")):
        if not these.any():
            continue
        rows = network.row[looked.edges[these]]
        said = {
            "lines": len(np.unique(rows)),
            "metres": f"{length[these].sum():,.0f}",
            "row": int(rows[0]),
            "file": network.file,
        }
        rule = (
            T(
                "{share} % of the network's length lies outside the raster: {lines} lines wholly ({metres} m), the "
                "first of them row {row} of {file}",
                share=f"{100 * share:.2g}",
                **said,
            )
            if of == "outside"
            else T("no height is known along {lines} lines ({metres} m), the first of them row {row} of {file}", **said)
        )
        tell(given.file, rule, mend)
