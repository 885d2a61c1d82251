"""Writing a result and showing it, for the commands that make one."""

from __future__ import annotations

from pathlib import Path

from panhuo import result
from panhuo.cli import tables
from panhuo.cli.screen import Screen, fault_record
from panhuo.instance import Instance
from panhuo.result import Result
from panhuo.words import T

UNVERIFIED, INTERRUPTED = 1, 130


def write_and_show(screen: Screen, district: Instance, found: Result, out: Path | None) -> int:
    """Write a result where a folder is given, show it, and give the exit code."""
    folder = None if out is None else result.write(found, out, lang=screen.lang)
    faults = found.verification.faults
    record = found.run
    if screen.json:
        warnings = [fault_record(w, screen.lang) for w in district.warnings]
        screen.emit(
            {
                **record,
                "out": None if folder is None else str(folder),
                "warnings": warnings,
                "faults": [{"message": f.to(screen.lang)} for f in faults],
            }
        )
    else:
        _show(screen, district, found)
    if folder is not None:
        if folder.resolve() != Path(out or "").resolve():
            screen.say(
                T(
                    "{asked} is held open by another program; the result is in {folder} instead.",
                    asked=out,
                    folder=folder,
                )
            )
        screen.say(T("Everything is in {folder}.", folder=folder))
    if faults:
        head = T("The plan did not pass verification, {count} discrepancies:", count=len(faults)).to(screen.lang)
        if not screen.json:
            screen.fail("not_verified", [head, *(f.to(screen.lang) for f in faults)])
        return UNVERIFIED
    screen.say(T("Verified: coverage, cost, ledger and feasibility derived again from the inputs agree."))
    return INTERRUPTED if record["status"] == "interrupted" else 0


def _show(screen: Screen, district: Instance, found: Result) -> None:
    record = found.run
    tables.show_services(screen, district, record)
    screen.say(tables.person_services(record))
    tables.show_modes(screen, found.plan)
    tables.show_money(screen, record)
    if record["status"] != "evaluated":
        tables.show_stages(screen, record)
        screen.say(tables.standing(record, len(district.settings.policy.objectives)))
    tables.show_seconds(screen, record)
    screen.warn([*district.warnings, *found.notes])
