"""The story of reading: files → raw tables → typed tables → checks → one metric frame → Instance."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from panhuo.instance.checking import (
    agreement,
    charging,
    conduct,
    defaults,
    naming,
    pinning,
    references,
    supplying,
    validation,
)
from panhuo.instance.checking.lookup import Lookup
from panhuo.instance.findings import Findings
from panhuo.instance.ground import laying
from panhuo.instance.inhabitants import encircling, making, outlining
from panhuo.instance.inhabitants.merging import merge
from panhuo.instance.instance import Instance
from panhuo.instance.policy import Proposal, Settings
from panhuo.instance.position import placing
from panhuo.instance.reading import decisions, files, proposals
from panhuo.instance.reading import settings as settings_file
from panhuo.instance.reading.decisions import GivenPlan
from panhuo.instance.reading.files import Found
from panhuo.instance.reading.parsing import typed
from panhuo.instance.reading.raw import Raw, Typed
from panhuo.instance.schema import TABLES, spoken
from panhuo.words import T
from panhuo.words.names import joined


def read(path: str | Path, proposal: str | Path | None = None, pins: str | Path | None = None) -> Instance:
    """Read an instance: a folder of tables with ``instance.toml``, or one workbook.

    Parameters
    ----------
    path : str or Path
        The folder or the ``.xlsx`` file.
    proposal : str or Path, optional
        A policy proposal (TOML) that replaces parts of it.
    pins : str or Path, optional
        A plan's workbook (or table) in which somebody decided what to keep and what to drop.

    Raises
    ------
    InstanceError
        With every fault of every table at once.
    """
    path, findings = Path(path), Findings()
    found = files.find(path, findings)
    change, change_file = _proposal(path, proposal, found, findings)
    edited = None if pins is None else _edited(Path(pins), found, findings)
    settings, faulty_keys = (
        settings_file.settings(found.keys, change, change_file, findings) if found.keys else (None, frozenset[str]())
    )
    given = _given(path.name, found, settings, findings)
    if change is not None:
        proposals.apply(change, change_file, given, findings)
    settings_name = found.keys.file if found.keys else files.SETTINGS_FILE
    outlining.mend(given.get("circles"), findings)
    if settings is not None:
        encircling.fill(given, settings, settings_name, findings)
    given = laying.with_lines(given, found, settings, settings_name, findings)
    for table in given.values():
        validation.check(table, findings)
    given = _with_demand(given, found, settings, settings_name, findings)
    agreement.check(given, findings)
    _missing(path, found, given, findings)
    groups = given["demand"].people if "demand" in given else ()
    tables = _completed(given, found.broken, groups, settings)
    if settings is not None and "policy" not in faulty_keys and not {"funds"} & (set(tables) | found.broken):
        defaults.no_funds(settings_name, findings)
    references.check(given, {n: f for n, f in tables.items() if n not in given}, findings)
    _extras(given, settings, findings)
    frame_crs, outlines = "", None
    if settings is not None:
        changed = {".".join(place) for place in change.replaced()} if change else set()
        look = Lookup(tables, settings_name, (change_file, changed), findings)
        naming.check(settings, tables, look, findings)
        settings = _as_decided(settings, edited, tables, look, findings)
        if "modes" not in faulty_keys:
            naming.modes(settings, given, findings)
        conduct.tables(settings, faulty_keys, given, findings)
        positions, frame_crs = _positions(given, settings, settings_name, findings)
        for name, at in positions.items():
            tables[name][["x_m", "y_m"]] = at
        outlines = outlining.outlines(given, positions, settings, settings_name, frame_crs, findings)
        network, elevation = laying.lay(given, positions, found, settings, settings_name, frame_crs, findings)
        supplying.roads(given, network, findings)
    charging.check(given, tables, findings)
    supplying.check(given, tables, findings)
    findings.stop_if_any()
    if settings is None:  # pragma: no cover - a fault was raised above
        raise RuntimeError("settings were not read and no fault says so")
    tables["demand"], merging = merge(tables["demand"], tables["profiles"], given.get("minutes"), settings, findings)
    findings.stop_if_any()
    return Instance(
        path=path,
        settings=_with_method(settings, given),
        tables={n: _with_positions(tables[n], TABLES[n].located) for n in TABLES},
        groups=groups,
        metric_crs=frame_crs,
        given=frozenset(given),
        sources=tuple(found.sources),
        proposal=change,
        warnings=tuple(findings.warnings),
        network=network,
        elevation=elevation,
        merging=merging,
        outlines=outlines,
    )


def _proposal(path: Path, proposal: str | Path | None, found: Found, findings: Findings) -> tuple[Proposal | None, str]:
    if proposal is None:
        return None, ""
    file = Path(proposal)
    folder = (path if path.is_dir() else path.parent).resolve()
    inside = file.resolve().is_relative_to(folder)
    name = file.resolve().relative_to(folder).as_posix() if inside else file.name
    if file.is_file():
        found.sources.append(files.source(file, name, "proposal"))
    return settings_file.proposal(file, name, findings), name


def _edited(pins: Path, found: Found, findings: Findings) -> GivenPlan | None:
    if pins.is_file():
        found.sources.append(files.source(pins, pins.name, "pins"))
    return decisions.opened(pins, str(pins), findings)


def _as_decided(
    settings: Settings,
    edited: GivenPlan | None,
    tables: Mapping[str, pd.DataFrame],
    look: Lookup,
    findings: Findings,
) -> Settings:
    """Take what an edited plan decides into the policy; all decisions must go together."""
    made = pinning.of_policy(settings, look)
    asked = [] if edited is None else pinning.of_plan(edited, tables, settings, findings)
    pinning.check([*made, *asked], settings, tables.get("sites"), findings)
    return pinning.decided(settings, asked)


def _given(instance: str, found: Found, settings: Settings | None, findings: Findings) -> dict[str, Typed]:
    """Read the cells of every table that has rows.

    An optional table without rows counts as not given, save a network that is meant to be there.
    """
    given: dict[str, Typed] = {}
    empty = list[Raw]()
    for name in TABLES:
        raw = found.tables.get(name)
        if raw is None:
            continue
        if not len(raw.frame) and not raw.table.required:  # shapes alone have rows, and no columns
            typed(raw, findings)  # its header may be at fault even so
            if name == "network" and laying.empty(raw, settings, findings):
                found.broken.add(name)
                continue
            empty.append(raw)
            continue
        given[name] = typed(raw, findings)
    _tell_empty(instance, empty, findings)
    return given


def _tell_empty(instance: str, empty: list[Raw], findings: Findings) -> None:
    """Warn of tables without rows: what holds without it of one; of many, as a template has them, their names."""
    if len(empty) == 1:
        table = empty[0].table
        holds = spoken.Said(table.absent_en, zh=table.absent_zh)
        rule = T("the table has no rows, so this holds: {holds}", holds=holds)
        findings.warn(empty[0].file, rule, T("Nothing to do if that is meant"))
    elif empty:
        tables = joined([spoken.Said(raw.table.name, zh=raw.table.zh) for raw in empty])
        findings.warn(
            instance,
            T("{count} tables have no rows and count as not given: {tables}", count=len(empty), tables=tables),
            T("Nothing to do if that is meant"),
        )


def _with_demand(
    given: dict[str, Typed], found: Found, settings: Settings | None, file: str, findings: Findings
) -> dict[str, Typed]:
    """Add the demand points where they are made of rasters or buildings."""
    if not making.sought(given, found):
        return given
    made = None if settings is None else making.demand(given, found, settings, file, findings)
    if made is None and "demand" not in given:
        found.broken.add("demand")
    return given if made is None else {"demand": made, **given}


def _missing(path: Path, found: Found, given: Mapping[str, Typed], findings: Findings) -> None:
    for name, table in TABLES.items():
        if not table.required or name in found.broken:
            continue
        if name in given:
            if given[name].frame.empty:
                findings.fault(given[name].file, T("the table has no rows"), T("Add at least one row"))
        elif found.tables or found.keys:
            findings.fault(path.name, T("the table {name} ({zh}) is missing", name=name, zh=table.zh), T("Add it"))


def _completed(
    given: Mapping[str, Typed], broken: set[str], groups: tuple[str, ...], settings: Settings | None
) -> dict[str, pd.DataFrame]:
    """Put defaults into blank cells and make the tables that were not given."""
    tables = {n: defaults.filled(t.frame, t.table).reset_index(drop=True) for n, t in given.items()}
    if "parties" in tables:
        tables["parties"] = defaults.parties(given["parties"].frame.reset_index(drop=True))
    for name in TABLES:
        if name not in tables and name not in broken:
            made = defaults.absent(name, tables, groups, settings)
            if made is not None:
                tables[name] = made
    return tables


def _positions(
    given: Mapping[str, Typed], settings: Settings, file: str, findings: Findings
) -> tuple[dict[str, pd.DataFrame], str]:
    """Bring all positions into one frame; those of people in buildings are the buildings'."""
    housed = {"demand", "buildings"} <= set(given) and given["demand"].file == given["buildings"].file
    positions, frame_crs = placing.place(
        {n: t for n, t in given.items() if not (housed and n == "demand")}, settings, file, findings
    )
    if housed and positions:
        at = given["buildings"].frame.index.get_indexer(given["demand"].frame.index)
        positions["demand"] = positions["buildings"].iloc[at].reset_index(drop=True)
    return positions, frame_crs


def _extras(given: Mapping[str, Typed], settings: Settings | None, findings: Findings) -> None:
    """Name the columns of each file that no one uses: neither the schema, nor a rule, nor a condition knows them."""
    in_rules = {name for table in ("rules", "shared_works") if table in given for name in given[table].frame["column"]}
    used: dict[str, set[str]] = {}
    extra: dict[str, dict[str, None]] = {}
    for name, read in given.items():
        note = settings.tables.get(name) if settings is not None else None
        asked = {condition.column for condition in note.where} if note is not None else set[str]()
        mine, left = used.setdefault(read.file, set()), extra.setdefault(read.file, {})
        mine |= asked
        for column in map(str, read.frame.columns):
            if read.table.column(column) is not None or (name == "sites" and column in in_rules):
                mine.add(read.headers.get(column, column))
            else:
                left[read.headers.get(column, column)] = None
    for file, columns in extra.items():
        if unused := [c for c in columns if c not in used[file]]:
            findings.warn(
                file,
                T("columns that are not used: {columns}", columns=", ".join(unused)),
                T("Nothing to do if that is meant"),
            )


def _with_method(settings: Settings, given: Mapping[str, Typed]) -> Settings:
    """Say how minutes come about where the settings leave it open: along the network where there is one."""
    method = settings.access.method or ("network" if "network" in given else "straight")
    return settings.model_copy(update={"access": settings.access.model_copy(update={"method": method})})


def _with_positions(frame: pd.DataFrame, located: bool) -> pd.DataFrame:
    if located and "x_m" not in frame:
        return frame.assign(x_m=pd.Series(dtype="float64"), y_m=pd.Series(dtype="float64"))
    return frame
