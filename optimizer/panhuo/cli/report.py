"""Writing a result and showing it, for the commands that make one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from panhuo import result
from panhuo.cli import tables
from panhuo.cli.screen import Screen, fault_record
from panhuo.instance import Instance
from panhuo.result import Result
from panhuo.words import T

UNVERIFIED, INTERRUPTED = 1, 130


def write_and_show(screen: Screen, district: Instance, found: Result, out: Path | None, *, reading: float) -> int:
    """Write a result where a folder is given, show it, and give the exit code.

    Parameters
    ----------
    reading : float [s]
        How long the instance took to read; noted before the steps of the run.
    """
    record, faults = found.run, [fault.to(screen.lang) for fault in found.verification.faults]
    record["seconds"] = {"read": round(reading, 3), **record["seconds"]}
    start = time.perf_counter()
    folder = None if out is None else result.write(found, out, lang=screen.lang)
    writing = {} if folder is None else {"write": time.perf_counter() - start}
    if screen.shows:
        _show(screen, district, found, {**record["seconds"], **writing})
    screen.emit(
        {
            **record,
            "out": None if folder is None else str(folder),
            "warnings": [fault_record(warning, screen.lang) for warning in district.warnings],
            "faults": [{"message": fault} for fault in faults],
        }
    )
    if out is not None and folder is not None:
        if folder.resolve() != out.resolve():
            screen.warn([T("{asked} could not be replaced; a program may hold one of its files open.", asked=out)])
        screen.say(T("Everything is in {folder}.", folder=folder))
    if faults:
        head = T("The plan did not pass verification, {count} discrepancies:", count=len(faults)).to(screen.lang)
        if not screen.json:
            screen.fail("not_verified", [head, *faults])
        return UNVERIFIED
    screen.say(T("Verified: coverage, cost, ledger and feasibility derived again from the inputs agree."))
    return INTERRUPTED if record["status"] == "interrupted" else 0


def _show(screen: Screen, district: Instance, found: Result, spent: Mapping[str, float]) -> None:
    record = found.run
    tables.show_services(screen, district, record)
    screen.say(tables.person_services(record))
    tables.show_modes(screen, found.plan)
    tables.show_money(screen, record)
    if record["status"] != "evaluated":
        tables.show_stages(screen, record)
        screen.say(tables.standing(record, len(district.settings.policy.objectives)))
    tables.show_seconds(screen, spent)
    screen.warn([*district.warnings, *found.notes])
