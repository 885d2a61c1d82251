"""Names in the settings that must be keys of tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

import pandas as pd

from panhuo.instance.findings import Findings
from panhuo.instance.reading import headers
from panhuo.instance.schema import spoken
from panhuo.words import T, Text


class Lookup:
    """The names that settings may use, and where the settings stand.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Every table that could be read.
    file : str
        File (or sheet) of the settings.
    proposal : (str, set of str)
        File of the proposal and the keys it replaced, such as ``policy.floors``.
    findings : Findings
        Where faults go.
    """

    def __init__(
        self, tables: Mapping[str, pd.DataFrame], file: str, proposal: tuple[str, Set[str]], findings: Findings
    ) -> None:
        self.file, self.proposal, self.findings = file, proposal, findings
        services = tables.get("services")
        pairs = () if services is None else zip(services["service"], services["counts_as"], strict=True)
        self.counts_as = {str(service): str(other) for service, other in pairs if other}
        self.known = {
            "service": _keys(tables, "services", "service"),
            "circle": _keys(tables, "circles", "circle"),
            "type": _keys(tables, "circles", "type"),
            "site": _keys(tables, "sites", "id"),
            "fund": _keys(tables, "funds", "fund"),
        }
        self.rules = {
            "service": T("must be a service of services: {keys}", keys=spoken.some(self.known["service"])),
            "circle": T("must be a circle of circles: {keys}", keys=spoken.some(self.known["circle"])),
            "type": T("must be a type of circles: {keys}", keys=spoken.some(self.known["type"])),
            "site": T("must be a site of sites: {keys}", keys=spoken.some(self.known["site"])),
            "fund": T("must be a fund of funds: {keys}", keys=spoken.some(self.known["fund"])),
        }

    def file_of(self, key: str) -> str:
        """Tell in which file a key stands, such as ``policy.floors[0].share``."""
        changed = any(key == whole or key.startswith((f"{whole}.", f"{whole}[")) for whole in self.proposal[1])
        return self.proposal[0] if changed else self.file

    def names(self, kind: str, names: Iterable[str], key: str) -> None:
        """Check that the names a key gives are there."""
        for name in names:
            if name not in self.known[kind]:
                meant = headers.closest(name, self.known[kind])
                mend = T("Did you mean {meant}?", meant=meant) if meant else T("Correct the name or take it out")
                self.findings.fault(self.file_of(key), self.rules[kind], mend, column=key, value=name)

    def aims(self, services: Iterable[str], key: str) -> None:
        """Check that the services of an aim are there and have needs of their own."""
        services = tuple(services)
        self.names("service", services, key)
        for service in services:
            if other := self.counts_as.get(service):
                rule = T("counts as {other}, and has no needs of its own", other=other)
                self.fault(key, rule, T("Write {service}", service=other), service)

    def fault(self, key: str, rule: Text, mend: Text, value: object = None) -> None:
        """Note a fault of a key."""
        self.findings.fault(self.file_of(key), rule, mend, column=key, value=value)


def _keys(tables: Mapping[str, pd.DataFrame], table: str, column: str) -> Mapping[str, None]:
    frame = tables.get(table)
    return {} if frame is None or column not in frame else dict.fromkeys(map(str, frame[column]))
