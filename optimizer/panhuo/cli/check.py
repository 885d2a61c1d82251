"""``panhuo check``: all faults of an instance, or what its data mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import typer

import panhuo
from panhuo import result, run
from panhuo.cli import ground, purse
from panhuo.cli.options import (
    argument,
    help_option,
    json_option,
    lang_option,
    no_cache_option,
    option,
    pins_option,
    proposal_option,
    quiet_option,
)
from panhuo.cli.progress import Steps
from panhuo.cli.screen import Screen, fault_record
from panhuo.cli.tables import UNREACHABLE, service_names
from panhuo.instance import Fault, Instance, InstanceError
from panhuo.words import Lang, T, figures


def add(app: typer.Typer, lang: Lang) -> None:
    """Add the command."""

    @app.command(
        help=T("List every fault of an instance; if there is none, say what its data mean.").to(lang),
        rich_help_panel=T("Commands").to(lang),
    )
    def check(
        instance: Path = argument(lang, "INSTANCE", T("Folder of tables, or one workbook.")),
        proposal: Path | None = proposal_option(lang),
        pins: Path | None = pins_option(lang),
        no_cache: bool = no_cache_option(lang),
        lang_: str = lang_option(lang),
        picture: Path | None = option(
            lang,
            None,
            "--picture",
            metavar="FILE",
            callback=_drawable,
            text=T("Also draw what lies within 15 minutes of a few rooms, to a file .png or .svg."),
        ),
        json: bool = json_option(lang),
        quiet: bool = quiet_option(lang),
        help_: bool = help_option(lang),
    ) -> None:
        screen = Screen(lang, json, quiet)
        with Steps(screen) as steps:
            district = panhuo.read(instance, proposal, pins)
            found = run.check(district, cache=not no_cache, reached=steps.share, step=steps.step)
            if picture is not None:
                steps.step("draw")
            remark = None if picture is None else run.picture(district, picture, found.snapping, lang)
        _show(screen, district, found)
        if picture is not None:
            screen.say(T("The picture is in {file}.", file=picture))
            screen.warn([] if remark is None else [remark])
        screen.emit(
            {
                "status": "sound",
                "coverage": _records(found.coverage),
                "options": _records(found.options),
                "excluded": _records(found.excluded),
                "warnings": [fault_record(w, lang) for w in found.warnings],
                "notes": [n.to(lang) for n in (*found.notes, *([] if remark is None else [remark]))],
                "minutes": dict(found.minutes),
                "off_network": found.off_network,
                "to_network": [] if found.snapping is None else _records(found.snapping.legs),
                "pieces": [] if found.snapping is None else _records(found.snapping.pieces),
                "money": purse.record(district, found),
                "picture": None if picture is None else str(picture),
                "faults": [],
            }
        )


def _drawable(file: Path | None) -> Path | None:
    if file is not None and file.suffix.lower() not in (".png", ".svg"):
        rule = T("a picture is written as .png or .svg")
        raise InstanceError([Fault(str(file), rule, T("Give --picture a file whose name ends so"))])
    if file is not None and not file.absolute().parent.is_dir():
        rule = T("there is no folder {folder}", folder=file.parent)
        raise InstanceError([Fault(str(file), rule, T("Make it first, or give --picture a file in another folder"))])
    return file


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    known = table.notna() & ~table.isin([np.inf, -np.inf])
    rows = table.astype(object).where(known, None).to_dict("records")
    return [{str(k): v for k, v in row.items()} for row in rows]


def _show(screen: Screen, district: Instance, found: run.Check) -> None:
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
