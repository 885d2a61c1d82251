"""What the data of an instance mean, as JSON and as readers see it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from panhuo import result, run
from panhuo.cli import ground, purse
from panhuo.cli.screen import Screen, fault_record
from panhuo.cli.tables import UNREACHABLE, service_names
from panhuo.instance import Instance
from panhuo.words import Lang, T, Text, figures


def record(
    district: Instance, found: run.Check, lang: Lang, picture: Path | None, remarks: Sequence[Text]
) -> dict[str, Any]:
    """Give what the data mean as a JSON object.

    Parameters
    ----------
    picture : Path or None
        The picture of areas, where one was drawn.
    remarks : sequence of Text
        Remarks on it.
    """
    return {
        "status": "sound",
        "coverage": _records(found.coverage),
        "options": _records(found.options),
        "excluded": _records(found.excluded),
        "warnings": [fault_record(w, lang) for w in found.warnings],
        "notes": [n.to(lang) for n in (*found.notes, *remarks)],
        "minutes": dict(found.minutes),
        "off_network": found.off_network,
        "to_network": [] if found.snapping is None else _records(found.snapping.legs),
        "pieces": [] if found.snapping is None else _records(found.snapping.pieces),
        "money": purse.record(district, found),
        "picture": None if picture is None else str(picture),
        "faults": [],
    }


def show(screen: Screen, district: Instance, found: run.Check) -> None:
    """Show what the data mean: coverage, options, and what excluded the rest."""
    names = service_names(district, screen.lang)
    screen.say(T("{instance}: no faults.", instance=district.path))
    screen.warn([*found.warnings, *found.notes])
    screen.say(result.way_said(district, found.minutes, found.off_network))
    ground.show(screen, district, found)
    screen.table(
        T("Existing coverage: people within the service's standard"),
        [T("Service"), T("In need"), T("Covered before"), T("Unreachable"), T("Share covered")],
        [
            [
                names[row["service"]],
                *(figures.count(row[k]) for k in ("base_persons", "before_persons", "unreachable_persons")),
                figures.percent(row["before_persons"] / row["base_persons"]) if row["base_persons"] else "–",
            ]
            for row in _records(found.coverage)
        ],
    )
    screen.say(UNREACHABLE)
    screen.table(
        T("Options: a room, in a mode, as a service"),
        [T("Service"), T("Options"), T("Rooms")],
        [
            [names[row["service"]], figures.count(row["options"]), figures.count(row["sites"])]
            for row in _records(found.options)
        ],
    )
    purse.show(screen, district, found)
    if found.excluded.empty:
        return
    screen.table(
        T("What excluded the rest: pairs of room and mode, by the first rule that bites"),
        [T("Service"), T("Rule"), T("Pairs")],
        [
            [names[service] if i == 0 else "", row[f"name_{screen.lang}"] or row["rule"], figures.count(row["pairs"])]
            for service in names
            for i, row in enumerate(
                _records(found.excluded[found.excluded["service"] == service].sort_values("pairs", ascending=False))
            )
        ],
        words=2,
    )


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    known = table.notna() & ~table.isin([np.inf, -np.inf])
    rows = table.astype(object).where(known, None).to_dict("records")
    return [{str(k): v for k, v in row.items()} for row in rows]
