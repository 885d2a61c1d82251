"""Services that count as another, and services that another one supplies."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from panhuo.instance.checking.telling import cell, hint
from panhuo.instance.findings import Findings
from panhuo.instance.maps import Network
from panhuo.instance.reading.raw import Typed
from panhuo.words import T

_ONLY_SUPPLIED = ("supply_min", "supply_per_person")


def check(given: Mapping[str, Typed], tables: Mapping[str, pd.DataFrame], findings: Findings) -> None:
    """Check what counts as what, and who supplies whom.

    Parameters
    ----------
    given : mapping of str to Typed
        The tables given.
    tables : mapping of str to DataFrame
        Every table that could be read, completed.
    findings : Findings
        Where faults go.
    """
    services = given.get("services")
    if services is None or not {"counts_as", "supplied_by"} <= set(services.frame):
        return
    counts_as = {
        str(k): str(other)
        for k, other in zip(services.frame["service"], services.frame["counts_as"], strict=True)
        if other in set(services.frame["service"]) - {""}
    }
    _counted(services, counts_as, findings)
    charged = set(tables["tariffs"]["service"]) if "tariffs" in tables else set()
    _alike(services, counts_as, charged, findings)
    if "needs" in given:
        _no_needs(given["needs"], counts_as, findings)
    if "tariffs" in given and "existing" in tables:
        _today(given["tariffs"], counts_as, set(tables["existing"]["service"]), findings)
    _supplied(services, given, findings)
    _unused(services, given, findings)
    if "existing" in given:
        _silent(services, given["existing"], findings)


def roads(given: Mapping[str, Typed], network: Network | None, findings: Findings) -> None:
    """Check that vehicles can go somewhere where minutes come from a network and something is delivered.

    Parameters
    ----------
    given : mapping of str to Typed
        The tables given.
    network : Network or None
        The network, if minutes come from one.
    findings : Findings
        Where faults go.
    """
    services = given.get("services")
    if network is None or services is None or (network.drive_km_h > 0).any():
        return
    for line in services.frame.index[services.frame["supplied_by"] != ""]:
        rule = T("needs lines that vehicles may use, and the network has none")
        mend = T("Add roads to the network, or speeds to access.driving.kinds")
        cell(services, line, "supplied_by", rule, mend, findings)


def _counted(services: Typed, counts_as: Mapping[str, str], findings: Findings) -> None:
    """Check that a service counts as another one that stands for itself, and that this one's importance counts."""
    for line, row in services.frame[services.frame["service"].isin(counts_as)].iterrows():
        other = counts_as[row["service"]]
        if other == row["service"]:
            cell(services, line, "counts_as", T("must be another service"), T("Clear the cell"), findings)
        elif other in counts_as:
            rule = T("{other} counts as {third} itself: only one step is allowed", other=other, third=counts_as[other])
            cell(services, line, "counts_as", rule, T("Write {service}", service=counts_as[other]), findings)
        for column in ("mandatory", "weight"):
            if pd.notna(row[column]) and row[column] is not False:
                rule = T("must be blank where counts_as is filled: what {other} says counts", other=other)
                cell(services, line, column, rule, T("Clear the cell"), findings)


def _alike(services: Typed, counts_as: Mapping[str, str], charged: set[str], findings: Findings) -> None:
    """Check that both have tariffs or neither, and that people who go to the nearest can tell which that is."""
    rows = services.frame.drop_duplicates("service").set_index("service")
    assigned = charged | {str(k) for k in rows.index[rows["capacity_per_m2"].notna()]}
    for line, row in services.frame[services.frame["service"].isin(counts_as)].iterrows():
        service, other = row["service"], counts_as[row["service"]]
        if (service in charged) != (other in charged):
            with_tariffs, without = (service, other) if service in charged else (other, service)
            rule = T("{one} has tariffs and {other} has none, but both serve the same people", one=with_tariffs,
                     other=without)  # fmt: skip
            mend = T("Give both tariffs, or neither")
            cell(services, line, "counts_as", rule, mend, findings)
        measure = rows.at[other, "measure"]
        if row["measure"] and measure and row["measure"] != measure and not {service, other} & assigned:
            rule = T(
                "must be {measure}, as for {other}: people go to the nearest of both", measure=measure, other=other
            )
            cell(services, line, "measure", rule, T("Write the standard in the same measure"), findings)


def _no_needs(needs: Typed, counts_as: Mapping[str, str], findings: Findings) -> None:
    for line in needs.frame.index[needs.frame["service"].isin(counts_as)]:
        other = counts_as[needs.frame.loc[line, "service"]]
        rule = T("counts as {other}, and has no needs of its own", other=other)
        cell(needs, line, "service", rule, T("Delete the row, or write {service}", service=other), findings)


def _today(tariffs: Typed, counts_as: Mapping[str, str], standing: set[str], findings: Findings) -> None:
    """Check that existing facilities that serve the same people charge them the same, and as many come."""
    frame = tariffs.frame.assign(existing=tariffs.frame["existing"].fillna(False).astype(bool))
    marked = frame.sort_values("existing", ascending=False, kind="stable").drop_duplicates("service")
    today = dict(zip(marked["service"], marked["tariff"], strict=True))
    first: dict[str, str] = {}
    for service in sorted(standing & set(today), key=lambda k: (k in counts_as, k)):
        other = first.setdefault(counts_as.get(service, service), service)
        own, theirs = (
            frame[frame["tariff"] == today[k]].drop_duplicates("tier").set_index("tier") for k in (service, other)
        )
        columns = ["price_cny", "uptake"]
        ours = own[columns].reindex(theirs.index)
        if other != service and not ours.equals(theirs[columns]):
            line = frame.index[frame["tariff"] == today[service]][0]
            rule = T(
                "existing facilities of {service} and {other} serve the same people, so today's tariffs must agree in "
                "price and uptake: {tariff} is that of {other}",
                service=service, other=other, tariff=today[other],
            )  # fmt: skip
            cell(tariffs, line, "tariff", rule, T("Mark two tariffs that agree as existing"), findings)


def _supplied(services: Typed, given: Mapping[str, Typed], findings: Findings) -> None:
    """Check that what must be supplied has a capacity, and that somebody can supply it."""
    frame = services.frame
    told: set[str] = set()
    for line, row in frame.iterrows():
        if not row["supplied_by"]:
            for column in _ONLY_SUPPLIED:
                if pd.notna(row[column]):
                    rule = T("must be blank where supplied_by is blank")
                    cell(services, line, column, rule, T("Name the supplier, or clear the cell"), findings)
            continue
        if row["supplied_by"] == row["service"]:
            cell(services, line, "supplied_by", T("must be another service"), T("Name the supplier"), findings)
            continue
        if pd.isna(row["capacity_per_m2"]):
            rule = T("must be filled where supplied_by is filled: supply is counted by it")
            cell(services, line, "capacity_per_m2", rule, T("Write how many a m² serves"), findings)
        supplier = str(row["supplied_by"])
        supplying = frame[frame["service"] == supplier]
        if len(supplying) and supplier not in told and not _supplies(supplying, supplier, given):
            told.add(supplier)
            rule = T("must be filled where the service supplies {service}", service=row["service"])
            mend = T("Write what a m² supplies, or the supply of existing facilities or conversions")
            cell(services, supplying.index[0], "supply_per_m2", rule, mend, findings)


def _supplies(supplying: pd.DataFrame, supplier: str, given: Mapping[str, Typed]) -> bool:
    """Whether any table says what a supplier can supply."""
    rows = [given[name].frame for name in ("existing", "conversions") if name in given]
    own = [frame.loc[frame["service"] == supplier, "supply"].notna().any() for frame in rows if "supply" in frame]
    return bool(supplying["supply_per_m2"].notna().any() or any(own))


def _unused(services: Typed, given: Mapping[str, Typed], findings: Findings) -> None:
    """Warn of what could be supplied where nobody takes it, unless nothing at all is supplied."""
    supplying = set(services.frame["supplied_by"]) - {""}
    if not supplying:
        return
    columns = (("services", "supply_per_m2"), ("existing", "supply"), ("conversions", "supply"))
    for table, column in columns:
        read = services if table == "services" else given.get(table)
        if read is None or column not in read.frame:
            continue
        idle = read.frame[column].notna() & ~read.frame["service"].isin(supplying)
        for service, lines in read.frame[idle].groupby("service", sort=False).groups.items():
            rule = T(
                "is of no effect (rows: {count}): {service} supplies no service", count=len(lines), service=service
            )
            mend = T("Clear the cell, or name the service in supplied_by of the one that it supplies")
            hint(read, lines[0], column, rule, mend, findings)


def _silent(services: Typed, existing: Typed, findings: Findings) -> None:
    """Warn of existing facilities that might supply and of which nothing says how much."""
    frame = services.frame
    supplying = set(frame["supplied_by"]) & set(frame["service"][frame["supply_per_m2"].isna()])
    if "supply" not in existing.frame:
        return
    silent = existing.frame["service"].isin(supplying) & existing.frame["supply"].isna()
    for service, lines in existing.frame[silent].groupby("service", sort=False).groups.items():
        rule = T(
            "is blank (rows: {count}), as is supply_per_m2 of {service}: nothing more is supplied from there",
            count=len(lines), service=service,
        )  # fmt: skip
        hint(existing, lines[0], "supply", rule, T("Write what it can supply"), findings)
