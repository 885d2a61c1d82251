"""Rules between the settings and the tables: what the settings name must be there, and the other way round."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from panhuo.instance.checking import conduct
from panhuo.instance.checking.lookup import Lookup
from panhuo.instance.findings import Findings
from panhuo.instance.policy import Settings
from panhuo.instance.reading import headers
from panhuo.instance.reading.names import raster
from panhuo.instance.reading.raw import Typed
from panhuo.instance.schema import RASTERS, TABLES
from panhuo.words import T


def check(
    settings: Settings,
    tables: Mapping[str, pd.DataFrame],
    look: Lookup,
    findings: Findings,
) -> None:
    """Check that what the settings name is there, and that no two objectives bear one name.

    Parameters
    ----------
    settings : Settings
        With the proposal applied.
    tables : mapping of str to DataFrame
        Every table that could be read.
    look : Lookup
        The names there are, and where the settings stand.
    findings : Findings
        Where faults go.
    """
    conduct.check(settings, look)
    chosen = settings.policy
    if settings.people.circle and len(tables.get("circles", ())):
        look.names("circle", [settings.people.circle], "people.circle")
    for n, demanded in enumerate(chosen.floors):
        look.aims([demanded.service], f"policy.floors[{n}].service")
        look.names("circle", demanded.circles, f"policy.floors[{n}].circles")
        look.names("type", demanded.circle_types, f"policy.floors[{n}].circle_types")
    first: dict[str, int] = {}
    for n, stage in enumerate(chosen.objectives):
        key = f"policy.objectives[{n}]"
        look.aims(stage.services, f"{key}.services")
        look.names("type", stage.circle_types, f"{key}.circle_types")
        if stage.measure in ("party_capital", "party_yearly") and not stage.party:
            rule = T("must be filled where measure is {measure}", measure=stage.measure)
            findings.fault(look.file_of(key), rule, T("Name the party"), column=f"{key}.party")
        if first.setdefault(stage.name, n) != n:
            other = f"policy.objectives[{first[stage.name]}]"
            rule = T("is the name of {other} too, so results could not tell them apart", other=other)
            findings.fault(look.file_of(key), rule, T("Give it another name"), column=f"{key}.name", value=stage.name)
    minutes = tables.get("minutes")
    if settings.access.method == "minutes" and minutes is not None and minutes.empty:
        findings.fault(
            look.file_of("access.method"),
            T("needs a minutes table, and none is given"),
            T("Add the table minutes, or write straight"),
            column="access.method",
            value="minutes",
        )
    for name in settings.tables:
        if name not in TABLES and raster(name) != name:
            meant = headers.closest(name, (*TABLES, *RASTERS))
            mend = T("Did you mean {meant}?", meant=meant) if meant else T("Name a table of the format")
            findings.fault(look.file, T("there is no such table"), mend, column=f"tables.{name}")


def modes(settings: Settings, given: Mapping[str, Typed], findings: Findings) -> None:
    """Check that every row of conversions is of a mode that the settings allow."""
    read = given.get("conversions")
    if read is None or "mode" not in read.frame:
        return
    for line, mode in read.frame["mode"].items():
        if mode and mode not in settings.modes:
            file, row, header = read.place(int(str(line)), "mode")
            findings.fault(
                file,
                T("the settings do not allow the mode, so the row would not count"),
                T("Write [modes.{mode}] in the settings, or delete the row", mode=mode),
                row=row,
                column=header,
                value=mode,
            )
