"""Heights of the ground out of a GeoTIFF, and whether they are known under the network."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from panhuo.instance.faults import row_of
from panhuo.instance.findings import Findings
from panhuo.instance.ground import heights
from panhuo.instance.ground.heights import Looked
from panhuo.instance.ground.raster import HIGHEST_M, LOWEST_M, around
from panhuo.instance.maps import Network, Raster
from panhuo.instance.policy import Settings
from panhuo.instance.reading.raw import MapFile
from panhuo.words import T, Text

Bools = NDArray[np.bool_]

STEEP = 1.0
"""Grade (rise over length) that half of the lines of no real network exceed."""


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
    _tell_steep(raster, network, frame_crs, given, findings)
    if read.whole and not read.clipped.any() and not np.isnan(raster.values).any():
        return raster  # nothing to look for under the lines
    looked = heights.look_up(network, raster, settings.access.sample_m, frame_crs)
    _tell_clipped(read.clipped, looked, given, findings)
    _tell_unknown(looked, read.beyond, network, settings, given, findings)
    return raster if len(findings.faults) == before else None


def _tell_clipped(clipped: Bools, looked: Looked, given: MapFile, findings: Findings) -> None:
    under = int(clipped.ravel()[looked.cells].sum())
    if under:
        findings.warn(
            given.file,
            T(
                "cells under the network that hold the largest value the raster can hold: {count}; the ground may be "
                "higher",
                count=under,
            ),
            T("Give a raster with a wider type, or expect slopes there to be too gentle"),
        )


def _tell_steep(raster: Raster, network: Network, frame_crs: str, given: MapFile, findings: Findings) -> None:
    """Warn where half of the lines rise more steeply than any street: heights in another unit than metres do that."""
    grades = heights.grades(network, raster, frame_crs)
    if len(grades) and (middle := float(np.median(grades))) > STEEP:
        findings.warn(
            given.file,
            T(
                "half of the lines are steeper than {grade}%: the heights may not be metres",
                grade=f"{100 * middle:.0f}",
            ),
            T("Export the heights in metres; a scale that the file states counts"),
        )


def _tell_unknown(
    looked: Looked, beyond: int, network: Network, settings: Settings, given: MapFile, findings: Findings
) -> None:
    """Fault lines along which no height is known, or warn that they count as flat."""
    length = network.length_m[looked.edges]
    share = float((looked.outside * length).sum() / length.sum()) if length.sum() else float(looked.outside.mean())
    if (looked.outside == 1).all():
        findings.fault(
            given.file,
            T("the raster lies wholly outside the network (100% of its length)"),
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
            "first": row_of(network.file, int(rows[0])),
            "file": network.file,
        }
        rule = (
            T(
                "{share}% of the network's length lies outside the raster; lines wholly outside: {lines} "
                "({metres} m), the first of them {first} of {file}",
                share=f"{100 * share:.2g}",
                **said,
            )
            if of == "outside"
            else _unknown(beyond, said)
        )
        tell(given.file, rule, mend)


def _unknown(beyond: int, said: dict[str, Any]) -> Text:
    """Say that no height is known along lines; and where values were thrown away, that this may be why."""
    if not beyond:
        return T(
            "lines along which no height is known: {lines} ({metres} m), the first of them {first} of {file}", **said
        )
    return T(
        "lines along which no height is known: {lines} ({metres} m), the first of them {first} of {file}; heights "
        "below {low} or above {high} m ({count}) were taken as no data: are they metres?",
        count=beyond,
        low=f"{LOWEST_M:g}",
        high=f"{HIGHEST_M:g}",
        **said,
    )
