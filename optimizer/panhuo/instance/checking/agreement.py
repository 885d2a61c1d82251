"""Rules between the columns of a row, between rows, and between tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from panhuo.instance.checking import defaults, repeats, riding
from panhuo.instance.checking.telling import cell
from panhuo.instance.findings import Findings
from panhuo.instance.reading import conditions, headers
from panhuo.instance.reading.columns import as_number
from panhuo.instance.reading.conditions import ConditionError
from panhuo.instance.reading.raw import Typed
from panhuo.instance.schema import Column
from panhuo.words import T

_JOINT = ":"
_STANDARD = {"minutes": "standard_min", "metres": "standard_m"}


def check(tables: Mapping[str, Typed], findings: Findings) -> None:
    """Check what no single column can tell."""
    checks = {
        "services": _services, "parties": _parties, "profiles": _profiles, "demand": _demand, "funds": _shares,
        "costs": _costs, "links": _links, "bus": riding.check,
    }  # fmt: skip
    for name, of_table in checks.items():
        if name in tables:
            of_table(tables[name], tables, findings)
    for read in tables.values():
        if read.table.repeats:
            repeats.settle(read, findings)
    if "minutes" in tables:  # metres are the same for everybody
        repeats.agree(tables["minutes"], ("demand", "place"), "metres", findings)
    for name in ("rules", "shared_works"):
        if name in tables and "sites" in tables:
            _conditions(tables[name], tables["sites"], findings)
    if {"minutes", "sites", "existing"} <= set(tables):
        _places(tables["sites"], tables["existing"], findings)


def _services(read: Typed, _: Mapping[str, Typed], findings: Findings) -> None:
    frame = read.frame
    for line in frame.index[frame["service"].map(lambda key: _JOINT in key).to_numpy(dtype=bool)]:
        rule = T("must not hold {joint}, which joins the parts of an option's key", joint=_JOINT)
        cell(read, line, "service", rule, T("Write another key"), findings)
    for measure, wanted in _STANDARD.items():
        if wanted not in frame or "measure" not in frame:
            continue
        at = frame["measure"] == measure
        missing = frame.index[at & frame[wanted].isna()]
        useless = frame.index[~at & (frame["measure"] != "") & frame[wanted].notna()]
        for line in missing:
            rule = T("must be filled where measure is {measure}", measure=measure)
            cell(read, line, wanted, rule, T("Write the standard"), findings)
        for line in useless:
            rule = T("must be blank where measure is {measure}", measure=frame.loc[line, "measure"])
            cell(read, line, wanted, rule, T("Clear the cell or change the measure"), findings)
    if {"area_m2", "min_area_m2"} <= set(frame):
        for line in frame.index[frame["area_m2"] < frame["min_area_m2"]]:
            rule = T("must be ≥ min_area_m2 = {least}", least=f"{frame.loc[line, 'min_area_m2']:g}")
            cell(read, line, "area_m2", rule, T("Correct one of the two areas"), findings)
    for line in frame.index[frame["sizes_m2"].map(bool).to_numpy(dtype=bool)]:
        _sizes(read, line, findings)


def _sizes(read: Typed, line: Any, findings: Findings) -> None:
    sizes, least = read.frame.loc[line, "sizes_m2"], read.frame.loc[line, "min_area_m2"]
    if min(sizes) < least:
        rule = T("must be ≥ min_area_m2 = {least}", least=f"{least:g}")
        cell(read, line, "sizes_m2", rule, T("Correct one of the two areas"), findings)
    if len({f"{size:g}" for size in sizes}) < len(sizes):
        rule = T("holds a size twice (options are named by six digits of it)")
        cell(read, line, "sizes_m2", rule, T("Keep one of them"), findings)
    if not pd.isna(read.frame.loc[line, "area_m2"]):
        rule = T("must be blank where sizes_m2 is filled")
        cell(read, line, "area_m2", rule, T("Clear one of the two cells"), findings)


def _parties(read: Typed, _: Mapping[str, Typed], findings: Findings) -> None:
    frame = read.frame
    tacit = frame["max_share"].isna() & (defaults.most_share(frame) == 0)
    for line in frame.index[tacit & (frame["min_share"] > 0)]:
        rule = T("residents pay no capital where max_share is blank, so they cannot pay at least this share of it")
        mend = T("Write max_share too; or, if what visitors pay is meant, write yearly in ledger")
        cell(read, line, "min_share", rule, mend, findings)
    _low_high(read, frame["max_share"], findings)


def _shares(read: Typed, _: Mapping[str, Typed], findings: Findings) -> None:
    _low_high(read, read.frame["max_share"], findings)


def _low_high(read: Typed, top: pd.Series[float], findings: Findings) -> None:
    for line in read.frame.index[read.frame["min_share"] > top]:
        rule = T("must be ≤ max_share = {most}", most=f"{top[line]:g}")
        cell(read, line, "min_share", rule, T("Correct one of the two shares"), findings)


def _costs(read: Typed, _: Mapping[str, Typed], findings: Findings) -> None:
    frame = read.frame
    for line in frame.index[frame["yearly_cny_per_visit"].notna() & (frame["mode"] != "")]:
        rule = T("must be blank where mode is filled: what a visit costs does not depend on the mode")
        cell(read, line, "yearly_cny_per_visit", rule, T("Write it in a row without a mode"), findings)


def _links(read: Typed, _: Mapping[str, Typed], findings: Findings) -> None:
    frame = read.frame
    earns = frame["kind"] == "bonus"
    for line in frame.index[earns & frame["bonus"].isna()]:
        cell(read, line, "bonus", T("must be filled where kind is bonus"), T("Write the points"), findings)
    for line in frame.index[~earns & (frame["kind"] != "") & frame["bonus"].notna()]:
        rule = T("must be blank where kind is {kind}", kind=frame.loc[line, "kind"])
        cell(read, line, "bonus", rule, T("Clear the cell or change the kind"), findings)
    alone = (frame["service_a"] == frame["service_b"]) & (frame["service_a"] != "")
    for line in frame.index[alone & frame["kind"].isin(["requires", "bonus"])]:
        rule = T("must not be service_a where kind is {kind}", kind=frame.loc[line, "kind"])
        cell(read, line, "service_b", rule, T("Name another service"), findings)
    for line in frame.index[alone & (frame["kind"] == "incompatible") & frame["within_m"].isna()]:
        rule = T("must be filled where service_a and service_b are the same: a site has one at most")
        cell(read, line, "within_m", rule, T("Write how far apart they must be"), findings)


def _profiles(read: Typed, tables: Mapping[str, Typed], findings: Findings) -> None:
    if "groups" not in read.frame:
        return
    seen: dict[str, int] = {}
    for line, groups in read.frame["groups"].items():
        for group in groups:
            if group in seen:
                rule = T("the group stands in row {first} already", first=seen[group])
                cell(read, line, "groups", rule, T("Keep each group in exactly one profile"), findings, value=group)
            else:
                seen[group] = int(str(line))
    for group in tables["demand"].people if "demand" in tables and len(read.frame) else ():
        if group not in seen:
            findings.fault(
                read.file,
                T("the group {group} of demand stands in no profile", group=group),
                T("Add it to the groups of one profile"),
                column=read.headers.get("groups", "groups"),
            )


def _demand(read: Typed, _: Mapping[str, Typed], findings: Findings) -> None:
    if not read.people and not any(h.startswith("people_") for h in read.headers):
        return  # the missing column is a fault already
    if len(read.frame) and float(read.frame[[f"people_{g}" for g in read.people]].sum().sum()) == 0:
        findings.warn(read.file, T("nobody lives anywhere: all people columns are 0"), T("Check the numbers of people"))


def _places(sites: Typed, existing: Typed, findings: Findings) -> None:
    shared = set(sites.frame["id"]) - {""}
    for line, value in existing.frame["id"].items():
        if value in shared:
            cell(
                existing, line, "id",
                T("is the id of a site too, so the minutes table cannot tell them apart"),
                T("Give one of them another id"),
                findings,
            )  # fmt: skip


def _conditions(read: Typed, sites: Typed, findings: Findings) -> None:
    """Check column, comparison and value of each row; both are put into the words of the schema."""
    needed = "rule" in read.frame  # a shared work may be needed everywhere
    for line in read.frame.index:
        name, op = str(read.frame.loc[line, "column"]), str(read.frame.loc[line, "op"])
        if not needed:
            _half(read, line, name, findings)
        head = headers.match(sites.table, name)
        if head is not None:
            column: Column | None = head.column
            read.frame.loc[line, "column"] = name = head.name
        else:
            column = None
        if name and name not in sites.frame.columns:
            meant = headers.near_column(sites.table, name, map(str, sites.frame.columns))
            mend = T("Did you mean {meant}?", meant=meant) if meant else T("Name a column of sites")
            cell(read, line, "column", T("must be a column of sites"), mend, findings)
        elif name and op:
            _value(read, line, column or _free(sites, name), op, findings)


def _half(read: Typed, line: Any, name: str, findings: Findings) -> None:
    """Check that a condition that may be left out is there as a whole or not at all."""
    if name and not read.frame.loc[line, "op"]:
        rule = T("must be filled where column is filled")
        cell(read, line, "op", rule, T("Write how the column is compared"), findings)
    for other in ("op", "value") if not name else ():
        if read.frame.loc[line, other]:
            rule = T("must be blank where column is blank")
            cell(read, line, other, rule, T("Name the column, or clear the cell"), findings)


def _free(sites: Typed, name: str) -> Column:
    """Take an extra column for numbers where all its filled cells are."""
    filled = [v for v in sites.frame[name] if v]
    numbers = bool(filled) and all(as_number(v) is not None for v in filled)
    return Column(name, "number" if numbers else "text", "", "", "")


def _value(read: Typed, line: Any, column: Column, op: str, findings: Findings) -> None:
    try:
        read.frame.loc[line, "value"] = conditions.worded(str(read.frame.loc[line, "value"]), column, op)
    except ConditionError as error:
        cell(read, line, error.part, error.rule, error.mend, findings)
