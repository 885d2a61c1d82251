"""The table network becomes a network: drawn, cut, joined, cleared of islands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.instance.findings import Findings
from panhuo.instance.ground import joining, lengths, lines, nearby, splitting
from panhuo.instance.ground.lines import Lines
from panhuo.instance.ground.pieces import pieces
from panhuo.instance.ground.splitting import Edges
from panhuo.instance.ground.traits import Traits, traits
from panhuo.instance.maps import Network
from panhuo.instance.policy import Access, Settings
from panhuo.instance.reading.raw import Typed
from panhuo.instance.schema import spoken
from panhuo.words import T

Floats = NDArray[np.float64]

PIECES_SHOWN = 5
"""Pieces of a network that does not hang together whose lengths a warning lists."""


def build(
    given: Mapping[str, Typed],
    positions: Mapping[str, pd.DataFrame],
    settings: Settings,
    file: str,
    frame_crs: str,
    findings: Findings,
) -> Network | None:
    """Make a network of the table of that name.

    Lines nobody walks or drives on are left out. The others are cut wherever they share a vertex, and nowhere else;
    ends within ``access.join_m`` of another line are joined to it; pieces shorter than ``access.island_m`` that are not
    the longest are walked on no more.

    Parameters
    ----------
    given : mapping of str to Typed
        The tables given; ``network`` is among them, and settled (`lines.settle`).
    positions : mapping of str to DataFrame (x_m, y_m)
        Positions of the located tables in the metric frame.
    settings : Settings
        How minutes come about.
    file : str
        File of the settings.
    frame_crs : str
        The metric frame; empty where positions are at fault.
    findings : Findings
        Where faults and warnings go.

    Returns
    -------
    Network or None
        ``None`` where the network is at fault.
    """
    read = given["network"]
    drawn = _drawn(read, given, positions, settings, file, frame_crs, findings)
    if drawn is None:
        return None
    good = traits(read, settings.access.driving, file, findings)
    if not lengths.fit(read, drawn, good.used, findings):
        return None
    cut = _cut(drawn, good, settings.access)
    if not cut.good.walk[cut.edges.part].any():
        findings.fault(
            read.file,
            T("there is no line that people may walk on"),
            T("Check the lines, their kinds and the column walk"),
        )
        return None
    made = _network(read, cut)
    made = _without_islands(made, settings.access, findings)
    _disconnected(made, findings)
    if "demand" in positions and not nearby.reached(made, read, positions["demand"], given, settings, file, findings):
        return None
    if "bus" in positions:
        nearby.stops(made, given["bus"], positions["bus"], settings.access.max_snap_m, findings)
    return made


def _drawn(
    read: Typed,
    given: Mapping[str, Typed],
    positions: Mapping[str, pd.DataFrame],
    settings: Settings,
    file: str,
    frame_crs: str,
    findings: Findings,
) -> Lines | None:
    """Draw the lines; ``None`` where they, or nodes they refer to, are at fault."""
    if read.shapes is not None:
        drawn = lines.from_shapes(read, settings, file, frame_crs, findings)
        return None if any(fault.file == read.file for fault in findings.faults) else drawn
    at_fault = {fault.file for fault in findings.faults}
    if "nodes" not in given or "nodes" not in positions or {read.file, given["nodes"].file} & at_fault:
        return None
    return lines.from_nodes(read, given["nodes"].frame, positions["nodes"])


@dataclass(frozen=True)
class _Cut:
    """Polylines (``own`` of the table, then those that join ends), what they are good for, and their edges."""

    lines: Lines
    good: Traits
    edges: Edges
    own: int


def _cut(drawn: Lines, good: Traits, access: Access) -> _Cut:
    """Cut the lines that are used into edges, and join ends; ``good`` is by row of the table."""
    used = good.used[drawn.record]
    drawn = splitting.tidy(splitting.taken(drawn, used[drawn.part], used))
    good, own = good.at(drawn.record), len(drawn.record)
    edges = splitting.split(drawn)
    joined, of = joining.join(drawn, edges, good.walk, access.join_m)
    if joined is drawn:
        return _Cut(drawn, good, edges, own)
    joined = splitting.tidy(joined)
    return _Cut(joined, good.with_paths(len(of)), splitting.split(joined), own)


def _network(read: Typed, cut: _Cut) -> Network:
    edges, good = cut.edges, cut.good.at(cut.edges.part)
    length = _lengths(read.frame["length_m"].to_numpy("float64"), cut)
    component, metres = pieces(edges.start, edges.end, length, good.walk, len(edges.xy))
    row = read.frame.index.to_numpy("int64")[cut.lines.record[edges.part]]
    return Network(
        edges.xy, edges.start, edges.end, length, edges.first, edges.shape,
        good.walk, good.stairs, good.span, good.drive_km_h, component, metres, row, read.file,
    )  # fmt: skip


def _lengths(given_m: Floats, cut: _Cut) -> Floats:
    """Share a given length out over the edges of its row by their shapes; else the length of the shape holds."""
    shape, part = cut.edges.shape_m, cut.edges.part
    record, own = cut.lines.record[part], part < cut.own
    total = np.bincount(record[own], shape[own], len(given_m))
    given = np.where(own, given_m[record], np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):  # rows of which only a joining line is left
        shared = given * (shape / total[record])
    return np.where(np.isnan(given), shape, shared)


def _without_islands(made: Network, access: Access, findings: Findings) -> Network:
    """Let nobody walk on pieces that are short and not the longest; drop what nobody uses then."""
    island = made.component_m < access.island_m
    island[0] = False
    gone = made.walk & island[made.component[made.start]]
    if not gone.any():
        return made
    findings.warn(
        made.file,
        T(
            "pieces of the network that are joined to nothing and shorter than {island} m: {count}, {metres} m in all; "
            "nobody walks there",
            count=int(island.sum()),
            metres=f"{made.component_m[island].sum():,.0f}",
            island=f"{access.island_m:g}",
        ),
        T("Join them in the file, or change access.island_m or access.join_m"),
    )
    walk = made.walk & ~gone
    keep = np.flatnonzero(walk | (made.drive_km_h > 0).any(axis=0))
    nodes, ends = np.unique(np.stack([made.start[keep], made.end[keep]]), return_inverse=True)
    start, end = ends.reshape(2, -1)
    count = np.diff(made.first)[keep]
    first = np.concatenate([[0], np.cumsum(count)])
    takes = np.arange(first[-1]) + np.repeat(made.first[keep] - first[:-1], count)
    number = np.append(np.where(island, -1, np.cumsum(~island) - 1), -1)  # the last one is that of -1
    return Network(
        made.xy[nodes], start, end, made.length_m[keep], first, made.shape[takes],
        walk[keep], made.stairs[keep], made.span[keep], made.drive_km_h[:, keep],
        number[made.component[nodes]], made.component_m[~island], made.row[keep], made.file,
    )  # fmt: skip


def _disconnected(made: Network, findings: Findings) -> None:
    """Warn of several pieces long enough to stay."""
    if len(made.component_m) == 1:
        return
    shown = [f"{m / 1000:.1f}" for m in made.component_m[:PIECES_SHOWN]]
    findings.warn(
        made.file,
        T(
            "the network is in {count} pieces that are not joined; the longest: {lengths} km",
            count=len(made.component_m),
            lengths=spoken.Said(", ".join(shown), zh="、".join(shown)),
        ),
        T("Check bridges and the ends of lines; nobody walks from one piece to another"),
    )
