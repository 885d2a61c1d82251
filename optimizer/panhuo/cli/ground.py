"""What ``panhuo check`` shows of the network: who is how far from it, its pieces, where minutes come from."""

from __future__ import annotations

import math
from typing import Any

from panhuo import run
from panhuo.cli.screen import Screen
from panhuo.cli.tables import names
from panhuo.instance import Instance
from panhuo.words import T, figures

KINDS = {
    "demand": T("Demand points"),
    "site": T("Rooms"),
    "existing": T("Existing facilities"),
    "stop": T("Bus stops"),
}

ORIGINS = {
    "given": T("Given"),
    "straight": T("Straight line × detour"),
    "network": T("Along the network"),
    "bus": T("By bus"),
}

PIECES = 10
"""Pieces of the network that are listed one by one."""


def show(screen: Screen, instance: Instance, found: run.Check) -> None:
    """Show where minutes come from, and how people and places lie to the network."""
    whole = sum(found.minutes.values())
    if len([count for count in found.minutes.values() if count]) > 1:
        screen.table(
            T("Where minutes come from: pairs of demand point and place within the longest standard, by profile"),
            [T("Minutes"), T("Pairs"), T("Share")],
            [
                [
                    said.to(screen.lang),
                    figures.count(found.minutes[origin]),
                    figures.percent(found.minutes[origin] / whole),
                ]
                for origin, said in ORIGINS.items()
                if found.minutes[origin]
            ],
        )
    if found.snapping is None:
        return
    profiles = names(instance, "profiles", screen.lang)
    legs = found.snapping.legs[found.snapping.legs["points"] > 0].to_dict("records")
    screen.table(
        T("Distance to the network, and who is off it"),
        [
            T("Profile"),
            T("What"),
            T("Number"),
            T("Off"),
            T("Share"),
            T("People off"),
            T("Median (m)"),
            T("90% (m)"),
            T("99% (m)"),
            T("Largest (m)"),
        ],
        [
            [
                profiles[row["profile"]],
                KINDS[row["kind"]].to(screen.lang),
                figures.count(row["points"]),
                figures.count(row["off"]),
                figures.percent(row["off"] / row["points"]),
                _people_off(row),
                *(_metres(row[column]) for column in ("median_m", "p90_m", "p99_m", "largest_m")),
            ]
            for row in legs
        ],
        words=2,
        keys=2,
    )
    _pieces(screen, found)


def _pieces(screen: Screen, found: run.Check) -> None:
    """Show the pieces of the network, the longest first."""
    if found.snapping is None:
        return
    pieces = found.snapping.pieces
    columns = ("metres", "demand", "persons", "sites", "existing")
    listed = pieces if len(pieces) <= PIECES + 1 else pieces.iloc[:PIECES]
    rows = [[str(row["piece"] + 1), *(figures.count(row[c]) for c in columns)] for row in listed.to_dict("records")]
    if len(listed) < len(pieces):
        rest = pieces.iloc[PIECES:][list(columns)].sum()
        more = T("{count} more", count=len(pieces) - PIECES).to(screen.lang)
        rows.append([more, *(figures.count(rest[c]) for c in columns)])
    screen.table(
        T("Pieces of the network that nothing joins, the longest first"),
        [T("Piece"), T("Metres"), T("Demand points"), T("People"), T("Rooms"), T("Existing facilities")],
        rows,
    )


def _people_off(row: dict[str, Any]) -> str:
    if row["kind"] != "demand":
        return "–"
    share = figures.percent(row["persons_off"] / row["persons"]) if row["persons"] else "–"
    return f"{figures.count(row['persons_off'])} ({share})"


def _metres(metres: float) -> str:
    return "–" if math.isnan(metres) else f"{metres:,.1f}"
