"""Writing a result and showing it, for the commands that make one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from panhuo import result
from panhuo.cli import money, tables
from panhuo.cli.progress import Steps
from panhuo.cli.screen import Screen, discrepancy_record, fault_record
from panhuo.words import T

if TYPE_CHECKING:  # a plan is verified without what makes one
    from panhuo.instance import Instance
    from panhuo.result import Basemap, Result, Verification

UNVERIFIED, AT_ODDS, INTERRUPTED = 1, 3, 130


def write_and_show(
    screen: Screen,
    district: Instance,
    found: Result,
    out: Path | None,
    *,
    reading: float,
    steps: Steps,
    basemap: Basemap | None = None,
) -> int:
    """Write a result where a folder is given, show it, and give the exit code.

    Parameters
    ----------
    reading : float [s]
        How long the instance took to read; noted before the steps of the run.
    steps : Steps
        Shows what is written, and ends before the result is shown.
    basemap : Basemap, optional
        Tiles below the map of the page.
    """
    record, checked = found.run, found.verification
    record["seconds"] = {"read": round(reading, 3), **record["seconds"]}
    notes = list(found.notes)
    start = time.perf_counter()
    folder = (
        None
        if out is None
        else result.write(found, out, screen.lang, tell=notes.append, step=steps.step, basemap=basemap)
    )
    steps.close()
    writing = {} if folder is None else {"write": time.perf_counter() - start}
    if screen.shows:
        _show(screen, district, found, {**record["seconds"], **writing})
        screen.warn([*district.warnings, *notes])
    faults, against = ([one.to(screen.lang) for one in several] for several in (checked.faults, checked.against))
    screen.emit(
        {
            **record,
            "notes": [note.to(screen.lang) for note in (*found.remarks, *notes[len(found.notes) :])],
            "out": None if folder is None else str(folder),
            "warnings": [fault_record(warning, screen.lang) for warning in district.warnings],
            "faults": [discrepancy_record(fault, screen.lang) for fault in checked.faults],
            "breaches": [{"message": breach} for breach in against],
        }
    )
    if out is not None and folder is not None:
        if folder.resolve() != out.resolve():
            screen.warn([T("{asked} could not be replaced; a program may hold one of its files open.", asked=out)])
        screen.say(T("Everything is in {folder}.", folder=folder))
    if faults:
        head = T(
            "The plan did not pass verification, {count} discrepancy:",
            "The plan did not pass verification, {count} discrepancies:",
            count=len(faults),
        ).to(screen.lang)
        if not screen.json:
            screen.fail("not_verified", [head, *faults])
        return UNVERIFIED
    if against:
        return conclude_breaches(screen, checked)
    screen.say(T("Verified: coverage, cost, ledger and feasibility derived again from the inputs agree."))
    return INTERRUPTED if record["status"] == "interrupted" else 0


def broken_off(screen: Screen, plan: Path) -> int:
    """Say where the plan is that a run broken off leaves behind; the exit code."""
    told = T("Interrupted. The best plan so far is in {file}; panhuo evaluate takes it with --plan.", file=plan)
    screen.fail("interrupted", [told.to(screen.lang)], plan=str(plan))
    return INTERRUPTED


def conclude_breaches(screen: Screen, checked: Verification) -> int:
    """Say what of a plan that was given goes against the policy, or what the existing stock lacks; the exit code."""
    lines = [sentence.to(screen.lang) for sentence in checked.against]
    if checked.given:
        head = T("The figures agree, but the plan breaks the policy:").to(screen.lang)
        if not screen.json:
            screen.fail("at_odds", [head, *lines])
        return AT_ODDS
    screen.say(T("Verified: the figures derived again from the inputs agree."))
    screen.say(T("What exists today does not meet the policy (for information):"))
    for sentence in checked.against:
        screen.say(sentence)
    return 0


def _show(screen: Screen, district: Instance, found: Result, spent: Mapping[str, float]) -> None:
    record = found.run
    tables.show_services(screen, district, record)
    screen.say(tables.person_services(record))
    tables.show_modes(screen, found.plan)
    tables.show_supply(screen, record)
    money.show_parties(screen, record)
    money.show_running(screen, district, record, found.plan)
    money.show_funds(screen, record)
    money.show_fund_items(screen, record)
    money.show_tariffs(screen, district, found.tables)
    money.show_losing(screen, district, found.tables)
    if record["status"] != "evaluated":
        tables.show_stages(screen, district, record, found.goals)
        screen.say(tables.standing(record, len(found.goals)))
        if record["engine"] == "decompose":
            screen.say(
                T(
                    "Solved by parts: prices of money and of all that rooms share, clusters of rooms for the bound, "
                    "windows for the plan."
                )
            )
    screen.say(result.way_said(district, record["minutes"], record["off_network"]))
    tables.show_seconds(screen, spent)
