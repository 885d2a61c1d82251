"""Operating modes, complexes and quotas of the settings, and the tables that depend on them."""

from __future__ import annotations

from collections.abc import Mapping, Set

from panhuo.instance.checking.lookup import Lookup
from panhuo.instance.checking.telling import cell
from panhuo.instance.findings import Findings
from panhuo.instance.policy import Operating, Settings
from panhuo.instance.reading.raw import Typed
from panhuo.words import T


def check(settings: Settings, look: Lookup) -> None:
    """Check what the settings say of operating modes, complexes and quotas."""
    for name, mode in settings.operating.items():
        look.names("service", mode.services, f"operating.{name}.services")
        _margins(mode, f"operating.{name}", look)
    if (complex_ := settings.policy.complex) is not None:
        look.names("service", complex_.named, "policy.complex.named")
        if complex_.min_named > len(set(complex_.named)):
            rule = T(
                "is more than the {count} service of named",
                "is more than the {count} services of named",
                count=len(set(complex_.named)),
            )
            mend = T("Name more services, or lower the number")
            look.fault("policy.complex.min_named", rule, mend, complex_.min_named)
    for n, quota in enumerate(settings.policy.quotas):
        key = f"policy.quotas[{n}]"
        if quota.fund:
            look.names("fund", [quota.fund], f"{key}.fund")
        if quota.fund and quota.measure != "capital":
            rule = T("must not be given where measure is {measure}", measure=quota.measure)
            look.fault(f"{key}.fund", rule, T("Take it out, or write capital"), quota.fund)
        if quota.max_factor is not None and quota.max_factor < quota.min_factor:
            rule = T("must be ≥ min_factor = {least}", least=f"{quota.min_factor:g}")
            look.fault(f"{key}.max_factor", rule, T("Correct one of the two"), f"{quota.max_factor:g}")


def _margins(mode: Operating, key: str, look: Lookup) -> None:
    needs_margin = {"margin_max": mode.margin_max is not None, "pooled_by": mode.pooled_by != ""}
    for name, given in needs_margin.items():
        if given and mode.margin_min is None:
            value = f"{mode.margin_max:g}" if name == "margin_max" else mode.pooled_by
            look.fault(f"{key}.{name}", T("needs margin_min"), T("Write margin_min, or take it out"), value)
    if mode.margin_min is not None and mode.margin_max is not None and mode.margin_max < mode.margin_min:
        rule = T("must be ≥ margin_min = {least}", least=f"{mode.margin_min:g}")
        look.fault(f"{key}.margin_max", rule, T("Correct one of the two"), f"{mode.margin_max:g}")


def tables(settings: Settings, faulty: Set[str], given: Mapping[str, Typed], findings: Findings) -> None:
    """Check the cells that mean something only where the settings say so.

    Parameters
    ----------
    settings : Settings
        With the proposal applied.
    faulty : set of str
        Keys of the top level of the settings that are at fault; what depends on them is not checked.
    given : mapping of str to Typed
        The tables given.
    findings : Findings
        Where faults go.
    """
    if "operating" not in faulty and "tariffs" in given:
        _run(settings, given["tariffs"], findings)
    if "policy" in faulty:
        return
    if "eligibility" in given and settings.policy.start_year is None:
        read = given["eligibility"]
        for line in read.frame.index[read.frame["years"].map(bool).to_numpy(dtype=bool)]:
            rule = T("needs policy.start_year, which the settings do not give")
            cell(read, line, "years", rule, T("Write policy.start_year, or clear the cell"), findings)
    if "funds" in given and settings.policy.complex is None:
        read = given["funds"]
        for line in read.frame.index[read.frame["complex_only"].fillna(False).to_numpy(dtype=bool)]:
            rule = T("needs policy.complex, which the settings do not give")
            cell(read, line, "complex_only", rule, T("Write [policy.complex], or clear the cell"), findings)


def _run(settings: Settings, read: Typed, findings: Findings) -> None:
    """Check that some operating mode runs each service that has tariffs."""
    told: set[str] = set()
    for line, service in read.frame["service"].items():
        run = any(not mode.services or service in mode.services for mode in settings.operating.values())
        if service and not run and service not in told:
            told.add(str(service))
            rule = T("no operating mode of the settings runs the service, so nobody could charge the tariff")
            mend = T("Write a section such as [operating.public_private], or add the service to its services")
            cell(read, line, "service", rule, mend, findings)
    _charged(settings, read, told, findings)


def _charged(settings: Settings, read: Typed, told: Set[str], findings: Findings) -> None:
    """Warn of tariffs that no operating mode may charge, unless existing facilities do."""
    menus = read.frame[~read.frame["existing"].fillna(False).astype(bool) & ~read.frame["service"].isin(told)]
    for line, row in menus.drop_duplicates("tariff").iterrows():
        may = any(
            (not mode.services or row["service"] in mode.services)
            and (not mode.price_classes or row["price_class"] in mode.price_classes)
            and (not row["operating"] or name in row["operating"])
            for name, mode in settings.operating.items()
        )
        if row["tariff"] and row["price_class"] and not may:
            file, at, header = read.place(int(str(line)), "tariff")
            rule = T("no operating mode of the settings may charge it: see price_classes there, operating here")
            mend = T("Nothing to do if that is meant")
            findings.warn(file, rule, mend, row=at, column=header, value=row["tariff"])
