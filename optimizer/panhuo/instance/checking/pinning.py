"""What is to be chosen and what is not: of the settings, and of an edited plan; all of it must go together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from panhuo.instance.checking.lookup import Lookup
from panhuo.instance.checking.planned import Planned, in_keys
from panhuo.instance.faults import Fault
from panhuo.instance.findings import Findings
from panhuo.instance.policy import Pin, Settings
from panhuo.instance.reading.decisions import GivenPlan
from panhuo.instance.schema import MODES
from panhuo.words import T, Text

Kind = Literal["pinned", "dropped", "required", "excluded"]
_KINDS: Mapping[str, Kind] = {"pin": "pinned", "drop": "dropped", "required": "required", "excluded": "excluded"}
_ONE_OF_TWO = T("Take it out of one of the two")


@dataclass(frozen=True)
class Decision:
    """One decision about a site, or about an option, and where it stands.

    Parameters
    ----------
    kind : {"pinned", "dropped", "required", "excluded"}
        What is decided; the first two of an option.
    site : str
        The site.
    pin : Pin or None
        The option.
    place : (str, int or None, str)
        File, row and column.
    value : str
        What stands there.
    """

    kind: Kind
    site: str
    pin: Pin | None
    place: tuple[str, int | None, str | None]
    value: str

    def fault(self, rule: Text, mend: Text) -> Fault:
        """Name a fault of it."""
        file, row, column = self.place
        return Fault(file, rule, mend, row, column, self.value)


def of_policy(settings: Settings, look: Lookup) -> list[Decision]:
    """List what the settings decide; a name that is not there is a fault."""
    policy, made = settings.policy, list[Decision]()
    listed: tuple[tuple[Kind, tuple[Pin, ...]], ...] = (("pinned", policy.pinned), ("dropped", policy.dropped))
    for kind, pins in listed:
        for n, pin in enumerate(pins):
            key = f"policy.{kind}[{n}]"
            look.names("site", [pin.site], f"{key}.site")
            look.names("service", [pin.service], f"{key}.service")
            made.append(Decision(kind, pin.site, pin, (look.file_of(key), None, key), pin.key))
    sites: tuple[tuple[Kind, tuple[str, ...]], ...] = (
        ("required", policy.required_sites), ("excluded", policy.excluded_sites)
    )  # fmt: skip
    for kind, names in sites:
        key = f"policy.{kind}_sites"
        look.names("site", names, key)
        made += [Decision(kind, name, None, (look.file_of(key), None, key), name) for name in names]
    return made


def of_plan(
    given: GivenPlan, tables: Mapping[str, pd.DataFrame], settings: Settings, findings: Findings
) -> list[Decision]:
    """List what an edited plan decides; a row that names no site, mode and service is a fault.

    What is dropped is dropped whoever runs it and at any size; a pin holds for those the row names.
    """
    plan, sites = in_keys(given, tables, settings)
    made = list(_of_rows(plan, tables, findings))
    if sites is not None:
        made += _of_sites(sites, tables, findings)
    if not given.decided:
        rule = T("nothing is decided in it: no row says pin or drop, no site required or excluded")
        findings.warn(given.plan.file, rule, T("Nothing to do if that is meant"))
    return made


def _of_rows(plan: Planned, tables: Mapping[str, pd.DataFrame], findings: Findings) -> Iterator[Decision]:
    """Go through the rows of a plan that say something."""
    known = {
        part: set(map(str, tables[table][key])) if table in tables else set[str]()
        for part, table, key in (("site", "sites", "id"), ("service", "services", "service"))
    }
    for line, row in plan.table[plan.table["decision"] != ""].iterrows():
        at, parts = int(str(line)), _parts(row)
        faults = [
            plan.fault(at, part, rule, parts[part])
            for part, wrong, rule in (
                ("site", parts["site"] not in known["site"], T("there is no site {site}", site=parts["site"])),
                ("mode", parts["mode"] not in MODES, T("there is no mode {mode}", mode=parts["mode"])),
                (
                    "service",
                    parts["service"] not in known["service"],
                    T("there is no service {service}", service=parts["service"]),
                ),
            )
            if wrong
        ]
        findings.faults += faults
        if not faults:
            open_to = ("operating", "size") if row["decision"] == "drop" else ()
            asked: dict[str, Any] = {part: word for part, word in parts.items() if part not in open_to}
            yield _decision(plan, at, row["decision"], parts["site"], Pin.model_construct(**asked))


def _of_sites(sites: Planned, tables: Mapping[str, pd.DataFrame], findings: Findings) -> Iterator[Decision]:
    """Go through the rows of a sheet of sites that say something."""
    known = set(tables["sites"]["id"]) if "sites" in tables else set[str]()
    for line, row in sites.table[sites.table["decision"] != ""].iterrows():
        at = int(str(line))
        if row["site"] in known:
            yield _decision(sites, at, row["decision"], row["site"], None)
        else:
            findings.faults.append(sites.fault(at, "site", T("there is no site {site}", site=row["site"])))


def _parts(row: pd.Series) -> dict[str, str]:
    """Take an option apart: by its cells, or where these are blank by its name, ``site:mode:service…``."""
    parts = {part: str(row[part]) for part in ("site", "mode", "service", "operating", "size")}
    named = str(row["option"]).split(":")
    at = next((n for n, word in enumerate(named) if word in MODES and n), 0)
    if any(parts[part] for part in ("site", "mode", "service")) or not at:
        return parts
    service, *rest = named[at + 1 :] or [""]
    return {
        "site": ":".join(named[:at]), "mode": named[at], "service": service,
        "operating": next((word for word in rest if not _is_size(word)), ""),
        "size": next((word for word in rest if _is_size(word)), ""),
    }  # fmt: skip


def _is_size(word: str) -> bool:
    return word[:1].isdigit()


def _decision(read: Planned, line: int, word: str, site: str, pin: Pin | None) -> Decision:
    file, row, column = read.read.place(line, "decision")
    said = f"{word} {pin.key if pin is not None else site}"
    return Decision(_KINDS[word], site, pin, (file, row, column), said)


def decided(settings: Settings, decisions: Sequence[Decision]) -> Settings:
    """Put what a plan decides beside what the policy says already."""
    policy = settings.policy
    pins = {kind: tuple(d.pin for d in decisions if d.kind == kind and d.pin) for kind in ("pinned", "dropped")}
    sites = {kind: tuple(d.site for d in decisions if d.kind == kind) for kind in ("required", "excluded")}
    update = {
        "pinned": tuple(dict.fromkeys((*policy.pinned, *pins["pinned"]))),
        "dropped": tuple(dict.fromkeys((*policy.dropped, *pins["dropped"]))),
        "required_sites": tuple(dict.fromkeys((*policy.required_sites, *sites["required"]))),
        "excluded_sites": tuple(dict.fromkeys((*policy.excluded_sites, *sites["excluded"]))),
    }
    return settings.model_copy(update={"policy": policy.model_copy(update=update)})


def check(decisions: Sequence[Decision], settings: Settings, sites: pd.DataFrame | None, findings: Findings) -> None:
    """Check that decisions go together, and with what the settings allow and the sites table excludes."""
    stated = {kind: {d.site for d in decisions if d.kind == kind} for kind in ("required", "excluded")}
    excluded = set() if sites is None else set(sites["id"][sites["status"] == "excluded"])
    barred = (excluded - stated["required"]) | stated["excluded"]
    pinned = [d for d in decisions if d.kind == "pinned"]
    dropped = [d for d in decisions if d.kind == "dropped"]
    for made in decisions:
        if made.kind == "excluded" and made.site in stated["required"]:
            findings.faults.append(made.fault(T("is required and excluded at once"), _ONE_OF_TWO))
        if made.pin is not None:
            findings.faults += _allowed(made, made.pin, settings)
    for n, made in enumerate(pinned):
        if made.site in barred:
            rule = T("the site is excluded, so nothing can be pinned there")
            findings.faults.append(made.fault(rule, _ONE_OF_TWO))
        if any(_covers(other.pin, made.pin) for other in dropped):
            findings.faults.append(made.fault(T("is pinned and dropped at once"), _ONE_OF_TWO))
        for other in pinned[:n]:
            why = _at_odds(other.pin, made.pin) if other.site == made.site else None
            if why is not None:
                findings.faults.append(made.fault(why, _ONE_OF_TWO))
                break


def _allowed(made: Decision, pin: Pin, settings: Settings) -> Iterator[Fault]:
    if pin.mode not in settings.modes:
        mend = T("Write [modes.{mode}] in the settings, or delete the row", mode=pin.mode)
        yield made.fault(T("the settings do not allow the mode {mode}", mode=pin.mode), mend)
    if pin.operating and pin.operating not in settings.operating:
        mend = T("Leave it blank, or write [operating.{operating}] in the settings", operating=pin.operating)
        yield made.fault(T("the settings have no operating mode {operating}", operating=pin.operating), mend)


def _covers(dropped: Pin | None, pin: Pin | None) -> bool:
    """Whether all that a pin means is dropped."""
    if dropped is None or pin is None:
        return False
    same = (dropped.site, dropped.mode, dropped.service) == (pin.site, pin.mode, pin.service)
    return same and dropped.operating in ("", pin.operating) and dropped.size in ("", pin.size)


def _at_odds(first: Pin | None, second: Pin | None) -> Text | None:
    """Say why two pins of one site cannot both hold; ``None`` where they can."""
    if first is None or second is None or first == second:
        return None
    if first.mode != second.mode:
        return T("{other} is pinned as well, and a site is used in one mode only", other=first.key)
    apart = any(a and b and a != b for a, b in ((first.operating, second.operating), (first.size, second.size)))
    if first.service == second.service and apart:
        return T("{other} is pinned as well, and a site holds a service once only", other=first.key)
    return None
